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
  benchmark(iterations: number): Promise<Benchmark>;
  close(): void;
}

export type Request =
  | { readonly kind: "load"; readonly setup: Setup; readonly life: string }
  | { readonly kind: "classify"; readonly source: Source }
  | { readonly kind: "benchmark"; readonly iterations: number };

export type Message = Request & { readonly id: number };

export type Answer = Loaded | Classification | Benchmark;

/** `crash` means that the engine trapped: its state is unknown and it takes no further request. */
export type Reply =
  | { readonly id: number; readonly kind: "done"; readonly value: Answer }
  | { readonly id: number; readonly kind: "failed"; readonly code: ErrorCode; readonly message: string }
  | { readonly id: number; readonly kind: "crash"; readonly message: string };
