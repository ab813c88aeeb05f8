// Debian's Chromium without a window, on a folder that web/serve.mjs serves, with a record of all that goes over the network.
import { spawn } from "node:child_process";
import { on, once } from "node:events";
import { mkdirSync, readFileSync } from "node:fs";
import { chromium } from "playwright-core";
import { serve } from "../../web/serve.mjs";
import { at, writeFiles } from "../support.mjs";

const flags = [
  ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
  ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
  "--js-flags=--expose-gc",
];

/**
 * Chromium, and its engine alone: without windows, menus and the pages that these are drawn by, which take half of the time that opening
 * a page takes.
 */
export const browsers = { whole: "/usr/bin/chromium", engine: "/usr/bin/chromium-headless-shell" };

/** In milliseconds. */
const patience = 30_000;

/** What a test needs and does not test may fail to start on a busy machine: it is started again, twice at most. */
export async function insist(start) {
  for (let tries = 1; ; tries++) {
    try {
      return await start();
    } catch (error) {
      if (tries === 3) throw error;
      console.log(`started again: ${error.message}`);
    }
  }
}

/** A browser without a server. `more` are further flags. */
export const launch = (more = [], program = browsers.engine) =>
  insist(() => chromium.launch({ executablePath: program, args: [...flags, ...more], timeout: 20_000 }));

/** `close` ends browser and server. `more` are further flags, `serving` the server's options. */
export async function startBrowser(folder, more, { program, ...serving } = {}) {
  const server = await serve(folder, 0, serving);
  const browser = await launch(more, program);
  return {
    origin: `http://localhost:${server.port}`,
    newPage: (options) => newPage(browser, options),
    collectGarbage,
    residentMemory: (options) => residentMemory(browser, options),
    stopServer: server.close,
    async close() {
      await browser.close();
      server.close();
    },
  };
}

/** A browser with a profile that outlives it; `kill` ends it as a power cut would, and so does the end of the tests. */
export const startOnProfile = (profile, program = browsers.whole) =>
  insist(() => tryOnProfile(profile, program));

async function tryOnProfile(profile, program) {
  const options = ["--headless=new", "--remote-debugging-port=0", `--user-data-dir=${profile}`, ...flags];
  const child = spawn(program, options, { detached: true, stdio: ["ignore", "ignore", "pipe"] });
  const exited = once(child, "exit");
  const end = () => {
    if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid, "SIGKILL");
  };
  process.once("exit", end);
  const kill = async () => {
    end();
    await exited;
    process.off("exit", end);
  };
  try {
    const browser = await chromium.connectOverCDP(await devtoolsOf(child), { timeout: 20_000 });
    const page = await browser.contexts()[0].newPage();
    page.setDefaultTimeout(patience);
    return { page, kill };
  } catch (error) {
    await kill();
    throw error;
  }
}

/** The address that the browser prints when it is ready. */
async function devtoolsOf(child) {
  const signal = AbortSignal.timeout(20_000);
  let said = "";
  for await (const [data] of on(child.stderr, "data", { signal, close: ["end"] })) {
    said += data;
    const [address] = /ws:\S+(?=\s)/.exec(said) ?? [];
    if (address) {
      child.stderr.resume(); // what it says later is let go
      return address;
    }
  }
  throw new Error(`Chromium did not start: ${said}`);
}

/** What playwright has the page say where service workers are blocked. */
const blocked = "Service Worker registration blocked by Playwright";

/**
 * A page in a context of its own, without service workers unless they are what is tested. `requests` are all URLs that were asked for,
 * `asked` those of the page itself (a service worker fetches everything, a moment later), `complaints` all that went wrong.
 */
async function newPage(browser, options = {}) {
  const context = await browser.newContext({ serviceWorkers: "block", ...options });
  context.setDefaultTimeout(patience);
  const page = await context.newPage();
  const requests = [];
  const asked = [];
  const complaints = [];
  context.on("request", (request) => requests.push(request.url()));
  page.on("request", (request) => asked.push(request.url()));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type()) && message.text() !== blocked)
      complaints.push(message.text());
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

/**
 * Bytes that all pages' processes hold, workers included, without the browser's own program, which they share. Shared memory holds
 * canvases and, until half a gigabyte is full, every picture that was ever decoded to be shown.
 */
async function residentMemory(browser, { shared = true } = {}) {
  const what = shared ? /Rss(?:Anon|Shmem):\s+(\d+)/g : /RssAnon:\s+(\d+)/g;
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  const renderers = processInfo.filter(({ type }) => type === "renderer");
  return renderers.reduce((sum, { id }) => {
    const parts = readFileSync(`/proc/${id}/status`, "utf8").matchAll(what);
    return [...parts].reduce((all, [, kilobytes]) => all + 1024 * Number(kilobytes), sum);
  }, 0);
}

/** Once everything that moves has arrived, shadow trees included, but for what moves for ever. */
export const settle = (page) =>
  page.evaluate(async () => {
    const within = (root) => [
      ...root.getAnimations(),
      ...[...root.querySelectorAll("*")].flatMap(({ shadowRoot }) => (shadowRoot ? within(shadowRoot) : [])),
    ];
    await new Promise(requestAnimationFrame); // what was changed just now has begun to move
    const ending = within(document).filter(
      ({ effect }) => effect.getComputedTiming().endTime !== Number.POSITIVE_INFINITY,
    );
    await Promise.allSettled(ending.map(({ finished }) => finished));
  });

/** As long as playwright waits: a busy machine is slow, and what fails fails all the same. */
export async function waitUntil(holds) {
  const end = performance.now() + patience;
  while (performance.now() < end) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`It did not happen within ${patience / 1000} seconds.`);
}

export async function screenshot(page, name) {
  mkdirSync(at("build/screenshots"), { recursive: true });
  await page.screenshot({ path: at(`build/screenshots/${name}.png`), fullPage: true });
}
