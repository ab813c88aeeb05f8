// A picture without a cell, of any size, in a file that is quickly made and read.

/** A light grey picture. */
export function blankBmp(width, height) {
  const row = Math.ceil((3 * width) / 4) * 4;
  const file = Buffer.alloc(54 + row * height, 235);
  file.fill(0, 0, 54).write("BM", "latin1");
  file.writeUInt32LE(54, 10);
  file.writeUInt32LE(40, 14);
  file.writeInt32LE(width, 18);
  file.writeInt32LE(height, 22);
  file.writeUInt16LE(24, 28);
  return file;
}
