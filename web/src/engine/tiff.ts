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
   * Where width, height, and place and size of the pixels and of the notes stand; where the width is 0, those of "code message"
   * instead of the pixels'.
   */
  decode(size: number): number;
}

export interface Raster {
  readonly ok: true;
  /** A view into memory that belongs to nobody else. */
  readonly rgba: Uint8Array<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
  /** A line each. */
  readonly notes: string;
}

/**
 * In an instance of its own, so that its memory goes when the image goes. Errors, as values: corrupt_image, unsupported_format,
 * image_too_large, out_of_memory, internal.
 */
export function decodeTiff(module: WebAssembly.Module, file: Uint8Array): Raster | RawError {
  try {
    return decodeIn(instantiate(module), file);
  } catch (cause) {
    // Browsers throw a RangeError where they have no memory to give.
    const code = cause instanceof RangeError ? "out_of_memory" : "internal";
    return { ok: false, code, message: `The file could not be decoded: ${messageOf(cause)}.` };
  }
}

function instantiate(module: WebAssembly.Module): Reader {
  const imports: WebAssembly.Imports = {};
  // It asks for environment variables, which fails, and tells that memory grew, which nobody minds.
  for (const { module: from, name } of WebAssembly.Module.imports(module))
    imports[from] = { ...imports[from], [name]: () => 1 };
  const reader = new WebAssembly.Instance(module, imports).exports as Reader;
  reader._initialize();
  return reader;
}

function decodeIn(reader: Reader, file: Uint8Array): Raster | RawError {
  const place = reader.reserve(file.length);
  if (place === 0) throw new RangeError("there is no memory for it");
  new Uint8Array(reader.memory.buffer).set(file, place);
  const answer = reader.decode(file.length);
  const { buffer } = reader.memory as { buffer: ArrayBuffer }; // only now: growing replaces it
  const [width = 0, height = 0, start, size, notes, length] = new Uint32Array(buffer, answer, 6);
  const bytes = new Uint8Array(buffer, start, size);
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  if (width > 0)
    return { ok: true, rgba: bytes, width, height, notes: text(new Uint8Array(buffer, notes, length)) };
  const [code, ...words] = text(bytes).split(" ");
  return { ok: false, code: code as ErrorCode, message: words.join(" ") };
}
