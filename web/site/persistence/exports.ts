// What leaves the page as a file: a table and data of all cells, and the selected picture with its frames.
import { differential } from "leukolens";
import { words } from "../i18n/index.js";
import { placeLabels } from "../images/label-placement.js";
import { redCellsIn } from "../state/cell-quality.js";
import { colourOf, type Labels, labelTextOf } from "../state/classes.js";
import { colourProfileOf } from "../state/colour-profile.js";
import type { Exclusion } from "../state/count.js";
import { countSheet } from "../state/count-sheet.js";
import { pagesOf, titleOf } from "../state/page.js";
import type { RedCells } from "../state/red-cells.js";
import { selectedPicture } from "../state/selected-picture.js";
import { type Checked, isReviewed, type Picture, store } from "../state/store.js";
import { progressIn, type Tally, tally } from "../state/tally.js";
import { type CsvLine, csvOf } from "./csv.js";
import { download, fileName } from "./download.js";

export type ExportKind = "csv" | "json" | "png";

export async function exportAs(kind: ExportKind, labels: Labels): Promise<void> {
  const file = await makeFile(kind, labels);
  download(file, file.name);
}

/** Hands table and annotated picture to the system's sheet. Nothing happens where the person thinks better of it. */
export async function share(labels: Labels): Promise<void> {
  const files = [await makeFile("csv", labels)];
  if (store.picture?.outcome?.kind === "found") files.push(await makeFile("png", labels));
  try {
    await navigator.share({ files, title: "Leukolens", text: words.researchOnly });
  } catch (error) {
    if (!(error instanceof DOMException && error.name === "AbortError")) throw error;
  }
}

async function makeFile(kind: ExportKind, labels: Labels): Promise<File> {
  const name = fileName(kind);
  if (kind === "csv") return new File([await makeCsv(labels)], name, { type: "text/csv" });
  if (kind === "json") return new File([await makeJson(labels)], name, { type: "application/json" });
  if (!store.picture) throw new Error("no picture");
  return new File([await drawPicture(store.picture)], name, { type: "image/png" });
}

/** One line a cell, and one for each picture without any. The first columns are what a person would look for. */
async function makeCsv(labels: Labels): Promise<string> {
  const columns = [
    ...[
      "picture",
      "cell",
      "verdict",
      "label",
      "corrected",
      "confirmed",
      "model_label",
      "confidence",
      "typicality",
      "flags",
    ],
    ...["x", "y", "width", "height", "model", "page", "microscope", "drawn", "framed", "error"],
    ...["red_cell", "red_cells_estimate", "area"],
    ...labels.map(({ id }) => `p_${id}`),
    ...["counted", "sample", "date", "operator", "note"],
  ];
  const redCells = await redCellsIn(store.pictures);
  const { excluded, practice } = tally(labels);
  const lines = store.pictures.flatMap((picture) => {
    const cells = store.cells.filter((checked) => checked.picture === picture);
    const shared = pictureLine(picture, redCells.get(picture));
    return cells.length > 0
      ? cells.map((checked) => ({
          ...shared,
          ...cellLine(checked, labels, practice ? "practice" : excluded.get(checked.key)),
        }))
      : [{ ...shared, error: errorOf(picture) }];
  });
  return csvOf(columns, lines);
}

/** What all lines of a picture share. */
function pictureLine({ name, page = 1, drawn, outcome }: Picture, redCells: RedCells | undefined): CsvLine {
  const { id, date, operator } = countSheet.sheet.sample;
  return {
    ...{ picture: name, page, drawn, sample: id, date, operator, note: words.researchOnly },
    red_cell: outcome?.kind === "found" ? outcome.redCell : undefined,
    ...{ red_cells_estimate: rounded(redCells?.count), area: redCells?.area },
  };
}

function errorOf({ outcome, waiting }: Picture): string {
  return outcome?.kind === "failed" ? outcome.message : waiting ? "waiting" : "no white cell found";
}

function rounded(count: number | undefined): number | undefined {
  return count === undefined ? undefined : Math.round(count);
}

/** `reason`: why the cell is not counted, if it is not. */
function cellLine(checked: Checked, labels: Labels, reason: string | undefined): CsvLine {
  const { picture, index, cell, verdict, label, corrected, confirmed, framed } = checked;
  const { model, microscope } = picture.outcome?.kind === "found" ? picture.outcome : {};
  const { x, y, width, height } = cell.box;
  const probabilities = Object.fromEntries(
    cell.predictions
      .filter((prediction) => labels.some(({ id }) => id === prediction.label))
      .map((prediction) => [`p_${prediction.label}`, prediction.probability]),
  );
  return {
    ...{ cell: index + 1, verdict, label, corrected, confirmed },
    ...{ model_label: cell.label, confidence: cell.confidence, typicality: cell.typicality },
    ...{ flags: cell.flags.join(" "), x, y, width, height, model, microscope: microscope?.name },
    ...{ framed, ...probabilities, counted: reason ?? standing(checked) },
  };
}

