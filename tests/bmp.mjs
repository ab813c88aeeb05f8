// BMP files, quickly made and read.

/** A light grey picture without a cell, of any size. */
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

/** The greens of a picture as greys of a palette. `rgba`: as `classifier.decode` gives it. */
export function greyBmp({ width, height, rgba }) {
  const row = Math.ceil(width / 4) * 4;
  const start = 54 + 4 * 256;
  const file = Buffer.alloc(start + row * height);
  file.write("BM", "latin1");
  file.writeUInt32LE(start, 10);
  file.writeUInt32LE(40, 14);
  file.writeInt32LE(width, 18);
  file.writeInt32LE(height, 22);
  file.writeUInt16LE(8, 28);
  for (let grey = 0; grey < 256; grey++) file.fill(grey, 54 + 4 * grey, 57 + 4 * grey);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) file[start + row * (height - 1 - y) + x] = rgba[4 * (width * y + x) + 1];
  return file;
}
