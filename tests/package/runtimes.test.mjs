// The packed package where it is not at home: jsdom, vitest and jest on it, and the rules of an edge worker, simulated.
// ../frameworks tries other runtimes.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { at, drawAnswered, installConsumers, installPackage, writeFiles } from "../support.mjs";

installConsumers();

const [{ path: image, predictions }] = drawAnswered();
const best = predictions.toSorted((a, b) => b.probability - a.probability)[0].label;
const { folder } = installPackage();
const consumers = at("tests/package/consumers/node_modules");
for (const name of ["vitest", "jest", "jest-environment-jsdom", "jsdom"])
  symlinkSync(join(consumers, name), join(folder, "node_modules", name));

describe("the package runs in", () => {
  test("an edge worker: everything given, nothing fetched, compiled or started, no module of Node's", async () => {
    const files = join(folder, "node_modules/leukolens");
    const edge = `
      import { readFileSync } from "node:fs";
      const read = (name) => readFileSync(${JSON.stringify(files)} + "/" + name);
      const wasmBinary = await WebAssembly.compile(read("leukolens-simd.wasm"));
      const tiffBinary = await WebAssembly.compile(read("leukolens-tiff.wasm"));
      const [model, locator] = [read("models/flagship.safetensors"), read("models/locator.safetensors")];
      const image = readFileSync(${JSON.stringify(image)});
      globalThis.Response = class Response {}; // Node compiles a part of its own for its Response
      const refuse = (name) => () => { throw new Error(name + " is refused here"); };
      for (const name of ["compile", "compileStreaming", "instantiate", "instantiateStreaming", "validate"])
        WebAssembly[name] = refuse(name);
      WebAssembly.Module = class { constructor() { throw new Error("Wasm code generation disallowed by embedder"); } };
      WebAssembly.Module.imports = Object.getPrototypeOf(wasmBinary).constructor.imports;
      globalThis.fetch = refuse("fetch");
      for (const name of ["Worker", "process"]) delete globalThis[name];
      const { log } = console;
      const { Classifier } = await import("leukolens");
      const classifier = await Classifier.load({ worker: false, wasmBinary, tiffBinary, model, locator });
      const { label } = await classifier.classify(new Blob([image]));
      const tiff = await classifier.classify(new TextEncoder().encode("BM no bitmap")).catch(({ code }) => code);
      log(JSON.stringify([label, tiff]));`;
    writeFiles(folder, { "edge.mjs": edge });
    const args = ["--disallow-code-generation-from-strings", "edge.mjs"];
    const said = execFileSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
    assert.deepEqual(JSON.parse(said), [best, "corrupt_image"]);
  });
});

/** A page's test, as both runners take it. */
const inPage = (imports) => `
${imports}
import { readFileSync } from "node:fs";
import { Classifier, LeukolensError } from "leukolens";
import "leukolens/element";

const bytes = readFileSync(${JSON.stringify(image)});

test("files of this page are classified, and elements live in it", async () => {
  const classifier = await Classifier.load();
  for (const input of [bytes, new File([bytes], "cell.png"), new Blob([bytes])])
    expect((await classifier.classify(input)).label).toBe(${JSON.stringify(best)});
  const canvas = document.createElement("canvas");
  await expect(classifier.classify(canvas)).rejects.toMatchObject({ code: "unsupported_environment" });
  classifier.dispose();

  document.body.innerHTML = "<form><leukolens-classifier name=cell required></leukolens-classifier></form>";
  const element = document.querySelector("leukolens-classifier");
  const result = await element.classify(new File([bytes], "cell.png"));
  expect(result.label).toBe(${JSON.stringify(best)});
  expect(element.shadowRoot.textContent).toContain("Not for use in diagnostic procedures");
  await expect(element.classify(new Blob(["no image"]))).rejects.toBeInstanceOf(LeukolensError);
  element.remove();
});
`;

describe("tests of a page with jsdom run in", () => {
  const env = { ...process.env, NODE_OPTIONS: "--experimental-vm-modules", FORCE_COLOR: "0" };
  const runs = (bin, ...args) => {
    const script = join(consumers, ...bin.split("/"));
    const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
      ...{ cwd: folder, encoding: "utf8", env },
    });
    assert.equal(status, 0, stdout + stderr);
  };

  test("vitest", () => {
    writeFiles(folder, {
      "page.vitest.mjs": inPage('import { expect, test } from "vitest";'),
      "vitest.config.mjs":
        'export default { test: { environment: "jsdom", include: ["*.vitest.mjs"], testTimeout: 60_000 } };',
    });
    runs("vitest/vitest.mjs", "run", "--pool=forks");
  });

  test("jest", () => {
    const config = {
      testEnvironment: "jsdom",
      testMatch: ["**/*.jest.mjs"],
      transform: {},
      testTimeout: 60_000,
    };
    writeFiles(folder, { "page.jest.mjs": inPage(""), "jest.config.json": JSON.stringify(config) });
    runs("jest/bin/jest.js", "--config", "jest.config.json");
  });
});
