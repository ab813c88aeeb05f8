// The raw interface of the WebAssembly module (engine/wasm): values, never exceptions. Only RawEngine is a handle.
import type { ErrorCode } from "../shared/errors.js";
import type { Build, LocatedCell, Region, Timings, Verdict } from "../shared/results.js";

export type RawError = { ok: false; code: ErrorCode; message: string };

export interface RawJudgement {
  verdict: Verdict;
  /** Its index; -1 where there is none. */
  label: number;
  familiarity: number | null;
  /** In the order of the model's labels; none where no cell was found. */
  probabilities: Float32Array;
}

/** The outline as x, y, x, y ... */
export type RawCell = Omit<LocatedCell, "outline"> & { outline: Float32Array } & Partial<RawJudgement>;

/** An answer about an image. What is judged is the image, each cell, or neither. */
export type RawAnswer =
  | ({ ok: true; width: number; height: number; cells: RawCell[]; timings: Timings } & Partial<RawJudgement>)
  | RawError;

/** `bytes`: an image file where width and height are 0, else RGBA. */
export type Ask = (bytes: Uint8Array, width: number, height: number) => RawAnswer;

export type RawHeatmap =
  | {
      ok: true;
      width: number;
      height: number;
      values: Float32Array<ArrayBuffer>;
      scale: number;
      region: Region;
      explainMs: number;
    }
  | RawError;

export interface RawEngine {
  classify: Ask;
  classifyAt(...image: [...Parameters<Ask>, x: number, y: number]): RawAnswer;
  classifyField: Ask;
  /** Of the image that was classified last; `label` is its index. */
  explain(label: number): RawHeatmap;
  /** Milliseconds of each inference. */
  benchmark(iterations: number): { ok: true; times: number[] } | RawError;
  /** JSON: `{parameters, macs, model}`, where `model` is the document in the model's file. */
  describe(): string;
  delete(): void;
}

export interface RawModule {
  load(model: Uint8Array): { ok: true; engine: RawEngine } | RawError;
  /** Its answer has `redCell` and `background` too, as in {@link Field}. */
  locate: Ask;
  /** Its answer has `rgb`, three bytes a pixel, and no cells. */
  decode: Ask;
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
