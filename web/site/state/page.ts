// Which page of a TIFF is looked at, where it is a stack or a time series. Each page is a picture with cells of its own; one of them stands
// for the file, at first the first: to find the sharpest, all would have to be decoded.
import { type Picture, store } from "./store.js";

/** Of files that were read once. */
const counts = new WeakMap<Blob, number>();

/** How many pages a picture's file has, as far as that is known. */
export function pagesOf({ file, page = 1, outcome }: Picture): number {
  // Earlier versions kept no pages.
  if (outcome?.kind === "found") counts.set(file, outcome.pages ?? 1);
  return Math.max(page, counts.get(file) ?? 1);
}

/** The picture's name and, where its file has several pages, which one it is. */
export function titleOf(picture: Picture): string {
  const pages = pagesOf(picture);
  return pages > 1 ? `${picture.name} (${picture.page ?? 1}/${pages})` : picture.name;
}

/** Shows another page. What was said of cells comes back with their page. */
export function turn(picture: Picture, by: number): void {
  const page = (picture.page ?? 1) + by;
  if (page >= 1 && page <= pagesOf(picture)) store.replace(picture, onPage(picture, page));
}

/** The picture that a page of the same file is, to be classified. The same page has the same id. */
export function onPage(picture: Picture, page: number): Picture {
  const { file } = placeOf(picture.id);
  const id = page > 1 ? `${file}-${page}` : file;
  return { ...picture, id, page, waiting: true, outcome: undefined };
}

/** What the ids of all pages of a file begin with, and which page the id is of. */
export function placeOf(id: string): { readonly file: string; readonly page: number } {
  const [time, count, page = "1"] = id.split("-");
  return { file: `${time}-${count}`, page: Number(page) };
}
