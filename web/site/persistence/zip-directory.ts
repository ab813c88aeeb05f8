// The central directory of a zip archive: what is in it, where, and how it was stored. Zip64 too; every number is checked before it
// is used. Format: PKWARE's APPNOTE 6.3.

/** An entry as the directory has it. */
export interface DirectoryEntry {
  readonly name: string;
  readonly encrypted: boolean;
  /** 0: stored; 8: deflated. */
  readonly method: number;
  readonly crc: number;
  readonly compressedBytes: number;
  readonly bytes: number;
  /** Where its local header begins in the file. */
  readonly offset: number;
}

const signatures = { local: 0x04034b50, entry: 0x02014b50, end: 0x06054b50, end64: 0x06064b50 };
const lengths = { local: 30, entry: 46, end: 22, end64: 56, locator: 20 };

/** A number of 16 or 32 bits that says: see the zip64 field. */
const seeZip64 = { short: 0xffff, long: 0xffffffff };

const mostDirectoryBytes = 64 * 2 ** 20;

/** Undefined where the file is no complete zip archive. */
export async function readDirectory(file: Blob): Promise<DirectoryEntry[] | undefined> {
  try {
    const { start, bytes, shift } = await findDirectory(file);
    if (bytes > mostDirectoryBytes) return undefined;
    return [...entriesOf(await viewOf(file, start, bytes), shift)];
  } catch (cause) {
    if (cause instanceof RangeError) return undefined; // a view was read beyond its end
    throw cause;
  }
}

/** An entry's content as it lies in the file; undefined where there is none. */
export async function contentOf(
  file: Blob,
  { offset, compressedBytes }: DirectoryEntry,
): Promise<Blob | undefined> {
  if (offset < 0 || offset + lengths.local > file.size) return undefined;
  const header = await viewOf(file, offset, lengths.local);
  const start = offset + lengths.local + header.getUint16(26, true) + header.getUint16(28, true);
  const isWhole = header.getUint32(0, true) === signatures.local && start + compressedBytes <= file.size;
  return isWhole ? file.slice(start, start + compressedBytes) : undefined;
}

/** `shift`: how many bytes lie before the archive, which counts from its own beginning. */
async function findDirectory(file: Blob): Promise<{ start: number; bytes: number; shift: number }> {
  const tailStart = Math.max(0, file.size - lengths.end - 0xffff);
  const tail = await viewOf(file, tailStart, file.size - tailStart);
  let at = tail.byteLength - lengths.end;
  while (at >= 0 && tail.getUint32(at, true) !== signatures.end) at--;
  if (at < 0) throw new RangeError("no end of a directory");
  const [count, bytes, start] = [
    tail.getUint16(at + 10, true),
    tail.getUint32(at + 12, true),
    tail.getUint32(at + 16, true),
  ];
  if (count !== seeZip64.short && bytes !== seeZip64.long && start !== seeZip64.long) {
    const shift = tailStart + at - bytes - start;
    return { start: start + shift, bytes, shift };
  }
  const end64 = numberOf(tail, at - lengths.locator + 8);
  const view = await viewOf(file, end64, lengths.end64);
  if (view.getUint32(0, true) !== signatures.end64) throw new RangeError("no zip64 directory");
  return { start: numberOf(view, 48), bytes: numberOf(view, 40), shift: 0 };
}

function* entriesOf(directory: DataView<ArrayBuffer>, shift: number): Generator<DirectoryEntry> {
  for (let at = 0; at < directory.byteLength; ) {
    if (directory.getUint32(at, true) !== signatures.entry) throw new RangeError("no entry");
    const short = (offset: number) => directory.getUint16(at + offset, true);
    const long = (offset: number) => directory.getUint32(at + offset, true);
    const [nameBytes, extraBytes, commentBytes] = [short(28), short(30), short(32)];
    const extra = at + lengths.entry + nameBytes;
    const name = new Uint8Array(directory.buffer, directory.byteOffset + at + lengths.entry, nameBytes);
    let wide = zip64Field(directory, extra, extra + extraBytes);
    const whole = (value: number) => {
      if (value !== seeZip64.long || wide === undefined) return value;
      wide += 8;
      return numberOf(directory, wide - 8);
    };
    const bytes = whole(long(24)); // in the order of the zip64 field
    const compressedBytes = whole(long(20));
    const offset = whole(long(42)) + shift;
    yield {
      ...{ name: decodeName(name), encrypted: (short(8) & 1) !== 0, method: short(10) },
      ...{ crc: long(16), compressedBytes, bytes, offset },
    };
    at = extra + extraBytes + commentBytes;
  }
}

/** Where the values of the zip64 field begin. */
function zip64Field(view: DataView, start: number, end: number): number | undefined {
  for (let at = start; at + 4 <= end; at += 4 + view.getUint16(at + 2, true))
    if (view.getUint16(at, true) === 1) return at + 4;
  return undefined;
}

/** Of 64 bits. */
function numberOf(view: DataView, offset: number): number {
  const value = Number(view.getBigUint64(offset, true));
  if (!Number.isSafeInteger(value)) throw new RangeError("a number beyond every file");
  return value;
}

/** Throws RangeError where the file is shorter. */
async function viewOf(file: Blob, start: number, length: number): Promise<DataView<ArrayBuffer>> {
  if (start < 0 || length < 0 || start + length > file.size) throw new RangeError("beyond the file");
  return new DataView(await file.slice(start, start + length).arrayBuffer());
}

/** As the command line guesses: UTF-8 where it is, else the code page of Chinese Windows, else that of the first zips. */
function decodeName(bytes: Uint8Array<ArrayBuffer>): string {
  for (const encoding of ["utf-8", "gb18030"])
    try {
      return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {} // the next one
  return Array.from(bytes, (byte) => (byte < 128 ? String.fromCharCode(byte) : codePage437[byte - 128])).join(
    "",
  );
}

const codePage437 =
  "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0";
