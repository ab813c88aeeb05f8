// TIFF, BMP and what is reduced while it is decoded by leukolens-tiff.wasm (engine/wasm/tiff.cpp), a module without JavaScript of its
// own.
import { type ErrorCode, messageOf } from "../shared/errors.js";
import type { RawError } from "./leukolens.js";

interface Reader extends WebAssembly.Exports {
  readonly memory: WebAssembly.Memory;
  _initialize(): void;
  /** Where the file goes; 0 where there is no room for it. */
  reserve(size: number): number;
  /**
   * Where width, height, pages, and place and size of the pixels and of the notes stand; where the width is 0, of an error's code
   * and of its message.
   */
  decode(size: number, page: number): number;
}

export interface Raster {
  readonly ok: true;
  /** The pixels are a view into memory that belongs to nobody else. */
  readonly pixels: readonly [rgba: Uint8Array<ArrayBuffer>, width: number, height: number];
  /** How it was read; `notes`: a line each. */
  readonly read: { readonly notes: string; readonly page: number; readonly pages: number };
}

/**
 * In an instance of its own, so that its memory goes when the image goes. Errors, as values: corrupt_image, unsupported_format,
 * image_too_large, invalid_argument (there is no such page), out_of_memory, internal.
 */
export function decodeTiff(module: WebAssembly.Module, file: Uint8Array, page: number): Raster | RawError {
  try {
    return decodeIn(instantiate(module), file, page);
  } catch (cause) {
    // Browsers throw a RangeError where they have no memory to give.
    const code = cause instanceof RangeError ? "out_of_memory" : "internal";
    return { ok: false, code, message: `The file could not be decoded: ${messageOf(cause)}.` };
  }
}

function instantiate(module: WebAssembly.Module): Reader {
  // It asks for environment variables, which fails, and tells that memory grew, which nobody minds.
  const each = (value: unknown) => new Proxy({}, { get: () => value }) as never;
  const reader = new WebAssembly.Instance(module, each(each(() => 1))).exports as Reader;
  reader._initialize();
  return reader;
}

function decodeIn(reader: Reader, file: Uint8Array, page: number): Raster | RawError {
  const place = reader.reserve(file.length);
  if (!place) throw new RangeError("no memory is left");
  new Uint8Array(reader.memory.buffer).set(file, place);
  const answer = reader.decode(file.length, page);
  const { buffer } = reader.memory as { buffer: ArrayBuffer }; // only now: growing replaces it
  const [width = 0, height = 0, pages = 0, start, size, text, length] = new Uint32Array(buffer, answer, 7);
  const bytes = new Uint8Array(buffer, start, size);
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  const notes = decode(new Uint8Array(buffer, text, length));
  return width
    ? { ok: true, pixels: [bytes, width, height], read: { page, pages, notes } }
    : { ok: false, code: decode(bytes) as ErrorCode, message: notes };
}
