import { assertWhole, LeukolensError, typed, unlessAborted } from "../shared/errors.js";
import type { Runner, Source, Subject } from "../shared/protocol.js";
import type {
  Benchmark,
  Build,
  Classification,
  DecodedImage,
  Field,
  FieldClassification,
  Heatmap,
  LocatedCell,
  ModelDescription,
  Profile,
} from "../shared/results.js";
import type { AdaptOptions, Example, Learner } from "./adaptation.js";
import {
  type Address,
  type AssetOptions,
  fetchSetup,
  lateLocator,
  place,
  readProfile,
  tiffModule,
} from "./assets.js";
import type { BatchItem, BatchOptions, BatchResult, Inputs } from "./batch.js";
import { withDifferential } from "./differential.js";
import { type EncodedInput, type ImageInput, keepInput, needsReader, readInput, toUrl } from "./input.js";
import type { ExplainOptions, Host, OpenedPicture, OpenOptions } from "./opened-picture.js";
import { disposed, Pool } from "./pool.js";
import { ProfileInUse } from "./profile-in-use.js";
import { largestThumbnail, placeOf } from "./regions.js";
import { startRunner } from "./runner.js";
import { countCores, hasThreads, isBrowser, shippedScript } from "./threads.js";

export interface LoadOptions extends AssetOptions {
  /** Run in workers, so that the page never waits. Default: true, but in Node only where `workers` is given. */
  readonly worker?: boolean | undefined;
  /** Where worker.js lies. Default: where `baseUrl` says, else beside this package's JavaScript. */
  readonly workerUrl?: Address | undefined;
  /**
   * The most workers at once, from 1 to 64. The first starts with `load`, each further one when a call would have to wait, and ends
   * after ten seconds without work. "auto", the default, is one for each processor core, up to four: more share the memory's
   * bandwidth and gain little, and each holds some megabytes.
   */
  readonly workers?: number | "auto" | undefined;
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
  readonly #locator: ReturnType<typeof lateLocator>;
  /** Those that have got the late locator. */
  readonly #locating = new WeakSet<Runner>();
  readonly #profile: ProfileInUse;
  /** The last call of `use`: the next begins after it. */
  #using: Promise<unknown> = Promise.resolve();
  #disposed = false;

