// The values that callers see: what is said of images, cells and models.
import type { ClampedBytes, Floats } from "./platform.js";

/** `classified`: sure enough. `unsure`: the best guess lies below the model's threshold. `rejected`: out of distribution, or no cell. */
export type Verdict = "classified" | "unsure" | "rejected";

/** Which WebAssembly file runs: 128-bit SIMD, or relaxed SIMD (fused multiply-add) where the browser has it. */
export type Build = "simd" | "relaxed";

/** Who turned the bytes into pixels. `tiff`: the engine's own TIFF reader, a file apart. `none`: the caller passed pixels. */
export type Decoder = "engine" | "tiff" | "browser" | "none";

export interface Prediction {
  /** A label's id, e.g. "eosinophil"; its name for people is in {@link ModelDescription.labels}. */
  readonly label: string;
  /** In [0, 1]; those of all labels sum to 1. */
  readonly probability: number;
}

/** Milliseconds. What an opened picture took once, `decodeMs` and `locateMs`, is the same in every answer about it. */
export interface Timings {
  readonly decodeMs: number;
  /** Finding the cells; 0 where they were not looked for. */
  readonly locateMs: number;
  readonly prepareMs: number;
  readonly inferMs: number;
}

/** In pixels of the image, from its upper left corner. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A rectangle in pixels of the image, from its upper left corner. */
export interface Region {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A white cell, in pixels of the image. */
export interface LocatedCell {
  /** Of the whole cell, clipped to the image. */
  readonly box: Region;
  /** Centre of the nucleus. */
  readonly x: number;
  readonly y: number;
  /** Of the cell, as if it lay whole inside the image. */
  readonly diameter: number;
  /** Of the nucleus: a closed polygon of at most 32 corners, each [x, y]. `outline.join(" ")` is an SVG polygon's `points`. */
  readonly outline: readonly (readonly [x: number, y: number])[];
  /** How sure it is that this is a white cell, in (0, 1]. */
  readonly score: number;
}

/**
 * What a person should look at, however sure the answer is. "large_lymphoid": called a lymphocyte, but its nucleus is large for the
 * red cells: could be a reactive lymphocyte or a blast, which the model does not know.
 */
export type Flag = "large_lymphoid";

/** What the model says of an image or of a cell. */
export interface Judgement {
  readonly verdict: Verdict;
  /** The most probable label's id; null when rejected. */
  readonly label: string | null;
  /** The largest probability; 0 where no cell was found. */
  readonly confidence: number;
  /**
   * The share of known cells that lay as far from the model's training data as this one, or farther, in [0, 1]: a conformal
   * p-value. Null where the model has no statistics of them, or found no cell.
   */
  readonly typicality: number | null;
  readonly flags: readonly Flag[];
  /** One for each label of the model, most probable first; none where no cell was found. */
  readonly predictions: readonly Prediction[];
}

/** A white cell of a field and what the model says of it. */
export interface Cell extends LocatedCell, Judgement {}

/** What is said of the image itself beside every answer about it. */
export interface About {
  /** Size of the image in pixels, upright; where it was reduced (see `notes`), that of the reduced image, in which all positions are. */
  readonly width: number;
  readonly height: number;
  readonly decoder: Decoder;
  /** Which page of the file it is, from 1, and of how many: 1 of 1 unless the file is a TIFF with several pictures of one size. */
  readonly page: number;
  readonly pages: number;
  /**
   * Sentences in English on how a file was read, where something had to be decided or left out: which values of a TIFF are black
   * and white, which of its levels was taken, that a picture was reduced, lacks its end or has no colours.
   */
  readonly notes: readonly string[];
}

/**
 * How a stain was brought into the range that the model knows: the optical density of red, green and blue was multiplied by these
 * factors, which were measured on so many cells.
 */
export interface Stain {
  readonly factors: readonly [red: number, green: number, blue: number];
  readonly cells: number;
}

/** The red cells of a picture, by which its scale can be told. */
export interface RedCells {
  /** Their diameter in pixels; null where none can be made out, or where the model sees the whole image. */
  readonly redCell: number | null;
}

/** For research and education only. Not for use in diagnostic procedures. */
export interface Classification extends Judgement, About, RedCells {
  /** The cell that was classified; none where the model sees the whole image, or where no cell was found. */
  readonly cells: readonly LocatedCell[];
  /** Null where the cell was shown to the network as it is. */
  readonly stain: Stain | null;
  readonly timings: Timings;
}

/** A class of a {@link Differential}. */
export interface ClassCount {
  /** The label's id. */
  readonly label: string;
  readonly count: number;
}

/**
 * How the leukocytes of a field divide among the classes. Only classified cells count; erythroblasts and platelets stand apart, as
 * in CLSI H20-A2. Count at least 100 leukocytes before comparing with reference ranges.
 */
export interface Differential {
  /** Leukocytes that were classified. */
  readonly total: number;
  /** Of `total`, with the 95 % interval of Wilson's score, [0, 100] where there are none. */
  readonly classes: readonly (ClassCount & {
    readonly percent: number;
    readonly percentInterval: readonly [low: number, high: number];
  })[];
  readonly others: readonly ClassCount[];
  readonly unsure: number;
  readonly rejected: number;
}

/** For research and education only. Not for use in diagnostic procedures. */
export interface FieldClassification extends About, RedCells {
  /** Every white cell, the surest to be one first. */
  readonly cells: readonly Cell[];
  readonly differential: Differential;
  /** Null where the cells were shown to the network as they are. */
  readonly stain: Stain | null;
  /** Of all cells together. */
  readonly timings: Timings;
}

/** Where the white cells of an image are, and what it says of its own scale and light. */
export interface Field extends About, RedCells {
  /** The surest first; a score under 0.5 is offered only where there is none above. */
  readonly cells: readonly LocatedCell[];
  /** Colour of empty glass: red, green, blue, from 0 to 255. */
  readonly background: readonly [red: number, green: number, blue: number];
  readonly timings: Pick<Timings, "decodeMs" | "locateMs">;
}

/** `new ImageData(rgba, width)` makes them a picture to draw. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue and alpha of each pixel, rows from the top. */
  readonly rgba: ClampedBytes;
}

