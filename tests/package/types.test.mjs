// The package's declarations and contents, as a consumer meets them.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { brotliCompressSync } from "node:zlib";
import { at, defaultModel, installConsumers, installPackage, tarball, writeFiles } from "../support.mjs";
import { load } from "./consumers/load.mjs";

const { folder } = installPackage();

const program = `
import { Classifier, differential, LeukolensError, type Cell, type Classification, type DecodedImage, type ErrorCode, type Example, type Heatmap, type OpenedPicture, type Pixels, type Profile } from "leukolens";

export async function names(images: Blob[]): Promise<string[]> {
  using classifier = await Classifier.load({ workers: "auto" });
  const names: string[] = [];
  for await (const item of classifier.classifyAll(images)) {
    names.push(item.error ? item.error.code : (item.label ?? item.verdict), String(item.source.size));
  }
  return names;
}

export async function count(classifier: Classifier, images: Blob[]): Promise<number> {
  const cells: Cell[] = [];
  for await (const item of classifier.classifyAll(images, { field: true })) if (!item.error) cells.push(...item.cells);
  const { cells: located, redCell } = await classifier.locate(images[0]!);
  const field = await classifier.classifyField(images[0]!);
  field.differential.classes.map(({ label, percentInterval: [low, high] }) => [label, low, high]);
  return differential(cells, classifier.model.labels).total + located.length + (redCell ?? 0);
}

export async function size(classifier: Classifier, image: Blob): Promise<number> {
  const { width, rgba }: DecodedImage = await classifier.decode(image);
  return rgba.length / width;
}

export async function explainAll(classifier: Classifier, image: Blob, signal: AbortSignal): Promise<Heatmap[]> {
  using picture: OpenedPicture = await classifier.open(image, { signal });
  const { cells, differential } = await picture.classifyField({ signal });
  const sheet: Pixels = await picture.thumbnails(cells.map(({ box }) => box), 96);
  const maps: Heatmap[] = [await picture.explain()];
  for (const cell of cells) maps.push(await picture.explain(cell, { label: "monocyte", signal }));
  return sheet.width > 0 && differential.total > 0 ? maps : [];
}

export async function learn(classifier: Classifier, image: Blob, file: File, signal: AbortSignal): Promise<number> {
  using picture: OpenedPicture = await classifier.open(image);
  const { cells, stain } = await picture.classifyField();
  const examples: Example[] = cells.map((cell) => ({ picture, cell, label: cell.label ?? "monocyte" }));
  const leftOut: ErrorCode[] = [];
  const options = { name: "room 2", signal, onLeftOut: (_: Example, { code }: LeukolensError) => void leftOut.push(code) };
  const profile: Profile = await classifier.adapt([...examples, { picture: image, label: "monocyte" }], options);
  await classifier.use(profile);
  await classifier.use(file);
  await classifier.use(null);
  using corrected = await Classifier.load({ profile });
  const [first = 1] = (corrected.profile?.stain ?? stain)?.factors ?? [];
  return first * (profile.after.accuracy - profile.before.accuracy) + leftOut.length;
}

export async function sheets(classifier: Classifier, images: Blob[], field: boolean): Promise<Pixels[]> {
  const sheets: Pixels[] = [];
  for await (const item of classifier.classifyAll(images, { field: true, thumbnails: 96 }))
    if (!item.error && item.differential.total > 0) sheets.push(item.thumbnails);
  for await (const item of classifier.classifyAll(images, { thumbnails: 96 }))
    if (!item.error && item.verdict !== "rejected") sheets.push(item.thumbnails);
  for await (const item of classifier.classifyAll(images, { field }))
    if (!item.error && "differential" in item) console.log(item.differential.total, item.cells);
  return sheets;
}

export async function name(bytes: Uint8Array): Promise<string> {
  const classifier = await Classifier.load({ model: "article", locator: new URL("file:///locator"), onProgress: ({ loaded }) => void loaded });
  try {
    const result: Classification = await classifier.classify(bytes);
    const map: Heatmap = await classifier.explain(bytes, { label: "monocyte" });
    return map.values.length > 0 ? map.label : (result.label ?? result.verdict);
  } catch (error) {
    const code: ErrorCode = error instanceof LeukolensError ? error.code : "internal";
    return code;
  } finally {
    classifier.dispose();
  }
}
`;

const element = `
import "leukolens/element";
const element = document.createElement("leukolens-classifier");
element.addEventListener("classified", ({ detail }) => void (detail.label satisfies string | null));
element.addEventListener("failed", ({ detail }) => void detail.code);
element.addEventListener("click", (event) => void event.clientX);
export const confidence: number | undefined = element.result?.confidence;
`;

