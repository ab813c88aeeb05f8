// Workers, which browsers and Node make in different ways.
import { LeukolensError, messageOf } from "../shared/errors.js";
import { nodeModule } from "../shared/node.js";
import type { Message, Reply } from "../shared/protocol.js";
import { readBytes } from "./input.js";

export interface Thread {
  post(message: Message, transfer: Transferable[]): void;
  /** To be called once the worker holds the lock `life`: no event tells of one that the browser or a person killed. */
  watch(life: string): void;
  /** Whether a process that has nothing else to do waits for this one. */
  hold(busy: boolean): void;
  end(): void;
}

export interface Listener {
  reply(reply: Reply): void;
  /** May be called more than once, and after `end`. */
  gone(reason: string, cause?: unknown): void;
}

interface NodeWorker {
  on(event: "message", listener: (reply: Reply) => void): void;
  on(event: "error" | "messageerror", listener: (error: Error) => void): void;
  on(event: "exit", listener: () => void): void;
  postMessage(message: Message, transfer: Transferable[]): void;
  terminate(): Promise<number>;
  ref(): void;
  unref(): void;
}

interface NodeThreads {
  readonly Worker: new (script: URL) => NodeWorker;
}

/** Deno and Bun have workers of both kinds, and are taken for what they are like: Node. */
export const isBrowser: boolean =
  typeof Worker !== "undefined" && (typeof document !== "undefined" || !nodeModule("node:worker_threads"));

const nodeThreads = isBrowser ? undefined : nodeModule<NodeThreads>("node:worker_threads");

export const hasThreads: boolean = isBrowser || nodeThreads !== undefined;

/** How many threads the processor runs at once. */
export function countCores(): number {
  const os = nodeModule<{ availableParallelism(): number }>("node:os");
  return globalThis.navigator?.hardwareConcurrency || os?.availableParallelism() || 1;
}

/** Beside this package's JavaScript. */
export const shippedScript = (): URL => new URL("./worker.js", import.meta.url);

/** Errors: unsupported_environment. */
export function startThread(script: URL, listener: Listener): Thread {
  return nodeThreads
    ? startInNode(new nodeThreads.Worker(script), listener)
    : startInBrowser(script, listener);
}

/**
 * Browsers start workers from the page's own origin alone, and a sandboxed frame has none: a script from elsewhere is fetched first.
 * Errors: network.
 */
export async function withinReach(script: URL): Promise<URL> {
  if (!isBrowser || !/^http/.test(script.protocol) || script.origin === globalThis.origin) return script;
  const file = new Blob([await readBytes(script)], { type: "text/javascript" });
  return new URL(URL.createObjectURL(file));
}

function startInNode(worker: NodeWorker, { reply, gone }: Listener): Thread {
  const fail = (error: Error) => gone(error.message, error);
  worker.on("message", reply);
  worker.on("messageerror", fail);
  worker.on("error", fail);
  worker.on("exit", () => gone("its worker ended"));
  return {
    post: (message, transfer) => worker.postMessage(message, transfer),
    watch: () => undefined,
    hold: (busy) => (busy ? worker.ref() : worker.unref()),
    end: () => void worker.terminate(),
  };
}

function startInBrowser(url: URL, { reply, gone }: Listener): Thread {
  const worker = createWorker(url);
  worker.onmessage = ({ data }: MessageEvent<Reply>) => reply(data);
  worker.onmessageerror = () => gone("a message could not be read");
  worker.onerror = (event) => {
    event.preventDefault();
    gone(event.message || "its script was not loaded");
  };
  return {
    post: (message, transfer) => worker.postMessage(message, transfer),
    watch(life) {
      const locks: LockManager | undefined = navigator.locks; // undefined outside secure contexts
      // Pages without an origin of their own have no locks.
      locks?.request(life, () => gone("its worker was killed")).catch(() => undefined);
    },
    hold: () => undefined,
    end: () => worker.terminate(),
  };
}

/**
 * The worker's script is one file without imports: bundlers may handle it as any asset, and its URL can pass through a Trusted
 * Types policy, for which `new Worker(new URL(...))`, the form that they would bundle, leaves no room. It is a classic script,
 * because Chromium starts no module worker from a blob: URL of a page that was opened from disk.
 */
function createWorker({ href }: URL): Worker {
  try {
    return new Worker(trust(href), { name: "leukolens" });
  } catch (cause) {
    throw notStarted(href, messageOf(cause), cause);
  }
}

export function notStarted(href: string, reason: string, cause?: unknown): LeukolensError {
  const message = `The worker ${href} did not start: ${reason}. It must be worker.js, allowed by worker-src and sent with the page's Cross-Origin-Embedder-Policy. Or pass worker: false.`;
  return new LeukolensError("unsupported_environment", message, { cause });
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
