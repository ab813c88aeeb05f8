// The raw interface of the WebAssembly module (engine/wasm): values, never exceptions. Only RawEngine is a handle.
import type { ErrorCode } from "./errors.js";
import type { Build, Classification, Field, FieldClassification, LocatedCell, Region } from "./results.js";

export type RawError = { ok: false; code: ErrorCode; message: string };

/** An answer about an image before it is presented: its decoder unknown, its outlines flat (x, y, x, y ...). */
export type RawAnswer<Answer extends { cells: readonly LocatedCell[] }> =
  | (Omit<Answer, "decoder" | "cells"> & {
      ok: true;
      cells: (Omit<Answer["cells"][number], "outline"> & { outline: Float32Array })[];
    })
  | RawError;

/** `bytes`: an image file where width and height are 0, else RGBA. */
export type Ask<Answer extends { cells: readonly LocatedCell[] }> = (
  bytes: Uint8Array,
  width: number,
  height: number,
) => RawAnswer<Answer>;

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
  classify: Ask<Classification>;
  classifyField: Ask<Omit<FieldClassification, "differential">>;
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
  locate: Ask<Field>;
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