function standing({ verdict, label, corrected }: Checked): string {
  if (corrected && label === null) return "no white cell";
  return verdict === "unsure" || label === null ? "unidentified" : "yes";
}

async function makeJson(labels: Labels): Promise<string> {
  const redCells = await redCellsIn(store.pictures);
  // All of one moment, whatever is answered or corrected while files are read.
  const { pictures: all, cells: allCells } = store;
  const counted = tally(labels);
  const sheet = sheetOf(counted);
  const pictures: object[] = [];
  for (const picture of all) {
    const { id, name, file, note, page = 1, drawn, outcome } = picture;
    if (outcome?.kind !== "found") {
      const error = outcome ? { code: outcome.code, message: outcome.message } : undefined;
      pictures.push({ name, page, drawn, error });
      continue;
    }
    const { model, microscope, width, height, decoder, notes, redCell, timings } = outcome;
    const cells = allCells
      .filter((checked) => checked.picture.id === id)
      .map(({ key, cell, verdict, label, corrected, confirmed, framed }) => ({
        ...{ verdict, label, corrected, confirmed, framed, excluded: counted.excluded.get(key) },
        model: { verdict: cell.verdict, label: cell.label },
        ...{ confidence: cell.confidence, typicality: cell.typicality },
        ...{ flags: cell.flags, predictions: cell.predictions },
        ...{ box: cell.box, outline: cell.outline, score: cell.score },
      }));
    pictures.push({
      ...{ name, page, pages: pagesOf(picture), drawn, model, microscope: microscope?.name, width, height },
      ...{
        decoder,
        notes: [note ?? [], notes].flat(),
        colourProfile: await colourProfileOf(file),
        redCell,
        redCellEstimate: redCells.get(picture)?.count,
        area: redCells.get(picture)?.area,
        timings,
        cells,
      },
    });
  }
  const content = {
    note: words.researchOnly,
    created: new Date().toISOString(),
    ...sheet,
    differential: differential(counted.cells, labels),
    pictures,
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

/** The count and what belongs to it; of a first count only its numbers. */
function sheetOf(counted: Tally): object {
  const { count, cells, excluded, practice } = counted;
  const { sample, edges, total, includesErythroblasts, first } = countSheet.sheet;
  const reasons = [...excluded.values()];
  const leftOut = (reason: Exclusion) => reasons.filter((one) => one === reason).length;
  return {
    sample,
    count: {
      ...{ practice, edges, ...progressIn(counted), ...count },
      counter: total === undefined ? undefined : { total, includesErythroblasts },
      reviewed: cells.filter(isReviewed).length,
      excluded: { drawn: leftOut("drawn"), repeated: leftOut("repeated"), edge: leftOut("edge") },
      first: first && {
        operator: first.operator,
        kept: first.kept,
        counts: Object.fromEntries(first.counts),
      },
    },
  };
}

/** The picture in its own size, its frames in proportion, and under it what it is. */
async function drawPicture(picture: Picture): Promise<Blob> {
  const opened = await selectedPicture.open(picture);
  const { rgba, width, height } = await opened.pixels();
  const unit = Math.max(10, Math.round(Math.max(width, height) / 60));
  const canvas = new OffscreenCanvas(width, height + 4 * unit);
  const context = canvas.getContext("2d");
  if (!context) throw new Error("no canvas");
  context.putImageData(new ImageData(rgba, width, height), 0, 0);
  const cells = store.cells.filter((checked) => checked.picture.id === picture.id);
  drawFrames(context, cells, { width, height, unit });
  context.fillStyle = "#ffffff";
  context.fillRect(0, height, width, 4 * unit);
  context.fillStyle = "#251b31";
  context.font = `${unit}px system-ui, sans-serif`;
  context.fillText(titleOf(picture), unit, height + 1.6 * unit, width - 2 * unit);
  context.fillText(words.researchOnly, unit, height + 3.2 * unit, width - 2 * unit);
  return canvas.convertToBlob({ type: "image/png" });
}

function drawFrames(
  context: OffscreenCanvasRenderingContext2D,
  cells: readonly Checked[],
  { unit, ...picture }: { readonly unit: number; readonly width: number; readonly height: number },
): void {
  context.lineWidth = unit / 5;
  for (const { cell, label, verdict } of cells) {
    const { x, y, width, height } = cell.box;
    context.strokeStyle = colourOf(label);
    context.setLineDash(verdict === "classified" ? [] : [unit / 2, unit / 3]);
    context.strokeRect(x, y, width, height);
  }
  context.font = `600 ${unit}px system-ui, sans-serif`;
  const texts = cells.map(labelTextOf);
  const plates = texts.map((text) => ({
    width: context.measureText(text).width + unit,
    height: 1.5 * unit,
  }));
  const boxes = cells.map(({ cell }) => cell.box);
  for (const [index, { x, y, width, height }] of placeLabels(boxes, plates, picture).entries()) {
    context.fillStyle = colourOf(cells[index]?.label ?? null);
    context.fillRect(x, y, width, height);
    context.fillStyle = "#ffffff";
    context.fillText(texts[index] ?? "", x + unit / 2, y + 1.1 * unit);
  }
}