/** An image as the engine sees it: upright, transparency laid on white. */
export interface DecodedImage extends About, Pixels {
  readonly timings: Pick<Timings, "decodeMs">;
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
  readonly values: Floats;
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
  /**
   * The network's input in pixels, and what is resampled to it: the whole image, or the cell that was located. Where the two largest
   * logits differ by less than `tta_margin`, the logits of its four quarter turns are averaged (test-time augmentation).
   */
  readonly input: {
    readonly width: number;
    readonly height: number;
    readonly region: "whole" | "cell";
    readonly tta_margin?: number;
  };
  readonly layers: readonly LayerDescription[];
  readonly parameters: number;
  /** Multiply-accumulates of one inference. */
  readonly macs: number;
  /** Probabilities are softmax(logits / temperature). */
  readonly calibration: { readonly temperature: number };
  /** Below `min_confidence` the verdict is "unsure"; below `reject_confidence` or `min_typicality` "rejected". */
  readonly rejection: {
    readonly min_confidence: number;
    readonly reject_confidence?: number;
    readonly min_typicality?: number;
  };
  readonly training: Readonly<Record<string, unknown>>;
  readonly metrics: Readonly<Record<string, unknown>>;
}

/** How good answers are, measured on cells that the fit did not see. */
export interface Fitness {
  readonly accuracy: number;
  /** Mean of -ln(probability of the right label). */
  readonly log_loss: number;
  /** Expected calibration error. */
  readonly calibration_error: number;
}

/**
 * What was learnt of one microscope, as {@link Classifier.adapt} and `leukolens adapt` make it; `JSON.stringify(profile)` is the
 * file NAME.microscope.json. It belongs to one model.
 */
export interface Profile {
  /** The version of the format. */
  readonly leukolens_microscope: number;
  /** Of the microscope, for people. */
  readonly name: string;
  /** The model's name, and the SHA-256 of its file. */
  readonly model: string;
  readonly model_sha256: string;
  /** For each label of the model, in its order, how many cells it was learnt from. */
  readonly examples: readonly number[];
  readonly temperature: number;
  /** Of the model alone. */
  readonly before: Fitness;
  /** Of profiles that were fitted without the cells they are judged by. */
  readonly after: Fitness;
  /** Missing where the model knows such stains. */
  readonly stain?: Stain;
  /** For each label of the model, in its order, what is added to its logit. */
  readonly weights: readonly {
    readonly label: string;
    readonly bias: number;
    readonly weights: readonly number[];
  }[];
  /** Over all of this but the name. Missing in profiles of older versions; where it is there, nothing else may be changed. */
  readonly sha256?: string;
}

export interface Benchmark {
  readonly build: Build;
  readonly iterations: number;
  /** Milliseconds of inference alone (no decoding, no resampling): median and 95th percentile. */
  readonly p50: number;
  readonly p95: number;
}
