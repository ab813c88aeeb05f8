// What a person does while the page waits for something else is kept: what comes late takes nothing back, and is shown nowhere else.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { load } from "./source.mjs";

globalThis.window ??= globalThis;
globalThis.location ??= new URL("http://localhost/");
globalThis.ImageData = class {};

/** Thumbnails are encoded as soon as this says so. */
let encoded = Promise.resolve(new Blob());
globalThis.OffscreenCanvas = class {
  getContext = () => ({ putImageData() {}, fillRect() {} });
  convertToBlob = () => encoded;
};

/** A fresh page, in which nothing has happened yet. */
async function page() {
  delete globalThis.document; // Lit would take it for one to draw in
  const modules = await load(
    ...["state/store.ts", "state/classifiers.ts", "state/framing.ts", "state/batch-queue.ts"],
    ...["persistence/session.ts", "persistence/session-format.ts", "persistence/archive.ts"],
    ...[
      "persistence/exports.ts",
      "intake/import.ts",
      "state/notices.ts",
      "state/page.ts",
      "i18n/index.ts",
      "../src/caller/batch.ts",
    ],
  );
  globalThis.document = { documentElement: {} };
  return modules;
}

/** To be passed at a moment of the test's choice. */
function gate() {
  let resolve;
  const promise = new Promise((pass) => {
    resolve = pass;
  });
  return { promise, resolve };
}

const cellAt = (x, y) => ({
  ...{ box: { x: x - 10, y: y - 10, width: 20, height: 20 }, x, y, diameter: 20, outline: [], score: 1 },
  ...{ verdict: "classified", label: "neutrophil", confidence: 0.9, typicality: 0.5, flags: [] },
  predictions: [{ label: "neutrophil", probability: 0.9 }],
});

const found = (...cells) => ({
  ...{ kind: "found", model: "m", microscope: undefined, whole: false, width: 100, height: 100 },
  ...{ decoder: "engine", page: 1, pages: 1, notes: [], redCell: null, cells, spriteSheet: undefined },
  timings: { decodeMs: 1, locateMs: 1, prepareMs: 1, inferMs: 1 },
});

/** A picture of a file of its own, answered with these cells. */
function answered({ store, newPicture, keyOf }, name, ...cells) {
  const picture = newPicture(new Blob([name]), name);
  store.add([picture]);
  const outcome = found(...cells);
  store.settle(new Map([[picture, outcome]]));
  const keys = cells.map((cell) => keyOf(picture.id, outcome, cell));
  return { picture: store.pictures.find(({ id }) => id === picture.id), keys };
}

/** A classifier whose opened pictures answer what was asked before they were closed, once `passed`. */
const classifierThat = (passed = Promise.resolve()) => ({
  model: { name: "m", labels: [], input: { region: "cell" } },
  profile: null,
  dispose: () => undefined,
  async open() {
    const ask = (cell) => ({ ...cell, label: this.profile ? "monocyte" : "neutrophil" });
    let closed = false;
    const answer = async (value) => {
      if (closed) throw new Error("This picture was closed: open it again.");
      await passed;
      return value;
    };
    return {
      ...{ width: 100, height: 100 },
      classifyFramed: ([box]) =>
        answer([ask({ ...cellAt(box.x + box.width / 2, box.y + box.height / 2), box })]),
      thumbnails: () => answer({ width: 1, height: 1, rgba: new Uint8ClampedArray(4) }),
      close: () => {
        closed = true;
      },
    };
  },
});

describe("while a session is being opened", () => {
  test("what is said of other cells stays said, and what is looked at stays selected", async () => {
    const here = await page();
    const { store, classifiers, openSession, write, writeArchive } = here;
    const saved = answered(here, "saved", cellAt(30, 30));
    const sheet = { sample: { id: "", note: "", date: "", operator: "" }, edges: "topLeft", target: 100 };
    const text = write(
      store.pictures,
      store.edits,
      store.framed,
      { ...sheet, includesErythroblasts: true },
      "",
    );
    const entries = [
      ["leukolens.json", new Blob([text])],
      ["pictures/000001", saved.picture.file],
    ];
    const file = await writeArchive(entries);
    store.clear();

    const [, other] = [answered(here, "first", cellAt(50, 50)), answered(here, "second", cellAt(40, 40))];
    store.select(other.picture.id);
    const opening = gate();
    classifiers.current = { ...classifierThat(), open: () => opening.promise };
    const opened = openSession(file, "saved.leukolens");
    await pause(50);
    store.correct(other.keys[0], "monocyte");
    opening.resolve(await classifierThat().open());
    await opened;

    assert.deepEqual(
      store.pictures.map(({ name }) => name),
      ["first", "second", "saved"],
    );
    assert.equal(store.edits.corrections.get(other.keys[0]), "monocyte");
    assert.deepEqual(store.selection, { picture: other.picture.id, cell: other.keys[0] });
  });
});

