// The engine in this thread: used by the worker, and directly with `worker: false` and in Node.
import { indexOfLabel } from "../shared/errors.js";
import type {
  Callable,
  Calls,
  CellPlace,
  CountlessField,
  Features,
  Learnt,
  Loaded,
  Marked,
  Returned,
  Setup,
  Source,
  Subject,
  WithThumbnails,
} from "../shared/protocol.js";
import type {
  About,
  Benchmark,
  Classification,
  DecodedImage,
  Decoder,
  Field,
  Heatmap,
  LocatedCell,
  Pixels,
  Profile,
  Region,
  Stain,
} from "../shared/results.js";
import { decodeInBrowser, readPixels } from "./browser-decoder.js";
import { HeldPictures, type Picture } from "./held-pictures.js";
import { type Instance, instantiate, loadLocator, unwrap } from "./instance.js";
import type { RawAnswer, RawJudgement, RawModule, RawOpened } from "./leukolens.js";
import { copyPixels, drawSheet, largestSize, withMargin } from "./pixels.js";
import { decodeTiff } from "./tiff.js";

/** WebAssembly memory never shrinks: an instance that a large image made grow beyond this is replaced once it has answered. */
const memoryLimit = 128 * 2 ** 20;

/** The number of an image that is open for one question only. */
const passing = 0;

/**
 * One model in a WebAssembly instance. Throws LeukolensError where an input is at fault; after anything else that it throws (a
 * trap) the instance is in an unknown state and must not be used again.
 */
export class Engine implements Callable, Calls {
  readonly loaded: Loaded;
  /** With which an instance can be replaced. */
  #setup: Setup;
  readonly #ids: readonly string[];
  readonly #pictures: HeldPictures = new HeldPictures((id) => this.#module.close(id));
  #instance: Instance;
  /** To what the pictures that are held have made the memory grow. */
  #grown = 0;

