// Everything a caller may pass as an image, turned into what the engine takes.
import { aborted, LeukolensError, messageOf, throwIfAborted } from "../shared/errors.js";
import { nodeModule } from "../shared/node.js";
import type { Source } from "../shared/protocol.js";

/** The instance type of a browser global, or never where it is not declared: consumers without lib.dom compile too. */
type Global<Name extends string> = typeof globalThis extends { [K in Name]: { prototype: infer T } }
  ? T
  : never;

/** Encoded bytes, or where they are. Strings are URLs; in Node `file:` URLs are read from disk. */
export type EncodedInput = Blob | ArrayBuffer | ArrayBufferView | Response | URL | string;

/** What a browser can draw. */
export type DrawableInput =
  | Global<"ImageData">
  | Global<"ImageBitmap">
  | Global<"HTMLImageElement">
  | Global<"HTMLCanvasElement">
  | Global<"OffscreenCanvas">
  | Global<"HTMLVideoElement">
  | Global<"VideoFrame">;

export type ImageInput = EncodedInput | DrawableInput;

/** The caller's buffers are copied, never detached, so that they stay usable. */
export async function readInput(input: ImageInput, signal?: AbortSignal): Promise<Source> {
  throwIfAborted(signal);
  if (isDrawable(input)) return snapshot(input);
  if (isA(input, "ImageData")) {
    return { kind: "pixels", rgba: copyBytes(input.data), width: input.width, height: input.height };
  }
  return { kind: "bytes", bytes: await readBytes(input, signal) };
}

/** What a picture can be opened from again and again, and is the same each time. */
export interface KeptInput {
  source(): Promise<Source>;
  release(): void;
}

/** Errors: those of `readInput`. */
export async function keepInput(input: ImageInput, signal?: AbortSignal): Promise<KeptInput> {
  const source = input instanceof Blob ? undefined : await readInput(input, signal);
  if (source?.kind === "pixels")
    return { source: async () => ({ ...source, rgba: source.rgba.slice() }), release: () => undefined };
  if (source?.kind === "bitmap") {
    const { bitmap } = source;
    return {
      source: async () => ({ ...source, bitmap: await copyBitmap(bitmap) }),
      release: () => bitmap.close(),
    };
  }
  const file = source ? new Blob([source.bytes]) : input; // a browser may keep a Blob elsewhere than in memory
  return { source: () => readInput(file), release: () => undefined };
}

/** Whether a file begins as what leukolens-tiff.wasm reads: TIFF or BigTIFF, in either order of bytes, or BMP. */
export function isTiffOrBmp([first, second, third, fourth]: Uint8Array): boolean {
  if (first === 0x42 && second === 0x4d) return true;
  if (first === 0x49 && second === 0x49) return (third === 42 || third === 43) && fourth === 0;
  return first === 0x4d && second === 0x4d && third === 0 && (fourth === 42 || fourth === 43);
}

/** `watch` sees the response where one is fetched. Errors: network, aborted, unreadable_file, invalid_argument. */
export async function readBytes(
  input: EncodedInput,
  signal?: AbortSignal,
  watch?: (response: Response) => Response,
): Promise<Uint8Array<ArrayBuffer>> {
  if (input instanceof ArrayBuffer) return new Uint8Array(input.slice(0));
  if (ArrayBuffer.isView(input)) return copyBytes(input);
  if (typeof input === "string" || input instanceof URL) {
    const body = await readFrom(toUrl(input), signal, watch);
    return body instanceof Response ? drain(body, signal) : body;
  }
  if (input instanceof Blob || input instanceof Response) return drain(input, signal);
  throw new LeukolensError(
    "invalid_argument",
    "This input is not supported: pass a File, Blob, ArrayBuffer, typed array, URL, Response, ImageData, image, canvas or video.",
  );
}

/** A response with status 2xx or, for `file:` URLs in Node, the file's bytes. */
export async function readFrom(
  url: URL,
  signal?: AbortSignal,
  watch: (response: Response) => Response = (response) => response,
): Promise<Response | Uint8Array<ArrayBuffer>> {
  throwIfAborted(signal);
  const files = url.protocol === "file:" ? nodeModule<NodeFiles>("node:fs/promises") : undefined;
  if (files) return readFile(files, url);
  let response: Response;
  try {
    response = await fetch(url, signal ? { signal } : {});
  } catch (cause) {
    if (signal?.aborted) throw aborted(signal);
    throw new LeukolensError("network", `${url.href} could not be fetched: ${messageOf(cause)}.`, { cause });
  }
  assertOk(response);
  return watch(response);
}

/** Relative URLs are relative to the page. */
export function toUrl(url: string | URL): URL {
  try {
    return new URL(url, typeof document === "undefined" ? undefined : document.baseURI);
  } catch (cause) {
    throw new LeukolensError("invalid_argument", `"${url}" is not a URL.`, { cause });
  }
}

function assertOk({ ok, url, status }: Response): void {
  if (!ok)
    throw new LeukolensError("network", `${url || "The input"} could not be fetched: status ${status}.`);
}

async function drain(body: Blob | Response, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
  if (body instanceof Response) assertOk(body);
  try {
    return new Uint8Array(await body.arrayBuffer());
  } catch (cause) {
    if (signal?.aborted) throw aborted(signal);
    const code = body instanceof Response ? "network" : "unreadable_file";
    throw new LeukolensError(code, `The input could not be read: ${messageOf(cause)}.`, { cause });
  }
}

function copyBytes(view: ArrayBufferView): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
}

interface NodeFiles {
  readFile(path: URL): Promise<Uint8Array<ArrayBuffer>>;
}

async function readFile(files: NodeFiles, url: URL): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return copyBytes(await files.readFile(url));
  } catch (cause) {
    throw new LeukolensError("unreadable_file", `${url.href} could not be read: ${messageOf(cause)}.`, {
      cause,
    });
  }
}

type Drawn = Exclude<DrawableInput, ImageData>;

const drawables = [
  "ImageBitmap",
  "HTMLImageElement",
  "HTMLCanvasElement",
  "OffscreenCanvas",
  "HTMLVideoElement",
  "VideoFrame",
] as const;

function isA<Name extends string>(value: unknown, name: Name): value is Global<Name> {
  const type = (globalThis as Record<string, unknown>)[name];
  return typeof type === "function" && value instanceof type;
}

function isDrawable(input: ImageInput): input is Drawn {
  return drawables.some((name) => isA(input, name));
}

function copyBitmap(picture: Drawn): Promise<ImageBitmap> {
  return createImageBitmap(picture, { premultiplyAlpha: "none" });
}

/** The picture as it is now. What the browser decoded itself (images, video) is marked so. */
async function snapshot(input: Drawn): Promise<Source> {
  try {
    if (isA(input, "HTMLImageElement")) await input.decode();
    const bitmap = await copyBitmap(input);
    const decoded =
      isA(input, "HTMLImageElement") || isA(input, "HTMLVideoElement") || isA(input, "VideoFrame");
    return { kind: "bitmap", bitmap, decoder: decoded ? "browser" : "none" };
  } catch (cause) {
    throw new LeukolensError("empty_input", `The browser has no picture to read here: ${messageOf(cause)}.`, {
      cause,
    });
  }
}
