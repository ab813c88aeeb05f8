// Starts engines, in a worker or in this thread. Both look the same to the classifier.
import type { Engine } from "../engine/engine.js";
import { LeukolensError, messageOf } from "../shared/errors.js";
import type {
  Answer,
  Calls,
  Loaded,
  Message,
  Reply,
  Request,
  Returned,
  Runner,
  Setup,
} from "../shared/protocol.js";
import { disposed } from "./pool.js";
import { notStarted, startThread, type Thread, withinReach } from "./threads.js";

/** A script that says nothing for so long, once it has all that it needs, is another one than ours. */
const patienceMs = 60_000;

/**
 * In a worker with the given script, or in this thread. Once a runner has thrown `worker_failed` its engine is gone: close it and start
 * another. Errors: network, corrupt_model, unsupported_model, out_of_memory, unsupported_environment, worker_failed.
 */
export function startRunner(setup: Promise<Setup>, script: URL | undefined): Promise<Runner> {
  return script ? RemoteRunner.start(setup, script) : LocalRunner.start(setup);
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
    const [{ Engine }, ready] = await Promise.all([import("../engine/engine.js"), setup]);
    try {
      return new LocalRunner(await Engine.start(ready));
    } catch (cause) {
      throw cause instanceof LeukolensError ? cause : crashed(messageOf(cause), cause);
    }
  }

  get alive(): boolean {
    return this.#engine !== undefined;
  }

  async call<Name extends keyof Calls>(
    name: Name,
    ...args: Parameters<Calls[Name]>
  ): Promise<Returned<Name>> {
    if (!this.#engine) throw crashed("it was closed");
    try {
      return await this.#engine.call(name, ...args);
    } catch (cause) {
      if (cause instanceof LeukolensError) throw cause;
      this.#engine = undefined;
      throw crashed(messageOf(cause), cause);
    }
  }

  close(): void {
    this.#engine = undefined;
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
  readonly #thread: Thread;
  readonly #pending = new Map<number, Pending>();
  #ended: LeukolensError | undefined;
  #nextId = 0;
  #answered = false;

  private constructor(script: URL) {
    this.#thread = startThread(script, {
      reply: (reply) => this.#settle(reply),
      gone: (reason, cause) => {
        this.#end(this.#answered ? crashed(reason, cause) : notStarted(script.href, reason, cause));
      },
    });
  }

  static async start(setup: Promise<Setup>, script: URL): Promise<RemoteRunner> {
    const url = await withinReach(script);
    const runner = new RemoteRunner(url);
    let silence: ReturnType<typeof setTimeout> | undefined;
    try {
      const life = `leukolens-${createId()}`;
      const ready = await setup;
      silence = setTimeout(() => runner.#end(notStarted(script.href, "it says nothing")), patienceMs);
      runner.loaded = await runner.#ask<Loaded>({ kind: "load", setup: ready, life });
      runner.#thread.watch(life);
      return runner;
    } catch (error) {
      runner.close();
      throw error;
    } finally {
      clearTimeout(silence);
      if (url !== script) URL.revokeObjectURL(url.href);
    }
  }

  get alive(): boolean {
    return this.#ended === undefined;
  }

  call<Name extends keyof Calls>(name: Name, ...args: Parameters<Calls[Name]>): Promise<Returned<Name>> {
    return this.#ask({ kind: "call", name, args }, transferable(args[0]));
  }

  close(): void {
    this.#thread.end();
    this.#end(disposed());
  }

  #ask<T extends Answer>(request: Request, transfer: Transferable[] = []): Promise<T> {
    if (this.#ended) return Promise.reject(this.#ended);
    const id = this.#nextId++;
    return new Promise<T>((resolve, reject) => {
      this.#pending.set(id, { resolve: resolve as Pending["resolve"], reject });
      this.#thread.hold(true);
      try {
        this.#thread.post({ ...request, id } satisfies Message, transfer);
      } catch (cause) {
        const message = `The page may not read this picture (CORS): ${messageOf(cause)}.`;
        this.#settle({ id, kind: "failed", code: "invalid_argument", message });
      }
    });
  }

  #settle(reply: Reply): void {
    const pending = this.#pending.get(reply.id);
    this.#answered = true;
    this.#pending.delete(reply.id);
    this.#thread.hold(this.#pending.size > 0);
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

const createId = () => crypto.getRandomValues(new Uint32Array(4)).join("-");

/** The buffers of a call about an image are the call's own. */
function transferable(subject: Parameters<Calls[keyof Calls]>[0]): Transferable[] {
  const { bitmap, bytes, rgba } = Object(subject) as {
    readonly bitmap?: ImageBitmap;
    readonly bytes?: Uint8Array<ArrayBuffer>;
    readonly rgba?: Uint8Array<ArrayBuffer>;
  };
  return [bitmap ?? (bytes ?? rgba)?.buffer].filter((whole) => whole !== undefined);
}
