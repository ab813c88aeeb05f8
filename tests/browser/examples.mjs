// What the tests of examples/ share: an example is built, served and used as a reader would.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { contentKey, filesOf } from "../../web/content-key.mjs";
import { installIn } from "../../web/install.mjs";
import { answer } from "../../web/serve.mjs";
import { at, drawAnswered, installPackage, scratch } from "../support.mjs";
import { startBrowser, waitUntil } from "./chromium.mjs";

const [{ path, predictions }] = drawAnswered();
export const image = path;
export const best = predictions.toSorted((a, b) => b.probability - a.probability)[0];
export const { folder: installed } = installPackage();
export const examples = at("examples");

/** Installs what some examples need, and the package beside it. */
export function installExamples(...names) {
  installIn(examples, names);
  for (const place of [examples, join(examples, "angular")]) {
    const copy = join(place, "node_modules/leukolens"); // no link: some bundlers refuse those; Angular's builder looks only there
    rmSync(copy, { recursive: true, force: true });
    cpSync(join(installed, "node_modules/leukolens"), copy, { recursive: true });
  }
}

export const env = {
  ...process.env,
  ...{
    ASTRO_TELEMETRY_DISABLED: "1",
    NEXT_TELEMETRY_DISABLED: "1",
    NUXT_TELEMETRY_DISABLED: "1",
    NG_CLI_ANALYTICS: "false",
  },
};

/** Runs an example's `build`, unless it was built from the same files. */
export function build(name, out = "dist") {
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
export async function use(page, address) {
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

/** Browsers on an empty folder, with our policy and, `lenient`, without any; both to be closed. */
export async function serveExamples() {
  const site = scratch();
  const browser = await startBrowser(site);
  const lenient = await startBrowser(site, [], { handle: answerWithoutPolicy });
  return {
    ...{ site, browser, lenient },
    close: async () => {
      await browser.close();
      await lenient.close();
    },
  };
}

/** Below a path of its own, with nothing asked for elsewhere and nothing to complain of. */
export async function useBuilt(name, site, from) {
  cpSync(join(examples, name, "dist"), join(site, name), { recursive: true });
  const { page, requests, complaints } = await from.newPage();
  const home = `${from.origin}/${name}/`;
  await use(page, home);
  assert.deepEqual(complaints, []);
  const foreign = requests.filter((url) => !url.startsWith(home) && !url.endsWith("/favicon.ico"));
  assert.deepEqual(foreign, []);
  await page.context().close();
}

/** As a host that sends no policy. */
function answerWithoutPolicy(folder, request, response) {
  const writeHead = response.writeHead.bind(response);
  response.writeHead = (status, { "content-security-policy": _, ...headers }) => writeHead(status, headers);
  answer(folder, request, response);
}
