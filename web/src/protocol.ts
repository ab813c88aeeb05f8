// What the page's side and the engine's side say to each other, in a worker or not, and the values that callers see.
import type { ErrorCode } from "./errors.js";

/** `classified`: sure enough. `unsure`: the best guess lies below the model's threshold. `rejected`: nothing the model knows. */
export type Verdict = "classified" | "unsure" | "rejected";

/** Which WebAssembly file runs: 128-bit SIMD, or relaxed SIMD (fused multiply-add) where the browser has it. */
export type Build = "simd" | "relaxed";

/** Who turned the bytes into pixels. `none`: the caller passed pixels. */
export type Decoder = "engine" | "browser" | "none";

export interface Prediction {
  /** A label's id, e.g. "eosinophil"; its name for people is in {@link ModelDescription.labels}. */
  readonly label: string;
  /** In [0, 1]; those of all labels sum to 1. */
  readonly probability: number;
}

export interface Timings {
  readonly decodeMs: number;
  readonly prepareMs: number;
  readonly inferMs: number;
}

/** For research and education only. Not for use in diagnostic procedures. */
export interface Classification {
  readonly verdict: Verdict;
  /** The most probable label's id; null when rejected. */
  readonly label: string | null;
  /** The largest probability. */
  readonly confidence: number;
  /** One for each label of the model, most probable first. */
  readonly predictions: readonly Prediction[];
  readonly decoder: Decoder;
  readonly timings: Timings;
}

/** A rectangle in pixels of the image, from its upper left corner. */
export interface Region {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Which places of an image speak for a label and which against it: a class activation map (HiResCAM) from the network's last
 * features. For research and education only. Not for use in diagnostic procedures.
 */
export interface Heatmap {
  /** The id of the label that is explained. */
  readonly label: string;
  /** Of that label, as in {@link Classification.predictions}. */
  readonly probability: number;
  /** Size of the map, in cells. */
  readonly width: number;
  readonly height: number;
  /**
   * One for each cell, rows from the top, in [-1, 1]: above 0 speaks for the label, below 0 against it; 1 or -1 is the strongest
   * place of this map.
   */
  readonly values: Float32Array<ArrayBuffer>;
  /** How much of the label's logit a value of 1 stands for: times this, values of several labels can be compared. */
  readonly scale: number;
  /** The part of the image over which the map is to be stretched. It may reach past the edges of the image. */
  readonly region: Region;
  readonly decoder: Decoder;
  readonly timings: Timings & {
    /** What the map took, beyond the prediction. */
    readonly explainMs: number;
  };
}

/** A layer as the model's file lists it: its type, its name, and the settings of that type, e.g. `filters` and `kernel`. */
export interface LayerDescription {
  readonly type: string;
  readonly name: string;
  readonly [setting: string]: string | number;
}

/** Facts about a model, as its file states them. */
export interface ModelDescription {
  readonly name: string;
  readonly labels: readonly { readonly id: string; readonly name: string }[];
  /** The network's input in pixels, and what is resampled to it: the whole image, or the cell that was located. */
  readonly input: { readonly width: number; readonly height: number; readonly region: "whole" | "cell" };
  readonly layers: readonly LayerDescription[];
  readonly parameters: number;
  /** Multiply-accumulates of one inference. */
  readonly macs: number;
  /** Probabilities are softmax(logits / temperature). */
  readonly calibration: { readonly temperature: number };
  /** Below this confidence the verdict is "unsure". */
  readonly rejection: { readonly min_confidence: number };
  readonly training: Readonly<Record<string, unknown>>;
  readonly metrics: Readonly<Record<string, unknown>>;
}

export interface Benchmark {
  readonly build: Build;
  readonly iterations: number;
  /** Milliseconds of inference alone (no decoding, no resampling): median and 95th percentile. */
  readonly p50: number;
  readonly p95: number;
}

/** An image on its way to the engine. */
export type Source =
  | { readonly kind: "bytes"; readonly bytes: Uint8Array<ArrayBuffer> }
  | {
      readonly kind: "pixels";
      readonly rgba: Uint8Array<ArrayBuffer>;
      readonly width: number;
      readonly height: number;
    }
  | { readonly kind: "bitmap"; readonly bitmap: ImageBitmap; readonly decoder: Decoder };

/** All that an engine starts from. Compiled and fetched once, used by every worker. */
export interface Setup {
  readonly wasm: WebAssembly.Module;
  readonly model: Uint8Array<ArrayBuffer>;
}

export interface Loaded {
  readonly model: ModelDescription;
  readonly build: Build;
}

/** Where an engine runs, in this thread or in a worker. Takes one call at a time. */
export interface Runner {
  readonly loaded: Loaded;
  /** False once it was closed or its engine is gone. */
  readonly alive: boolean;
  classify(source: Source): Promise<Classification>;
  explain(source: Source, label: string | undefined): Promise<Heatmap>;
  benchmark(iterations: number): Promise<Benchmark>;
  close(): void;
}

export type Request =
  | { readonly kind: "load"; readonly setup: Setup; readonly life: string }
  | { readonly kind: "classify"; readonly source: Source }
  | { readonly kind: "explain"; readonly source: Source; readonly label: string | undefined }
  | { readonly kind: "benchmark"; readonly iterations: number };

export type Message = Request & { readonly id: number };

export type Answer = Loaded | Classification | Heatmap | Benchmark;

/** `crash` means that the engine trapped: its state is unknown and it takes no further request. */
export type Reply =
  | { readonly id: number; readonly kind: "done"; readonly value: Answer }
  | { readonly id: number; readonly kind: "failed"; readonly code: ErrorCode; readonly message: string }
  | { readonly id: number; readonly kind: "crash"; readonly message: string };
