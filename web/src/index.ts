/// <reference lib="esnext.disposable" preserve="true" />
/**
 * White blood cell recognition. Start at {@link Classifier}.
 * @module leukolens
 */
export type { AssetOptions, ModelName, Progress } from "./caller/assets.js";
export type { BatchItem, BatchOptions, BatchProgress, Inputs } from "./caller/batch.js";
export {
  type BenchmarkOptions,
  Classifier,
  type ClassifyOptions,
  type ExplainOptions,
  type LoadOptions,
} from "./caller/classifier.js";
export { differential } from "./caller/differential.js";
export type { DrawableInput, EncodedInput, ImageInput } from "./caller/input.js";
export { type ErrorCode, errorCodes, LeukolensError } from "./shared/errors.js";
export type {
  About,
  Benchmark,
  Build,
  Cell,
  ClassCount,
  Classification,
  Decoder,
  Differential,
  Field,
  FieldClassification,
  Heatmap,
  Judgement,
  LayerDescription,
  LocatedCell,
  ModelDescription,
  Pixels,
  Point,
  Prediction,
  Region,
  Timings,
  Verdict,
} from "./shared/results.js";
