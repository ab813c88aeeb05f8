// The packed package in the hands of each bundler: the page that comes out runs in Chromium, under a sub-path and the strict policy.
import assert from "node:assert/strict";
import { copyFileSync, cpSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { assertAgree, at, drawAnswered, installConsumers, installPackage, writeFiles } from "../support.mjs";
import { startBrowser } from "./chromium.mjs";

installConsumers();
const bundlers = await import("./bundlers.mjs");
const [answered] = drawAnswered();

const icon = '<svg xmlns="http://www.w3.org/2000/svg"/>';
const main = (specifier) => `
  import { Classifier } from "${specifier}";
  async function answer() {
    const classifier = await Classifier.load();
    document.documentElement.dataset.answer = JSON.stringify(await classifier.classify("cell.png"));
    classifier.dispose();
  }
  answer().catch(console.error);
`;

describe("the page works when built with", () => {
  const { folder } = installPackage();
  const site = join(folder, "public");
  let browser;
  before(async () => {
    mkdirSync(site);
    browser = await startBrowser(site);
  });
  after(() => browser.close());

  for (const [name, build] of Object.entries(bundlers)) {
    test(name, async () => {
      const project = join(folder, name);
      const out = join(site, "some/where", name);
      cpSync(join(folder, "node_modules"), join(project, "node_modules"), { recursive: true });
      writeFiles(project, {
        "package.json": JSON.stringify({ name: "page", type: "module" }),
        "icon.svg": icon,
        "main.js": main(name === "none" ? "./leukolens.js" : "leukolens"),
      });
      await build(project, out);
      copyFileSync(answered.path, join(out, "cell.png"));
      writeFiles(out, { "icon.svg": icon });

      const { page, requests, complaints } = await browser.newPage();
      const home = `${browser.origin}/some/where/${name}/`;
      await page.goto(home);
      const answer = await page
        .locator("html[data-answer]")
        .getAttribute("data-answer")
        .catch(() => null);
      assert.deepEqual(complaints, []);
      assertAgree([JSON.parse(answer)], [answered], name);
      assert.deepEqual(
        requests.filter((url) => !url.startsWith(home)),
        [],
      );
      await page.context().close();
    });
  }

  test("astro, which imports it on the server too", async () => {
    const page = readFileSync(join(site, "some/where/astro/index.html"), "utf8");
    const { errorCodes } = await import(pathToFileURL(at("dist/package/index.js")));
    assert.ok(page.includes(`data-codes="${errorCodes.length}" data-class="function"`), page);
  });
});
