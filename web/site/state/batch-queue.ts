// Takes the waiting pictures through the classifier, as fast as its workers go, and puts what comes out into the store.
import type { Classifier } from "leukolens";
import { LeukolensError } from "leukolens";
import { classifiers } from "./classifiers.js";
import { type Failure, type Findings, type Picture, store } from "./store.js";
import { usedProfile } from "./used-profile.js";

/** How often results reach the store while many are on their way. */
const flushMs = 120;

class BatchQueue extends EventTarget {
  state: "idle" | "running" | "paused" = "idle";
  done = 0;
  failed = 0;
  #spentMs = 0;
  #since = 0;
  #stop = new AbortController();
  /** While it is paused; `#go` ends that. */
  #pause: Promise<void> | undefined;
  #go = () => {};
  #model: Classifier | undefined;

  /** Starts to classify the pictures that wait. */
  start(): void {
    store.addEventListener("change", () => this.#work());
    classifiers.addEventListener("change", () => this.#onModel());
  }

  get left(): number {
    return store.pictures.filter(({ waiting }) => waiting).length;
  }

  /** Undefined before the first is done. */
  get secondsLeft(): number | undefined {
    if (this.done === 0) return undefined;
    const now = this.state === "running" ? performance.now() - this.#since : 0;
    return ((this.#spentMs + now) / this.done / 1000) * this.left;
  }

  pause(): void {
    if (this.state !== "running") return;
    this.state = "paused";
    this.#spentMs += performance.now() - this.#since;
    this.#pause = new Promise((done) => {
      this.#go = done;
    });
    this.#notify();
  }

  resume(): void {
    if (this.state !== "paused") return;
    this.state = "running";
    this.#since = performance.now();
    this.#go();
    this.#notify();
  }

  /** Removes the pictures that still wait; undo brings them back. */
  cancel(): void {
    this.#abandon();
    store.remove(store.pictures.filter(({ waiting }) => waiting).map(({ id }) => id));
  }

  /** Classifies all pictures again, by what is in force now. */
  classifyAgain(): void {
    this.#abandon();
    store.classifyAgain();
    this.#askFramedAgain();
  }

  /** Ends what is under way, and a pause with it: whoever waits for its end would else look for what to do next without a rest. */
  #abandon(): void {
    this.#stop.abort();
    this.resume();
  }

  #askFramedAgain(): void {
    if (store.framed.size > 0) void import("./framing.js").then(({ askAgain }) => askAgain());
  }

  /** A page that was left while its answers were being made anew kept some of those before. */
  async classifyOutdated(): Promise<void> {
    const { profile } = await classifiers.ready();
    const used = usedProfile(profile);
    store.classifyAgain(({ outcome }) => outcome?.kind === "found" && outcome.microscope?.id !== used?.id);
    this.#askFramedAgain();
  }

  #onModel(): void {
    const before = this.#model;
    this.#model = classifiers.current;
    if (before && before !== this.#model) this.classifyAgain();
  }

  async #work(): Promise<void> {
    if (this.state !== "idle" || this.left === 0) return;
    this.state = "running";
    this.done = this.failed = this.#spentMs = 0;
    this.#since = performance.now();
    this.#stop = new AbortController();
    this.#notify();
    const { signal } = this.#stop;
    try {
      await this.#classify(await classifiers.ready(), signal);
    } catch (error) {
      if (!signal.aborted) this.#failAll(error);
    }
    this.state = "idle";
    this.#notify();
    this.#work();
  }

  async #classify(classifier: Classifier, signal: AbortSignal): Promise<void> {
    const { findings, side } = await import("./findings.js"); // with the first picture
    const asked: Picture[] = [];
    const files = this.#waiting(asked);
    const whole = classifier.model.input.region === "whole";
    const options = { signal, thumbnails: side, page: (index: number) => asked[index]?.page };
    let answered = 0;
    const items = whole
      ? classifier.classifyAll(files, options)
      : classifier.classifyAll(files, { ...options, field: true });
    const results = new Results((done, failed) => {
      this.done += done;
      this.failed += failed;
      this.#notify();
    });
    try {
      for await (const item of items) {
        const picture = asked[answered++];
        if (!picture) break;
        if (item.error) results.put(picture, { kind: "failed", ...reasonOf(item.error) });
        else await results.putFindings(picture, findings(item, classifier));
      }
    } finally {
      await results.finish();
    }
  }

  /** Looks into the store each time: what was added or removed meanwhile counts. */
  async *#waiting(asked: Picture[]): AsyncGenerator<Blob, void, undefined> {
    const seen = new Set<string>();
    for (;;) {
      const next = store.pictures.find(({ id, waiting }) => waiting && !seen.has(id));
      if (!next) return;
      if (this.state === "paused") {
        await this.#pause;
        continue;
      }
      seen.add(next.id);
      asked.push(next);
      yield next.file;
    }
  }

  /** Nothing can be classified at all: every row says why. */
  #failAll(error: unknown): void {
    const waiting = store.all.filter((picture) => picture.waiting);
    store.settle(new Map(waiting.map((picture) => [picture, { kind: "failed", ...reasonOf(error) }])));
  }

  #notify(): void {
    this.dispatchEvent(new Event("change"));
  }
}

/** On its way into the store, in handfuls, because every change there renders the page anew. */
class Results {
  #ready = new Map<Picture, Findings | Failure>();
  #timer = 0;
  readonly #pending = new Set<Promise<void>>();
  readonly #onFlush: (done: number, failed: number) => void;

  constructor(onFlush: (done: number, failed: number) => void) {
    this.#onFlush = onFlush;
  }

  put(picture: Picture, outcome: Findings | Failure): void {
    this.#ready.set(picture, outcome);
    if (this.#timer === 0) this.#timer = window.setTimeout(() => this.#flush(), flushMs);
  }

  /** Waits while too many sprite sheets are still being encoded. */
  async putFindings(picture: Picture, findings: Promise<Findings>): Promise<void> {
    const job = findings.then((outcome) => {
      this.#pending.delete(job);
      this.put(picture, outcome);
    });
    this.#pending.add(job);
    if (this.#pending.size >= 4) await Promise.race(this.#pending);
  }

  async finish(): Promise<void> {
    await Promise.all(this.#pending);
    this.#flush();
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = 0;
    const ready = this.#ready;
    this.#ready = new Map();
    if (ready.size === 0) return;
    store.settle(ready);
    const failed = [...ready.values()].filter(({ kind }) => kind === "failed").length;
    this.#onFlush(ready.size, failed);
  }
}

function reasonOf(error: unknown): Omit<Failure, "kind"> {
  const code = error instanceof LeukolensError ? error.code : "internal";
  return { code, message: error instanceof Error ? error.message : String(error) };
}

export const batchQueue: BatchQueue = new BatchQueue();
