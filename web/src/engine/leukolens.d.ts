// The raw interface of the WebAssembly module (engine/wasm): values, never exceptions. An instance has one model, and pictures under
// the numbers that its caller gives them.
import type { ErrorCode } from "../shared/errors.js";
import type { CellPlace, Marked } from "../shared/protocol.js";
import type { Build, Flag, LocatedCell, Region, Stain, Timings, Verdict } from "../shared/results.js";

export type RawError = { ok: false; code: ErrorCode; message: string };

/** `notes`: a line each. The pages are told by what reads a file with several. */
export type RawOpened =
  | { ok: true; width: number; height: number; notes: string; page?: number; pages?: number }
  | RawError;

export interface RawJudgement {
  verdict: Verdict;
  /** Its index; -1 where there is none. */
  label: number;
  typicality: number | null;
  flags: readonly Flag[];
  /** In the order of the model's labels; none where no cell was found. */
  probabilities: Float32Array;
}

/** The outline as x, y, x, y ... */
export type RawCell = Omit<LocatedCell, "outline"> & { outline: Float32Array } & Partial<RawJudgement>;

type RawTimings = Omit<Timings, "decodeMs">;

/** An answer about a picture. What is judged is the picture, each cell, or neither. */
export type RawAnswer =
  | ({
      ok: true;
      cells: RawCell[];
      redCell: number | null;
      timings: RawTimings;
      stain?: Stain | null;
    } & Partial<RawJudgement>)
  | RawError;

/** The embedding is empty where there is no such cell. */
export type RawFeatures = { ok: true; embedding: Float32Array<ArrayBuffer>; density: number[] } | RawError;

export type RawHeatmap =
  | {
      ok: true;
      /** The label's index. */
      label: number;
      probability: number;
      width: number;
      height: number;
      values: Float32Array<ArrayBuffer>;
      scale: number;
      region: Region;
      timings: RawTimings & { explainMs: number };
    }
  | RawError;

export interface RawModule {
  /** Once, before all else but `errorCodes`. */
  load(model: Uint8Array): { ok: true } | RawError;
  /** Before cells are located. */
  loadLocator(model: Uint8Array): { ok: true } | RawError;
  /** `document`: JSON, as it stands in the model's file. */
  describe(): { parameters: number; macs: number; document: string };
  /** `bytes`: an image file where width and height are 0, else RGBA. */
  open(picture: number, bytes: Uint8Array, width: number, height: number): RawOpened;
  close(picture: number): void;
  classify(picture: number): RawAnswer;
  classifyField(picture: number): RawAnswer;
  /** `frames`: in whole numbers. */
  classifyFramed(picture: number, frames: readonly Region[]): RawAnswer;
  /** Its answer has `background` too, as in {@link Field}. */
  locate(picture: number): RawAnswer;
  /** `label`: its index; -1: the most probable. `cell`: undefined: the main cell. */
  explain(picture: number, label: number, cell: CellPlace | undefined): RawHeatmap;
  /** `cell`: undefined: what `classify` looks at. */
  embed(picture: number, cell: Marked | undefined, stain: Stain | null): RawFeatures;
  evenStain(densities: readonly (readonly number[])[]): { ok: true; stain: Stain | null };
  /** Embeddings of the same cells, and the indices of their labels; `profile`: JSON. */
  adapt(
    asTheyAre: readonly Float32Array[],
    evened: readonly Float32Array[],
    labels: readonly number[],
    stain: Stain | null,
  ): { ok: true; profile: string } | RawError;
  /** A file of JSON; undefined: none. */
  useProfile(profile: Uint8Array | undefined): { ok: true } | RawError;
  /** A region in `outWidth` x `outHeight` RGBA pixels; what lies beyond the picture is transparent. All are whole numbers. */
  pixels(
    picture: number,
    x: number,
    y: number,
    width: number,
    height: number,
    outWidth: number,
    outHeight: number,
  ): Uint8Array;
  /** Milliseconds of each inference. */
  benchmark(iterations: number): { ok: true; times: Float64Array } | RawError;
  errorCodes(): string[];
  build(): Build;
}

export interface RawOptions {
  instantiateWasm(
    imports: WebAssembly.Imports,
    done: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
  ): WebAssembly.Exports;
}

export default function createLeukolens(options: RawOptions): Promise<RawModule>;
