// What is said of zip archives that cannot be read, or not whole. Fetched with the first such archive.
import { pluralOf } from "../grammar.js";

const plural = pluralOf("en");

export const en = {
  damaged: (name: string) =>
    `${name} is not a complete zip archive: download it again, or unpack it yourself and drop the folder.`,
  tooLarge: (name: string) =>
    `${name} was not unpacked: its contents are larger than any set of images should be. Unpack it yourself, then drop the folder.`,
  refused: (count: number) =>
    `${plural(count, { one: "1 file of an archive", other: "# files of archives" })} could not be read:`,
  entry: {
    encrypted: (name: string) =>
      `${name} is encrypted: unpack the archive with its password, then drop the folder.`,
    method: (name: string, method: number) =>
      `${name} is compressed by method ${method}, which is not read here: unpack the archive, then drop the folder.`,
    tooLarge: (name: string) => `${name} is too large for an image.`,
    damaged: (name: string) => `${name} is damaged inside the zip archive.`,
    noArchive: (name: string) => `${name} is not a complete zip archive.`,
  },
  more: (count: number) => `And ${count} more.`,
};

export type ArchiveWords = typeof en;
