// The engine in this thread: used by the worker, and directly with `worker: false` and in Node.
import { type ErrorCode, LeukolensError, messageOf } from "../shared/errors.js";
import type { Callable, Calls, Loaded, Returned, Setup, Source } from "../shared/protocol.js";
import type {
  Benchmark,
  Classification,
  Decoder,
  Field,
  FieldClassification,
  Heatmap,
  LocatedCell,
  Pixels,
  Point,
} from "../shared/results.js";
import createLeukolens, {
  type Ask,
  type RawAnswer,
  type RawEngine,
  type RawJudgement,
  type RawModule,
} from "./leukolens.js";
import { decodeTiff } from "./tiff.js";

/** WebAssembly memory never shrinks: an instance that a large image made grow beyond this is replaced once it has answered. */
const memoryLimit = 128 * 2 ** 20;

interface Instance {
  readonly module: RawModule;
  readonly engine: RawEngine;
  readonly memory: WebAssembly.Memory;
}

/**
 * One model in a WebAssembly instance. Throws LeukolensError where an input is at fault; after anything else that it throws (a
 * trap) the instance is in an unknown state and must not be used again.
 */
export class Engine implements Callable, Calls {
  readonly loaded: Loaded;
  readonly #setup: Setup;
  #instance: Instance;

  private constructor(setup: Setup, instance: Instance) {
    this.#setup = setup;
    this.#instance = instance;
    const { model, parameters, macs } = JSON.parse(instance.engine.describe());
    this.loaded = { build: instance.module.build(), model: { ...model, parameters, macs } };
  }

  /** Errors: corrupt_model, unsupported_model, out_of_memory. */
  static async open(setup: Setup): Promise<Engine> {
    return new Engine(setup, await instantiate(setup));
  }

  async call<Name extends keyof Calls>(
    name: Name,
    ...args: Parameters<Calls[Name]>
  ): Promise<Returned<Name>> {
    const answer: Returned<Name> = await Reflect.apply(this[name], this, args);
    if (this.#instance.memory.buffer.byteLength > memoryLimit)
      this.#instance = await instantiate(this.#setup);
    return answer;
  }

  classify(source: Source): Promise<Classification> {
    return this.#ask(source, (...image) => this.#instance.engine.classify(...image));
  }

  classifyField(source: Source): Promise<Omit<FieldClassification, "differential">> {
    return this.#ask(source, (...image) => this.#instance.engine.classifyField(...image));
  }

  locate(source: Source): Promise<Field> {
    return this.#ask(source, (...image) => this.#instance.module.locate(...image));
  }

  async decode(source: Source): Promise<Pixels> {
    const { rgb, timings, ...about } = await this.#ask<Pixels & { rgb: Uint8Array }>(source, (...image) =>
      this.#instance.module.decode(...image),
    );
    const { width, height, decoder } = about;
    return { width, height, decoder, rgba: withAlpha(rgb), timings: { decodeMs: timings.decodeMs } };
  }

  /** Explains the most probable label where none is named, of the cell nearest to `at` where that is given. */
  async explain(source: Source, label: string | undefined, at: Point | undefined): Promise<Heatmap> {
    const ids = this.loaded.model.labels.map(({ id }) => id);
    if (label !== undefined && !ids.includes(label)) {
      const message = `The model has no label "${label}", only ${ids.join(", ")}.`;
      throw new LeukolensError("invalid_argument", message);
    }
    const { predictions, decoder, timings } = await (at
      ? this.#classifyAt(source, at)
      : this.classify(source));
    const explained = predictions.find((prediction) => label === undefined || prediction.label === label);
    if (!explained)
      throw new LeukolensError("invalid_argument", "No white cell was found that could be explained.");
    const raw = this.#instance.engine.explain(ids.indexOf(explained.label));
    const { ok: _, explainMs, ...map } = unwrap(raw);
    return { ...explained, ...map, decoder, timings: { ...timings, explainMs } };
  }

  async benchmark(iterations: number): Promise<Benchmark> {
    const times = Float64Array.from(unwrap(this.#instance.engine.benchmark(iterations)).times).sort();
    const at = (quantile: number) =>
      times[Math.min(times.length - 1, Math.floor(times.length * quantile))] ?? 0;
    return { build: this.loaded.build, iterations: times.length, p50: at(0.5), p95: at(0.95) };
  }

  #classifyAt(source: Source, { x, y }: Point): Promise<Classification> {
    return this.#ask(source, (...image) => this.#instance.engine.classifyAt(...image, x, y));
  }

  close(): void {
    this.#instance.engine.delete();
  }

  async #ask<Answer>(source: Source, ask: Ask): Promise<Answer> {
    const start = performance.now();
    if (source.kind === "bitmap") return this.#draw(source.bitmap, source.decoder, start, ask);
    if (source.kind === "pixels") return this.#present(ask(source.rgba, source.width, source.height), "none");
    const raster = source.tiff && decodeTiff(source.tiff, source.bytes);
    const drawMs = performance.now() - start;
    const answer = raster?.ok
      ? ask(raster.rgba, raster.width, raster.height)
      : (raster ?? ask(source.bytes, 0, 0));
    const decoder = raster ? "tiff" : "engine";
    if (answer.ok || answer.code !== "unsupported_format") return this.#present(answer, decoder, drawMs);
    // WebP, AVIF, GIF and whatever else the browser knows; what it does not know either keeps the engine's explanation.
    const bitmap = await decodeInBrowser(source.bytes);
    return bitmap ? this.#draw(bitmap, "browser", start, ask) : this.#present(answer, decoder);
  }

