// Debian's Chromium, headless, on a folder that web/serve.mjs serves, with a record of all that goes over the network.
import { mkdirSync } from "node:fs";
import { chromium } from "playwright-core";
import { serve } from "../../web/serve.mjs";
import { at } from "../support.mjs";

const flags = [
  ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
  ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
];

/** `close` ends browser and server. */
export async function startBrowser(folder) {
  const server = await serve(folder, 0);
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: flags });
  return {
    origin: `http://localhost:${server.port}`,
    newPage: (options) => newPage(browser, options),
    async close() {
      await browser.close();
      server.close();
    },
  };
}

/** A page in a context of its own; `requests` are all URLs that were asked for, `complaints` all that went wrong. */
async function newPage(browser, options = {}) {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  const requests = [];
  const complaints = [];
  context.on("request", (request) => requests.push(request.url()));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("requestfailed", (request) => complaints.push(`${request.url()} failed`));
  return { page, requests, complaints };
}

export async function screenshot(page, name) {
  mkdirSync(at("build/screenshots"), { recursive: true });
  await page.screenshot({ path: at(`build/screenshots/${name}.png`), fullPage: true });
}
