// examples/ of frameworks and of Parcel, each built as its package.json says, served and used as a reader would, and the servers of Next
// and Nuxt.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { waitUntil } from "../browser/chromium.mjs";
import { build, env, examples, installExamples, serveExamples, use, useBuilt } from "../browser/examples.mjs";
import { at } from "../support.mjs";

installExamples();

describe("the example for", () => {
  let served;
  before(async () => {
    served = await serveExamples();
  });
  after(() => served.close());

  for (const name of ["parcel", "astro"]) {
    test(`${name}, under the strict policy`, async () => {
      build(name);
      await useBuilt(name, served.site, served.browser);
    });
  }

  // Their pages have scripts or styles in the HTML.
  for (const name of ["sveltekit", "angular"]) {
    test(name, async () => {
      build(name);
      await useBuilt(name, served.site, served.lenient);
    });
  }

  test("astro, which imports it on the server too", async () => {
    const { errorCodes } = await import(at("dist/package/index.js"));
    const page = readFileSync(join(examples, "astro/dist/index.html"), "utf8");
    assert.ok(page.includes(`data-codes="${errorCodes.length}"`), page);
  });

  const [next, nuxt] = ["node_modules/next/dist/bin/next", "node_modules/nuxt/bin/nuxt.mjs"];
  for (const [name, kind, built, ...command] of [
    ["next", "production", ".next", next, "start"],
    ["next", "development", undefined, next, "dev"],
    ["nuxt", "production", ".output", "nuxt/.output/server/index.mjs"],
    ["nuxt", "development", undefined, nuxt, "dev", "--no-fork"],
  ]) {
    test(`${name}, as its server for ${kind} serves it`, async () => {
      if (built) build(name, built);
      const port = await freePort();
      const [script, ...args] = command;
      const settings = { cwd: join(examples, name), env: { ...env, PORT: String(port) }, stdio: "ignore" };
      const child = spawn(process.execPath, [join(examples, script), ...args], settings);
      const ended = once(child, "exit");
      const { page, complaints } = await served.lenient.newPage();
      try {
        const address = `http://localhost:${port}/`;
        await waitUntil(() => fetch(address).catch(() => false));
        await use(page, address);
        assert.deepEqual(complaints, []);
      } finally {
        await page.context().close();
        child.kill();
        await ended;
      }
    });
  }
});

async function freePort() {
  const server = createServer();
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address();
  server.close();
  return port;
}
