// The raw interface of the WebAssembly module (engine/wasm): values, never exceptions. Only RawEngine is a handle.
import type { ErrorCode } from "./errors.js";
import type { Build, Prediction, Region, Timings, Verdict } from "./protocol.js";

export type RawError = { ok: false; code: ErrorCode; message: string };

export type RawResult =
  | {
      ok: true;
      verdict: Verdict;
      label: string | null;
      confidence: number;
      predictions: Prediction[];
      timings: Timings;
    }
  | RawError;

export type RawHeatmap =
  | {
      ok: true;
      width: number;
      height: number;
      values: number[];
      scale: number;
      region: Region;
      explainMs: number;
    }
  | RawError;

export interface RawEngine {
  classify(file: Uint8Array): RawResult;
  classifyPixels(rgba: Uint8Array, width: number, height: number): RawResult;
  /** Of the image that was classified last; `label` is its index. */
  explain(label: number): RawHeatmap;
  /** Milliseconds of each inference. */
  benchmark(iterations: number): number[];
  /** JSON: `{parameters, macs, model}`, where `model` is the document in the model's file. */
  describe(): string;
  delete(): void;
}

export interface RawModule {
  load(model: Uint8Array): { ok: true; engine: RawEngine } | RawError;
  errorCodes(): string[];
  version(): string;
  build(): Build;
}

export interface RawOptions {
  instantiateWasm(
    imports: WebAssembly.Imports,
    done: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
  ): WebAssembly.Exports;
}

export default function createLeukolens(options: RawOptions): Promise<RawModule>;
