// examples/, each built as its package.json says, served and used as a reader would; Vite's dev server of every major version, and
// Next's own servers. A build is made anew only where the package or the example has changed.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { contentKey, filesOf } from "../../web/content-key.mjs";
import { installIn } from "../../web/install.mjs";
import { answer } from "../../web/serve.mjs";
import { load } from "../package/consumers/load.mjs";
import { at, drawAnswered, installConsumers, installPackage, scratch } from "../support.mjs";
import { startBrowser, waitUntil } from "./chromium.mjs";

const [{ path: image, predictions }] = drawAnswered();
const best = predictions.toSorted((a, b) => b.probability - a.probability)[0];
const { folder: installed } = installPackage();
const examples = at("examples");

installConsumers();
installIn(examples);
for (const place of [examples, join(examples, "angular")]) {
  const copy = join(place, "node_modules/leukolens"); // no link: some bundlers refuse those
  rmSync(copy, { recursive: true, force: true });
  cpSync(join(installed, "node_modules/leukolens"), copy, { recursive: true });
}

const env = {
  ...process.env,
  ...{ ASTRO_TELEMETRY_DISABLED: "1", NEXT_TELEMETRY_DISABLED: "1", NG_CLI_ANALYTICS: "false" },
};

/** Runs an example's `build`, unless it was built from the same files. */
function build(name, out = "dist") {
  const folder = join(examples, name);
  const sources = filesOf(folder).filter((file) => !/^(node_modules|dist|\.)/.test(file));
  const lock = join(examples, "package-lock.json");
  const key = contentKey([...sources.map((file) => join(folder, file)), lock, at("dist/package")]);
  const stamp = at(`build/examples/${name}.key`);
  if (existsSync(join(folder, out)) && existsSync(stamp) && readFileSync(stamp, "utf8") === key) return;
  rmSync(join(folder, out), { recursive: true, force: true });
  const start = performance.now();
  execFileSync("npm", ["run", "build"], { cwd: folder, env, stdio: "pipe" });
  console.log(`${name} was built in ${((performance.now() - start) / 1000).toFixed(0)} s`);
  mkdirSync(at("build/examples"), { recursive: true });
  writeFileSync(stamp, key);
}

/** Chooses the image on a page, and holds what it says against the native engine's answer. */
async function use(page, address) {
  await page.route("**/favicon.ico", (route) => route.fulfill({ status: 204 })); // which every browser asks for
  await page.goto(address);
  const input = page.locator("input[type=file]");
  await waitUntil(() => input.isEnabled());
  await input.setInputFiles(image);
  const output = page.locator("output");
  await waitUntil(async () => /\d|[a-z]{4}/.test(await output.textContent()));
  const [label, confidence] = (await output.textContent()).split(" ");
  assert.equal(label, best.label, await output.textContent());
  assert.ok(Math.abs(Number(confidence) - best.probability) < 1e-5);
  assert.ok(await page.getByText("Not for use in diagnostic procedures").isVisible());
}

describe("the example for", () => {
  const site = scratch();
  let browser;
  let lenient;
  before(async () => {
    browser = await startBrowser(site);
    lenient = await startBrowser(site, [], { handle: answerWithoutPolicy });
  });
  after(async () => {
    await browser.close();
    await lenient.close();
  });

  /** Below a path of its own, with nothing asked for elsewhere and nothing to complain of. */
  async function useBuilt(name, { from = browser } = {}) {
    cpSync(join(examples, name, "dist"), join(site, name), { recursive: true });
    const { page, requests, complaints } = await from.newPage();
    const home = `${from.origin}/${name}/`;
    await use(page, home);
    assert.deepEqual(complaints, []);
    const foreign = requests.filter((url) => !url.startsWith(home) && !url.endsWith("/favicon.ico"));
    assert.deepEqual(foreign, []);
    await page.context().close();
  }

  for (const name of ["vite", "webpack", "rollup", "esbuild", "parcel", "astro"]) {
    test(`${name}, under the strict policy`, async () => {
      build(name);
      await useBuilt(name);
    });
  }

  // Their pages have scripts or styles in the HTML.
  for (const name of ["sveltekit", "angular"]) {
    test(name, async () => {
      build(name);
      await useBuilt(name, { from: lenient });
    });
  }

  test("astro, which imports it on the server too", async () => {
    const { errorCodes } = await import(at("dist/package/index.js"));
    const page = readFileSync(join(examples, "astro/dist/index.html"), "utf8");
    assert.ok(page.includes(`data-codes="${errorCodes.length}"`), page);
  });

  /** Uses <leukolens-classifier>. */
  async function useElement(name) {
    const { page, complaints } = await browser.newPage();
    await page.route("**/favicon.ico", (route) => route.fulfill({ status: 204 }));
    await page.goto(`${browser.origin}/${name}/`);
    await page.locator("leukolens-classifier input[type=file]").setInputFiles(image);
    await page.locator("output", { hasText: `label: ${best.label}` }).waitFor();
    await page.context().close();
    assert.deepEqual(complaints, []);
  }

  test("a plain page", async () => {
    cpSync(join(examples, "plain"), join(site, "plain"), { recursive: true });
    cpSync(join(installed, "node_modules"), join(site, "plain/node_modules"), { recursive: true });
    await useElement("plain");
  });

  for (const name of ["react", "vue"]) {
    test(name, async () => {
      build(name);
      cpSync(join(examples, name, "dist"), join(site, name), { recursive: true });
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
      const { page, complaints } = await lenient.newPage();
      try {
        await use(page, `http://127.0.0.1:${server.httpServer.address().port}/`);
        assert.deepEqual(complaints, []);
      } finally {
        await page.context().close();
        await server.close();
      }
      if (version === "vite") return; // it was built above
      await vite.build({ ...settings, build: { outDir: join(site, version), emptyOutDir: true } });
      const built = await browser.newPage();
      await use(built.page, `${browser.origin}/${version}/`);
      assert.deepEqual(built.complaints, []);
      await built.page.context().close();
    });
  }

  for (const verb of ["start", "dev"]) {
    test(`next, as \`next ${verb}\` serves it`, async () => {
      if (verb === "start") build("next", ".next");
      const port = await freePort();
      const args = [join(examples, "node_modules/next/dist/bin/next"), verb, "--port", String(port)];
      const child = spawn(process.execPath, args, { cwd: join(examples, "next"), env, stdio: "pipe" });
      const ended = once(child, "exit");
      const { page, complaints } = await lenient.newPage();
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

/** As a host that sends no policy. */
function answerWithoutPolicy(folder, request, response) {
  const writeHead = response.writeHead.bind(response);
  response.writeHead = (status, { "content-security-policy": _, ...headers }) => writeHead(status, headers);
  answer(folder, request, response);
}

async function freePort() {
  const server = createServer();
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address();
  server.close();
  return port;
}
