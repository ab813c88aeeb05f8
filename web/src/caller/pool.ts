// Engines, and the calls that wait for them.
import { LeukolensError, throwIfAborted, unlessAborted } from "../shared/errors.js";
import type { Runner } from "../shared/protocol.js";

/** How long what was aborted may keep its engine from others. */
const stuckMs = 1000;

/** How long an engine beyond the first keeps its memory without work. */
const idleMs = 10_000;

interface Job {
  readonly signal: AbortSignal | undefined;
  /** The engine that this job waits for as long as it lives; undefined: any. */
  readonly wanted: Runner | undefined;
  work(runner: Runner): Promise<unknown>;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/**
 * Grows from one engine to at most `size`, whenever a call would have to wait. One call at a time reaches an engine, so that a
 * trap rejects that call alone: the others wait here, and find a new engine.
 */
export class Pool {
  readonly #start: () => Promise<Runner>;
  readonly #alive: Set<Runner>;
  readonly #idle: Runner[];
  readonly #queue: Job[] = [];
  #size: number;
  #busy = 0;
  #closed = false;
  #shrinking: ReturnType<typeof setTimeout> | undefined;

  constructor(first: Runner, start: () => Promise<Runner>, size: number) {
    this.#start = start;
    this.#alive = new Set([first]);
    this.#idle = [first];
    this.#size = size;
  }

  /**
   * Settles like `work`, or rejects as soon as `signal` fires; an engine that then does not come to an end is replaced. `wanted` does
   * the work unless it is gone.
   */
  run<T>(work: (runner: Runner) => Promise<T>, signal?: AbortSignal, wanted?: Runner): Promise<T> {
    const settled = new Promise<T>((resolve, reject) => {
      this.#queue.push({ work, signal, wanted, resolve: resolve as Job["resolve"], reject });
    });
    this.#assign();
    return unlessAborted(settled, signal);
  }

  /** Ends all engines. What waits, runs or comes later rejects with `disposed`. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#shrinking);
    for (const runner of this.#alive) runner.close();
    this.#alive.clear();
    this.#assign();
  }

  #assign(): void {
    if (this.#closed) for (const job of this.#queue.splice(0)) job.reject(disposed());
    while (this.#busy < this.#size) {
      const next = this.#queue.findIndex(({ wanted }) => !wanted?.alive || this.#idle.includes(wanted));
      const [job] = next < 0 ? [] : this.#queue.splice(next, 1);
      if (!job) return;
      void this.#serve(job, this.#takeIdle(job.wanted));
    }
  }

  #takeIdle(wanted: Runner | undefined): Runner | undefined {
    const place = wanted ? this.#idle.indexOf(wanted) : -1;
    if (wanted?.alive && place >= 0) return this.#idle.splice(place, 1)[0];
    for (let runner = this.#idle.pop(); runner; runner = this.#idle.pop()) {
      if (runner.alive) return runner;
      this.#end(runner); // it was killed while it had nothing to do: nobody needs to hear of it
    }
    return undefined;
  }

  /** The engine is free before its caller hears of it: one who then asks anew needs no second engine. */
  async #serve(job: Job, idle: Runner | undefined): Promise<void> {
    this.#busy++;
    const runner = idle ?? (await this.#open(job));
    const settle = runner && (await this.#work(job, runner));
    this.#busy--;
    if (runner?.alive) this.#idle.push(runner);
    settle?.();
    this.#assign();
    this.#shrinkLater();
  }

  async #work(job: Job, runner: Runner): Promise<() => void> {
    const { signal } = job;
    let stuck: ReturnType<typeof setTimeout> | undefined;
    const stop = () => {
      stuck = setTimeout(() => this.#end(runner), stuckMs);
    };
    try {
      throwIfAborted(signal);
      signal?.addEventListener("abort", stop, { once: true });
      const value = await job.work(runner);
      return () => job.resolve(value);
    } catch (error) {
      if (error instanceof LeukolensError && error.code === "worker_failed") this.#end(runner);
      return () => job.reject(this.#closed ? disposed() : error);
    } finally {
      signal?.removeEventListener("abort", stop);
      clearTimeout(stuck);
    }
  }

  /** A device that has no room for another engine works with those it has; without any, the job fails. */
  async #open(job: Job): Promise<Runner | undefined> {
    try {
      const runner = await this.#start();
      if (this.#closed) runner.close();
      else this.#alive.add(runner);
      return runner;
    } catch (error) {
      if (this.#busy === 1) {
        job.reject(this.#closed ? disposed() : error);
      } else {
        this.#size = this.#busy - 1;
        this.#queue.unshift(job);
      }
      return undefined;
    }
  }

  #shrinkLater(): void {
    clearTimeout(this.#shrinking);
    if (this.#idle.length < 2) return;
    this.#shrinking = setTimeout(() => {
      // The one that worked last stays: what it holds is likeliest to be asked for again.
      for (const runner of this.#idle.splice(0, this.#idle.length - 1)) this.#end(runner);
    }, idleMs);
    Object(this.#shrinking).unref?.(); // Node need not stay for it
  }

  #end(runner: Runner): void {
    runner.close();
    this.#alive.delete(runner);
  }
}

export function disposed(): LeukolensError {
  return new LeukolensError("disposed", "This classifier was disposed: load another one.");
}
