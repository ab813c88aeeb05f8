// The site without a network: kept whole on the device, replaced whole, on any static host and under any path.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cpSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { writeServiceWorker } from "../../web/precache.mjs";
import { answer } from "../../web/serve.mjs";
import { heic } from "../heic.mjs";
import { at, drawSmears, scratch } from "../support.mjs";
import { writeTiff } from "../tiff.mjs";
import { startBrowser, startOnProfile, waitUntil } from "./chromium.mjs";

const [image] = drawSmears({ count: 1, format: "jpg" });
const older = at("dist/site");

/** The site as a later build would leave it: a page that is marked, and its styles under a new name; files that match go. */
async function buildNewer(gone = /\.(br|gz)$/) {
  const folder = join(scratch(), "site");
  cpSync(older, folder, { recursive: true, filter: (name) => !gone.test(name) });
  const page = join(folder, "index.html");
  const html = readFileSync(page, "utf8");
  const [styles] = /(?<=href="\.\/assets\/)[^"]+\.css/.exec(html);
  renameSync(join(folder, "assets", styles), join(folder, "assets/newer-0a1b2c3d.css"));
  writeFileSync(
    page,
    html.replaceAll(styles, "newer-0a1b2c3d.css").replace("<html", '<html data-build="newer"'),
  );
  await writeServiceWorker(folder);
  return { folder, oldStyles: styles };
}

const newer = await buildNewer();
const withoutEngine = await buildNewer(/\.(br|gz|wasm|safetensors)$|worker-[\w-]{8}\.js$/);

/** Not while the page is on its way to another one. */
const isNewer = (page) =>
  page.evaluate(() => document.documentElement.dataset.build === "newer").catch(() => false);

let browser;
let opened;
before(async () => {
  browser = await startBrowser(older);
});
after(() => browser.close());
afterEach(() => opened?.page.context().close());

/** A page on a device that knows nothing yet. */
async function newPage() {
  opened = await browser.newPage({ serviceWorkers: "allow" });
  noteRequests(opened.page);
  opened.page.context().on("page", noteRequests);
  return opened;
}

/** Of each page, the requests that have no answer yet, and when one last came or went. */
const asked = new WeakMap();

function noteRequests(page) {
  const all = { open: new Set(), last: performance.now() };
  asked.set(page, all);
  const note = (change) => (request) => {
    all.open[change](request);
    all.last = performance.now();
  };
  page.on("request", note("add"));
  for (const end of ["requestfinished", "requestfailed"]) page.on(end, note("delete"));
}

/**
 * A page that leaves in the middle of an answer now and then has Chromium wait five minutes before it lets the older worker go, or before
 * the page is there again.
 */
async function reloadForUpdate(page) {
  const all = asked.get(page);
  await waitUntil(() => all.open.size === 0 && performance.now() - all.last > 500); // nor is one just coming
  await page.getByRole("button", { name: "Reload" }).click();
}