  #draw<Answer>(bitmap: ImageBitmap, decoder: Decoder, start: number, ask: Ask): Answer {
    const { width, height } = bitmap;
    const rgba = readPixels(bitmap);
    const drawMs = performance.now() - start;
    return this.#present(ask(rgba, width, height), decoder, drawMs);
  }

  /** The caller knows which answer it asked for. `drawMs`: what another decoder and the canvas took, which the engine cannot know. */
  #present<Answer>(raw: RawAnswer, decoder: Decoder, drawMs = 0): Answer {
    const { ok: _, timings, cells, ...rest } = unwrap(raw);
    return {
      ...this.#judge(rest),
      decoder,
      cells: cells.map((cell) => ({ ...this.#judge(cell), outline: pairs(cell.outline) })),
      timings: { ...timings, decodeMs: timings.decodeMs + drawMs },
    } as Answer;
  }

  #judge<Raw extends Partial<RawJudgement>>({ label = -1, probabilities, ...rest }: Raw): object {
    if (!probabilities) return rest;
    const ids = this.loaded.model.labels.map(({ id }) => id);
    const predictions = Array.from(probabilities, (probability, i) => ({ label: ids[i], probability }));
    predictions.sort((a, b) => b.probability - a.probability);
    const confidence = predictions[0]?.probability ?? 0;
    return { ...rest, label: ids[label] ?? null, confidence, predictions };
  }
}

async function instantiate({ wasm, model }: Setup): Promise<Instance> {
  let memory = new WebAssembly.Memory({ initial: 0 });
  const module = await createLeukolens({
    instantiateWasm(imports, done) {
      const instance = new WebAssembly.Instance(wasm, imports);
      for (const item of Object.values(instance.exports))
        if (item instanceof WebAssembly.Memory) memory = item;
      done(instance, wasm);
      return instance.exports;
    },
  });
  return { module, engine: unwrap(module.load(model)).engine, memory };
}

function unwrap<T extends { ok: true }>(result: T | { ok: false; code: ErrorCode; message: string }): T {
  if (!result.ok) throw new LeukolensError(result.code, result.message);
  return result;
}

function pairs(flat: Float32Array): LocatedCell["outline"] {
  return Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i] ?? 0, flat[2 * i + 1] ?? 0] as const);
}

function withAlpha(rgb: Uint8Array): Uint8ClampedArray<ArrayBuffer> {
  const rgba = new Uint8ClampedArray((rgb.length / 3) * 4).fill(255);
  for (let from = 0, to = 0; from < rgb.length; to++)
    for (let c = 0; c < 3; c++) rgba[to++] = rgb[from++] as number;
  return rgba;
}

async function decodeInBrowser(bytes: Uint8Array<ArrayBuffer>): Promise<ImageBitmap | undefined> {
  if (typeof createImageBitmap === "undefined") return undefined;
  try {
    // Colour profiles are ignored, as the engine's own decoder ignores them.
    return await createImageBitmap(new Blob([bytes]), {
      premultiplyAlpha: "none",
      colorSpaceConversion: "none",
    });
  } catch {
    return undefined;
  }
}

/** Closes the bitmap. Errors: invalid_argument where the page may not read the pixels, image_too_large. */
function readPixels(bitmap: ImageBitmap): Uint8Array {
  const { width, height } = bitmap;
  try {
    const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
    if (!context)
      throw new LeukolensError(
        "image_too_large",
        `The browser has no canvas of ${width} x ${height} pixels.`,
      );
    context.drawImage(bitmap, 0, 0);
    return new Uint8Array(context.getImageData(0, 0, width, height).data.buffer);
  } catch (cause) {
    if (cause instanceof LeukolensError) throw cause;
    const code =
      cause instanceof DOMException && cause.name === "SecurityError"
        ? "invalid_argument"
        : "image_too_large";
    throw new LeukolensError(code, `The picture's pixels could not be read: ${messageOf(cause)}.`, { cause });
  } finally {
    bitmap.close();
  }
}
