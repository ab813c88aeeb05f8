// What an engine needs: the compiled WebAssembly module and the models' bytes.
import { assertThat, LeukolensError, messageOf } from "../shared/errors.js";
import { brandOf, type CompiledModule, type Global } from "../shared/platform.js";
import type { Setup } from "../shared/protocol.js";
import type { Build, Profile } from "../shared/results.js";
import { drain, type EncodedInput, isAddress, readBytes, readFrom, toUrl, unread } from "./input.js";

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

/** Of a file or folder: a URL, relative to the page or worker where there is one, or in Node a path. */
export type Address = Global<"URL"> | string;

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
  /**
   * The folder in which the package's files lie, worker.js, the .wasm files and models/, when that is not where its JavaScript lies. The
   * options for single files come before it.
   */
  readonly baseUrl?: Address | undefined;
  /** Where to fetch the .wasm file. */
  readonly wasmUrl?: Address | undefined;
  /** The .wasm file itself, or compiled, when nothing is to be fetched. */
  readonly wasmBinary?: ArrayBuffer | ArrayBufferView | CompiledModule | undefined;
  /** Where to fetch leukolens-tiff.wasm. Nothing is fetched before the first TIFF or BMP is met. */
  readonly tiffUrl?: Address | undefined;
  /** That file itself, or compiled, when nothing is to be fetched. */
  readonly tiffBinary?: ArrayBuffer | ArrayBufferView | CompiledModule | undefined;
  /** Which of the two shipped .wasm files runs. "auto", the default, is right but for measuring one against the other. */
  readonly build?: Build | "auto" | undefined;
  readonly signal?: Global<"AbortSignal"> | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** Errors: network, aborted, unreadable_file, invalid_argument, unsupported_environment. @internal */
export async function fetchSetup(options: AssetOptions): Promise<Setup> {
  const { model: chosen = defaultModel, signal } = options;
  if (typeof WebAssembly === "undefined")
    throw new LeukolensError(
      "unsupported_environment",
      "WebAssembly is off here, perhaps by a lockdown mode.",
    );
  const watch = meter(options.onProgress);
  const [wasm, model, locator, profile] = await Promise.all([
    compile(engineInput(options), watch, signal),
    readModel(modelInput(chosen, options), signal, watch),
    startsWithLocator(chosen) ? readModel(locatorInput(options), signal, watch) : undefined,
    options.profile === undefined ? undefined : readProfile(options.profile, signal, watch),
  ]);
  return { wasm, model, locator, profile };
}

/** What an address gives is looked at here, where the address is known. */
async function readModel(
  input: EncodedInput,
  signal?: AbortSignal,
  watch?: Watch,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await readBytes(input, signal, watch);
  if (isAddress(input) && bytes[8] !== 0x7b)
    throw new LeukolensError("network", `${toUrl(input)} is no model.`); // of which the ninth byte is "{"
  return bytes;
}

/** Of a file of the package; `beside`: beside its JavaScript. @internal */
export function place({ baseUrl }: AssetOptions, name: string, beside: () => URL): URL {
  return baseUrl === undefined ? beside() : new URL(name, toUrl(baseUrl).href.replace(/\/?$/, "/"));
}

/** A profile's file. Errors: network, aborted, unreadable_file, invalid_argument. @internal */
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

/** Reads the locator where `fetchSetup` leaves it out: when it is first asked for, and again after a failure. @internal */
export function lateLocator(options: AssetOptions): (() => Promise<Uint8Array<ArrayBuffer>>) | undefined {
  if (startsWithLocator(options.model)) return undefined;
  return once(() => readModel(locatorInput(options)));
}

/** A model of the caller's own may look at cells, so its locator is fetched beside it: only ours are known before they are read. */
const startsWithLocator = (model: AssetOptions["model"]): boolean => model !== "article";

function locatorInput(options: AssetOptions): EncodedInput {
  const beside = () => new URL("./models/locator.safetensors", import.meta.url);
  return options.locator ?? place(options, "models/locator.safetensors", beside);
}