describe("the site without a network", () => {
  let site;
  beforeEach(async () => {
    site = await startSite(older);
  });
  afterEach(() => site.stop());

  /** Opens the page and waits until everything is on the device. */
  async function visit(address = site.address) {
    await newPage();
    await opened.page.goto(address);
    await opened.page.getByText("works offline").waitFor();
    return opened;
  }

  test("after the first visit the page reloads and classifies with the server stopped, and asks for nothing", async () => {
    const { page, requests, complaints } = await visit();
    site.stop();
    requests.length = 0;
    await page.reload();
    await classify(page);
    assert.deepEqual(complaints, []);
    console.log(`${requests.length} requests without a server, none failed`);
  });

  test("every page, model, engine and drawn cell is on the device, whatever the address's ending", async () => {
    const { page } = await visit();
    const paths = await keptPaths(page);
    site.stop();
    for (const part of [
      /^$/,
      /^kiosk\/$/,
      /simd.*wasm$/,
      /relaxed.*wasm$/,
      /tiff.*wasm$/,
      /safetensors$/,
      /worker.*js$/,
      /jpg$/,
    ])
      assert.ok(
        paths.some((path) => part.test(path)),
        `${part} is not kept`,
      );
    assert.ok(!paths.some((path) => path.startsWith("docs/")));
    for (const path of ["index.html", "?model=article", "kiosk", "kiosk/index.html"]) {
      await page.goto(site.address + path);
      await page.locator("leuko-app, leuko-kiosk").waitFor({ state: "attached" });
    }
    const bytes = await keptBytes(page);
    console.log(`${paths.length} files, ${(bytes / 1e6).toFixed(2)} MB are kept`);
  });

  test("the decoder of HEIC is kept with the first such image, and not before", async () => {
    const { page } = await visit();
    const decoder = async () => (await keptPaths(page)).filter((path) => /libheif/.test(path)).length;
    assert.equal(await decoder(), 0);
    const give = async (name) => {
      await page.locator("input#files").setInputFiles({ name, mimeType: "image/heic", buffer: heic });
      await page.locator("leuko-details").getByText("libheif decoded").waitFor({ state: "attached" });
    };
    await give("first.heic");
    assert.equal(await decoder(), 2);
    await page.getByRole("button", { name: "Clear" }).first().click();
    await page.getByRole("dialog").getByRole("button", { name: "Clear" }).click();
    await page.locator("leuko-details").waitFor({ state: "detached" });
    site.stop();
    await page.reload();
    await give("second.heic");
  });

  test("an update is offered, and taken where it is wanted: every page stays in one version", async () => {
    const { page } = await visit();
    const other = await page.context().newPage();
    await other.goto(site.address);
    site.folder = newer.folder;
    await lookForUpdate(page);
    assert.ok(!(await isNewer(page)));
    await reloadForUpdate(page);
    await waitUntil(() => isNewer(page));
    await classify(page);

    const found = (tab, path) => tab.evaluate(async (path) => (await fetch(path)).text(), path);
    assert.match(await found(page, "./"), /data-build="newer"/);
    assert.ok(!(await isNewer(other)));
    assert.doesNotMatch(await found(other, "./"), /data-build="newer"/);
    const styles = await found(other, `./assets/${newer.oldStyles}`); // which the server has no more
    assert.equal(styles, readFileSync(join(older, "assets", newer.oldStyles), "utf8"));
    await classify(other);

    await reloadForUpdate(other);
    await waitUntil(() => isNewer(other));
    await other.reload();
    await waitUntil(async () => (await versions(page)).length === 1);
  });

  test("an update is taken while another page keeps the older worker at work, and not offered again", async () => {
    const { page } = await visit();
    const other = await page.context().newPage();
    await other.goto(site.address);
    let endless;
    site.intercept = ({ url }) =>
      url.includes("endless") &&
      (({ response }) => {
        endless = response;
        response.write("more to come");
      });
    await other.evaluate(async () => {
      window.unread = await fetch("./endless");
      const ask = async () => {
        if (window.rests) return;
        await (await fetch("./")).text();
        setTimeout(() => (window.asked = ask()), 5);
      };
      window.asked = ask();
    });
    site.folder = newer.folder;
    await takeUpdate(page);
    await classify(page);
    const waiting = (tab) =>
      tab.evaluate(async () => (await navigator.serviceWorker.getRegistration()).waiting?.state);
    await page.waitForTimeout(3000); // by then the page has looked for newer versions
    assert.equal(await waiting(page), "installed", "the older worker has made way: this tests nothing");
    assert.ok(await page.getByRole("button", { name: "Reload" }).isHidden());
    assert.ok(!(await isNewer(other)));
    await classify(other);

    const third = await page.context().newPage();
    await third.goto(site.address);
    assert.ok(await isNewer(third));
    endless.end();
    await other.evaluate(async () => {
      window.rests = true;
      await window.asked;
      await window.unread.text();
    });
    await reloadForUpdate(other);
    await waitUntil(() => isNewer(other));
    await waitUntil(async () => !(await waiting(page)));
    await page.reload();
    await waitUntil(async () => (await versions(page)).length === 1);
  });

  test("the page of the first visit keeps its version when another takes an update, with files not needed before", async () => {
    const { page } = await visit();
    const other = await page.context().newPage();
    await other.goto(site.address);
    site.folder = withoutEngine.folder;
    await takeUpdate(other);
    const devtools = await page.context().newCDPSession(page);
    await devtools.send("Network.clearBrowserCache"); // else the TIFF reader could come from there
    await classify(page, { name: "cell.tif", mimeType: "image/tiff", buffer: await makeTiff() });
  });

  for (const [what, break_] of [
    ["a file missing", ({ response }) => response.writeHead(404).end()],
    ["a file of another build", ({ response }) => response.writeHead(200).end("other content")],
    ["the connection cut", ({ response }) => response.destroy()],
  ]) {
    test(`an update with ${what} leaves the older version whole, and comes later`, async () => {
      const { page } = await visit();
      site.folder = newer.folder;
      site.intercept = (request) => request.url.includes("newer-0a1b2c3d.css") && break_;
      await page.evaluate(async () => {
        const registration = await navigator.serviceWorker.ready;
        await registration.update().catch(() => undefined);
        const worker = registration.installing;
        if (worker) await new Promise((resolve) => worker.addEventListener("statechange", () => resolve()));
      });
      assert.equal((await versions(page)).length, 1);
      assert.ok(await page.getByRole("button", { name: "Reload" }).isHidden());
      await page.reload();
      assert.ok(!(await isNewer(page)));
      await classify(page);

      site.intercept = undefined;
      await lookForUpdate(page);
    });
  }

  test("an update that was coming when the power failed is nowhere to be seen, and comes later", async () => {
    const profile = scratch();
    const first = await startOnProfile(profile);
    await first.page.goto(site.address);
    await first.page.getByText("works offline").waitFor();
    site.folder = newer.folder;
    let stalled = false;
    site.intercept = ({ url }) => {
      stalled ||= url.includes("newer-0a1b2c3d.css");
      return url.includes("newer-0a1b2c3d.css") && (() => undefined);
    };
    await first.page.evaluate(async () => void (await navigator.serviceWorker.ready).update());
    await waitUntil(() => stalled);
    await first.page.waitForTimeout(500); // time for the other files to be stored
    await first.kill();

    const second = await startOnProfile(profile);
    noteRequests(second.page);
    await second.page.goto(site.address);
    assert.ok(!(await isNewer(second.page)));
    await classify(second.page);
    site.intercept = undefined;
    await takeUpdate(second.page);
    await second.kill();
  });

  test("a device without room says so in plain words, and the page goes on working", async () => {
    const { page, complaints } = await newPage();
    await limitStorage(page, 300_000);
    await page.goto(site.address);
    await page.getByText("too little free space").waitFor();
    await classify(page);
    assert.deepEqual(complaints, []);
    assert.deepEqual(await versions(page), []);
  });

  test("a device that has filled up since opens the page without a server all the same", async () => {
    const { page } = await visit();
    await limitStorage(page, 1000);
    site.stop();
    await page.reload();
    await classify(page);
  });

  async function limitStorage(page, quotaSize) {
    const devtools = await page.context().newCDPSession(page);
    const origin = new URL(site.address).origin;
    await devtools.send("Storage.overrideQuotaForOrigin", { origin, quotaSize });
  }
});

