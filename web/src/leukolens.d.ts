// The raw interface of the WebAssembly module (engine/wasm): values, never exceptions. Only RawEngine is a handle.
import type { ErrorCode } from "./errors.js";
import type { Build, Prediction, Timings, Verdict } from "./protocol.js";

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

export interface RawEngine {
  classify(file: Uint8Array): RawResult;
  classifyPixels(rgba: Uint8Array, width: number, height: number): RawResult;
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
