// Colour profiles with nothing but a name, and files that carry one.
import { crc32, deflateSync } from "node:zlib";

/** As far as anybody looks who asks for its name: version 2 has it in ASCII, version 4 in UTF-16. */
export function iccProfile(name, { version = 4, space = "RGB " } = {}) {
  const text = version < 4 ? Buffer.from(`${name}\0`) : Buffer.from(name, "utf16le").swap16();
  const at = 144;
  const begin = version < 4 ? 12 : 28;
  const profile = Buffer.alloc(at + begin + text.length);
  profile.writeUInt32BE(profile.length);
  profile[8] = version;
  profile.write(`mntr${space}XYZ `, 12);
  profile.write("acsp", 36);
  profile.writeUInt32BE(1, 128); // one tag
  profile.write("desc", 132);
  profile.writeUInt32BE(at, 136);
  profile.writeUInt32BE(begin + text.length, 140);
  profile.write(version < 4 ? "desc" : "mluc", at);
  if (version < 4) profile.writeUInt32BE(text.length, at + 8);
  else
    for (const [i, value] of [1, 12, 0x656e5553, text.length, begin].entries())
      profile.writeUInt32BE(value, at + 8 + 4 * i);
  text.copy(profile, at + begin);
  return profile;
}

/** A PNG with a profile after its header. */
export function pngWithProfile(png, profile) {
  const body = Buffer.concat([Buffer.from("iCCPof a test\0\0"), deflateSync(profile)]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(body.length - 4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([png.subarray(0, 33), length, body, check, png.subarray(33)]);
}

/** A JPEG with a profile after its first two bytes. */
export function jpegWithProfile(jpeg, profile) {
  const head = Buffer.from("\xff\xe2\0\0ICC_PROFILE\0\x01\x01", "latin1");
  head.writeUInt16BE(head.length - 2 + profile.length, 2);
  return Buffer.concat([jpeg.subarray(0, 2), head, profile, jpeg.subarray(2)]);
}

/** What a WebP file with a profile begins with. */
export function webpWithProfile(profile) {
  const head = Buffer.from("RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\x20\0\0\0\0\0\0\0\0\0ICCP\0\0\0\0", "latin1");
  head.writeUInt32LE(profile.length, head.length - 4);
  return Buffer.concat([head, profile]);
}

/** A JPEG in whose EXIF a camera names its colours: `colourSpace` and, if there is one, the interoperability `index`. */
export function jpegWithExif(jpeg, { colourSpace, index, little = false }) {
  const block = Buffer.alloc(74);
  const short = (value, at) => (little ? block.writeUInt16LE(value, at) : block.writeUInt16BE(value, at));
  const long = (value, at) => (little ? block.writeUInt32LE(value, at) : block.writeUInt32BE(value, at));
  const entry = (at, tag, type, count) => {
    for (const [i, value] of [tag, type].entries()) short(value, at + 2 * i);
    long(count, at + 4);
  };
  block.write(little ? "II" : "MM");
  short(42, 2);
  long(8, 4);
  short(1, 8);
  entry(10, 0x8769, 4, 1);
  long(26, 18);
  short(index ? 2 : 1, 26);
  entry(28, 0xa001, 3, 1);
  short(colourSpace, 36);
  entry(40, 0xa005, 4, 1);
  long(56, 48);
  short(1, 56);
  entry(58, 1, 2, 4);
  block.write(index ?? "", 66);
  const head = Buffer.from("\xff\xe1\0\0Exif\0\0", "latin1");
  head.writeUInt16BE(head.length - 2 + block.length, 2);
  return Buffer.concat([jpeg.subarray(0, 2), head, block, jpeg.subarray(2)]);
}
