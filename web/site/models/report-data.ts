// The report of a model as web/report.mjs writes it.
import { formatNumber } from "../i18n/index.js";
import { onDemand } from "../i18n/on-demand.js";

export type Interval = readonly [low: number, high: number];

/** Of equally many images each. */
export interface Bin {
  readonly images: number;
  readonly confidence: number;
  readonly accuracy: number;
  readonly accuracyInterval: Interval;
}

export interface ClassMetrics {
  readonly label: string;
  readonly support: number;
  /** Of the support; reports of older trainers do not say. */
  readonly notFound?: number;
  /** None where nothing was answered by the class. */
  readonly precision: number | null;
  readonly precisionInterval: Interval | null;
  /** None where no image is of the class. */
  readonly recall: number | null;
  readonly recallInterval: Interval | null;
  readonly f1: number | null;
  /** None where all images are of the class, or none is. */
  readonly auc: number | null;
}

export interface Metrics {
  readonly images: number;
  readonly correct: number;
  /** Cells that were not found count as wrong; reports of older trainers do not say. */
  readonly notFound?: number;
  readonly accuracy: number;
  readonly accuracyInterval: Interval;
  readonly macroF1: number;
  readonly macroRecall: number;
  readonly macroAuc: number | null;
  /** None, as Brier score and ECE, where no cell was found. */
  readonly loss: number | null;
  readonly brier: number | null;
  readonly ece: number | null;
  readonly eceInterval: Interval | null;
  readonly classes: readonly ClassMetrics[];
  /** Rows: the actual class. Columns: the answer. */
  readonly confusion: readonly (readonly number[])[];
}

export interface Epoch {
  readonly epoch: number;
  readonly loss: number | null;
  readonly accuracy: number | null;
  readonly validationLoss: number | null;
  readonly validationAccuracy: number | null;
}

export interface History {
  readonly bestEpoch: number;
  readonly epochs: readonly Epoch[];
}

/** One of several data sets, by itself. */
export interface Source {
  readonly name: string;
  readonly metrics: Metrics;
}

export interface Report {
  readonly title: string;
  /** On what the figures were measured. */
  readonly about: string;
  /** What a reader must know before trusting them. */
  readonly notes: readonly string[];
  readonly labels: readonly { readonly id: string; readonly name: string }[];
  readonly metrics: Metrics;
  /** None where there was only one; reports of older trainers do not say. */
  readonly sources?: readonly Source[];
  readonly curves: {
    readonly reliability: readonly Bin[];
    readonly roc: readonly (readonly (readonly [x: number, y: number])[])[];
  };
  readonly histories: readonly History[];
}

export async function fetchReport(url: string, signal: AbortSignal): Promise<Report> {
  const response = await fetch(url, { signal });
  if (!response.ok) throw new Error(`${response.status}`);
  return (await response.json()) as Report;
}

/** The learning curve that a model's own file carries; it may come from anywhere, so everything is looked at. */
export function historyOf(training: Readonly<Record<string, unknown>>): History[] {
  const { history } = training;
  if (!isRecord(history) || !Array.isArray(history.epochs) || typeof history.bestEpoch !== "number")
    return [];
  const number = (value: unknown) => (typeof value === "number" && Number.isFinite(value) ? value : null);
  const epochs = history.epochs.filter(isRecord).flatMap((row) => {
    const epoch = number(row.epoch);
    if (epoch === null) return [];
    const [loss, accuracy] = [number(row.loss), number(row.accuracy)];
    const [validationLoss, validationAccuracy] = [number(row.validationLoss), number(row.validationAccuracy)];
    return [{ epoch, loss, accuracy, validationLoss, validationAccuracy }];
  });
  return epochs.length > 0 ? [{ bestEpoch: history.bestEpoch, epochs }] : [];
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A figure that is undefined is null; so is its interval. */
export const share = (value: number | null): string => (value === null ? "-" : formatNumber(value, 3));

export const range = (interval: Interval | null): string =>
  interval === null ? "-" : onDemand.words.model.report.interval(share(interval[0]), share(interval[1]));
