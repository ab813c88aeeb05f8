// HEIC, which phones write and most browsers do not know: decoded by libheif, which is fetched with the first one, and kept as PNG. It works
// in a worker that ends with the picture, and its memory with it.
import library from "libheif-js/libheif-wasm/libheif.js?url";
import wasm from "libheif-js/libheif-wasm/libheif.wasm?url";
import { withProfile } from "../images/png-profile.js";
import type { Decoded, Task } from "./heic-worker.js";
import script from "./heic-worker.ts?worker&url";

/** What a person should know of a picture that was one; like the engine's notes in English. */
export const note = "It was HEIC, which libheif decoded; it is kept as PNG.";

/** As long as a picture of 40 megapixels takes on a slow phone, and no longer: a file may be made to keep it busy. */
const mostMs = 60_000;

/** Undefined where the browser knows the file itself, or where it cannot be decoded; then the engine says what to do. */
export async function asPng(file: Blob): Promise<Blob | undefined> {
  if (await isKnown(file)) return undefined;
  const pixels = await decode(await file.arrayBuffer());
  if (!pixels) return undefined;
  const { rgba, width, height } = pixels;
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) return undefined;
  context.putImageData(new ImageData(rgba, width, height), 0, 0);
  const png = await canvas.convertToBlob({ type: "image/png" });
  const profile = await profileOf(file);
  return profile ? withProfile(png, profile) : png;
}

async function isKnown(file: Blob): Promise<boolean> {
  const bitmap = await createImageBitmap(file).catch(() => undefined);
  bitmap?.close();
  return bitmap !== undefined;
}

async function decode(file: ArrayBuffer): Promise<Decoded> {
  const at = (name: string) => new URL(name, location.href).href;
  const worker = new Worker(trusted(at(script)));
  const task: Task = { file, library: at(library), wasm: at(wasm) };
  try {
    return await new Promise<Decoded>((resolve) => {
      worker.onmessage = ({ data }: MessageEvent<Decoded>) => resolve(data);
      worker.onerror = (event) => {
        event.preventDefault();
        resolve(undefined);
      };
      setTimeout(resolve, mostMs, undefined);
      worker.postMessage(task, [file]);
    });
  } finally {
    worker.terminate();
  }
}

/** An ICC profile stands in a box "colr" of the kind "prof" (ISO/IEC 14496-12, 12.1.5), which begins with its size. */
async function profileOf(file: Blob): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const bytes = new Uint8Array(await file.slice(0, 2 ** 17).arrayBuffer());
  const at = new TextDecoder("latin1").decode(bytes).indexOf("colrprof");
  if (at < 4) return undefined;
  const end = at - 4 + new DataView(bytes.buffer).getUint32(at - 4);
  return end > at + 8 && end <= bytes.length ? bytes.slice(at + 8, end) : undefined;
}

interface Policy {
  createScriptURL(url: string): string;
}

let policy: Policy | undefined;

/** The page's policy demands Trusted Types, where browsers know them. */
function trusted(url: string): string {
  const { trustedTypes } = globalThis as {
    trustedTypes?: { createPolicy(name: string, rules: Policy): Policy };
  };
  policy ??= trustedTypes?.createPolicy("leukolens-heic", { createScriptURL: (url) => url });
  return policy ? policy.createScriptURL(url) : url;
}
