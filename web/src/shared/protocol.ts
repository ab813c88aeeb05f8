// What the page's side and the engine's side say to each other, in a worker or not.
import type { ErrorCode } from "./errors.js";
import type {
  About,
  Benchmark,
  Build,
  Classification,
  DecodedImage,
  Decoder,
  Field,
  FieldClassification,
  Heatmap,
  ModelDescription,
  Pixels,
  Point,
  Profile,
  Region,
  Stain,
} from "./results.js";

/** An image on its way to the engine. */
export type Source =
  | {
      readonly kind: "bytes";
      readonly bytes: Uint8Array<ArrayBuffer>;
      readonly tiff?: undefined;
    }
  | {
      readonly kind: "bytes";
      readonly bytes: Uint8Array<ArrayBuffer>;
      /** What decodes them, where they are a TIFF or BMP, a JPEG or PNG that is to be reduced, or where a page is named. */
      readonly tiff: WebAssembly.Module;
      /** From 1. */
      readonly page: number;
    }
  | {
      readonly kind: "pixels";
      readonly rgba: Uint8Array<ArrayBuffer>;
      readonly width: number;
      readonly height: number;
    }
  | { readonly kind: "bitmap"; readonly bitmap: ImageBitmap; readonly decoder: Decoder };

/** What a question is about: an image that is opened for it alone, or the number of a picture that the engine holds. */
export type Subject = Source | number;

/** All that an engine starts from. Compiled and fetched once, used by every worker. */
export interface Setup {
  readonly wasm: WebAssembly.Module;
  readonly model: Uint8Array<ArrayBuffer>;
  /** The model that finds cells; undefined while nothing needs it. */
  readonly locator: Uint8Array<ArrayBuffer> | undefined;
  /** A microscope profile's file. */
  readonly profile: Uint8Array<ArrayBuffer> | undefined;
}

export interface Loaded {
  readonly model: ModelDescription;
  readonly build: Build;
}

/** The differential is counted on the page's side. */
export type CountlessField = Omit<FieldClassification, "differential">;

/** What an engine needs of a cell to know it by: its box where another engine located it, or somebody framed it. */
export interface Marked extends Point {
  readonly box: Region;
  readonly framed: boolean;
}

/** What a profile is fitted to. */
export interface Features {
  readonly embedding: Float32Array<ArrayBuffer>;
  /** Of the nucleus: red, green, blue; 0 where none stands out. */
  readonly density: readonly number[];
}

/** A cell that a person has named, as the network sees it in its own stain and in an evened one. */
export interface Learnt {
  /** The label's index. */
  readonly label: number;
  readonly asItIs: Float32Array;
  readonly evened: Float32Array;
}

/** Carried by an answer where it was asked for. */
export interface WithThumbnails {
  readonly thumbnails?: Pixels;
}

/** How a cell is told from the others of its picture: by the centre of its nucleus or, where somebody framed it, by its box. */
export interface CellPlace extends Point {
  readonly box?: Region;
}

/** What an engine can be asked: about an image, or about itself. */
export interface Calls {
  /** From now on cells are found by this. */
  useLocator(locator: Uint8Array<ArrayBuffer>): Promise<void>;
  /** From now on answers are corrected by it; undefined: no longer. */
  useProfile(profile: Uint8Array<ArrayBuffer> | undefined): Promise<void>;
  /** Holds the picture under a number, from 1, until it is closed or makes room for others. */
  open(source: Source, picture: number): Promise<About>;
  holds(picture: number): Promise<boolean>;
  close(picture: number): Promise<void>;
  /** `thumbnails` is their size: of the whole image, then of each cell. */
  classify(subject: Subject, thumbnails?: number): Promise<Classification & WithThumbnails>;
  classifyField(subject: Subject, thumbnails?: number): Promise<CountlessField & WithThumbnails>;
  /** `frames`: in whole numbers. */
  classifyFramed(subject: Subject, frames: readonly Region[]): Promise<CountlessField>;
  locate(subject: Subject): Promise<Field>;
  pixels(subject: Subject): Promise<DecodedImage>;
  explain(subject: Subject, label: string | undefined, cell: CellPlace | undefined): Promise<Heatmap>;
  thumbnails(subject: Subject, regions: readonly Region[], size: number): Promise<Pixels>;
  /** Of cells seen in a stain; undefined: the one that `classify` is about. Null where there is no such cell. */
  embed(
    subject: Subject,
    cells: readonly (Marked | undefined)[],
    stain: Stain | null,
  ): Promise<(Features | null)[]>;
  /** What brings nuclei of these densities into the range that the model knows. */
  evenStain(densities: readonly Features["density"][]): Promise<Stain | null>;
  adapt(examples: readonly Learnt[], stain: Stain | null): Promise<Profile>;
  benchmark(iterations: number): Promise<Benchmark>;
}

export type Returned<Name extends keyof Calls> = Awaited<ReturnType<Calls[Name]>>;

/** Whoever answers calls by their name. It takes one at a time. */
export interface Callable {
  call<Name extends keyof Calls>(name: Name, ...args: Parameters<Calls[Name]>): Promise<Returned<Name>>;
}

/** Where an engine runs, in this thread or in a worker. */
export interface Runner extends Callable {
  readonly loaded: Loaded;
  /** False once it was closed or its engine is gone. */
  readonly alive: boolean;
  close(): void;
}

export type Request =
  | { readonly kind: "load"; readonly setup: Setup; readonly life: string }
  | { readonly kind: "call"; readonly name: keyof Calls; readonly args: Parameters<Calls[keyof Calls]> };

export type Message = Request & { readonly id: number };

export type Answer = Loaded | Returned<keyof Calls>;

/** `crash` means that the engine trapped: its state is unknown and it takes no further request. */
export type Reply =
  | { readonly id: number; readonly kind: "done"; readonly value: Answer }
  | { readonly id: number; readonly kind: "failed"; readonly code: ErrorCode; readonly message: string }
  | { readonly id: number; readonly kind: "crash"; readonly message: string };
