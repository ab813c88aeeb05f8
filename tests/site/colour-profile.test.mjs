// The name of the colour profile that a file carries, where its colours are not sRGB.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { iccProfile, jpegWithProfile, pngWithProfile, webpWithProfile } from "../icc.mjs";
import { drawSmears } from "../support.mjs";
import { load } from "./source.mjs";

const { colourProfileOf } = await load("state/colour-profile.ts");

const [png] = drawSmears({ count: 1 }).map((path) => readFileSync(path));
const [jpeg] = drawSmears({ count: 1, format: "jpg" }).map((path) => readFileSync(path));
const kinds = {
  png: (profile) => pngWithProfile(png, profile),
  jpeg: (profile) => jpegWithProfile(jpeg, profile),
  webp: webpWithProfile,
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
      for (let length = 0; length < Math.min(file.length, 400); length += 7)
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