describe("while the engine is asked about a frame", () => {
  const box = { x: 60, y: 60, width: 20, height: 20 };

  test("its picture may be answered anew", async () => {
    const here = await page();
    const { store, classifiers, frame } = here;
    const { picture } = answered(here, "one", cellAt(30, 30));
    const asked = gate();
    classifiers.current = classifierThat(asked.promise);
    store.classifyAgain();
    const [waiting] = store.pictures;
    const framing = frame(waiting, box);
    await pause(20);
    store.settle(new Map([[waiting, found(cellAt(30, 30))]]));
    asked.resolve();
    assert.equal(await framing, `${picture.id}/+60,60,20,20`);
    assert.equal(store.cells.length, 2);
  });

  test("another picture may be selected, and stays so", async () => {
    const here = await page();
    const { store, classifiers, frame } = here;
    const [one, other] = [answered(here, "one", cellAt(30, 30)), answered(here, "other", cellAt(40, 40))];
    const asked = gate();
    classifiers.current = classifierThat(asked.promise);
    store.select(one.picture.id);
    const framing = frame(one.picture, box);
    await pause(20);
    store.select(other.picture.id);
    asked.resolve();
    assert.ok(await framing);
    assert.equal(store.cells.filter(({ framed }) => framed).length, 1);
    assert.equal(store.selection.picture, other.picture.id);
  });

  test("another profile may come into force, by which it is asked again", async () => {
    const here = await page();
    const { store, classifiers, frame } = here;
    const { picture } = answered(here, "one", cellAt(30, 30));
    const asked = gate();
    classifiers.current = classifierThat(asked.promise);
    const framing = frame(picture, box);
    await pause(20);
    classifiers.current.profile = { name: "mine", sha256: "ab" };
    asked.resolve();
    const key = await framing;
    await pause(20);
    assert.equal(store.framed.get(key).cell.label, "monocyte");
    assert.equal(store.framed.get(key).microscope, "ab");
  });
});

describe("a batch", () => {
  test("that is paused begins anew when all is to be classified again", async () => {
    const { store, newPicture, classifiers, batchQueue, workInOrder } = await page();
    const thumbnails = { width: 1, height: 1, rgba: new Uint8ClampedArray(4) };
    const first = gate();
    let answers = 0;
    const answer = async (_, signal) => {
      answers++;
      if (answers === 1) await first.promise;
      else if (answers === 2) await new Promise((_, stop) => signal.addEventListener("abort", stop));
      return { ...found(), thumbnails, differential: {} };
    };
    classifiers.current = {
      ...classifierThat(),
      classifyAll: (files, options) => workInOrder(files, 2, answer, options),
    };
    // Without an end to looking for what waits, nothing else would ever happen.
    let looks = 0;
    let { pictures } = store;
    Object.defineProperty(store, "pictures", {
      get() {
        if (++looks > 20_000) throw new Error("There is no end to looking.");
        return pictures;
      },
      set(list) {
        pictures = list;
      },
    });
    batchQueue.start();
    store.add(["a", "b", "c"].map((name) => newPicture(new Blob([name]), name)));
    await pause(20);
    batchQueue.pause();
    const encoding = gate();
    encoded = encoding.promise;
    first.resolve();
    await pause(20);
    batchQueue.classifyAgain(); // while the first answer's thumbnails are being encoded
    setTimeout(() => encoding.resolve(new Blob()), 50);
    await pause(600);
    assert.ok(looks < 20_000, String(looks));
    assert.equal(batchQueue.state, "idle");
    assert.ok(pictures.every(({ waiting, outcome }) => !waiting && outcome.kind === "found"));
  });
});

describe("a model that was chosen", () => {
  test("is waited for where the one before it fails, and stays in force", async () => {
    const { classifiers, Classifier } = await page();
    const [first, second] = [gate(), gate()];
    const asked = [];
    Classifier.load = ({ model }) => {
      asked.push(model);
      return asked.length === 1 ? first.promise : second.promise;
    };
    const usual = classifiers.use(undefined);
    const own = classifiers.use("own");
    first.resolve(Promise.reject(new Error("no network")));
    await assert.rejects(usual);
    const ready = classifiers.ready();
    await pause(20);
    second.resolve({ ...classifierThat(), use: async () => undefined });
    assert.equal(await ready, await own);
    assert.deepEqual(asked, [undefined, "own"]);
  });

  test("is asked for anew where it failed", async () => {
    const { classifiers, Classifier } = await page();
    Classifier.load = async () => {
      throw new Error("no network");
    };
    await assert.rejects(classifiers.ready());
    Classifier.load = async () => classifierThat();
    assert.ok(await classifiers.ready());
  });
});

