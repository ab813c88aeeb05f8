// The engine in this thread: used by the worker, and directly with `worker: false` and in Node.
import { type ErrorCode, LeukolensError, messageOf } from "./errors.js";
import createLeukolens, { type RawEngine, type RawResult } from "./leukolens.js";
import type {
  Benchmark,
  Build,
  Classification,
  Decoder,
  Heatmap,
  Loaded,
  Setup,
  Source,
} from "./protocol.js";

/** WebAssembly memory never shrinks: an instance that a large image made grow beyond this is replaced once it has answered. */
const memoryLimit = 128 * 2 ** 20;

interface Instance {
  readonly raw: RawEngine;
  readonly build: Build;
  readonly memory: WebAssembly.Memory;
}

/**
 * One model in a WebAssembly instance. Throws LeukolensError where an input is at fault; after anything else that it throws (a
 * trap) the instance is in an unknown state and must not be used again.
 */
export class Engine {
  readonly loaded: Loaded;
  readonly #setup: Setup;
  #raw: RawEngine;
  #memory: WebAssembly.Memory;

  private constructor(setup: Setup, { raw, build, memory }: Instance) {
    this.#setup = setup;
    this.#raw = raw;
    this.#memory = memory;
    const { model, parameters, macs } = JSON.parse(raw.describe());
    this.loaded = { build, model: { ...model, parameters, macs } };
  }

  /** Errors: corrupt_model, unsupported_model, out_of_memory. */
  static async open(setup: Setup): Promise<Engine> {
    return new Engine(setup, await instantiate(setup));
  }

  async classify(source: Source): Promise<Classification> {
    const result = await this.#classify(source);
    await this.#limitMemory();
    return result;
  }

  /** Explains the most probable label where none is named. */
  async explain(source: Source, label: string | undefined): Promise<Heatmap> {
    const ids = this.loaded.model.labels.map(({ id }) => id);
    if (label !== undefined && !ids.includes(label)) {
      const message = `The model has no label "${label}", only ${ids.join(", ")}.`;
      throw new LeukolensError("invalid_argument", message);
    }
    const { predictions, decoder, timings } = await this.#classify(source);
    const explained = predictions.find((prediction) => label === undefined || prediction.label === label);
    if (!explained) throw new LeukolensError("internal", "The engine gave no prediction for this label.");
    const { ok: _, values, explainMs, ...map } = unwrap(this.#raw.explain(ids.indexOf(explained.label)));
    await this.#limitMemory();
    return {
      ...explained,
      ...map,
      values: Float32Array.from(values),
      decoder,
      timings: { ...timings, explainMs },
    };
  }

  async #limitMemory(): Promise<void> {
    if (this.#memory.buffer.byteLength <= memoryLimit) return;
    ({ raw: this.#raw, memory: this.#memory } = await instantiate(this.#setup));
  }

  async #classify(source: Source): Promise<Classification> {
    if (source.kind === "bitmap") return this.#draw(source.bitmap, source.decoder, performance.now());
    if (source.kind === "pixels") {
      return present(this.#raw.classifyPixels(source.rgba, source.width, source.height), "none");
    }
    const start = performance.now();
    const result = this.#raw.classify(source.bytes);
    if (result.ok || result.code !== "unsupported_format") return present(result, "engine");
    // WebP, AVIF, GIF and whatever else the browser knows; what it does not know either keeps the engine's explanation.
    const bitmap = await decodeInBrowser(source.bytes);
    return bitmap ? this.#draw(bitmap, "browser", start) : present(result, "engine");
  }

  async benchmark(iterations: number): Promise<Benchmark> {
    const times = Float64Array.from(this.#raw.benchmark(iterations)).sort();
    const at = (quantile: number) =>
      times[Math.min(times.length - 1, Math.floor(times.length * quantile))] ?? 0;
    return { build: this.loaded.build, iterations: times.length, p50: at(0.5), p95: at(0.95) };
  }

  close(): void {
    this.#raw.delete();
  }

  #draw(bitmap: ImageBitmap, decoder: Decoder, start: number): Classification {
    const { width, height } = bitmap;
    const rgba = readPixels(bitmap);
    const drawMs = performance.now() - start;
    return present(this.#raw.classifyPixels(rgba, width, height), decoder, drawMs);
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
  return { raw: unwrap(module.load(model)).engine, build: module.build(), memory };
}

function unwrap<T extends { ok: true }>(result: T | { ok: false; code: ErrorCode; message: string }): T {
  if (!result.ok) throw new LeukolensError(result.code, result.message);
  return result;
}

/** `drawMs`: what the browser's decoder and canvas took, which the engine cannot know. */
function present(result: RawResult, decoder: Decoder, drawMs = 0): Classification {
  const { verdict, label, confidence, predictions, timings } = unwrap(result);
  return {
    verdict,
    label,
    confidence,
    predictions,
    decoder,
    timings: { ...timings, decodeMs: timings.decodeMs + drawMs },
  };
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
