// The colour profile that a JPEG, PNG, WebP or TIFF file carries, or that a camera names in EXIF: the engine takes all colours as sRGB, and a
// person should know where they are not.
import { TiffEntries } from "./tiff-entries.js";

/** Profiles stand at the beginning of a file, and those of displays and cameras are small. */
const most = 2 ** 17;

const known = new WeakMap<Blob, Promise<string | undefined>>();

/** The name of a file's profile, if that is one of colours, and another than sRGB. */
export function colourProfileOf(file: Blob): Promise<string | undefined> {
  const before = known.get(file);
  if (before) return before;
  // A profile that cannot be read changes nothing.
  const name = read(file).catch(() => undefined);
  known.set(file, name);
  return name;
}

async function read(file: Blob): Promise<string | undefined> {
  const bytes = new Uint8Array(await file.slice(0, most).arrayBuffer());
  const profile = inJpeg(bytes) ?? (await inPng(bytes)) ?? inWebp(bytes) ?? (await inTiff(file));
  if (!profile) return byExif(bytes);
  if (textAt(profile, 16, 4) !== "RGB ") return undefined;
  const name = descriptionOf(profile);
  return name === undefined || /sRGB/i.test(name) ? undefined : name;
}

/** What follows `begin` in the first segment of a JPEG that begins so. */
function segmentOf(bytes: Uint8Array, marker: number, begin: string): Uint8Array | undefined {
  const view = viewOf(bytes);
  if (bytes.length < 4 || view.getUint16(0) !== 0xffd8) return undefined;
  for (let at = 2; at + 18 < bytes.length && bytes[at] === 0xff && bytes[at + 1] !== 0xda; ) {
    const length = view.getUint16(at + 2);
    if (bytes[at + 1] === marker && textAt(bytes, at + 4, begin.length) === begin)
      return bytes.subarray(at + 4 + begin.length, at + 2 + length);
    at += 2 + length;
  }
  return undefined;
}

/** The first piece, in which the description stands (ICC.1:2022, annex B.4). */
function inJpeg(bytes: Uint8Array): Uint8Array | undefined {
  return segmentOf(bytes, 0xe2, "ICC_PROFILE\0\x01")?.subarray(1);
}

async function inTiff(file: Blob): Promise<Uint8Array | undefined> {
  const entries = await TiffEntries.open(file);
  return entries?.value(entries.first, 34_675, most);
}

/** Cameras name Adobe RGB by the interoperability index R03 (DCF 2.0); some, beside EXIF's own values, by the colour space 2. */
async function byExif(jpeg: Uint8Array): Promise<string | undefined> {
  const exif = segmentOf(jpeg, 0xe1, "Exif\0\0");
  const entries = exif && (await TiffEntries.open(new Blob([exif.slice()])));
  if (!entries) return undefined;
  const camera = await entries.number(entries.first, 0x8769);
  if (camera === 0) return undefined;
  const more = await entries.number(camera, 0xa005);
  const index = more > 0 ? await entries.value(more, 1, 4) : undefined;
  const isAdobe = (index && textAt(index, 0, 3) === "R03") || (await entries.number(camera, 0xa001)) === 2;
  return isAdobe ? "Adobe RGB (1998)" : undefined;
}

/** A name, a zero, the method, and what was deflated (PNG, 11.3.2.3). */
async function inPng(bytes: Uint8Array): Promise<Uint8Array | undefined> {
  const view = viewOf(bytes);
  if (textAt(bytes, 1, 3) !== "PNG") return undefined;
  for (let at = 8; at + 12 < bytes.length; at += 12 + view.getUint32(at)) {
    const type = textAt(bytes, at + 4, 4);
    if (type === "IDAT") return undefined;
    if (type !== "iCCP") continue;
    const content = bytes.slice(at + 8, at + 8 + view.getUint32(at));
    const inflated = new Blob([content.slice(content.indexOf(0) + 2)])
      .stream()
      .pipeThrough(new DecompressionStream("deflate"));
    return beginningOf(inflated);
  }
  return undefined;
}

/** As much as a profile has at most: a few bytes can inflate to millions. */
async function beginningOf(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const bytes = new Uint8Array(most);
  const reader = stream.getReader();
  let length = 0;
  while (length < most) {
    const { value, done } = await reader.read();
    if (done) break;
    const part = value.subarray(0, most - length);
    bytes.set(part, length);
    length += part.length;
  }
  reader.cancel().catch(() => undefined);
  return bytes.subarray(0, length);
}

function inWebp(bytes: Uint8Array): Uint8Array | undefined {
  const view = viewOf(bytes);
  if (textAt(bytes, 0, 4) !== "RIFF" || textAt(bytes, 8, 4) !== "WEBP") return undefined;
  for (let at = 12; at + 8 < bytes.length; ) {
    const length = view.getUint32(at + 4, true);
    if (textAt(bytes, at, 4) === "ICCP") return bytes.subarray(at + 8, at + 8 + length);
    at += 8 + length + (length % 2);
  }
  return undefined;
}

/** Of version 2 in ASCII, of version 4 in UTF-16 (ICC.1:2022, 9.2.41 and 10.15). */
function descriptionOf(profile: Uint8Array): string | undefined {
  const view = viewOf(profile);
  for (let tag = 0; tag < Math.min(view.getUint32(128), 100); tag++) {
    const entry = 132 + 12 * tag;
    if (textAt(profile, entry, 4) !== "desc") continue;
    const at = view.getUint32(entry + 4);
    const isAscii = textAt(profile, at, 4) === "desc";
    const [length, begin] = isAscii
      ? [view.getUint32(at + 8), at + 12]
      : [view.getUint32(at + 20), at + view.getUint32(at + 24)];
    if (begin + length > profile.length) return undefined; // it is not whole
    const text = profile.subarray(begin, begin + Math.min(length, 200));
    return new TextDecoder(isAscii ? "ascii" : "utf-16be").decode(text).split("\0")[0]?.trim();
  }
  return undefined;
}

function textAt(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
