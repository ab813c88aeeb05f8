// A writer of TIFFs for the tests in JavaScript; those of the engine have one of their own, with every layout.
import { deflateSync } from "node:zlib";

/**
 * One strip of RGB, little-endian, with nothing in it that is not required. `rgba`: as `classifier.decode` gives it. More than 8
 * `bits` lie in samples of 16.
 */
export function writeTiff(picture, options) {
  return writeStack([picture], options);
}

/** Several such, one page after another. `profile`: an ICC profile's bytes, of each page. */
export function writeStack(pictures, { compression = "deflate", bits = 8, profile } = {}) {
  const file = [Buffer.from("II*\0\0\0\0\0", "latin1")];
  let length = 8;
  let pointer = [file[0], 4]; // to the directory that comes next
  for (const picture of pictures) {
    const { bytes, directory, next } = page(picture, length, { compression, bits, profile });
    pointer[0].writeUInt32LE(length + directory, pointer[1]);
    pointer = [bytes, next];
    file.push(bytes);
    length += bytes.length;
  }
  return Buffer.concat(file);
}

/** What is put at `start` of a file, and where in it the directory lies, and the place of the next one. */
function page({ width, height, rgba }, start, { compression, bits, profile }) {
  const samples = rgba.filter((_, index) => index % 4 < 3);
  const depth = bits === 8 ? 8 : 16;
  const wide = () => Uint16Array.from(samples, (value) => Math.round((value * (2 ** bits - 1)) / 255));
  const rgb = depth === 8 ? Buffer.from(samples) : Buffer.from(wide().buffer);
  const data = compression === "deflate" ? deflateSync(rgb) : rgb;
  const kinds = { none: 1, deflate: 8, zstd: 50000 };
  const [short, long, opaque] = [3, 4, 7];
  const depths = data.length + (data.length % 2);
  const colours = depths + 6;
  const entries = [
    [256, long, 1, width],
    [257, long, 1, height],
    [258, short, 3, start + depths], // three values, which lie apart
    [259, short, 1, kinds[compression]],
    [262, short, 1, 2], // RGB
    [273, long, 1, start],
    [277, short, 1, 3],
    [278, long, 1, height],
    [279, long, 1, data.length],
    ...(profile ? [[34675, opaque, profile.length, start + colours]] : []),
  ];
  const directory = colours + (profile ? profile.length + (profile.length % 2) : 0);
  const next = directory + 2 + 12 * entries.length;
  const bytes = Buffer.alloc(next + 4);
  data.copy(bytes);
  for (const index of [0, 1, 2]) bytes.writeUInt16LE(depth, depths + 2 * index);
  profile?.copy(bytes, colours);
  bytes.writeUInt16LE(entries.length, directory);
  for (const [index, [tag, type, count, value]] of entries.entries()) {
    const at = directory + 2 + 12 * index;
    bytes.writeUInt16LE(tag, at);
    bytes.writeUInt16LE(type, at + 2);
    bytes.writeUInt32LE(count, at + 4);
    bytes.writeUInt32LE(value, at + 8);
  }
  return { bytes: bytes.length % 2 ? Buffer.concat([bytes, Buffer.alloc(1)]) : bytes, directory, next };
}
