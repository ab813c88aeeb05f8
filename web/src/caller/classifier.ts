import { LeukolensError, unlessAborted } from "../shared/errors.js";
import type { Runner, Source } from "../shared/protocol.js";
import type {
  Benchmark,
  Build,
  Classification,
  Field,
  FieldClassification,
  Heatmap,
  ModelDescription,
  Pixels,
  Point,
} from "../shared/results.js";
import { type AssetOptions, fetchSetup, tiffModule } from "./assets.js";
import { type BatchItem, type BatchOptions, classifyInOrder, type Inputs } from "./batch.js";
import { differential } from "./differential.js";
import { type ImageInput, isTiff, readInput } from "./input.js";
import { disposed, Pool } from "./pool.js";
import { startRunner } from "./runner.js";
import { countCores, hasThreads, isBrowser } from "./threads.js";

export interface LoadOptions extends AssetOptions {
  /** Run in workers, so that the page never waits. Default: true, but in Node only where `workers` is given. */
  readonly worker?: boolean | undefined;
  /**
   * The most workers at once, from 1 to 64. The first starts with `load`, each further one when a call would have to wait, and ends
   * after ten seconds without work. "auto", the default, is one for each processor core, up to four: more share the memory's
   * bandwidth and gain little, and each holds some megabytes.
   */
  readonly workers?: number | "auto" | undefined;
}

export interface ClassifyOptions {
  readonly signal?: AbortSignal | undefined;
}

export interface ExplainOptions extends ClassifyOptions {
  /** The id of the label to explain. Default: the most probable one. */
  readonly label?: string | undefined;
  /** Explain the white cell nearest to this point, as a cell of `classifyField` has it, rather than the one that the image is about. */
  readonly at?: Point | undefined;
}

export interface BenchmarkOptions {
  /** How many inferences are timed. Default: 100. */
  readonly iterations?: number | undefined;
}

/** A classifier that is no longer reachable frees its workers, if nobody called `dispose`. */
const forgotten = new FinalizationRegistry<Pool>((pool) => pool.close());

/**
 * A model, ready to classify. Calls may overlap. Whatever fails rejects with a {@link LeukolensError}.
 * For research and education only. Not for use in diagnostic procedures.
 */
export class Classifier {
  /** What the model's file says of itself. */
  readonly model: ModelDescription;
  /** The WebAssembly build that runs. */
  readonly build: Build;
  readonly #pool: Pool;
  readonly #workers: number;
  readonly #tiff: () => Promise<WebAssembly.Module>;
  #disposed = false;