function engineInput(options: AssetOptions): EncodedInput | CompiledModule {
  const { wasmUrl, wasmBinary, build = "auto" } = options;
  const given = [wasmUrl !== undefined, wasmBinary !== undefined, build !== "auto"].filter(Boolean).length;
  if (given > 1) {
    throw new LeukolensError("invalid_argument", "Pass only one of wasmUrl, wasmBinary and build.");
  }
  assertThat(["auto", "simd", "relaxed"].includes(build), "build", "auto, simd or relaxed");
  return wasmBinary ?? wasmUrl ?? shippedEngine(options, build === "auto" ? bestBuild() : build);
}

/**
 * The module that reads TIFF and BMP: fetched and compiled when it is first asked for, and again after a failure. Errors: those of
 * `fetchSetup`.
 * @internal
 */
export function tiffModule(options: AssetOptions): () => Promise<WebAssembly.Module> {
  const { tiffUrl, tiffBinary } = options;
  const beside = () => new URL("./leukolens-tiff.wasm", import.meta.url);
  if (tiffUrl !== undefined && tiffBinary !== undefined)
    throw new LeukolensError("invalid_argument", "Pass only one of tiffUrl and tiffBinary.");
  return once(() => compile(tiffBinary ?? tiffUrl ?? place(options, "leukolens-tiff.wasm", beside)));
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

function shippedEngine(options: AssetOptions, build: Build): URL {
  return place(options, `leukolens-${build}.wasm`, () =>
    build === "relaxed"
      ? new URL("./leukolens-relaxed.wasm", import.meta.url)
      : new URL("./leukolens-simd.wasm", import.meta.url),
  );
}

function modelInput(model: ModelName | EncodedInput, options: AssetOptions): EncodedInput {
  return isShipped(model) ? place(options, `models/${model}.safetensors`, shippedModels[model]) : model;
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
  input: EncodedInput | CompiledModule,
  watch?: Watch,
  signal?: AbortSignal,
): Promise<WebAssembly.Module> {
  if (isModule(input)) return input;
  const body = isAddress(input)
    ? await readFrom(toUrl(input), signal, watch)
    : await readBytes(input, signal);
  const streams = "headers" in body && body.headers.get("content-type") === "application/wasm";
  const bytes = "headers" in body ? !streams && (await drain(body, signal)) : body;
  const from = isAddress(input) ? toUrl(input).href : "What was given";
  if (bytes && bytes[1] !== 0x61)
    throw new LeukolensError(isAddress(input) ? "network" : "invalid_argument", `${from} is no WebAssembly.`);
  try {
    return await (bytes ? WebAssembly.compile(bytes) : WebAssembly.compileStreaming(body as Response));
  } catch (cause) {
    if (cause instanceof TypeError) throw unread(from, cause, "network"); // it broke off
    throw new LeukolensError(
      "unsupported_environment",
      `${from} could not be compiled, which needs SIMD and 'wasm-unsafe-eval': ${messageOf(cause)}.`,
      { cause },
    );
  }
}

function isModule(input: EncodedInput | CompiledModule): input is CompiledModule {
  return brandOf(input) === "WebAssembly.Module";
}

type Watch = (response: Response) => Response;

/** Counts the bytes of all responses that pass through the returned function. */
function meter(report: AssetOptions["onProgress"]): Watch | undefined {
  if (!report) return undefined;
  let loaded = 0;
  let total = 0; // not a number where one of them is not told
  return (response) => {
    const { headers, body } = response;
    // Content-Length counts compressed bytes, of which the body shows none.
    total += Number.parseInt((!headers.has("content-encoding") && headers.get("content-length")) || "", 10);
    const count = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        loaded += chunk.byteLength;
        report({ loaded, total: total || null });
        controller.enqueue(chunk);
      },
    });
    return new Response(body?.pipeThrough(count) ?? null, { headers });
  };
}
