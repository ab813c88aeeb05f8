// examples/ of bundlers, each built as its package.json says, served and used as a reader would; Vite's dev server of every major
// version. A build is made anew only where the package or the example has changed. ../frameworks tries the others.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { load } from "../package/consumers/load.mjs";
import { installConsumers, scratch } from "../support.mjs";
import {
  best,
  build,
  examples,
  image,
  installExamples,
  installed,
  serveExamples,
  use,
  useBuilt,
} from "./examples.mjs";

installConsumers();
installExamples("vite", "webpack", "rollup", "esbuild", "react", "vue");

describe("the example for", () => {
  let served;
  before(async () => {
    served = await serveExamples();
  });
  after(() => served.close());

  for (const name of ["vite", "webpack", "rollup", "esbuild"]) {
    test(`${name}, under the strict policy`, async () => {
      build(name);
      await useBuilt(name, served.site, served.browser);
    });
  }

  /** Uses <leukolens-classifier>. */
  async function useElement(name) {
    const { page, complaints } = await served.browser.newPage();
    await page.route("**/favicon.ico", (route) => route.fulfill({ status: 204 }));
    await page.goto(`${served.browser.origin}/${name}/`);
    await page.locator("leukolens-classifier input[type=file]").setInputFiles(image);
    await page.locator("output", { hasText: `label: ${best.label}` }).waitFor();
    await page.context().close();
    assert.deepEqual(complaints, []);
  }

  test("a plain page", async () => {
    cpSync(join(examples, "plain"), join(served.site, "plain"), { recursive: true });
    cpSync(join(installed, "node_modules"), join(served.site, "plain/node_modules"), { recursive: true });
    await useElement("plain");
  });

  for (const name of ["react", "vue"]) {
    test(name, async () => {
      build(name);
      cpSync(join(examples, name, "dist"), join(served.site, name), { recursive: true });
      await useElement(name);
    });
  }

  for (const version of ["vite-5", "vite-6", "vite-7", "vite"]) {
    test(`vite, as the dev server of ${version} serves it, and as it builds it`, async () => {
      const vite = version === "vite" ? await import("vite") : await load(version);
      const root = join(examples, "vite");
      const settings = { root, configFile: join(root, "vite.config.mjs"), logLevel: "error" };
      const server = await vite.createServer({
        ...settings,
        cacheDir: join(scratch(), "vite"),
        server: { port: 0, host: "127.0.0.1" },
      });
      await server.listen();
      const { page, complaints } = await served.lenient.newPage();
      try {
        await use(page, `http://127.0.0.1:${server.httpServer.address().port}/`);
        assert.deepEqual(complaints, []);
      } finally {
        await page.context().close();
        await server.close();
      }
      if (version === "vite") return; // it was built above
      await vite.build({ ...settings, build: { outDir: join(served.site, version), emptyOutDir: true } });
      const built = await served.browser.newPage();
      await use(built.page, `${served.browser.origin}/${version}/`);
      assert.deepEqual(built.complaints, []);
      await built.page.context().close();
    });
  }

  test("Node", () => {
    const project = join(installed, "node");
    cpSync(join(examples, "node"), project, { recursive: true });
    const options = { cwd: project, encoding: "utf8" };
    const output = execFileSync(process.execPath, ["classify.mjs", image, "nowhere.png"], options);
    assert.match(
      output,
      new RegExp(`scene_00001.png ${best.label} 0\\.\\d+\n.*nowhere.png .*could not be read`),
    );
    assert.match(output, /For research and education only\. Not for use in diagnostic procedures\.\n$/);
  });
});
