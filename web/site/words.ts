// Everything the page says that depends on a result.
import {
  type Classification,
  type Decoder,
  type ErrorCode,
  LeukolensError,
  type ModelDescription,
} from "leukolens";

export const researchOnly = "For research and education only. Not for use in diagnostic procedures.";

export interface Summary {
  readonly headline: string;
  readonly detail: string;
}

export function summarise(result: Classification, model: ModelDescription): Summary {
  const [first, second] = result.predictions.map(({ label }) => nameOf(label, model));
  const percent = formatPercent(result.confidence);
  if (result.verdict === "classified" && first) {
    return { headline: first, detail: `The model gives this class a probability of ${percent}.` };
  }
  if (result.verdict === "unsure" && first && second) {
    return {
      headline: `${first} or ${second.toLowerCase()}?`,
      detail: `Unsure: the likeliest class reaches a probability of only ${percent}.`,
    };
  }
  return {
    headline: "No cell it knows",
    detail: "The model sees none of the white blood cells that it has learnt.",
  };
}

const headlines: Partial<Record<ErrorCode, string>> = {
  unsupported_format: "Not a readable picture",
  corrupt_image: "This picture is damaged",
  image_too_large: "This picture is too large",
  empty_input: "This file is empty",
  network: "A file could not be fetched",
  unsupported_environment: "The engine cannot run here",
  out_of_memory: "There is not enough memory",
};

export function explain(error: unknown): Summary {
  if (error instanceof LeukolensError) {
    return { headline: headlines[error.code] ?? "That did not work", detail: error.message };
  }
  return { headline: "That did not work", detail: error instanceof Error ? error.message : String(error) };
}

export function nameOf(id: string, model: ModelDescription): string {
  return model.labels.find((label) => label.id === id)?.name ?? id;
}

export function formatPercent(probability: number): string {
  return probability.toLocaleString("en", {
    style: "percent",
    maximumFractionDigits: 1,
    minimumFractionDigits: 1,
  });
}

/** As wide as "100.0%" in tabular figures, so that a column of them keeps its place. */
export function padPercent(probability: number): string {
  return formatPercent(probability).padStart(6, "\u2007");
}

export function formatMs(ms: number): string {
  return `${ms.toLocaleString("en", { maximumFractionDigits: ms < 10 ? 2 : 0 })} ms`;
}

export function describeDecoder(decoder: Decoder): string {
  return { engine: "Leukolens", browser: "this browser", none: "the caller" }[decoder];
}
