// What is said of files that were handed over and are no pictures, or cannot be read. Fetched when it is first said.
import { pluralOf } from "../grammar.js";

const plural = pluralOf("en");

const images = (count: number) => plural(count, { one: "1 image", other: "# images" });
const otherFiles = (count: number) => plural(count, { one: "1 other file", other: "# other files" });

export const en = {
  nothing: (leftOut: number) =>
    leftOut > 0
      ? `No image found; ${otherFiles(leftOut)} skipped.`
      : "No image found. Drop or paste image files, or copy the image itself rather than its address.",
  leftOut: (added: number, leftOut: number) => `${images(added)} added, ${otherFiles(leftOut)} skipped.`,
  unreadable: "Some files could not be read because a file or folder was moved or locked. Choose them again.",
  foreign: (host: string) =>
    `To keep your images private, this page loads nothing from other sites. Save the image from ${host}, then drop it here.`,
  unreachable: (address: string) => `No image found at ${address}. Check the address.`,
  model: (name: string) => `Now classifying with ${name}.`,
  badModel: (name: string, reason: string) => `${name} cannot be used: ${reason}`,
  heic: (name: string) => `Decoding ${name}, a HEIC image…`,
  archive: {
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
  },
  session: {
    opened: (name: string, count: number) => `${name} opened: ${images(count)}.`,
    sheetLeft: (name: string) =>
      `The sample and the first count of ${name} were left out, because a session was open already. To have them, save this session, clear it and open ${name} again.`,
    notSaved:
      "The session cannot be saved because an image was moved or changed after you chose it. Remove that image, then save again.",
    wrong: (name: string) =>
      `${name} cannot be opened as a session: it is damaged or was saved by a newer version.`,
  },
};

export type IntakeWords = typeof en;
