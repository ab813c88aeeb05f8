// A colour profile put into a PNG, behind its header (PNG, third edition, 11.3.2.3).

export async function withProfile(png: Blob, profile: Uint8Array<ArrayBuffer>): Promise<Blob> {
  const deflating = new Blob([profile]).stream().pipeThrough(new CompressionStream("deflate"));
  const content = new Blob(["iCCPof the file\0\0", await new Response(deflating).blob()]);
  const bytes = new Uint8Array(await content.arrayBuffer());
  const header = 33;
  return new Blob(
    [png.slice(0, header), number(bytes.length - 4), bytes, number(checksumOf(bytes)), png.slice(header)],
    { type: "image/png" },
  );
}

function number(value: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

/** CRC-32 (annex D). */
function checksumOf(bytes: Uint8Array): number {
  let sum = -1;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
}