describe("on other hosts", () => {
  for (const [name, start] of [
    ["a server that knows nothing but files", startPython],
    ["a server that sends what is compressed", (folder) => startSite(folder)],
  ]) {
    test(`under a path of its own, ${name} suffices; then no server is needed`, async () => {
      const root = scratch();
      cpSync(older, join(root, "some/sub/path"), { recursive: true });
      const host = await start(root);
      try {
        const { page, requests, complaints } = await newPage();
        await page.goto(`${host.address}some/sub/path/`);
        await page.getByText("works offline").waitFor();
        await classify(page);
        host.stop();
        await page.reload();
        await classify(page);
        await page.waitForLoadState("networkidle"); // else what is still on its way fails
        await page.goto(`${host.address}some/sub/path/kiosk/`);
        await page.getByText("Touch to begin").waitFor();
        assert.deepEqual(complaints, []);
        for (const url of requests)
          assert.ok(url.startsWith(`${host.address}some/sub/path/`) || url.startsWith("blob:"), url);
      } finally {
        host.stop();
      }
    });
  }
});

test("what is compressed lies beside what is not, in both codings", () => {
  const names = readdirSync(older, { recursive: true }).filter((name) =>
    /\.(html|js|css|wasm|safetensors)$/.test(name),
  );
  for (const name of names) {
    const plain = readFileSync(join(older, name)).length;
    const br = readFileSync(join(older, `${name}.br`)).length;
    const gz = readFileSync(join(older, `${name}.gz`)).length;
    assert.ok(br <= gz + 16 && gz <= plain + 64, name); // of less than a thousand bytes, either may be the smaller
  }
});