  private constructor(
    runner: Runner,
    start: () => Promise<Runner>,
    workers: number,
    tiff: () => Promise<WebAssembly.Module>,
    locator: ReturnType<typeof lateLocator>,
    profile: ProfileInUse,
  ) {
    this.model = runner.loaded.model;
    this.build = runner.loaded.build;
    this.#workers = workers;
    this.#tiff = tiff;
    this.#locator = locator;
    this.#profile = profile;
    this.#pool = new Pool(runner, start, workers);
    forgotten.register(this, this.#pool, this);
  }

  /**
   * Fetches the engine, the model and the locator, nothing else, and starts them. What reads TIFF is fetched with the first one.
   * Errors: network, aborted, unreadable_file, invalid_argument, corrupt_model, unsupported_model, corrupt_profile,
   * unsupported_profile, out_of_memory, unsupported_environment, worker_failed.
   */
  static load(options: LoadOptions = {}): Promise<Classifier> {
    return typed(async () => {
      if (typeof options !== "object" || options === null)
        throw new LeukolensError("invalid_argument", "load takes an object of options.");
      const { worker = isBrowser || options.workers !== undefined, workerUrl, signal } = options;
      const workers = countWorkers(worker, options.workers);
      const script = workerUrl === undefined ? place(options, "worker.js", shippedScript) : toUrl(workerUrl);
      const tiff = tiffModule(options);
      const setup = fetchSetup(options);
      setup.catch(() => undefined); // it is reported through the runner, unless that fails first
      const start = () => startRunner(setup, worker ? script : undefined);
      const starting = start();
      try {
        const runner = await unlessAborted(starting, signal);
        const profile = new ProfileInUse((await setup).profile);
        return new Classifier(runner, start, workers, tiff, lateLocator(options), profile);
      } catch (error) {
        starting.then((runner) => runner.close()).catch(() => undefined);
        throw error;
      }
    });
  }

  /**
   * Opens a picture to ask about it more than once, which decodes it once and locates its cells once. What its input shows now is what
   * it keeps. Errors: empty_input, unsupported_format, corrupt_image, image_too_large, invalid_argument, unreadable_file, network,
   * aborted, disposed, out_of_memory, worker_failed; for a TIFF also those of fetching and compiling what reads it.
   */
  open(input: ImageInput, options?: OpenOptions): Promise<OpenedPicture> {
    return typed(async () => {
      this.#assertUsable();
      const { signal, page } = options ?? {};
      const { source, release } = await keepInput(input, signal);
      const host: Host = {
        model: this.model,
        source: async () => this.#withReader(await source(), page),
        release,
        locate: (runner: Runner, subject: Subject) => this.#locate(runner, subject),
        run: <T>(work: (runner: Runner) => Promise<T>, wanted: Runner | undefined) =>
          this.#run(work, undefined, wanted),
      };
      return (await import("./opened-picture.js")).openPicture(host, signal);
    });
  }

  /**
   * Classifies the cell that an image is about: the one in its middle, or else the surest; or the whole image, where that is what
   * the model sees. Errors: those of `open`; corrupt_model where the network's output is not finite.
   */
  classify(input: ImageInput, options?: OpenOptions): Promise<Classification> {
    return this.#ask(input, options, (runner, source) => runner.call("classify", source));
  }

  /**
   * Finds and classifies every white cell of a field, and counts them. Errors: those of `classify`; invalid_argument where the model
   * sees the whole image.
   */
  async classifyField(input: ImageInput, options?: OpenOptions): Promise<FieldClassification> {
    const field = await this.#ask(input, options, (runner, source) => runner.call("classifyField", source));
    return withDifferential(field, this.model);
  }

  /**
   * Finds the white cells of a field without classifying them, whatever the model. Errors: those of `open`; with the model "article"
   * also those of fetching the locator, network, corrupt_model and unsupported_model.
   */
  locate(input: ImageInput, options?: OpenOptions): Promise<Field> {
    return this.#ask(input, options, (runner, source) => this.#locate(runner, source));
  }

  /**
   * The pixels of an image, decoded by the rules that hold for classifying it: to show what a browser cannot, such as a TIFF.
   * Errors: those of `open`.
   */
  decode(input: ImageInput, options?: OpenOptions): Promise<DecodedImage> {
    return this.#ask(input, options, (runner, source) => runner.call("pixels", source));
  }

  /**
   * Classifies any number of images, or with `field` the cells of any number of fields, on all workers, and yields one item for
   * each, in their order; an image that cannot be classified is an item with its `error`. Images are taken only as their items are
   * asked for, at most two a worker ahead, so that memory stays bounded however long the list. To stop, leave the loop or fire
   * `signal`. Throws aborted, disposed, invalid_argument (nothing to iterate), and whatever `inputs` itself throws.
   */
  classifyAll<Input extends ImageInput, Options extends BatchOptions = Record<never, never>>(
    inputs: Inputs<Input>,
    options?: Options & BatchOptions,
  ): AsyncGenerator<BatchItem<Input, BatchResult<Options>>, void, undefined> {
    const { field = false, thumbnails }: BatchOptions = options ?? {};
    if (thumbnails !== undefined) assertWhole("thumbnails", thumbnails, largestThumbnail);
    const classify = (input: Input, signal: AbortSignal, page?: number) =>
      this.#ask(input, { signal, page }, async (runner, source) =>
        field
          ? withDifferential(await runner.call("classifyField", source, thumbnails), this.model)
          : runner.call("classify", source, thumbnails),
      ) as Promise<BatchResult<Options>>;
    const ahead = 2 * this.#workers;
    return (async function* () {
      const { workInOrder } = await import("./batch.js"); // fetched with the first batch
      yield* workInOrder(inputs, ahead, classify, options ?? {});
    })();
  }

