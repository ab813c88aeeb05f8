import { type AssetOptions, fetchSetup } from "./assets.js";
import { aborted, LeukolensError, throwIfAborted } from "./errors.js";
import { type ImageInput, readInput } from "./input.js";
import type { Benchmark, Build, Classification, ModelDescription, Runner } from "./protocol.js";
import { hasWorkers, startRunner } from "./runner.js";

export interface LoadOptions extends AssetOptions {
  /** Run in a module worker, so that the page never waits. Default: true where the runtime has `Worker` (Node has not). */
  readonly worker?: boolean | undefined;
}

export interface ClassifyOptions {
  readonly signal?: AbortSignal | undefined;
}

export interface BenchmarkOptions {
  /** How many inferences are timed. Default: 100. */
  readonly iterations?: number | undefined;
}

/**
 * A model, ready to classify. Calls may overlap: they are answered one after the other. Whatever fails rejects with a
 * {@link LeukolensError}. For research and education only. Not for use in diagnostic procedures.
 */
export class Classifier {
  /** What the model's file says of itself. */
  readonly model: ModelDescription;
  /** The WebAssembly build that runs. */
  readonly build: Build;
  readonly #start: () => Promise<Runner>;
  #runner: Runner | undefined;
  #tail: Promise<unknown> = Promise.resolve();
  #disposed = false;

  private constructor(runner: Runner, start: () => Promise<Runner>) {
    this.model = runner.loaded.model;
    this.build = runner.loaded.build;
    this.#runner = runner;
    this.#start = start;
  }

  /**
   * Fetches the engine and the model, nothing else, and starts them. Errors: network, aborted, unreadable_file, invalid_argument,
   * corrupt_model, unsupported_model, out_of_memory, unsupported_environment, worker_failed.
   */
  static async load(options: LoadOptions = {}): Promise<Classifier> {
    const { worker = hasWorkers, signal } = options;
    if (worker && !hasWorkers) {
      throw new LeukolensError("unsupported_environment", "This runtime has no Worker: pass worker: false.");
    }
    const setup = fetchSetup(options);
    setup.catch(() => undefined); // it is reported through the runner, unless that fails first
    const start = () => startRunner(setup, worker);
    const starting = start();
    try {
      return new Classifier(await unlessAborted(starting, signal), start);
    } catch (error) {
      starting.then((runner) => runner.close()).catch(() => undefined);
      throw error;
    }
  }

  /**
   * Errors: empty_input, unsupported_format, corrupt_image, image_too_large, invalid_argument, unreadable_file, network, aborted,
   * disposed, out_of_memory, worker_failed.
   */
  async classify(input: ImageInput, { signal }: ClassifyOptions = {}): Promise<Classification> {
    this.#assertUsable();
    const source = await readInput(input, signal);
    return this.#enqueue((runner) => runner.classify(source), signal);
  }

  /** Times the network alone, without decoding or resampling. Errors: invalid_argument, disposed, worker_failed. */
  async benchmark({ iterations = 100 }: BenchmarkOptions = {}): Promise<Benchmark> {
    if (!Number.isInteger(iterations) || iterations < 1 || iterations > 100_000) {
      throw new LeukolensError("invalid_argument", "iterations must be a whole number from 1 to 100000.");
    }
    return this.#enqueue((runner) => runner.benchmark(iterations));
  }

  /** Ends the worker and frees its memory. Work under way rejects with `disposed`. May be called twice. */
  dispose(): void {
    this.#disposed = true;
    this.#runner?.close();
    this.#runner = undefined;
  }

  /** For `using`. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  /**
   * One call at a time reaches the engine. What waits here is thus untouched when the engine traps: only the call that trapped
   * rejects, and the next one finds a new engine.
   */
  #enqueue<T>(work: (runner: Runner) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const turn = this.#tail.then(async () => {
      throwIfAborted(signal);
      this.#assertUsable();
      this.#runner ??= await this.#restart();
      try {
        return await work(this.#runner);
      } catch (error) {
        this.#assertUsable();
        if (error instanceof LeukolensError && error.code === "worker_failed") this.#discard();
        throw error;
      }
    });
    this.#tail = turn.catch(() => undefined);
    return unlessAborted(turn, signal);
  }

  async #restart(): Promise<Runner> {
    const runner = await this.#start();
    if (!this.#disposed) return runner;
    runner.close();
    throw disposed();
  }

  #discard(): void {
    this.#runner?.close();
    this.#runner = undefined;
  }

  #assertUsable(): void {
    if (this.#disposed) throw disposed();
  }
}

function disposed(): LeukolensError {
  return new LeukolensError("disposed", "This classifier was disposed: load another one.");
}

/** Settles like `work`, or rejects as soon as `signal` fires; `work` itself goes on. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  return new Promise<T>((resolve, reject) => {
    const stop = () => reject(aborted(signal));
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
