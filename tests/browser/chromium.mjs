// Debian's Chromium, headless, on a folder that web/serve.mjs serves, with a record of all that goes over the network.
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { chromium } from "playwright-core";
import { serve } from "../../web/serve.mjs";
import { at, writeFiles } from "../support.mjs";

const flags = [
  ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
  ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
  "--js-flags=--expose-gc",
];

/** `close` ends browser and server. `more` are further flags. */
export async function startBrowser(folder, more = []) {
  const server = await serve(folder, 0);
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: [...flags, ...more] });
  return {
    origin: `http://localhost:${server.port}`,
    newPage: (options) => newPage(browser, options),
    collectGarbage,
    residentMemory: () => residentMemory(browser),
    stopServer: server.close,
    async close() {
      await browser.close();
      server.close();
    },
  };
}

/** A browser with a profile that outlives it; `kill` ends it as a power cut would. */
export async function startOnProfile(profile) {
  const options = ["--headless=new", "--remote-debugging-port=0", `--user-data-dir=${profile}`, ...flags];
  const child = spawn("/usr/bin/chromium", options, { detached: true, stdio: ["ignore", "ignore", "pipe"] });
  const address = await new Promise((resolve) => {
    child.stderr.on("data", (data) => {
      const [found] = /ws:\S+/.exec(data) ?? [];
      if (found) resolve(found);
    });
  });
  const browser = await chromium.connectOverCDP(address);
  const page = await browser.contexts()[0].newPage();
  page.setDefaultTimeout(10_000);
  const kill = () =>
    new Promise((resolve) => {
      child.once("exit", resolve);
      process.kill(-child.pid, "SIGKILL");
    });
  return { page, kill };
}

/**
 * A page in a context of its own. `requests` are all URLs that were asked for, `asked` those of the page itself (its service worker
 * fetches everything, a moment later), `complaints` all that went wrong.
 */
async function newPage(browser, options = {}) {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  const requests = [];
  const asked = [];
  const complaints = [];
  context.on("request", (request) => requests.push(request.url()));
  page.on("request", (request) => asked.push(request.url()));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("requestfailed", (request) => {
    // A picture that is no longer wanted while it comes is not missed: the browser gives it up.
    if (request.failure()?.errorText !== "net::ERR_ABORTED") complaints.push(`${request.url()} failed`);
  });
  return { page, requests, asked, complaints };
}

/** A plain page beside the installed package that offers it to tests as `window.leukolens`. */
export function writeConsumer(folder) {
  writeFiles(folder, {
    "icon.svg": '<svg xmlns="http://www.w3.org/2000/svg"/>',
    "index.html": "<!doctype html><link rel=icon href=icon.svg><script type=module src=main.js></script>",
    "main.js": `
      import * as leukolens from "./node_modules/leukolens/index.js";
      window.leukolens = leukolens;
      window.bytesOf = (base64) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
      window.codeOf = (promise) => promise.then(() => "none", (error) => error.code);`,
  });
}

/** In the page and in its workers. */
async function collectGarbage(page) {
  for (const realm of [page, ...page.workers()]) await realm.evaluate(() => gc());
}

/** Bytes that all pages' processes hold, workers included. */
async function residentMemory(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  const renderers = processInfo.filter(({ type }) => type === "renderer");
  return renderers.reduce((sum, { id }) => {
    const [, kilobytes] = readFileSync(`/proc/${id}/status`, "utf8").match(/VmRSS:\s+(\d+)/) ?? [];
    return sum + 1024 * Number(kilobytes);
  }, 0);
}

/** Five seconds at most. */
export async function waitUntil(holds) {
  for (let i = 0; i < 100; i++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("It did not happen within five seconds.");
}

export async function screenshot(page, name) {
  mkdirSync(at("build/screenshots"), { recursive: true });
  await page.screenshot({ path: at(`build/screenshots/${name}.png`), fullPage: true });
}
