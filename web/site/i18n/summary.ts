// What is said of a cell, a picture or a failure, in plain words.
import { type Decoder, type ErrorCode, LeukolensError, type Timings } from "leukolens";
import type { Labels } from "../state/classes.js";
import { isAtypical, isLargeLymphoid } from "../state/needs.js";
import type { Checked, Failure, Picture } from "../state/store.js";
import { formatNumber, formatPercent, nameOf, words } from "./index.js";

export interface Summary {
  readonly headline: string;
  readonly detail: string;
}

/** The class of a cell, or why it has none: the same words wherever it is named. */
export function nameOfAnswer(
  { label, corrected }: Pick<Checked, "label" | "corrected">,
  labels?: Labels,
): string {
  if (label !== null) return nameOf(label, labels);
  return corrected ? words.workbench.verdict.notWhite : words.workbench.verdict.notRecognised;
}

export function summarise(checked: Checked, labels: Labels): Summary {
  const { verdict: say } = words.workbench;
  const { cell, corrected, confirmed } = checked;
  const headline = nameOfAnswer(checked, labels);
  const [first, second] = cell.predictions;
  const likeliest = first ? nameOf(first.label, labels) : say.notRecognised;
  const percent = formatPercent(cell.confidence);
  if (confirmed) return { headline, detail: say.confirmed(percent) };
  if (corrected) {
    const answer = cell.label === null ? [say.notRecognised] : [likeliest, percent];
    return { headline, detail: say.corrected(...answer) };
  }
  if (cell.verdict === "rejected" || !first) return { headline, detail: say.rejected };
  if (cell.verdict === "unsure" && second) {
    const other = nameOf(second.label, labels);
    const detail = say.unsure(likeliest, percent, other, formatPercent(second.probability));
    return { headline: say.either(likeliest, other), detail };
  }
  const caution = isLargeLymphoid(cell) ? say.largeLymphoid : isAtypical(cell) ? say.atypical : undefined;
  return { headline, detail: [say.classified(percent), caution].filter(Boolean).join(" ") };
}

/** Of a picture in which no cell can be shown. */
export function summarisePicture({ outcome, waiting }: Picture): Summary {
  const { verdict: say } = words.workbench;
  if (outcome?.kind === "failed") return describeFailure(outcome);
  if (waiting || !outcome) return { headline: say.looking, detail: say.lookingDetail };
  return { headline: say.noCell, detail: say.noCellDetail };
}

export function describeFailure({ code, message }: Pick<Failure, "code" | "message">): Summary {
  const { errors } = words.workbench;
  const known: Readonly<Partial<Record<ErrorCode, Summary>>> = errors.known;
  return known[code] ?? { headline: errors.unknown, detail: message };
}

export function describeError(error: unknown): Summary {
  if (error instanceof LeukolensError) return describeFailure(error);
  const detail = error instanceof Error ? error.message : String(error);
  return { headline: words.workbench.errors.unknown, detail };
}

export function formatMs(ms: number): string {
  return `${formatNumber(ms, ms < 10 ? 1 : 0)} ms`;
}

export function totalMs({ decodeMs, locateMs, prepareMs, inferMs }: Timings): number {
  return decodeMs + locateMs + prepareMs + inferMs;
}

export function describeDecoder(decoder: Decoder): string {
  return words.workbench.decoders[decoder];
}