  private constructor(
    runner: Runner,
    start: () => Promise<Runner>,
    workers: number,
    tiff: () => Promise<WebAssembly.Module>,
  ) {
    this.model = runner.loaded.model;
    this.build = runner.loaded.build;
    this.#workers = workers;
    this.#tiff = tiff;
    this.#pool = new Pool(runner, start, workers);
    forgotten.register(this, this.#pool, this);
  }

  /**
   * Fetches the engine and the model, nothing else, and starts them. What reads TIFF is fetched with the first one. Errors: network, aborted, unreadable_file, invalid_argument,
   * corrupt_model, unsupported_model, out_of_memory, unsupported_environment, worker_failed.
   */
  static async load(options: LoadOptions = {}): Promise<Classifier> {
    const { worker = isBrowser || options.workers !== undefined, signal } = options;
    const workers = countWorkers(worker, options.workers);
    const tiff = tiffModule(options);
    const setup = fetchSetup(options);
    setup.catch(() => undefined); // it is reported through the runner, unless that fails first
    const start = () => startRunner(setup, worker);
    const starting = start();
    try {
      return new Classifier(await unlessAborted(starting, signal), start, workers, tiff);
    } catch (error) {
      starting.then((runner) => runner.close()).catch(() => undefined);
      throw error;
    }
  }

  /**
   * Classifies the cell that an image is about: the one in its middle, or else the surest; or the whole image, where that is what
   * the model sees. Errors: empty_input, unsupported_format, corrupt_image, image_too_large, invalid_argument, unreadable_file,
   * network, aborted, disposed, out_of_memory, worker_failed; for a TIFF also those of fetching and compiling what reads it.
   */
  classify(input: ImageInput, { signal }: ClassifyOptions = {}): Promise<Classification> {
    return this.#ask(input, signal, (runner, source) => runner.call("classify", source));
  }

  /**
   * Finds and classifies every white cell of a field, and counts them. Errors: those of `classify`; invalid_argument where the model
   * sees the whole image.
   */
  async classifyField(input: ImageInput, { signal }: ClassifyOptions = {}): Promise<FieldClassification> {
    const field = await this.#ask(input, signal, (runner, source) => runner.call("classifyField", source));
    return { ...field, differential: differential(field.cells, this.model.labels) };
  }

  /** Finds the white cells of a field without classifying them, whatever the model. Errors: those of `classify`. */
  locate(input: ImageInput, { signal }: ClassifyOptions = {}): Promise<Field> {
    return this.#ask(input, signal, (runner, source) => runner.call("locate", source));
  }

  /**
   * The pixels of an image, decoded by the rules that hold for classifying it: to show what a browser cannot, such as a TIFF.
   * Errors: those of `classify`.
   */
  decode(input: ImageInput, { signal }: ClassifyOptions = {}): Promise<Pixels> {
    return this.#ask(input, signal, (runner, source) => runner.call("decode", source));
  }

  /**
   * Classifies any number of images, or with `field` the cells of any number of fields, on all workers, and yields one item for
   * each, in their order; an image that cannot be classified is an item with its `error`. Images are taken only as their items are
   * asked for, at most two a worker ahead, so that memory stays bounded however long the list. To stop, leave the loop or fire
   * `signal`. Throws aborted, disposed, invalid_argument (nothing to iterate), and whatever `inputs` itself throws.
   */
  classifyAll<Input extends ImageInput>(
    inputs: Inputs<Input>,
    options?: BatchOptions & { readonly field?: false | undefined },
  ): AsyncGenerator<BatchItem<Input>, void, undefined>;
  classifyAll<Input extends ImageInput>(
    inputs: Inputs<Input>,
    options: BatchOptions & { readonly field: true },
  ): AsyncGenerator<BatchItem<Input, FieldClassification>, void, undefined>;
  classifyAll<Input extends ImageInput>(
    inputs: Inputs<Input>,
    options: BatchOptions = {},
  ): AsyncGenerator<BatchItem<Input, Classification | FieldClassification>, void, undefined> {
    const classify = (input: Input, signal: AbortSignal): Promise<Classification | FieldClassification> =>
      options.field ? this.classifyField(input, { signal }) : this.classify(input, { signal });
    return classifyInOrder(inputs, 2 * this.#workers, classify, options);
  }

  /**
   * Classifies an image and maps which of its places speak for a label, in less than twice the time of `classify`. Errors: those of
   * `classify`; invalid_argument where the model has no such label or found nothing to look at; unsupported_model where its
   * network keeps no places to the end.
   */
  async explain(input: ImageInput, { label, at, signal }: ExplainOptions = {}): Promise<Heatmap> {
    if (at && !(Number.isFinite(at.x) && Number.isFinite(at.y)))
      throw new LeukolensError("invalid_argument", "at must be a point in pixels: { x, y }.");
    const point = at && { x: at.x, y: at.y }; // a cell carries more than a worker needs
    return this.#ask(input, signal, (runner, source) => runner.call("explain", source, label, point));
  }

  /** Times the network alone, without decoding or resampling. Errors: invalid_argument, disposed, worker_failed. */
  async benchmark({ iterations = 100 }: BenchmarkOptions = {}): Promise<Benchmark> {
    assertWhole("iterations", iterations, 100_000);
    return this.#run((runner) => runner.call("benchmark", iterations));
  }

  /** Ends the workers and frees their memory. Work under way rejects with `disposed`. May be called twice. */
  dispose(): void {
    this.#disposed = true;
    forgotten.unregister(this);
    this.#pool.close();
  }

  /** For `using`. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  async #ask<T>(
    input: ImageInput,
    signal: AbortSignal | undefined,
    question: (runner: Runner, source: Source) => Promise<T>,
  ): Promise<T> {
    if (this.#disposed) throw disposed();
    const source = await this.#withReader(await readInput(input, signal), signal);
    return this.#run((runner) => question(runner, source), signal);
  }

  /** What decodes a TIFF travels with it, so that no worker fetches anything. */
  async #withReader(source: Source, signal: AbortSignal | undefined): Promise<Source> {
    if (source.kind !== "bytes" || !isTiff(source.bytes)) return source;
    return { ...source, tiff: await unlessAborted(this.#tiff(), signal) };
  }

  #run<T>(work: (runner: Runner) => Promise<T>, signal?: AbortSignal): Promise<T> {
    // Naming `this` keeps it reachable while the pool holds the work: a classifier at work is not forgotten.
    return this.#pool.run(work, signal).finally(() => this.#pool);
  }
}

function countWorkers(worker: boolean, workers: number | "auto" = "auto"): number {
  if (worker && !hasThreads) {
    throw new LeukolensError("unsupported_environment", "This runtime has no workers: pass worker: false.");
  }
  if (workers === "auto") return worker ? Math.min(countCores(), 4) : 1;
  assertWhole("workers", workers, worker ? 64 : 1);
  return workers;
}

function assertWhole(name: string, value: number, most: number): void {
  if (Number.isInteger(value) && value >= 1 && value <= most) return;
  throw new LeukolensError("invalid_argument", `${name} must be a whole number from 1 to ${most}.`);
}