  private constructor(setup: Setup, instance: Instance) {
    this.#setup = setup;
    this.#instance = instance;
    const { document, parameters, macs } = this.#module.describe();
    this.loaded = { build: this.#module.build(), model: { ...JSON.parse(document), parameters, macs } };
    this.#ids = this.loaded.model.labels.map(({ id }) => id);
  }

  /** Errors: those of `instantiate`. */
  static async start(setup: Setup): Promise<Engine> {
    return new Engine(setup, await instantiate(setup));
  }

  async call<Name extends keyof Calls>(
    name: Name,
    ...args: Parameters<Calls[Name]>
  ): Promise<Returned<Name>> {
    const answer: Returned<Name> = await Reflect.apply(this[name], this, args);
    if (this.#pictures.size === 0) this.#grown = 0;
    if (this.#memory > Math.max(memoryLimit, this.#grown)) await this.#replaceInstance();
    return answer;
  }

  async useLocator(locator: Uint8Array<ArrayBuffer>): Promise<void> {
    loadLocator(this.#module, locator);
    this.#setup = { ...this.#setup, locator };
  }

  async useProfile(profile: Uint8Array<ArrayBuffer> | undefined): Promise<void> {
    unwrap(this.#module.useProfile(profile));
    this.#setup = { ...this.#setup, profile };
  }

  async open(source: Source, id: number): Promise<About> {
    const picture = await this.#open(source, id);
    this.#pictures.add(id, picture);
    this.#grown = this.#memory;
    const { decodeMs: _, ...about } = picture;
    return about;
  }

  async holds(id: number): Promise<boolean> {
    return this.#pictures.has(id);
  }

  async close(id: number): Promise<void> {
    this.#pictures.close(id);
  }

  classify(subject: Subject, thumbnails?: number): Promise<Classification & WithThumbnails> {
    return this.#judge<Classification>(subject, thumbnails, (id) => this.#module.classify(id));
  }

  classifyField(subject: Subject, thumbnails?: number): Promise<CountlessField & WithThumbnails> {
    return this.#judge<CountlessField>(subject, thumbnails, (id) => this.#module.classifyField(id));
  }

  classifyFramed(subject: Subject, frames: readonly Region[]): Promise<CountlessField> {
    return this.#judge<CountlessField>(subject, undefined, (id) => this.#module.classifyFramed(id, frames));
  }

  locate(subject: Subject): Promise<Field> {
    return this.#ask(subject, (id, picture) => this.#present<Field>(this.#module.locate(id), picture));
  }

  pixels(subject: Subject): Promise<DecodedImage> {
    return this.#ask(subject, (id, { decodeMs, ...about }) => ({
      ...about,
      rgba: copyPixels(this.#module, id, about),
      timings: { decodeMs },
    }));
  }

  async explain(subject: Subject, label: string | undefined, cell: CellPlace | undefined): Promise<Heatmap> {
    const index = label === undefined ? -1 : indexOfLabel(this.loaded.model.labels, label);
    return this.#ask(subject, (id, { decoder, decodeMs }) => {
      const { timings, ...map } = unwrap(this.#module.explain(id, index, cell));
      return { ...map, label: this.#ids[map.label] ?? "", decoder, timings: { decodeMs, ...timings } };
    });
  }

  thumbnails(subject: Subject, regions: readonly Region[], size: number): Promise<Pixels> {
    return this.#ask(subject, (id) => drawSheet(this.#module, id, regions, size));
  }

  embed(
    subject: Subject,
    cells: readonly (Marked | undefined)[],
    stain: Stain | null,
  ): Promise<(Features | null)[]> {
    const features = (id: number) => (cell: Marked | undefined) => {
      const seen = unwrap(this.#module.embed(id, cell, stain));
      return seen.embedding.length > 0 ? seen : null;
    };
    return this.#ask(subject, (id) => cells.map(features(id)));
  }

  async evenStain(densities: readonly Features["density"][]): Promise<Stain | null> {
    return this.#module.evenStain(densities).stain;
  }

  async adapt(examples: readonly Learnt[], stain: Stain | null): Promise<Profile> {
    const adapted = this.#module.adapt(
      examples.map(({ asItIs }) => asItIs),
      examples.map(({ evened }) => evened),
      examples.map(({ label }) => label),
      stain,
    );
    return JSON.parse(unwrap(adapted).profile);
  }

  async benchmark(iterations: number): Promise<Benchmark> {
    const times = unwrap(this.#module.benchmark(iterations)).times.sort();
    const at = (quantile: number) => times[Math.floor(times.length * quantile)] as number;
    return { build: this.loaded.build, iterations: times.length, p50: at(0.5), p95: at(0.95) };
  }

  get #module(): RawModule {
    return this.#instance.module;
  }

  get #memory(): number {
    return this.#instance.memory.buffer.byteLength;
  }

  /** Whoever asks about a picture that was open there finds that it is not, and opens it again. */
  async #replaceInstance(): Promise<void> {
    this.#pictures.forget();
    this.#instance = await instantiate(this.#setup);
  }

  #judge<Answer extends { readonly cells: readonly LocatedCell[] }>(
    subject: Subject,
    size: number | undefined,
    ask: (id: number) => RawAnswer,
  ): Promise<Answer & WithThumbnails> {
    return this.#ask(subject, (id, picture) => {
      const answer = this.#present<Answer>(ask(id), picture);
      if (size === undefined) return answer;
      const { width, height } = picture;
      const regions = [{ x: 0, y: 0, width, height }, ...answer.cells.map(({ box }) => withMargin(box))];
      const thumbnails = drawSheet(this.#module, id, regions, largestSize(size, regions.length));
      return { ...answer, thumbnails };
    });
  }

  async #ask<Answer>(subject: Subject, answer: (id: number, picture: Picture) => Answer): Promise<Answer> {
    if (typeof subject === "number") return answer(subject, this.#pictures.use(subject));
    const picture = await this.#open(subject, passing);
    try {
      return answer(passing, picture);
    } finally {
      this.#module.close(passing);
    }
  }

  async #open(source: Source, id: number): Promise<Picture> {
    const start = performance.now();
    const [opened, decoder] = await this.#decode(source, id);
    const { notes, ...size } = unwrap(opened);
    return {
      page: 1,
      pages: 1,
      ...size,
      decoder,
      notes: notes.split("\n").filter(Boolean),
      decodeMs: performance.now() - start,
    };
  }

  async #decode(source: Source, id: number): Promise<[RawOpened, Decoder]> {
    if (source.kind === "bitmap") return [await this.#draw(source.bitmap, id), source.decoder];
    if (source.kind === "pixels")
      return [await this.#take(id, source.rgba, source.width, source.height), "none"];
    const raster = source.tiff && decodeTiff(source.tiff, source.bytes, source.page);
    const opened = raster?.ok
      ? { ...(await this.#take(id, ...raster.pixels)), ...raster.read }
      : (raster ?? (await this.#take(id, source.bytes, 0, 0)));
    const decoder = raster && source.bytes[0] === source.bytes[1] ? "tiff" : "engine"; // "II" or "MM": TIFF
    if (opened.ok || opened.code !== "unsupported_format") return [opened, decoder];
    // WebP, AVIF, GIF and whatever else the browser knows; what it does not know either keeps the engine's explanation.
    const bitmap = await decodeInBrowser(source.bytes);
    return bitmap ? [await this.#draw(bitmap, id), "browser"] : [opened, decoder];
  }

  #draw(bitmap: ImageBitmap, id: number): Promise<RawOpened> {
    const { width, height } = bitmap;
    return this.#take(id, readPixels(bitmap), width, height);
  }

  /** An image that finds no room beside those that are open is given all there is. */
  async #take(id: number, bytes: Uint8Array, width: number, height: number): Promise<RawOpened> {
    const opened = this.#module.open(id, bytes, width, height);
    if (opened.ok || opened.code !== "out_of_memory" || this.#pictures.size === 0) return opened;
    await this.#replaceInstance();
    return this.#module.open(id, bytes, width, height);
  }

  /** The caller knows which answer it asked for. */
  #present<Answer>(raw: RawAnswer, { decodeMs, ...about }: Picture): Answer {
    const { timings, cells, ...rest } = unwrap(raw);
    return {
      ...this.#name(rest),
      ...about,
      cells: cells.map((cell) => ({ ...this.#name(cell), outline: pairs(cell.outline) })),
      timings: { decodeMs, ...timings },
    } as Answer;
  }

  /** Gives labels their ids. */
  #name<Raw extends Partial<RawJudgement>>({ label = -1, probabilities, ...rest }: Raw): object {
    if (!probabilities) return rest;
    const predictions = Array.from(probabilities, (probability, i) => ({ label: this.#ids[i], probability }));
    predictions.sort((a, b) => b.probability - a.probability);
    const confidence = predictions[0]?.probability ?? 0;
    return { ...rest, label: this.#ids[label] ?? null, confidence, predictions };
  }
}

function pairs(flat: Float32Array): LocatedCell["outline"] {
  return Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i] ?? 0, flat[2 * i + 1] ?? 0] as const);
}
