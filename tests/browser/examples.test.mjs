// web/examples, each built or served as a reader would, and used.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { at, drawAnswered, installConsumers, installPackage, writeFiles } from "../support.mjs";
import { startBrowser } from "./chromium.mjs";

installConsumers();
const { build } = await import("vite");
const [{ path: image, predictions }] = drawAnswered();
const best = predictions.toSorted((a, b) => b.probability - a.probability)[0].label;
const { folder } = installPackage();

/** A copy of the example with the package, and what else it imports, installed. */
function install(name, ...modules) {
  const project = join(folder, name);
  cpSync(at(`web/examples/${name}`), project, { recursive: true });
  cpSync(join(folder, "node_modules"), join(project, "node_modules"), { recursive: true });
  for (const module of modules) {
    mkdirSync(join(project, "node_modules", module, ".."), { recursive: true });
    symlinkSync(at(`tests/package/consumers/node_modules/${module}`), join(project, "node_modules", module));
  }
  return project;
}

async function buildWithVite(project) {
  await build({ root: project, base: "./", logLevel: "error", build: { assetsInlineLimit: 0 } });
  cpSync(join(project, "dist"), project, { recursive: true });
}

describe("the example for", () => {
  let browser;
  before(async () => {
    writeFiles(folder, { "favicon.ico": "" }); // which every browser asks for
    browser = await startBrowser(folder);
  });
  after(() => browser.close());

  async function use(name) {
    const { page, complaints } = await browser.newPage();
    await page.goto(`${browser.origin}/${name}/`);
    await page.locator("leukolens-classifier input[type=file]").setInputFiles(image);
    await page.locator("output", { hasText: `label: ${best}` }).waitFor();
    await page.context().close();
    assert.deepEqual(complaints, []);
  }

  test("a plain page", async () => {
    install("plain");
    await use("plain");
  });

  test("React", async () => {
    await buildWithVite(install("react", "react", "react-dom"));
    await use("react");
  });

  test("Vue", async () => {
    await buildWithVite(install("vue", "vue", "@vitejs/plugin-vue"));
    await use("vue");
  });

  test("Node", () => {
    const project = install("node");
    const options = { cwd: project, encoding: "utf8" };
    const output = execFileSync(process.execPath, ["classify.mjs", image, "nowhere.png"], options);
    assert.match(output, new RegExp(`scene_00001.png ${best} 0\\.\\d+\n.*nowhere.png .*could not be read`));
    assert.match(output, /For research and education only\. Not for use in diagnostic procedures\.\n$/);
  });
});