describe("the language", () => {
  /** Its words come once what this gives is resolved. */
  function delay(language) {
    const late = gate();
    const { load } = language;
    language.load = async () => {
      await late.promise;
      return load();
    };
    return late;
  }

  test("is the one that was chosen last, however late another one comes", async () => {
    const here = await page();
    const { languages, setLanguage } = here;
    const late = delay(languages.de);
    const german = setLanguage("de");
    await setLanguage("es");
    late.resolve();
    await german;
    assert.equal(here.language, "es");
    assert.equal(here.words.language, "Español");
  });

  test("is also that of words that are fetched while it changes", async () => {
    const { languages, setLanguage, openChapter } = await page();
    const late = delay(languages.de);
    const german = setLanguage("de");
    const words = (tag) => [tag, async () => tag];
    const chapter = await openChapter(Object.fromEntries(["en", "de", "es", "zh"].map(words)));
    late.resolve();
    await german;
    assert.equal(chapter.words, "de");
  });
});

describe("a single picture that another one would take the place of", () => {
  /** Hands one in, and does something else before it is there. */
  async function handIn({ importEntries }, meanwhile, name = "next") {
    await importEntries(
      (async function* () {
        await meanwhile();
        yield { kind: "picture", file: new Blob([name]), name };
      })(),
    );
  }

  /** Answers every picture that is there. */
  const settleAll = ({ store }) =>
    store.settle(new Map(store.pictures.map((picture) => [picture, found(cellAt(30, 30))])));

  test("gives way to it, as when trying one after another", async () => {
    const here = await page();
    answered(here, "one", cellAt(30, 30));
    await handIn(here, async () => undefined);
    assert.deepEqual(
      here.store.pictures.map(({ name }) => name),
      ["next"],
    );
  });

  test("comes back in its place by undoing, step by step, and goes again by doing again", async () => {
    const here = await page();
    const { store, turn } = here;
    const names = () => store.pictures.map(({ name, page = 1 }) => `${name} ${page}`).join();
    answered(here, "one", cellAt(30, 30));
    for (const name of ["second", "third"]) {
      await handIn(here, async () => undefined, name);
      settleAll(here);
    }
    assert.equal(names(), "third 1");
    store.undo();
    assert.equal(names(), "second 1");
    // Whichever page of it is shown.
    const [second] = store.pictures;
    store.settle(new Map([[second, { ...found(cellAt(30, 30)), pages: 2 }]]));
    turn(store.picture, 1);
    assert.equal(names(), "second 2");
    store.undo();
    assert.equal(names(), "one 1");
    store.redo();
    assert.equal(names(), "second 2");
    store.redo();
    assert.equal(names(), "third 1");
    assert.equal(store.picture.name, "third");
  });

  test("stays where a person has spoken of it meanwhile", async () => {
    const here = await page();
    const { keys } = answered(here, "one", cellAt(30, 30));
    await handIn(here, async () => here.store.correct(keys[0], "monocyte"));
    assert.equal(here.store.pictures.length, 2);
  });

  test("stays where it came meanwhile itself", async () => {
    const here = await page();
    await handIn(here, async () => answered(here, "one", cellAt(30, 30)));
    assert.equal(here.store.pictures.length, 2);
  });
});

describe("what is exported", () => {
  test("is of one moment: its count is that of its cells", async () => {
    const here = await page();
    const { store, exportAs } = here;
    const one = answered(here, "one", cellAt(30, 30));
    const other = answered(here, "other", cellAt(40, 40));
    const read = gate();
    one.picture.file.slice = () => ({ arrayBuffer: () => read.promise });
    const { createObjectURL } = URL;
    let file;
    URL.createObjectURL = (content) => {
      file = content;
      return createObjectURL(content);
    };
    document.createElement = () => ({ click() {} });
    const exported = exportAs("json", [{ id: "neutrophil" }, { id: "monocyte" }]);
    await pause(50);
    store.correct(other.keys[0], "monocyte");
    read.resolve(new ArrayBuffer(16));
    await exported;
    URL.createObjectURL = createObjectURL;
    const { differential, pictures } = JSON.parse(await file.text());
    const neutrophils = pictures.flatMap(({ cells }) => cells).filter(({ label }) => label === "neutrophil");
    assert.equal(differential.classes[0].count, neutrophils.length);
  });
});

describe("a file that cannot be read", () => {
  for (const [what, error, reason] of [
    ["since it was moved", new DOMException("gone", "NotFoundError"), /moved or locked/],
    ["for want of a part of the page", new TypeError("Failed to fetch"), /did not load/],
  ])
    test(`${what} is said to be so`, async () => {
      const { importEntries, notices } = await page();
      await importEntries({ [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(error) }) });
      assert.match(notices.list[0].text(), reason);
    });
});
