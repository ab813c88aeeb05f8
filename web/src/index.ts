/// <reference lib="esnext.disposable" preserve="true" />
/**
 * White blood cell recognition. Start at {@link Classifier}.
 * @module leukolens
 */
export type { AdaptOptions, Example } from "./caller/adaptation.js";
export type { Address, AssetOptions, ModelName, Progress } from "./caller/assets.js";
export type { BatchItem, BatchOptions, BatchProgress, BatchResult, Inputs } from "./caller/batch.js";
export {
  type BenchmarkOptions,
  Classifier,
  type LoadOptions,
} from "./caller/classifier.js";
export { differential } from "./caller/differential.js";
export type { DrawableInput, EncodedInput, ImageInput } from "./caller/input.js";
export type { CallOptions, ExplainOptions, OpenedPicture, OpenOptions } from "./caller/opened-picture.js";
export { type ErrorCode, errorCodes, LeukolensError } from "./shared/errors.js";
export type {
  About,
  Benchmark,
  Build,
  Cell,
  ClassCount,
  Classification,
  DecodedImage,
  Decoder,
  Differential,
  Field,
  FieldClassification,
  Fitness,
  Flag,
  Heatmap,
  Judgement,
  LayerDescription,
  LocatedCell,
  ModelDescription,
  Pixels,
  Point,
  Prediction,
  Profile,
  Region,
  Stain,
  Timings,
  Verdict,
} from "./shared/results.js";