/** A host whose files can be exchanged and whose answers can be spoilt; `stop` cuts every connection. */
async function startSite(folder) {
  const site = { folder, intercept: undefined };
  const server = createServer((request, response) => {
    const spoil = site.intercept?.(request);
    if (spoil) spoil({ response });
    else answer(site.folder, request, response);
  });
  await new Promise((resolve) => server.listen(0, "localhost", resolve));
  site.address = `http://localhost:${server.address().port}/`;
  site.stop = () => {
    server.close();
    server.closeAllConnections();
  };
  return site;
}

async function startPython(folder) {
  const server = spawn(
    "python3",
    ["-u", "-m", "http.server", "0", "--bind", "localhost", "--directory", folder],
    {
      stdio: ["ignore", "pipe", "ignore"],
    },
  );
  const [line] = await new Promise((resolve) =>
    server.stdout.once("data", (data) => resolve([String(data)])),
  );
  return { address: `http://localhost:${/port (\d+)/.exec(line)[1]}/`, stop: () => server.kill() };
}

async function makeTiff() {
  const { Classifier } = await import(at("dist/package/index.js"));
  const classifier = await Classifier.load();
  const pixels = await classifier.decode(readFileSync(image));
  classifier.dispose();
  return writeTiff(pixels);
}

/** Gives the page a picture, and waits for the probabilities. */
async function classify(page, picture = image) {
  await page.locator("input[type=file]").first().setInputFiles(picture);
  await page
    .getByText(/\d\s?%/)
    .first()
    .waitFor();
  await page.getByText("For research and education only.").first().waitFor();
}

async function lookForUpdate(page) {
  await page.evaluate(() => navigator.serviceWorker.getRegistration().then((all) => all.update()));
  await page.getByText("A new version is available.").waitFor();
}

async function takeUpdate(page) {
  await lookForUpdate(page);
  await reloadForUpdate(page);
  await waitUntil(() => isNewer(page));
}

const versions = (page) =>
  page.evaluate(async () => (await caches.keys()).filter((name) => name.startsWith("leukolens ")));

const keptPaths = (page) =>
  page.evaluate(async () => {
    const [name] = await caches.keys();
    const requests = await (await caches.open(name)).keys();
    return requests
      .map(({ url }) => url.replace(document.baseURI, ""))
      .filter((path) => !path.startsWith("note/"));
  });

const keptBytes = (page) =>
  page.evaluate(async () => {
    const cache = await caches.open((await caches.keys())[0]);
    const sizes = (await cache.keys()).map(
      async (request) => (await (await cache.match(request)).blob()).size,
    );
    return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  });
