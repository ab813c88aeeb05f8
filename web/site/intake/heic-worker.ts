// Decodes one HEIC picture, by a library that is fetched as a script of its own.
import type { Pixels } from "leukolens";

export interface Task {
  readonly file: ArrayBuffer;
  /** Where libheif's script lies, and what it compiles. */
  readonly library: string;
  readonly wasm: string;
}

/** Undefined where it cannot be decoded, or is too large to be decoded whole. */
export type Decoded = Pixels | undefined;

/** What is used of libheif-js. */
interface Image {
  get_width(): number;
  get_height(): number;
  is_primary(): number;
  display(canvas: DecodedImage, done: (canvas: DecodedImage | null) => void): void;
}
type DecodedImage = { data: Uint8ClampedArray<ArrayBuffer>; width: number; height: number };

declare const libheif: (options: { wasmBinary: ArrayBuffer }) => {
  HeifDecoder: new () => { decode(file: ArrayBuffer): readonly Image[] };
};

interface Scope {
  importScripts(url: string): void;
  postMessage(answer: Decoded, transfer: Transferable[]): void;
  trustedTypes?: {
    createPolicy(name: string, rules: object): { createScriptURL(url: string): string };
  };
}
const scope = globalThis as unknown as Scope;

/** As many as the engine decodes whole. */
const mostPixels = 40_000_000;

globalThis.onmessage = async ({ data }: MessageEvent<Task>) => {
  const decoded = await decode(data).catch(() => undefined);
  scope.postMessage(decoded, decoded ? [decoded.rgba.buffer] : []);
};

async function decode({ file, library, wasm }: Task): Promise<Decoded> {
  const wasmBinary = await (await fetch(wasm)).arrayBuffer();
  scope.importScripts(trusted(library));
  const { HeifDecoder } = libheif({ wasmBinary });
  const images = new HeifDecoder().decode(file);
  const image = images.find((one) => one.is_primary()) ?? images[0];
  const [width, height] = [image?.get_width() ?? 0, image?.get_height() ?? 0];
  if (!image || width * height === 0 || width * height > mostPixels) return undefined;
  const data = new Uint8ClampedArray(4 * width * height);
  const drawn = await new Promise((done) => image.display({ data, width, height }, done));
  return drawn ? { rgba: data, width, height } : undefined;
}

function trusted(url: string): string {
  const policy = scope.trustedTypes?.createPolicy("leukolens", { createScriptURL: (url: string) => url });
  return policy ? policy.createScriptURL(url) : url;
}
