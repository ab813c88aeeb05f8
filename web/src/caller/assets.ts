// What an engine needs: the compiled WebAssembly module and the models' bytes.
import { LeukolensError, messageOf } from "../shared/errors.js";
import type { Setup } from "../shared/protocol.js";
import type { Build, Profile } from "../shared/results.js";
import { type EncodedInput, readBytes, readFrom, toUrl } from "./input.js";

/** Models that come with the package. */
export type ModelName = "article" | "flagship";

const defaultModel: ModelName = "flagship";

// Whole literals in `new URL(..., import.meta.url)`, here and below, because that is the form that bundlers look for.
const shippedModels: Readonly<Record<ModelName, () => URL>> = {
  article: () => new URL("./models/article.safetensors", import.meta.url),
  flagship: () => new URL("./models/flagship.safetensors", import.meta.url),
};

/** Bytes received so far, of the engine and the models together; `total` is null where a server does not say. */
export interface Progress {
  readonly loaded: number;
  readonly total: number | null;
}

export interface AssetOptions {
  /** A shipped model by name, or a .safetensors file as URL or bytes. Default: "flagship". */
  readonly model?: ModelName | EncodedInput | undefined;
  /**
   * The model that finds cells, a .safetensors file as URL or bytes. Default: the shipped one. It is fetched together with `model`,
   * but for "article", which sees the whole image: then with the first call of `locate`.
   */
  readonly locator?: EncodedInput | undefined;
  /** Of the microscope that pictures will come from: what {@link Classifier.adapt} gave, or its file as URL or bytes. */
  readonly profile?: Profile | EncodedInput | undefined;
  /** Where to fetch the .wasm file, when it does not lie beside this package's JavaScript. */
  readonly wasmUrl?: URL | string | undefined;
  /** The .wasm file itself, when nothing is to be fetched. */
  readonly wasmBinary?: ArrayBuffer | ArrayBufferView | undefined;
  /** Where to fetch leukolens-tiff.wasm, when it does not lie there either. Nothing is fetched before the first TIFF or BMP is met. */
  readonly tiffUrl?: URL | string | undefined;
  /** That file itself, when nothing is to be fetched. */
  readonly tiffBinary?: ArrayBuffer | ArrayBufferView | undefined;
  /** Which of the two shipped .wasm files runs. "auto", the default, is right but for measuring one against the other. */
  readonly build?: Build | "auto" | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** Errors: network, aborted, unreadable_file, invalid_argument, unsupported_environment. */
export async function fetchSetup(options: AssetOptions): Promise<Setup> {
  const { model: chosen = defaultModel, signal } = options;
  const watch = meter(options.onProgress);
  const [wasm, model, locator, profile] = await Promise.all([
    compile(engineInput(options), watch, signal),
    readBytes(modelInput(chosen), signal, watch),
    startsWithLocator(chosen) ? readBytes(locatorInput(options), signal, watch) : undefined,
    options.profile === undefined ? undefined : readProfile(options.profile, signal, watch),
  ]);
  return { wasm, model, locator, profile };
}

/** A profile's file. Errors: network, aborted, unreadable_file, invalid_argument. */
export function readProfile(
  profile: Profile | EncodedInput,
  signal?: AbortSignal,
  watch?: Watch,
): Promise<Uint8Array<ArrayBuffer>> {
  return readBytes(isProfile(profile) ? new Blob([JSON.stringify(profile)]) : profile, signal, watch);
}

function isProfile(profile: Profile | EncodedInput): profile is Profile {
  return "leukolens_microscope" in Object(profile);
}

/** Reads the locator where `fetchSetup` leaves it out: when it is first asked for, and again after a failure. */
export function lateLocator(options: AssetOptions): (() => Promise<Uint8Array<ArrayBuffer>>) | undefined {
  if (startsWithLocator(options.model)) return undefined;
  return once(() => readBytes(locatorInput(options)));
}

/** A model of the caller's own may look at cells, so its locator is fetched beside it: only ours are known before they are read. */
const startsWithLocator = (model: AssetOptions["model"]): boolean => model !== "article";

function locatorInput({ locator }: AssetOptions): EncodedInput {
  return locator ?? new URL("./models/locator.safetensors", import.meta.url);
}

function engineInput({ wasmUrl, wasmBinary, build = "auto" }: AssetOptions): EncodedInput {
  const given = [wasmUrl !== undefined, wasmBinary !== undefined, build !== "auto"].filter(Boolean).length;
  if (given > 1) {
    throw new LeukolensError(
      "invalid_argument",
      "Pass only one of wasmUrl, wasmBinary and build: each says which engine runs.",
    );
  }
  return wasmBinary ?? wasmUrl ?? shippedEngine(build === "auto" ? bestBuild() : build);
}

/**
 * The module that reads TIFF and BMP: fetched and compiled when it is first asked for, and again after a failure. Errors: those of
 * `fetchSetup`.
 */
export function tiffModule({ tiffUrl, tiffBinary }: AssetOptions): () => Promise<WebAssembly.Module> {
  if (tiffUrl !== undefined && tiffBinary !== undefined)
    throw new LeukolensError("invalid_argument", "Pass only one of tiffUrl and tiffBinary.");
  return once(() => compile(tiffBinary ?? tiffUrl ?? new URL("./leukolens-tiff.wasm", import.meta.url)));
}

/** Does what is expensive when it is first asked for, and again after a failure. */
function once<T>(work: () => Promise<T>): () => Promise<T> {
  let done: Promise<T> | undefined;
  return () => {
    done ??= work().catch((error) => {
      done = undefined;
      throw error;
    });
    return done;
  };
}

function shippedEngine(build: Build): URL {
  return build === "relaxed"
    ? new URL("./leukolens-relaxed.wasm", import.meta.url)
    : new URL("./leukolens-simd.wasm", import.meta.url);
}

function modelInput(model: ModelName | EncodedInput): EncodedInput {
  return isShipped(model) ? shippedModels[model]() : model;
}

function isShipped(model: ModelName | EncodedInput): model is ModelName {
  return typeof model === "string" && Object.hasOwn(shippedModels, model);
}

/** Browsers that lack relaxed SIMD reject a module with any such instruction whole, so a module with one tells. */
function bestBuild(): Build {
  // () -> v128: i8x16.relaxed_swizzle(i8x16.splat(1), i8x16.splat(2))
  const header = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
  const sections = [1, 5, 1, 0x60, 0, 1, 0x7b, 3, 2, 1, 0];
  const code = [10, 15, 1, 13, 0, 0x41, 1, 0xfd, 15, 0x41, 2, 0xfd, 15, 0xfd, 0x80, 2, 0x0b];
  return WebAssembly.validate(Uint8Array.from([...header, ...sections, ...code])) ? "relaxed" : "simd";
}

async function compile(
  input: EncodedInput,
  watch?: Watch,
  signal?: AbortSignal,
): Promise<WebAssembly.Module> {
  const origin = typeof input === "string" ? toUrl(input) : input;
  const body =
    origin instanceof URL ? await readFrom(origin, signal, watch) : await readBytes(origin, signal);
  try {
    if (!(body instanceof Response)) return await WebAssembly.compile(body);
    const streams = body.headers.get("content-type") === "application/wasm";
    return await (streams
      ? WebAssembly.compileStreaming(body)
      : WebAssembly.compile(await body.arrayBuffer()));
  } catch (cause) {
    throw new LeukolensError(
      "unsupported_environment",
      `The engine could not be compiled; it needs WebAssembly with 128-bit SIMD and a policy with 'wasm-unsafe-eval': ${messageOf(cause)}.`,
      { cause },
    );
  }
}

type Watch = (response: Response) => Response;

/** Counts the bytes of all responses that pass through the returned function. */
function meter(report: AssetOptions["onProgress"]): Watch {
  if (!report) return (response) => response;
  let loaded = 0;
  let total: number | null = 0;
  return (response) => {
    const { headers, body } = response;
    // Content-Length counts compressed bytes, of which the body shows none.
    const length = headers.has("content-encoding") ? null : headers.get("content-length");
    total = total === null || length === null ? null : total + Number(length);
    const count = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        loaded += chunk.byteLength;
        report({ loaded, total });
        controller.enqueue(chunk);
      },
    });
    return new Response(body?.pipeThrough(count) ?? null, { headers });
  };
}
