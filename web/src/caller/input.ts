// Everything a caller may pass as an image, turned into what the engine takes.
import { aborted, type ErrorCode, LeukolensError, messageOf, throwIfAborted } from "../shared/errors.js";
import { nodeModule } from "../shared/node.js";
import { brandOf, type Global } from "../shared/platform.js";
import type { Source } from "../shared/protocol.js";

/** Encoded bytes, or where they are. Strings are URLs; in Node `file:` URLs and paths are read from disk. */
export type EncodedInput =
  | Global<"Blob">
  | ArrayBuffer
  | ArrayBufferView
  | Global<"Response">
  | Global<"URL">
  | string;

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

/** The caller's buffers are copied, never detached, so that they stay usable. @internal */
export async function readInput(input: ImageInput, signal?: AbortSignal): Promise<Source> {
  throwIfAborted(signal);
  if (isDrawable(input)) return snapshot(input);
  if (isA(input, "ImageData")) {
    return { kind: "pixels", rgba: copyBytes(input.data), width: input.width, height: input.height };
  }
  return { kind: "bytes", bytes: await readBytes(input, signal) };
}

/** What a picture can be opened from again and again, and is the same each time. @internal */
export interface KeptInput {
  source(): Promise<Source>;
  release(): void;
}

/** Errors: those of `readInput`. @internal */
export async function keepInput(input: ImageInput, signal?: AbortSignal): Promise<KeptInput> {
  const source = isBlob(input) ? undefined : await readInput(input, signal);
  if (source?.kind === "pixels")
    return { source: async () => ({ ...source, rgba: source.rgba.slice() }), release: () => undefined };
  if (source?.kind === "bitmap") {
    const { bitmap } = source;
    return {
      source: async () => ({ ...source, bitmap: await copyBitmap(bitmap) }),
      release: () => bitmap.close(),
    };
  }
  const file = source ? new Blob([source.bytes]) : (input as Blob); // a browser may keep a Blob elsewhere than in memory
  return { source: () => readInput(file), release: () => undefined };
}

/**
 * Whether leukolens-tiff.wasm reads a file: TIFF or BigTIFF, in either order of bytes, BMP, and JPEG or PNG with more pixels than
 * the engine decodes whole. @internal
 */
export function needsReader(file: Uint8Array): boolean {
  const [first] = file;
  if (/^(BM|II[*+]\0|MM\0[*+])/.test(String.fromCharCode(...file.subarray(0, 4)))) return true;
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const last = Math.min(file.length, 2 ** 24) - 9; // so that no file keeps a page busy
  if (first === 0x89) return last > 15 && isTooLarge(view.getUint32(16), view.getUint32(20));
  for (let at = 2; first === 0xff && at < last; ) {
    const marker = view.getUint16(at);
    // A frame header, from baseline to progressive; else a segment, or what may stand between segments.
    if (marker >= 0xffc0 && marker < 0xffc3)
      return isTooLarge(view.getUint16(at + 5), view.getUint16(at + 7));
    at += marker > 0xff00 && marker < 0xffff ? 2 + view.getUint16(at + 2) : 1;
  }
  return false;
}

function isTooLarge(width: number, height: number): boolean {
  return Math.max(width, height) > 8192 || width * height > 40e6;
}

/** `watch` sees the response where one is fetched. Errors: network, aborted, unreadable_file, invalid_argument. @internal */
export async function readBytes(
  input: EncodedInput,
  signal?: AbortSignal,
  watch?: (response: Response) => Response,
): Promise<Uint8Array<ArrayBuffer>> {
  if (isAddress(input)) {
    const body = await readFrom(toUrl(input), signal, watch);
    return isA(body, "Response") ? drain(body, signal) : body;
  }
  if (isBuffer(input)) return copyBytes(input);
  if (isBlob(input) || isA(input, "Response")) return drain(input, signal);
  throw new LeukolensError(
    "invalid_argument",
    "Pass a file, its bytes, a URL, a Response or what a page draws.",
  );
}

/** A response with status 2xx or, for `file:` URLs in Node, the file's bytes. @internal */
export async function readFrom(
  url: URL,
  signal?: AbortSignal,
  watch?: (response: Response) => Response,
): Promise<Response | Uint8Array<ArrayBuffer>> {
  throwIfAborted(signal);
  const files = url.protocol === "file:" ? nodeModule<NodeFiles>("node:fs/promises") : undefined;
  if (files) return readFile(files, url);
  let response: Response;
  try {
    response = await fetch(url, signal ? { signal } : {});
  } catch (cause) {
    if (signal?.aborted) throw aborted(signal);
    throw unread(url.href, cause, "network");
  }
  assertOk(response);
  return watch?.(response) ?? response;
}

