// Writes zip archives as programs of all kinds do, also such as no careful one would.
import { crc32, deflateRawSync } from "node:zlib";

/**
 * `entries`: [{ name, content, method, flags, crc, bytes, stored, path }]; `name` may be raw bytes, `stored` is what lies in the file where it
 * is not what the method makes of `content`, `path` is the name in UTF-8 in a field of its own (APPNOTE 4.6.9). `wide`: with the fields of zip64. `before`: bytes that lie in front of the archive.
 */
export function writeZip(entries, { wide = false, before = Buffer.alloc(0) } = {}) {
  const parts = [before];
  const directory = [];
  let offset = 0;
  for (const entry of entries) {
    const content = Buffer.from(entry.content);
    const { method = 8, flags = 0, crc = crc32(content), bytes = content.length } = entry;
    const stored = entry.stored ?? (method === 8 ? deflateRawSync(content) : content);
    const name = Buffer.from(entry.name);
    const common = [u16(flags), u16(method), u32(0), u32(crc)];
    const header = [
      u32(0x04034b50),
      u16(45),
      ...common,
      u32(stored.length),
      u32(bytes),
      u16(name.length),
      u16(0),
    ];
    const local = Buffer.concat([...header, name, stored]);
    const sizes = wide ? [u32(2 ** 32 - 1), u32(2 ** 32 - 1)] : [u32(stored.length), u32(bytes)];
    const field = [u16(1), u16(24), u64(bytes), u64(stored.length), u64(offset)];
    const path = Buffer.from(entry.path ?? "");
    const utf8 = [u16(0x7075), u16(5 + path.length), Buffer.of(1), u32(crc32(name)), path];
    const extra = Buffer.concat([...(entry.path ? utf8 : []), ...(wide ? field : [])]);
    const about = [
      u32(0x02014b50),
      u16(45),
      u16(45),
      ...common,
      ...sizes,
      u16(name.length),
      u16(extra.length),
    ];
    const place = [u16(0), u16(0), u16(0), u32(0), u32(wide ? 2 ** 32 - 1 : offset)];
    directory.push(Buffer.concat([...about, ...place, name, extra]));
    parts.push(local);
    offset += local.length;
  }
  const listed = Buffer.concat(directory);
  parts.push(listed);
  const count = entries.length;
  if (wide) {
    const end = [u32(0x06064b50), u64(44), u16(45), u16(45), u32(0), u32(0), u64(count), u64(count)];
    parts.push(...end, u64(listed.length), u64(offset));
    parts.push(u32(0x07064b50), u32(0), u64(offset + listed.length), u32(1));
  }
  const [shown, bytes, start] = wide ? [0xffff, 2 ** 32 - 1, 2 ** 32 - 1] : [count, listed.length, offset];
  parts.push(u32(0x06054b50), u16(0), u16(0), u16(shown), u16(shown), u32(bytes), u32(start), u16(0));
  return Buffer.concat(parts);
}

function u16(value) {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function u32(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function u64(value) {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}