const wrong = `
import { Classifier } from "leukolens";
const classifier = await Classifier.load({ wrong: true });
classifier.classify(42);
classifier.adapt([{ label: "monocyte" }]);
for await (const item of classifier.classifyAll([new Uint8Array()], { field: true })) if (!item.error) item.thumbnails;
for await (const item of classifier.classifyAll([new Uint8Array()])) if (!item.error) item.differential;
`;

const inReact = `
import type {} from "leukolens/react";
const label = (text: string | null) => void text;
export const page = <leukolens-classifier field onclassified={({ detail }) => label(detail.label)} className="cell" />;
`;

const consumers = (path) => at(`tests/package/consumers/node_modules/${path}`);

/** The oldest TypeScript that the README promises, and the project's own. */
const compilers = { 5.2: consumers("typescript-5.2/bin/tsc"), newest: at("node_modules/.bin/tsc") };

/** Type-checks `source` in the consumer's project; the compiler's output, empty when it is content. */
function check(source, { module, moduleResolution, lib, types = [], compiler = "newest", file = "main.ts" }) {
  const options = {
    module,
    moduleResolution,
    lib,
    types,
    target: "es2022",
    jsx: "react-jsx",
    strict: true,
    skipLibCheck: false,
    noEmit: true,
    typeRoots: [consumers("@types")],
    ...(types.length > 0 && { skipLibCheck: true }), // others' declarations need not suit every compiler
  };
  writeFiles(folder, {
    "tsconfig.json": JSON.stringify({ compilerOptions: options, files: [file] }),
    [file]: source,
  });
  const run = spawnSync(process.execPath, [compilers[compiler], "-p", "."], {
    cwd: folder,
    encoding: "utf8",
  });
  assert.equal(run.stderr, "");
  return run.stdout;
}

const settings = [
  { module: "esnext", moduleResolution: "bundler", lib: ["es2022", "dom"] },
  { module: "node16", moduleResolution: "node16", lib: ["es2022", "dom"] },
  { module: "esnext", moduleResolution: "bundler", lib: ["es2022", "webworker"] },
];

installConsumers();

for (const compiler of Object.keys(compilers))
  for (const setting of settings) {
    test(`types compile with ${setting.moduleResolution}, ${setting.lib.join(" and ")}, TypeScript ${compiler}`, () => {
      assert.equal(check(program, { ...setting, compiler }), "");
    });
  }

test("types compile without the DOM's, and in Node with Node's alone", () => {
  const plain = `
    import { Classifier, LeukolensError, type Classification } from "leukolens";
    const classifier = await Classifier.load({ baseUrl: "/lib", wasmBinary: new ArrayBuffer(8) });
    const { label }: Classification = await classifier.classify("cell.jpg");
    for await (const { source, error } of classifier.classifyAll([new Uint8Array()])) if (error) source.length;
    export const said: string | null = label ?? new LeukolensError("internal", "").code;`;
  const inNode = `
    import { readFileSync } from "node:fs";
    import { Classifier } from "leukolens";
    const { signal } = new AbortController();
    using classifier = await Classifier.load({ signal, model: new URL("file:///model") });
    const { label } = await classifier.classify(new Blob([readFileSync("cell.jpg")]), { signal });
    console.log(label);`;
  for (const compiler of Object.keys(compilers)) {
    const setting = { ...settings[0], compiler, lib: ["es2022"] };
    assert.equal(check(plain, setting), "", compiler);
    assert.equal(
      check(inNode, { ...setting, lib: ["es2022", "esnext.disposable"], types: ["node"] }),
      "",
      compiler,
    );
  }
});

test("JSX of React knows the element", () => {
  const setting = { ...settings[0], types: ["react"], file: "main.tsx" };
  mkdirSync(join(folder, "node_modules/@types"), { recursive: true });
  symlinkSync(consumers("@types/react"), join(folder, "node_modules/@types/react"));
  assert.equal(check(inReact, setting), "");
  assert.match(check(inReact.replace("field ", "fields "), setting), /'fields' does not exist/);
});

test("types refuse an unknown option, a number as input, and what was not asked for", () => {
  const output = check(wrong, settings[0]);
  assert.match(output, /'wrong' does not exist/);
  assert.match(output, /'42'|'number'/);
  assert.match(output, /'picture' is missing/);
  assert.match(output, /'thumbnails' does not exist/);
  assert.match(output, /'differential' does not exist/);
});

