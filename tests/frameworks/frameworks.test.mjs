// examples/ of frameworks and of Parcel, each built as its package.json says, served and used as a reader would, and Next's own servers.
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

  for (const verb of ["start", "dev"]) {
    test(`next, as \`next ${verb}\` serves it`, async () => {
      if (verb === "start") build("next", ".next");
      const port = await freePort();
      const args = [join(examples, "node_modules/next/dist/bin/next"), verb, "--port", String(port)];
      const child = spawn(process.execPath, args, { cwd: join(examples, "next"), env, stdio: "pipe" });
      const ended = once(child, "exit");
      const { page, complaints } = await served.lenient.newPage();
      try {
        let said = "";
        child.stdout.on("data", (data) => {
          said += data;
        });
        await waitUntil(() => /Ready/.test(said));
        await use(page, `http://localhost:${port}/`);
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
