// The package's declarations and contents, as a consumer meets them.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { brotliCompressSync } from "node:zlib";
import { at, installPackage, writeFiles } from "../support.mjs";

const { folder } = installPackage();

const program = `
import { Classifier, LeukolensError, type Classification, type ErrorCode } from "leukolens";

export async function name(bytes: Uint8Array): Promise<string> {
  const classifier = await Classifier.load({ model: "article", onProgress: ({ loaded }) => void loaded });
  try {
    const result: Classification = await classifier.classify(bytes);
    return result.label ?? result.verdict;
  } catch (error) {
    const code: ErrorCode = error instanceof LeukolensError ? error.code : "internal";
    return code;
  } finally {
    classifier.dispose();
  }
}
`;

const wrong = `
import { Classifier } from "leukolens";
const classifier = await Classifier.load({ wrong: true });
classifier.classify(42);
`;

/** Type-checks `source` in the consumer's project; the compiler's output, empty when it is content. */
function check(source, { module, moduleResolution, lib }) {
  const options = {
    module,
    moduleResolution,
    lib,
    target: "es2022",
    strict: true,
    skipLibCheck: false,
    noEmit: true,
    types: [],
  };
  writeFiles(folder, {
    "tsconfig.json": JSON.stringify({ compilerOptions: options, files: ["main.ts"] }),
    "main.ts": source,
  });
  return spawnSync(at("node_modules/.bin/tsc"), ["-p", "."], { cwd: folder, encoding: "utf8" }).stdout;
}

const settings = [
  { module: "esnext", moduleResolution: "bundler", lib: ["es2022", "dom"] },
  { module: "node16", moduleResolution: "node16", lib: ["es2022", "dom"] },
  { module: "esnext", moduleResolution: "bundler", lib: ["es2022", "webworker"] },
];

for (const setting of settings) {
  test(`types compile with moduleResolution ${setting.moduleResolution} and ${setting.lib.join(" and ")}`, () => {
    assert.equal(check(program, setting), "");
  });
}

test("types refuse an unknown option and a number as input", () => {
  const output = check(wrong, settings[0]);
  assert.match(output, /'wrong' does not exist/);
  assert.match(output, /'42'|'number'/);
});

test("the tarball holds what is meant to be in it", () => {
  const { version } = JSON.parse(readFileSync(at("package.json"), "utf8"));
  const list = execFileSync("tar", ["-tzf", at(`dist/leukolens-${version}.tgz`)], { encoding: "utf8" });
  const names = list
    .trim()
    .split("\n")
    .map((name) => name.replace("package/", ""))
    .filter((name) => !name.endsWith(".d.ts"));
  assert.deepEqual(names.sort(), [
    "LICENSE",
    "README.md",
    "THIRD-PARTY-NOTICES.md",
    "engine.js",
    "errors.js",
    "index.js",
    "leukolens-relaxed.wasm",
    "leukolens-simd.wasm",
    "models/article.safetensors",
    "package.json",
    "worker.js",
  ]);
});

test("engine and JavaScript of the default build stay within 90 kB brotli", () => {
  const names = ["index.js", "errors.js", "worker.js", "leukolens-relaxed.wasm"];
  const sizes = names.map((name) => [
    name,
    brotliCompressSync(readFileSync(join(at("dist/package"), name))).length,
  ]);
  const total = sizes.reduce((sum, [, size]) => sum + size, 0);
  console.log(sizes.map(([name, size]) => `${name} ${size}`).join(", "), `total ${total} bytes brotli`);
  assert.ok(total <= 90_000);
});
