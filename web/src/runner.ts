// Starts engines, in a worker or in this thread. Both look the same to the classifier.
import type { Engine } from "./engine.js";
import { LeukolensError, messageOf } from "./errors.js";
import type {
  Answer,
  Benchmark,
  Classification,
  Heatmap,
  Loaded,
  Message,
  Reply,
  Request,
  Runner,
  Setup,
  Source,
} from "./protocol.js";

export const hasWorkers: boolean = typeof Worker !== "undefined";

/**
 * Once a runner has thrown `worker_failed` its engine is gone: close it and start another.
 * Errors: corrupt_model, unsupported_model, out_of_memory, unsupported_environment, worker_failed.
 */
export function startRunner(setup: Promise<Setup>, worker: boolean): Promise<Runner> {
  return worker ? RemoteRunner.start(setup) : LocalRunner.start(setup);
}

class LocalRunner implements Runner {
  readonly loaded: Loaded;
  #engine: Engine | undefined;

  private constructor(engine: Engine) {
    this.#engine = engine;
    this.loaded = engine.loaded;
  }

  /** The import is dynamic, so that those who use a worker never load the engine here. */
  static async start(setup: Promise<Setup>): Promise<LocalRunner> {
    const [{ Engine }, ready] = await Promise.all([import("./engine.js"), setup]);
    try {
      return new LocalRunner(await Engine.open(ready));
    } catch (cause) {
      throw cause instanceof LeukolensError ? cause : crashed(messageOf(cause), cause);
    }
  }

  get alive(): boolean {
    return this.#engine !== undefined;
  }

  classify(source: Source): Promise<Classification> {
    return this.#use((engine) => engine.classify(source));
  }

  explain(source: Source, label: string | undefined): Promise<Heatmap> {
    return this.#use((engine) => engine.explain(source, label));
  }

  benchmark(iterations: number): Promise<Benchmark> {
    return this.#use((engine) => engine.benchmark(iterations));
  }

  close(): void {
    this.#engine?.close();
    this.#engine = undefined;
  }

  /** After a trap the engine is dropped without closing it: nothing in it may be called any more. */
  async #use<T>(work: (engine: Engine) => Promise<T>): Promise<T> {
    if (!this.#engine) throw crashed("it was closed");
    try {
      return await work(this.#engine);
    } catch (cause) {
      if (cause instanceof LeukolensError) throw cause;
      this.#engine = undefined;
      throw crashed(messageOf(cause), cause);
    }
  }
}

function crashed(reason: string, cause?: unknown): LeukolensError {
  return new LeukolensError("worker_failed", `The engine stopped unexpectedly: ${reason}.`, { cause });
}

interface Pending {
  resolve(value: Answer): void;
  reject(error: LeukolensError): void;
}

class RemoteRunner implements Runner {
  loaded!: Loaded;
  readonly #worker = createWorker();
  readonly #pending = new Map<number, Pending>();
  #ended: LeukolensError | undefined;
  #nextId = 0;

  private constructor() {
    this.#worker.onmessage = ({ data }: MessageEvent<Reply>) => this.#settle(data);
    this.#worker.onmessageerror = () => this.#end(crashed("a message could not be read"));
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#end(crashed(event.message || "its script could not be loaded"));
    };
  }

  static async start(setup: Promise<Setup>): Promise<RemoteRunner> {
    const runner = new RemoteRunner();
    try {
      const life = `leukolens-${createId()}`;
      runner.loaded = await runner.#ask<Loaded>({ kind: "load", setup: await setup, life });
      runner.#watch(life);
      return runner;
    } catch (error) {
      runner.close();
      throw error;
    }
  }

  get alive(): boolean {
    return this.#ended === undefined;
  }

  classify(source: Source): Promise<Classification> {
    return this.#ask({ kind: "classify", source }, transferable(source));
  }

  explain(source: Source, label: string | undefined): Promise<Heatmap> {
    return this.#ask({ kind: "explain", source, label }, transferable(source));
  }

  benchmark(iterations: number): Promise<Benchmark> {
    return this.#ask({ kind: "benchmark", iterations });
  }

  close(): void {
    this.#worker.terminate();
    this.#end(new LeukolensError("disposed", "The classifier was disposed while it worked."));
  }

  /** No event tells of a worker that the browser or a person killed; the lock that it held tells. */
  #watch(life: string): void {
    const gone = () => this.#end(crashed("its worker was killed"));
    locks()
      ?.request(life, gone)
      .catch(() => undefined); // pages without an origin of their own have no locks
  }

  #ask<T extends Answer>(request: Request, transfer: Transferable[] = []): Promise<T> {
    if (this.#ended) return Promise.reject(this.#ended);
    const id = this.#nextId++;
    return new Promise<T>((resolve, reject) => {
      this.#pending.set(id, { resolve: resolve as Pending["resolve"], reject });
      this.#worker.postMessage({ ...request, id } satisfies Message, transfer);
    });
  }

  #settle(reply: Reply): void {
    const pending = this.#pending.get(reply.id);
    this.#pending.delete(reply.id);
    if (reply.kind === "done") pending?.resolve(reply.value);
    else if (reply.kind === "failed") pending?.reject(new LeukolensError(reply.code, reply.message));
    else pending?.reject(crashed(reply.message));
  }

  #end(error: LeukolensError): void {
    this.#ended ??= error;
    const all = [...this.#pending.values()];
    this.#pending.clear();
    for (const pending of all) pending.reject(error);
  }
}

/** Undefined outside secure contexts, whatever the types say. */
function locks(): LockManager | undefined {
  return navigator.locks;
}

const createId = () => crypto.getRandomValues(new Uint32Array(4)).join("-");

function transferable(source: Source): Transferable[] {
  if (source.kind === "bitmap") return [source.bitmap];
  return [source.kind === "bytes" ? source.bytes.buffer : source.rgba.buffer];
}

/**
 * The worker's script is one file without imports: bundlers may handle it as any asset, and its URL can pass through a Trusted
 * Types policy, for which `new Worker(new URL(...))`, the form that they would bundle, leaves no room.
 */
function createWorker(): Worker {
  const { href } = new URL("./worker.js", import.meta.url);
  try {
    return new Worker(trust(href), { type: "module", name: "leukolens" });
  } catch (cause) {
    const message = `The worker could not be created: ${messageOf(cause)}. Serve ${href} from this page's own origin, or pass worker: false.`;
    throw new LeukolensError("unsupported_environment", message, { cause });
  }
}

interface ScriptPolicy {
  createScriptURL(url: string): string;
}

let policy: ScriptPolicy | undefined;

/** Pages that demand Trusted Types and list the policies they allow must list "leukolens". */
function trust(href: string): string {
  const { trustedTypes } = globalThis as {
    trustedTypes?: { createPolicy(name: string, rules: ScriptPolicy): ScriptPolicy };
  };
  if (!trustedTypes) return href;
  policy ??= trustedTypes.createPolicy("leukolens", { createScriptURL: (url) => url });
  return policy.createScriptURL(href);
}
