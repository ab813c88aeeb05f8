// A writer of TIFFs for the tests in JavaScript; those of the engine have one of their own, with every layout.
import { deflateSync } from "node:zlib";

/**
 * One strip of RGB, little-endian, with nothing in it that is not required. `rgba`: as `classifier.decode` gives it. More than 8
 * `bits` lie in samples of 16.
 */
export function writeTiff({ width, height, rgba }, { compression = "deflate", bits = 8 } = {}) {
  const samples = rgba.filter((_, index) => index % 4 < 3);
  const depth = bits === 8 ? 8 : 16;
  const wide = () => Uint16Array.from(samples, (value) => Math.round((value * (2 ** bits - 1)) / 255));
  const rgb = depth === 8 ? Buffer.from(samples) : Buffer.from(wide().buffer);
  const data = compression === "deflate" ? deflateSync(rgb) : rgb;
  const kinds = { none: 1, deflate: 8, zstd: 50000 };
  const [short, long] = [3, 4];
  const start = 8;
  const depths = start + data.length + (data.length % 2);
  const entries = [
    [256, long, 1, width],
    [257, long, 1, height],
    [258, short, 3, depths], // three values, which lie apart
    [259, short, 1, kinds[compression]],
    [262, short, 1, 2], // RGB
    [273, long, 1, start],
    [277, short, 1, 3],
    [278, long, 1, height],
    [279, long, 1, data.length],
  ];
  const directory = depths + 6;
  const file = Buffer.alloc(directory + 2 + 12 * entries.length + 4);
  file.write("II");
  file.writeUInt16LE(42, 2);
  file.writeUInt32LE(directory, 4);
  data.copy(file, start);
  for (const index of [0, 1, 2]) file.writeUInt16LE(depth, depths + 2 * index);
  file.writeUInt16LE(entries.length, directory);
  for (const [index, [tag, type, count, value]] of entries.entries()) {
    const at = directory + 2 + 12 * index;
    file.writeUInt16LE(tag, at);
    file.writeUInt16LE(type, at + 2);
    file.writeUInt32LE(count, at + 4);
    file.writeUInt32LE(value, at + 8);
  }
  return file;
}
