// Labelled cells as lists that programs learn from: the CSV of leukolens-train, COCO and YOLO. Plain functions, without state.

import { madeUpName } from "../state/own-labels.js";

/** What shows no white cell; leukolens-train teaches a network to give it no label. */
export const background = "background";

/** A label as it may be the name of a folder and stand in a list without quotes, whatever a person called it. */
export function plainLabel(label: string): string {
  const name = (madeUpName(label) ?? label).normalize("NFC");
  return name.toLowerCase().replace(/[^\p{L}\p{M}\p{N}_-]+/gu, "_");
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Example {
  readonly label: string;
  /** Of the cell, in pixels of the image. */
  readonly box: Box;
  /** Whose answer the label is. */
  readonly by: "model" | "confirmed" | "corrected";
}

export interface ExampleImage {
  /** The file's path in the archive. */
  readonly file: string;
  /** Images of one group show the same cells: they must not be parted between training and test. */
  readonly group: string;
  readonly width: number;
  readonly height: number;
  readonly examples: readonly Example[];
}

/** `leukolens-train --data list.csv`: a line for each cell. */
export function listOf(images: readonly ExampleImage[]): string {
  const lines = images.flatMap(({ file, group, examples }) =>
    examples.map(({ label, box: { x, y, width, height }, by }) =>
      [file, label, group, x, y, x + width, y + height, by].join(","),
    ),
  );
  return `${["image,label,group,xmin,ymin,xmax,ymax,by", ...lines].join("\n")}\n`;
}

/** Labels in the order of their numbers in COCO and YOLO, which know no background. */
export function categoriesOf(
  images: readonly ExampleImage[],
  labels: readonly { readonly id: string }[],
): string[] {
  const used = images.flatMap(({ examples }) => examples.map(({ label }) => label));
  return [...new Set([...labels.map(({ id }) => id), ...used])].filter((label) => label !== background);
}

/** COCO's object detection format (https://cocodataset.org/#format-data). */
export function cocoOf(
  images: readonly ExampleImage[],
  categories: readonly string[],
  description: string,
): string {
  let count = 0;
  const annotations = images.flatMap(({ examples }, image) =>
    examples.flatMap(({ label, box: { x, y, width, height }, by }) => {
      const category = categories.indexOf(label);
      if (category < 0) return [];
      count++;
      return [
        {
          ...{ id: count, image_id: image + 1, category_id: category + 1, bbox: [x, y, width, height] },
          ...{ area: width * height, iscrowd: 0, attributes: { by } },
        },
      ];
    }),
  );
  const content = {
    info: { description },
    images: images.map(({ file, width, height }, image) => ({
      id: image + 1,
      file_name: file,
      width,
      height,
    })),
    categories: categories.map((name, index) => ({ id: index + 1, name })),
    annotations,
  };
  return `${JSON.stringify(content, null, 1)}\n`;
}

/** An image's lines in YOLO's format: number of the label, then the box's centre and size as shares of the image's. */
export function yoloOf({ width, height, examples }: ExampleImage, categories: readonly string[]): string {
  return examples
    .filter(({ label }) => categories.includes(label))
    .map(({ label, box }) => {
      const shares = [
        (box.x + box.width / 2) / width,
        (box.y + box.height / 2) / height,
        box.width / width,
        box.height / height,
      ];
      return `${categories.indexOf(label)} ${shares.map((share) => share.toFixed(6)).join(" ")}\n`;
    })
    .join("");
}

/** What YOLO's programs are started with. */
export function yoloDescription(categories: readonly string[]): string {
  const names = categories.map((name, index) => `  ${index}: ${name}\n`).join("");
  return `path: .\ntrain: images\nval: images\nnames:\n${names}`;
}

/** The part of an image that is cut out for a cell: three times its size, as far as the image goes, with red cells to measure by. */
export function cropAround(
  { x, y, width, height }: Box,
  image: { readonly width: number; readonly height: number },
): Box {
  const side = 3 * Math.max(width, height);
  const [left, top] = [
    Math.max(0, Math.round(x + (width - side) / 2)),
    Math.max(0, Math.round(y + (height - side) / 2)),
  ];
  return {
    x: left,
    y: top,
    width: Math.min(image.width - left, Math.round(side)),
    height: Math.min(image.height - top, Math.round(side)),
  };
}
