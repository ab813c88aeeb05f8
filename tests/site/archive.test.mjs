// Zip archives as the page reads them: what can be read of each, and the reason for what cannot.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { writeZip } from "../zip.mjs";
import { load } from "./source.mjs";

const { ArchiveError, readArchive, writeArchive } = await load("persistence/archive.ts");

const text = (name, content = `what is in ${name}`) => ({ name, content });

/** [name, content or refusal] of each entry. */
async function read(bytes, wanted) {
  const entries = [];
  for await (const { name, file, refusal } of readArchive(new Blob([bytes]), wanted))
    entries.push([name, file ? await file.text() : refusal]);
  return entries;
}

const fails = (fault) => (error) => error instanceof ArchiveError && error.fault === fault;

describe("an archive", () => {
  test("gives its stored and deflated files that are wanted, in its order, without folders", async () => {
    const archive = writeZip([
      { name: "folder/", content: "", method: 0 },
      { ...text("folder/b.png"), method: 0 },
      text("a.png"),
      text("notes.txt"),
    ]);
    assert.deepEqual(await read(archive, (name) => name.endsWith(".png")), [
      ["folder/b.png", "what is in folder/b.png"],
      ["a.png", "what is in a.png"],
    ]);
  });

  test("that the page wrote is read again", async () => {
    const written = await writeArchive([["a.png", new Blob(["a"])]]);
    assert.deepEqual(await read(await written.arrayBuffer()), [["a.png", "a"]]);
  });

  test("of zip64, and one behind other bytes, is read", async () => {
    const entries = [text("a.png"), text("b.png")];
    const expected = entries.map(({ name, content }) => [name, content]);
    assert.deepEqual(await read(writeZip(entries, { wide: true })), expected);
    assert.deepEqual(await read(writeZip(entries, { before: Buffer.from("#!/bin/sh\n") })), expected);
  });

  test("names what it cannot give, and gives the others", async () => {
    const archive = writeZip([
      { ...text("locked.png"), flags: 1 },
      { ...text("other.png"), method: 12 },
      { ...text("sum.png"), crc: 1 },
      { ...text("long.png"), bytes: 3 },
      { ...text("short.png"), bytes: 300 },
      { ...text("noise.png"), stored: Buffer.from("no deflated bytes") },
      { ...text("huge.png"), bytes: 2 ** 30 },
      text("good.png"),
    ]);
    assert.deepEqual(await read(archive), [
      ["locked.png", { reason: "encrypted" }],
      ["other.png", { reason: "method", method: 12 }],
      ["sum.png", { reason: "damaged" }],
      ["long.png", { reason: "damaged" }],
      ["short.png", { reason: "damaged" }],
      ["noise.png", { reason: "damaged" }],
      ["huge.png", { reason: "tooLarge" }],
      ["good.png", "what is in good.png"],
    ]);
  });

  test("whose entries lie elsewhere than it says names each", async () => {
    const archive = writeZip([text("a.png"), text("b.png")]);
    archive.fill(0, 0, 4); // the first local header
    assert.deepEqual(await read(archive), [
      ["a.png", { reason: "damaged" }],
      ["b.png", "what is in b.png"],
    ]);
  });

  test("with names in UTF-8, a Chinese code page or that of the first zips shows them readably", async () => {
    const names = [
      Buffer.from("细胞.png"),
      Buffer.from([0xcf, 0xb8, 0xb0, 0xfb, 0x2e, 0x70, 0x6e, 0x67]), // 细胞.png in GBK
      Buffer.from([0x5a, 0x84, 0x68, 0x6c, 0x65, 0x72, 0xff]), // Zähler in code page 437
    ];
    const archive = writeZip(names.map((name) => ({ name, content: "" })));
    assert.deepEqual(
      (await read(archive)).map(([name]) => name),
      ["细胞.png", "细胞.png", "Zähler\u00a0"],
    );
  });

  test("in an archive is read too, a broken one named, a third one left as it is", async () => {
    const third = { name: "third.zip", content: writeZip([text("deep.png")]) };
    const inner = {
      name: "inner.ZIP",
      content: writeZip([text("a.png"), { ...text("b.png"), flags: 1 }, third]),
    };
    const broken = { name: "broken.zip", content: "no archive" };
    const archive = writeZip([inner, broken, text("c.png")]);
    assert.deepEqual(await read(archive, (name) => name.endsWith(".png")), [
      ["inner.ZIP/a.png", "what is in a.png"],
      ["inner.ZIP/b.png", { reason: "encrypted" }],
      ["broken.zip", { reason: "noArchive" }],
      ["c.png", "what is in c.png"],
    ]);
  });

  test("that is cut, or none, or lies about its directory, is refused whole", async () => {
    const archive = writeZip([text("a.png"), text("b.png")]);
    const lying = Buffer.from(archive);
    lying.writeUInt32LE(7, lying.length - 6); // where its directory begins: then it begins elsewhere
    for (const bytes of [archive.subarray(0, -30), Buffer.from("no archive"), Buffer.alloc(0)])
      await assert.rejects(read(bytes), fails("damaged"));
    assert.equal((await read(lying)).length, 2); // as of an archive behind other bytes
    for (const end of [22, 42, 58, 98]) {
      const wide = writeZip([text("a.png")], { wide: true });
      wide.fill(0xee, wide.length - end, wide.length - end + 12);
      await assert.rejects(read(wide), fails("damaged"));
    }
  });

  test("of more entries than any set of images has is refused", async () => {
    const many = Array.from({ length: 50_001 }, () => ({ name: "a", content: "", method: 0 }));
    await assert.rejects(
      read(writeZip(many), () => false),
      fails("tooLarge"),
    );
  });
});
