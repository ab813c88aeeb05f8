// Cells as training data in one zip: for leukolens-train as a list with boxes or as folders of crops, and for others as COCO and YOLO.
import type { OpenedPicture, Pixels } from "leukolens";
import { counting } from "../i18n/count.js";
import { words } from "../i18n/index.js";
import { encode } from "../images/encode.js";
import type { Labels } from "../state/classes.js";
import { classifiers } from "../state/classifiers.js";
import { notices } from "../state/notices.js";
import { repeatFinder } from "../state/repeat-finder.js";
import { type Checked, isReviewed, type Picture, store } from "../state/store.js";
import { writeArchive } from "./archive.js";
import { download, fileName } from "./download.js";
import {
  type Box,
  background,
  categoriesOf,
  cocoOf,
  cropAround,
  type Example,
  type ExampleImage,
  listOf,
  plainLabel,
  yoloDescription,
  yoloOf,
} from "./training-formats.js";

type Entry = readonly [name: string, content: Blob];

/** `images`: whole, with boxes; `crops`: a file for each cell, in a folder of its label's name. */
export type TrainingKind = "images" | "crops";

export async function saveTrainingData(kind: TrainingKind, labels: Labels): Promise<void> {
  const chosen = cellsToLearn();
  if (chosen.size === 0) {
    notices.put("export", () => counting.words.training.none, true);
    return;
  }
  const images: ExampleImage[] = [];
  let unreadable = 0;
  async function* entries(): AsyncGenerator<Entry> {
    for (const [place, [picture, cells]] of [...chosen].entries()) {
      const name = String(place + 1).padStart(6, "0");
      try {
        yield* kind === "images"
          ? wholePicture(name, picture, cells, images)
          : crops(name, picture, cells, images);
      } catch {
        unreadable++;
      }
    }
    yield* lists(kind, images, labels);
  }
  download(await writeArchive(entries()), fileName(`${kind}.zip`));
  const examples = images.flatMap((image) => image.examples);
  const reviewed = examples.filter(({ by }) => by !== "model").length;
  notices.put("export", () => {
    const { training: say } = counting.words;
    return `${say.made(examples.length, reviewed)}${unreadable > 0 ? ` ${say.unreadable(unreadable)}` : ""}`;
  });
}

/** Cells that have a label, and those that a person called no white cell. Drawn ones and repeats teach nothing. */
function cellsToLearn(): ReadonlyMap<Picture, readonly Checked[]> {
  const chosen = new Map<Picture, Checked[]>();
  for (const checked of store.cells) {
    const { picture, key, verdict, label, corrected } = checked;
    const isKnown = label === null ? corrected : verdict === "classified";
    if (!isKnown || picture.drawn || repeatFinder.cells.has(key)) continue;
    const cells = chosen.get(picture);
    if (cells) cells.push(checked);
    else chosen.set(picture, [checked]);
  }
  return chosen;
}

function exampleOf(checked: Checked, box: Box = checked.cell.box): Example {
  const by = isReviewed(checked) ? (checked.corrected ? "corrected" : "confirmed") : "model";
  return { label: plainLabel(checked.label ?? background), box: inPixels(box), by };
}

/** Whole ones: a person frames between them. */
function inPixels({ x, y, width, height }: Box): Box {
  const [left, top] = [Math.round(x), Math.round(y)];
  return { x: left, y: top, width: Math.round(x + width) - left, height: Math.round(y + height) - top };
}

async function* wholePicture(
  name: string,
  picture: Picture,
  cells: readonly Checked[],
  images: ExampleImage[],
): AsyncGenerator<Entry> {
  if (picture.outcome?.kind !== "found") return;
  const { width, height } = picture.outcome;
  const [content, extension] = await readableFile(picture);
  const file = `images/${name}.${extension}`;
  yield [file, content];
  images.push({ file, group: name, width, height, examples: cells.map((checked) => exampleOf(checked)) });
}

async function* crops(
  name: string,
  picture: Picture,
  cells: readonly Checked[],
  images: ExampleImage[],
): AsyncGenerator<Entry> {
  const pixels = await withOpened(picture, (opened) => opened.pixels());
  for (const [place, checked] of cells.entries()) {
    const { box } = checked.cell;
    const part = cropAround(box, pixels);
    const example = exampleOf(checked, { ...box, x: box.x - part.x, y: box.y - part.y });
    const path = `${example.label}/${name}_${String(place + 1).padStart(3, "0")}.png`;
    yield [path, await encode(cut(pixels, part), { type: "image/png" })];
    images.push({ file: path, group: name, width: part.width, height: part.height, examples: [example] });
  }
}

function* lists(kind: TrainingKind, images: readonly ExampleImage[], labels: Labels): Generator<Entry> {
  const text = (content: string) => new Blob([content]);
  yield ["list.csv", text(listOf(images))];
  yield ["notice.txt", text(`${words.researchOnly}\n`)];
  if (kind === "crops") return;
  const categories = categoriesOf(images, labels);
  yield ["coco.json", text(cocoOf(images, categories, words.researchOnly))];
  yield ["data.yaml", text(yoloDescription(categories))];
  for (const image of images)
    yield [image.file.replace(/^images\/(.*)\.\w+$/, "labels/$1.txt"), text(yoloOf(image, categories))];
}

/** The file as it came, where leukolens-train reads its format and would see what is seen here; else as PNG. */
async function readableFile(picture: Picture): Promise<readonly [content: Blob, extension: string]> {
  const { file, page = 1, outcome } = picture;
  const isRead = page === 1 && outcome?.kind === "found" && ["engine", "tiff"].includes(outcome.decoder);
  const begin = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  const extension = extensions.find(([first, second]) => begin[0] === first && begin[1] === second)?.[2];
  if (isRead && extension) return [file, extension];
  const pixels = await withOpened(picture, (opened) => opened.pixels());
  return [await encode(pixels, { type: "image/png" }), "png"];
}

/** By the first two bytes: JPEG, PNG, BMP, TIFF of either byte order. */
const extensions = [
  [0xff, 0xd8, "jpg"],
  [0x89, 0x50, "png"],
  [0x42, 0x4d, "bmp"],
  [0x49, 0x49, "tif"],
  [0x4d, 0x4d, "tif"],
] as const;

async function withOpened<T>(
  { file, page }: Picture,
  use: (opened: OpenedPicture) => Promise<T>,
): Promise<T> {
  const opened = await (await classifiers.ready()).open(file, { page });
  try {
    return await use(opened);
  } finally {
    opened.close();
  }
}

function cut({ rgba, width: rowLength }: Pixels, { x, y, width, height }: Box): Pixels {
  const part = new Uint8ClampedArray(4 * width * height);
  for (let row = 0; row < height; row++) {
    const begin = 4 * ((y + row) * rowLength + x);
    part.set(rgba.subarray(begin, begin + 4 * width), 4 * width * row);
  }
  return { width, height, rgba: part };
}
