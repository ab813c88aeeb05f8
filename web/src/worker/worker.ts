// The worker: one engine, one request at a time, answered under the request's id.
import { Engine } from "../engine/engine.js";
import { LeukolensError, messageOf } from "../shared/errors.js";
import { nodeModule } from "../shared/node.js";
import type { Answer, Message, Reply, Request, WithThumbnails } from "../shared/protocol.js";
import type { Pixels } from "../shared/results.js";

declare const self: DedicatedWorkerGlobalScope;

const { parentPort } = nodeModule<{ parentPort: typeof self | null }>("node:worker_threads") ?? {};
const port = parentPort ?? self;

let engine: Engine | undefined;

port.onmessage = async ({ data }: MessageEvent<Message>) => {
  const answered = await reply(data);
  port.postMessage(answered, buffersOf(answered));
};

/** Pixels are many, and handed over instead of copied. */
function buffersOf(reply: Reply): Transferable[] {
  const { rgba, thumbnails } = Object(reply.kind === "done" && reply.value) as Partial<
    Pixels & WithThumbnails
  >;
  return [rgba, thumbnails?.rgba].flatMap((pixels) => pixels?.buffer ?? []);
}

async function reply(message: Message): Promise<Reply> {
  const { id } = message;
  try {
    return { id, kind: "done", value: await answer(message) };
  } catch (cause) {
    if (cause instanceof LeukolensError)
      return { id, kind: "failed", code: cause.code, message: cause.message };
    return { id, kind: "crash", message: messageOf(cause) };
  }
}

async function answer(request: Request): Promise<Answer> {
  if (request.kind === "load") {
    [engine] = await Promise.all([Engine.start(request.setup), holdForLife(request.life)]);
    return engine.loaded;
  }
  if (!engine) throw new LeukolensError("internal", "The worker was asked before it was loaded.");
  return engine.call(request.name, ...request.args);
}

/** Holds a lock until this worker ends, in whatever way: the page waits for it. */
function holdForLife(name: string): Promise<void> {
  const locks: LockManager | undefined = globalThis.navigator?.locks; // undefined outside secure contexts
  return new Promise((resolve) => {
    const hold = () => {
      resolve();
      return new Promise<never>(() => undefined);
    };
    if (locks) locks.request(name, hold).catch(() => resolve());
    else resolve();
  });
}