test("the READMEs' code compiles", () => {
  const readme = ["README.md", "web/README.md"].map((path) => readFileSync(at(path), "utf8")).join("\n");
  const blocks = Array.from(readme.matchAll(/^```[jt]s\n(.*?)^```$/gms), ([, code]) => code);
  assert.ok(blocks.length >= 8);
  const imported = /^import \{ (.*) \} from "leukolens";$/gm;
  const names = new Set(
    blocks.flatMap((code) => Array.from(code.matchAll(imported), ([, list]) => list.split(", ")).flat()),
  );
  const functions = blocks.map((code, i) => `async function block${i}() {\n${code.replace(imported, "")}}`);
  const program = [
    `import { ${[...names].join(", ")}, type Cell, type Example, type OpenedPicture } from "leukolens";`,
    "declare const file: File, field: File, files: File[], examples: Example[], classifier: Classifier, cells: Cell[], picture: OpenedPicture;",
    ...functions,
  ];
  assert.equal(check(program.join("\n"), { ...settings[0], lib: ["es2023", "dom"] }), "");
});

test("publint and are-the-types-wrong find nothing", async () => {
  const { publint } = await load("publint");
  const { messages } = await publint({
    pkgDir: join(folder, "node_modules/leukolens"),
    strict: true,
    pack: false,
  });
  assert.deepEqual(messages, []);
  const attw = at("tests/package/consumers/node_modules/.bin/attw");
  const { stdout, status } = spawnSync(attw, [tarball, "--profile", "esm-only", "--no-emoji"], {
    encoding: "utf8",
  });
  assert.equal(status, 0, stdout);
});

test("the tarball holds what is meant to be in it", () => {
  const list = execFileSync("tar", ["-tzf", tarball], { encoding: "utf8" });
  const names = list
    .trim()
    .split("\n")
    .map((name) => name.replace("package/", ""))
    .filter((name) => !name.endsWith(".d.ts"));
  assert.deepEqual(names.sort(), [
    "LICENSE",
    "README.md",
    "THIRD-PARTY-NOTICES.md",
    "adaptation.js",
    "batch.js",
    "element.js",
    "engine.js",
    "index.js",
    "leukolens-relaxed.wasm",
    "leukolens-simd.wasm",
    "leukolens-tiff.wasm",
    ...readdirSync(at("models"))
      .filter((name) => name.endsWith(".safetensors"))
      .map((name) => `models/${name}`),
    "opened-picture.js",
    "package.json",
    "react.js",
    "worker.js",
  ]);
});

/** Bytes after brotli: [what it is for, its files, its budget]. The first three are what `Classifier.load()` fetches as code. */
const budget = [
  ["interface: input, pool, errors", ["index.js"], 6_700],
  ["worker with the engine's glue", ["worker.js"], 8_500],
  ["engine, relaxed SIMD", ["leukolens-relaxed.wasm"], 85_000],
  ["engine, SIMD128, instead of it", ["leukolens-simd.wasm"], 85_000],
  ["glue with worker: false, instead of the worker", ["engine.js"], 8_500],
  ["TIFF, BMP and what is to be reduced, with the first one", ["leukolens-tiff.wasm"], 87_000],
  ["custom element, where imported", ["element.js"], 4_000],
  ["batches, with the first", ["batch.js"], 1_000],
  ["opened pictures, with the first", ["opened-picture.js"], 1_000],
  ["learning a microscope, with the first call", ["adaptation.js"], 1_000],
];

test("every part stays within its size, the default build within 100 kB, its models within 400 kB", () => {
  const compressed = (name) => brotliCompressSync(readFileSync(at(`dist/package/${name}`))).length;
  const rows = budget.map(([part, names, most]) => ({
    ...{ part, bytes: names.reduce((sum, name) => sum + compressed(name), 0), budget: most },
  }));
  const total = rows.slice(0, 3).reduce((sum, { bytes }) => sum + bytes, 0);
  console.table([...rows, { part: "the default build", bytes: total, budget: 100_000 }]);
  for (const { part, bytes, budget } of rows) assert.ok(bytes <= budget, part);
  assert.ok(total <= 100_000);
  const models = [defaultModel, "locator"].map((name) =>
    statSync(at(`dist/package/models/${name}.safetensors`)),
  );
  assert.ok(models.reduce((sum, { size }) => sum + size, 0) <= 400_000);
});

test("types of the element compile for a page", () => {
  assert.equal(check(element, settings[0]), "");
});
