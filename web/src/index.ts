/// <reference lib="esnext.disposable" preserve="true" />
/**
 * White blood cell recognition. Start at {@link Classifier}.
 * @module leukolens
 */
export type { AssetOptions, ModelName, Progress } from "./assets.js";
export type { BatchItem, BatchOptions, BatchProgress, Inputs } from "./batch.js";
export {
  type BenchmarkOptions,
  Classifier,
  type ClassifyOptions,
  type ExplainOptions,
  type LoadOptions,
} from "./classifier.js";
export { differential } from "./differential.js";
export { type ErrorCode, errorCodes, LeukolensError } from "./errors.js";
export type { DrawableInput, EncodedInput, ImageInput } from "./input.js";
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
} from "./results.js";