  /**
   * Maps which places of an image speak for a label, in less than twice the time of `classify`: of what `classify` is about or, with
   * `cell`, of exactly that cell, which one of the other calls found in this image. Errors: those of `classify`; invalid_argument
   * where the model has no such label, or where there is no such cell or none at all; unsupported_model where its network keeps no
   * places to the end.
   */
  explain(
    input: ImageInput,
    options?: ExplainOptions & OpenOptions & { readonly cell?: LocatedCell | undefined },
  ): Promise<Heatmap> {
    return this.#ask(input, options, (runner, source) =>
      runner.call("explain", source, options?.label, placeOf(options?.cell)),
    );
  }

  /**
   * Learns a microscope from cells of it that a person has named: eight or more, confirmed ones as well as corrected ones. The same
   * cells give the same profile, in whatever order. {@link Classifier.use} applies it. Errors: those of `open`; invalid_argument
   * where the model has no such label, a picture no such cell (but see `onLeftOut`), where there are too few cells to learn from, or
   * where nothing is gained: cells left out while fitting are then answered no better, and the message says what was measured.
   */
  adapt(examples: Iterable<Example>, options: AdaptOptions = {}): Promise<Profile> {
    return typed(async () => {
      this.#assertUsable();
      const learner: Learner = {
        model: this.model,
        ahead: 2 * this.#workers,
        open: (input: ImageInput, options: OpenOptions) => this.open(input, options),
        run: <T>(work: (runner: Runner) => Promise<T>) => this.#run(work, options.signal),
      };
      return (await import("./adaptation.js")).adapt(learner, examples, options);
    });
  }

  /** The profile that corrects the answers; null where none does. */
  get profile(): Profile | null {
    return this.#profile.value;
  }

  /**
   * Answers to all later calls are corrected by a profile of this model, as `adapt` gives it or as its file; by none, where it is
   * null. Which cells are found does not change. Where the profile is refused, what was used before stays. Errors: network,
   * unreadable_file, invalid_argument, corrupt_profile, unsupported_profile (it belongs to another model, or was written by a newer
   * version), disposed, worker_failed.
   */
  use(profile: Profile | EncodedInput | null): Promise<void> {
    const used = typed(() => this.#using.then(() => this.#use(profile)));
    this.#using = used.catch(() => undefined);
    return used;
  }

  /** Times the network alone, without decoding or resampling. Errors: invalid_argument, corrupt_model, disposed, worker_failed. */
  async benchmark(options?: BenchmarkOptions): Promise<Benchmark> {
    const iterations = options?.iterations ?? 100;
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

  /** Vue and its like wrap objects without a name of their own in proxies, which have no private members. */
  get [Symbol.toStringTag](): string {
    return "Classifier";
  }

  async #use(profile: Profile | EncodedInput | null): Promise<void> {
    this.#assertUsable();
    const file = profile === null ? undefined : await readProfile(profile);
    await this.#run((runner) => this.#profile.change(runner, file));
  }

  async #locate(runner: Runner, subject: Subject): Promise<Field> {
    if (this.#locator && !this.#locating.has(runner)) {
      await runner.call("useLocator", await this.#locator());
      this.#locating.add(runner);
    }
    return runner.call("locate", subject);
  }

  #ask<T>(
    input: ImageInput,
    options: OpenOptions | undefined,
    question: (runner: Runner, source: Source) => Promise<T>,
  ): Promise<T> {
    return typed(async () => {
      this.#assertUsable();
      const { signal, page } = options ?? {};
      const source = await this.#withReader(await readInput(input, signal), page, signal);
      return this.#run((runner) => question(runner, source), signal);
    });
  }

  /** What decodes a TIFF or a large picture, or knows its pages, travels with it, so that no worker fetches anything. */
  async #withReader(source: Source, page = 1, signal?: AbortSignal): Promise<Source> {
    assertWhole("page", page, source.kind === "bytes" ? 10_000 : 1);
    if (source.kind !== "bytes" || (page === 1 && !needsReader(source.bytes))) return source;
    return { ...source, page, tiff: await unlessAborted(this.#tiff(), signal) };
  }

  #run<T>(work: (runner: Runner) => Promise<T>, signal?: AbortSignal, wanted?: Runner): Promise<T> {
    const prepared = async (runner: Runner) => {
      await this.#profile.bring(runner);
      return work(runner);
    };
    // Naming `this` keeps it reachable while the pool holds the work: a classifier at work is not forgotten.
    return this.#pool.run(prepared, signal, wanted).finally(() => this.#pool);
  }

  #assertUsable(): void {
    if (this.#disposed) throw disposed();
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