/** Relative URLs are relative to the page or the worker; in Node, without one, what is no URL is a path. @internal */
export function toUrl(address: string | URL): URL {
  const url = String(address);
  const base = globalThis.document?.baseURI ?? globalThis.location?.href;
  try {
    const paths = base ? undefined : nodeModule<NodePaths>("node:url");
    if (paths && !/^[a-z][a-z\d+.-]+:/i.test(url)) return paths.pathToFileURL(url); // "C:" is a drive
    return new URL(url, base);
  } catch (cause) {
    throw new LeukolensError("invalid_argument", `"${url}" is not a URL.`, { cause });
  }
}

/** @internal */
export function isAddress(input: unknown): input is URL | string {
  return typeof input === "string" || isA(input, "URL");
}

/** Errors: network, aborted, unreadable_file. @internal */
export async function drain(body: Blob | Response, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
  const response = isA(body, "Response") ? body : undefined;
  if (response) assertOk(response);
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    // jsdom's Blob has no arrayBuffer.
    bytes = new Uint8Array(await ("arrayBuffer" in body ? body.arrayBuffer() : readByReader(body)));
  } catch (cause) {
    if (signal?.aborted) throw aborted(signal);
    throw unread(nameOf(response), cause, response && "network");
  }
  const type = response?.headers.get("content-type") ?? "";
  // Servers answer with a page where they do not know an address; 60 is "<".
  if (type.includes("html") && bytes.find((byte) => byte > 32) === 60)
    throw new LeukolensError("network", `${nameOf(response)} answered with a page (${type}), not a file.`);
  return bytes;
}

/** @internal */
export function unread(name: string, cause: unknown, code: ErrorCode = "unreadable_file"): LeukolensError {
  return new LeukolensError(code, `${name} could not be read: ${messageOf(cause)}.`, { cause });
}

function readByReader(body: Blob): Promise<ArrayBuffer> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as ArrayBuffer);
    reader.onerror = () => reject(reader.error);
    reader.readAsArrayBuffer(body);
  });
}

function assertOk(response: Response): void {
  if (!response.ok)
    throw new LeukolensError(
      "network",
      `${nameOf(response)} could not be fetched: status ${response.status}.`,
    );
}

const nameOf = (response: Response | undefined) => response?.url || "The input";

/** Also of a buffer itself. */
function copyBytes(input: ArrayBuffer | ArrayBufferView): Uint8Array<ArrayBuffer> {
  try {
    const { buffer, byteOffset, byteLength } = ArrayBuffer.isView(input) ? input : new Uint8Array(input);
    return new Uint8Array(new Uint8Array(buffer, byteOffset, byteLength));
  } catch (cause) {
    throw unread("The buffer", cause, "invalid_argument");
  }
}

interface NodeFiles {
  readFile(path: URL): Promise<Uint8Array<ArrayBuffer>>;
}

interface NodePaths {
  pathToFileURL(path: string): URL;
}

async function readFile(files: NodeFiles, url: URL): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return copyBytes(await files.readFile(url));
  } catch (cause) {
    throw unread(url.href, cause);
  }
}

type Drawn = Exclude<DrawableInput, ImageData>;

const drawables = /^(ImageBitmap|HTML(Image|Canvas|Video)Element|OffscreenCanvas|VideoFrame)$/;

/** By brand, or by class: what stands in for a class that a runtime lacks need not have the brand. */
function isA<Name extends string>(value: unknown, name: Name): value is Global<Name> {
  const type = (globalThis as Record<string, unknown>)[name];
  return brandOf(value) === name || (typeof type === "function" && value instanceof type);
}

/** @internal */
export function isBlob(value: unknown): value is Blob {
  return isA(value, "Blob") || isA(value, "File");
}

function isBuffer(value: unknown): value is ArrayBuffer | ArrayBufferView {
  return ArrayBuffer.isView(value) || isA(value, "ArrayBuffer") || isA(value, "SharedArrayBuffer");
}

function isDrawable(input: ImageInput): input is Drawn {
  return drawables.test(brandOf(input));
}

function copyBitmap(picture: Drawn): Promise<ImageBitmap> {
  return createImageBitmap(picture, { premultiplyAlpha: "none" });
}

/** The picture as it is now. What the browser decoded itself (images, video) is marked so. */
async function snapshot(input: Drawn): Promise<Source> {
  if (typeof createImageBitmap === "undefined")
    throw new LeukolensError("unsupported_environment", "Only browsers draw pictures: pass the file.");
  try {
    if (isA(input, "HTMLImageElement")) await input.decode();
    const bitmap = await copyBitmap(input);
    const isDecoded = /HTMLImage|Video/.test(brandOf(input));
    return { kind: "bitmap", bitmap, decoder: isDecoded ? "browser" : "none" };
  } catch (cause) {
    throw new LeukolensError("empty_input", `The browser has no picture here: ${messageOf(cause)}.`, {
      cause,
    });
  }
}
