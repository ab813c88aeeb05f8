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

/** Of extra fields. */
const fields = { zip64: 1, path: 0x7075 };

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
    const name = bytesOf(directory, at + lengths.entry, extra);
    const field = (id: number) => fieldOf(directory, extra, extra + extraBytes, id);
    let wide = field(fields.zip64);
    const whole = (value: number) => {
      if (value !== seeZip64.long || wide === undefined) return value;
      wide += 8;
      return numberOf(directory, wide - 8);
    };
    const bytes = whole(long(24)); // in the order of the zip64 field
    const compressedBytes = whole(long(20));
    const offset = whole(long(42)) + shift;
    yield {
      ...{
        name: nameOf(directory, name, field(fields.path)),
        encrypted: (short(8) & 1) !== 0,
        method: short(10),
      },
      ...{ crc: long(16), compressedBytes, bytes, offset },
    };
    at = extra + extraBytes + commentBytes;
  }
}

/** Where the values of an extra field begin. */
function fieldOf(view: DataView, start: number, end: number, id: number): number | undefined {
  for (let at = start; at + 4 <= end; at += 4 + view.getUint16(at + 2, true))
    if (view.getUint16(at, true) === id) return at + 4;
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

const sums: Int32Array = Int32Array.from({ length: 256 }, (_, byte) => {
  let sum = byte;
  for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  return sum;
});

/** CRC-32, of which -1 is the beginning and the complement the result. */
export function addToSum(sum: number, bytes: Uint8Array): number {
  for (const byte of bytes) sum = (sum >>> 8) ^ (sums[(sum ^ byte) & 255] as number);
  return sum;
}

/** In UTF-8, where the entry has it beside its name (APPNOTE 4.6.9), made for this very name. */
function nameOf(
  view: DataView<ArrayBuffer>,
  name: Uint8Array<ArrayBuffer>,
  field: number | undefined,
): string {
  if (field === undefined) return decodeName(name);
  const end = field + view.getUint16(field - 2, true);
  const isOfName = end > field + 5 && view.getUint32(field + 1, true) === ~addToSum(-1, name) >>> 0;
  return decodeName(isOfName ? bytesOf(view, field + 5, end) : name);
}

/** Throws RangeError where the view is shorter. */
function bytesOf(view: DataView<ArrayBuffer>, start: number, end: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(view.buffer, view.byteOffset + start, end - start);
}

interface CodePage {
  readonly name: string;
  /** The bytes of what is usual in it, from and to: of pairs the first and the second, else of letters. */
  readonly first: string;
  readonly second?: string;
  /** One or two such letters at a time, among more of ASCII. */
  readonly isLatin?: true;
}

/** The first that fits counts: what is usual in one may be rare in those behind it. As in the command line (zip_archive.cpp). */
const codePages: readonly CodePage[] = [
  { name: "gb18030", first: "\xa1\xa3\xb0\xf7", second: "\xa1\xfe" },
  { name: "850", first: "\x80\x9b\x9d\x9d\xa0\xa5\xc6\xc6\xe1\xe1\xe6\xe6\xf8\xf8", isLatin: true },
  { name: "windows-1252", first: "\xb0\xb0\xb5\xb5\xc0\xd6\xd8\xf6\xf8\xff", isLatin: true },
  { name: "shift_jis", first: "\x81\x83\x88\x9f\xe0\xea", second: "\x40\x7e\x80\xfc" },
  { name: "ibm866", first: "\x80\xaf\xe0\xf1\xfc\xfc" },
  { name: "big5", first: "\xa4\xc6\xc9\xf9", second: "\x40\x7e\xa1\xfe" },
];

/** UTF-8 where it is, else in the code page that fits, or that of Chinese Windows, in which most that is no text fails. */
function decodeName(bytes: Uint8Array<ArrayBuffer>): string {
  const fitting = codePages.filter((page) => fits(bytes, page));
  for (const { name } of [{ name: "utf-8" }, ...fitting, { name: "gb18030" }])
    try {
      if (name !== "850") return new TextDecoder(name, { fatal: true, ignoreBOM: true }).decode(bytes);
      break; // which browsers do not know
    } catch {} // the next one
  return Array.from(bytes, (byte) => (byte < 128 ? String.fromCharCode(byte) : codePage850[byte - 128])).join(
    "",
  );
}

function fits(bytes: Uint8Array, { first, second, isLatin }: CodePage): boolean {
  let [letters, ofAscii, together] = [0, 0, 0];
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    if (byte < 128) {
      if (together === 0 && liesIn("AZaz", byte)) ofAscii++;
      together = 0;
      continue;
    }
    if (!liesIn(first, byte) || (second && !liesIn(second, bytes[++at]))) return false;
    letters++;
    if (++together > 2 && isLatin) return false;
  }
  return !isLatin || ofAscii > letters;
}

function liesIn(ranges: string, byte = -1): boolean {
  for (let at = 0; at < ranges.length; at += 2)
    if (ranges.charCodeAt(at) <= byte && byte <= ranges.charCodeAt(at + 1)) return true;
  return false;
}

const codePage850 =
  "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0";
