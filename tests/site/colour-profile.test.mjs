// The name of the colour profile that a file carries, where its colours are not sRGB.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { iccProfile, jpegWithExif, jpegWithProfile, pngWithProfile, webpWithProfile } from "../icc.mjs";
import { drawSmears } from "../support.mjs";
import { writeTiff } from "../tiff.mjs";
import { load } from "./source.mjs";

const { colourProfileOf } = await load("state/colour-profile.ts");

const [png] = drawSmears({ count: 1 }).map((path) => readFileSync(path));
const [jpeg] = drawSmears({ count: 1, format: "jpg" }).map((path) => readFileSync(path));
const grey = { width: 200, height: 300, rgba: new Uint8Array(4 * 200 * 300).fill(128) };
const kinds = {
  png: (profile) => pngWithProfile(png, profile),
  jpeg: (profile) => jpegWithProfile(jpeg, profile),
  webp: webpWithProfile,
  tiff: (profile) => writeTiff(grey, { profile: Buffer.from(profile) }),
};
const nameIn = (...bytes) => colourProfileOf(new Blob(bytes));

describe("a file's colour profile", () => {
  for (const [kind, withProfile] of Object.entries(kinds))
    test(`is named, in a file of the kind ${kind}, unless it is sRGB`, async () => {
      for (const version of [2, 4]) {
        for (const name of ["Display P3", "Adobe RGB (1998)"])
          assert.equal(await nameIn(withProfile(iccProfile(name, { version }))), name);
        assert.equal(await nameIn(withProfile(iccProfile("sRGB IEC61966-2.1", { version }))), undefined);
      }
    });

  test("is Adobe RGB where a camera says so in EXIF, in either order of bytes", async () => {
    for (const little of [false, true]) {
      const named = (exif) => nameIn(jpegWithExif(jpeg, { little, ...exif }));
      assert.equal(await named({ colourSpace: 0xffff, index: "R03" }), "Adobe RGB (1998)");
      assert.equal(await named({ colourSpace: 2 }), "Adobe RGB (1998)");
      assert.equal(await named({ colourSpace: 1, index: "R98" }), undefined);
      assert.equal(await named({ colourSpace: 0xffff }), undefined);
    }
    const both = jpegWithProfile(jpegWithExif(jpeg, { colourSpace: 2 }), iccProfile("Display P3"));
    assert.equal(await nameIn(both), "Display P3");
  });

  test("of a TIFF is found wherever it lies, and in BigTIFF of the other order of bytes", async () => {
    const profile = Buffer.from(iccProfile("Display P3"));
    const far = writeTiff({ ...grey, rgba: new Uint8Array(4 * 300_000) }, { compression: "none", profile });
    assert.equal(await nameIn(far), "Display P3");
    const big = Buffer.alloc(16 + 8 + 20 + 8);
    big.write("MM\0+\0\b\0\0", "latin1");
    big.writeBigUInt64BE(16n, 8);
    big.writeBigUInt64BE(1n, 16);
    big.writeUInt16BE(34_675, 24);
    big.writeUInt16BE(7, 26);
    big.writeBigUInt64BE(BigInt(profile.length), 28);
    big.writeBigUInt64BE(BigInt(big.length), 36);
    assert.equal(await nameIn(big, profile), "Display P3");
  });

  test("of grey says nothing of colours", async () => {
    assert.equal(await nameIn(kinds.png(iccProfile("Dot Gain 20%", { space: "GRAY" }))), undefined);
  });

  test("is not there in a file without one, in one that is cut short, or in what is no picture", async () => {
    for (const bytes of [
      png,
      jpeg,
      new Uint8Array(),
      new Uint8Array([0xff, 0xd8]),
      Buffer.from("RIFF1234WEBP"),
    ])
      assert.equal(await nameIn(bytes), undefined);
    for (const withProfile of Object.values(kinds)) {
      const file = withProfile(iccProfile("Display P3"));
      for (let length = 0; length < file.length; length += length < 400 ? 7 : 97)
        assert.ok(
          [undefined, "Display P3"].includes(await nameIn(file.subarray(0, length))),
          `${length} bytes`,
        );
    }
  });

  test("that inflates without end is read as far as a profile goes", async () => {
    const endless = Buffer.concat([Buffer.from(iccProfile("Display P3")), Buffer.alloc(40_000_000)]);
    assert.equal(await nameIn(kinds.png(endless)), "Display P3");
  });
});
