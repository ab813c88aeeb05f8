// Zip archives as the page reads them: what can be read of each, and the reason for what cannot.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { writeZip } from "../zip.mjs";
import { load } from "./source.mjs";

const { ArchiveError, readArchive, writeArchive } = await load("persistence/archive.ts");

const text = (name, content = `what is in ${name}`) => ({ name, content });

/** What an entry is called, and the bytes that programs write for it: UTF-8 or a code page. */
const namesInCodePages = {
  "细胞/图片1.png": [
    "\xe7\xbb\x86\xe8\x83\x9e/\xe5\x9b\xbe\xe7\x89\x871.png",
    "\xcf\xb8\xb0\xfb/\xcd\xbc\xc6\xac1.png",
  ],
  "Größe 20µm.png": ["Gr\x94\xe1e 20\xe6m.png"],
  "Basófilos/Zähler.png": ["Bas\xa2filos/Z\x84hler.png", "Bas\xf3filos/Z\xe4hler.png"],
  "好中球/リンパ球.png": ["\x8dD\x92\x86\x8b\x85/\x83\x8a\x83\x93\x83p\x8b\x85.png"],
  "嗜中性球/1.png": ["\xb6\xdd\xa4\xa4\xa9\xca\xb2y/1.png"],
  "Нейтрофилы/мазок №1.png": ["\x8d\xa5\xa9\xe2\xe0\xae\xe4\xa8\xab\xeb/\xac\xa0\xa7\xae\xaa \xfc1.png"],
  "Zähler\u00a0": ["Z\x84hler\xff"],
};

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

  test("with names in UTF-8 or a code page shows them readably", async () => {
    const names = Object.entries(namesInCodePages).flatMap(([name, all]) =>
      all.map((bytes) => [name, bytes]),
    );
    const archive = writeZip(names.map(([, bytes]) => ({ name: Buffer.from(bytes, "latin1"), content: "" })));
    assert.deepEqual(
      (await read(archive)).map(([name]) => name),
      names.map(([name]) => name),
    );
  });

  test("with a name in UTF-8 beside that of a code page shows that, but none of another name", async () => {
    const name = Buffer.from("\xf8\xb3.png", "latin1");
    const archive = writeZip([{ name, content: "", path: "°│.png" }]);
    assert.deepEqual(await read(archive), [["°│.png", ""]]);
    const at = archive.lastIndexOf(name);
    archive[at] = 0x78; // as a program changes it that does not know the field
    assert.equal((await read(archive))[0][0], "x│.png");
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
