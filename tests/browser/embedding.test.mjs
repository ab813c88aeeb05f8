// The installed package on pages that make it hard: other origins and realms, sandboxed frames, nonces, isolation, wrong addresses.
import assert from "node:assert/strict";
import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { answer } from "../../web/serve.mjs";
import { drawAnswered, installPackage, writeFiles } from "../support.mjs";
import { startBrowser, waitUntil, writeConsumer } from "./chromium.mjs";

const [{ path, predictions }] = drawAnswered();
const best = predictions.toSorted((a, b) => b.probability - a.probability)[0].label;
const image = readFileSync(path).toString("base64");
const { folder } = installPackage();
writeConsumer(folder);

const nonce = "q83vEjRW";
const noncePolicy = `default-src 'none'; script-src 'nonce-${nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; img-src 'self' blob:`;
const plain = (headers) => headers;
/** By the page's name: what its host sends. */
const hosts = {
  "open.html": ({ "content-security-policy": _, ...rest }) => rest,
  "shared.html": ({ "content-security-policy": _, ...rest }) => ({
    ...rest,
    "access-control-allow-origin": "*",
  }),
  "nonce.html": (headers) => ({ ...headers, "content-security-policy": noncePolicy }),
  "isolated.html": (headers) => ({ ...headers, "cross-origin-embedder-policy": "require-corp" }),
};

/** Everything but pages and one image is for everybody, as on a content delivery network. */
function answerAsHost(root, request, response) {
  const [, name] = /\/(\w+\.html)/.exec(request.url) ?? [];
  const isTainted = request.url === "/tainted.png";
  const change = name || isTainted ? hosts[name] : hosts["shared.html"];
  const writeHead = response.writeHead.bind(response);
  response.writeHead = (status, headers) => writeHead(status, (change ?? plain)(headers));
  answer(root, request, response);
}

describe("the package on a page", () => {
  let browser;
  let other;
  before(async () => {
    const icon = '<!doctype html><link rel="icon" href="icon.svg">';
    const main = `${icon}<script type="module" nonce="${nonce}" src="main.js"></script>`;
    writeFiles(folder, {
      "open.html": main,
      "isolated.html": main,
      "nonce.html": `${main}<script type="module" nonce="${nonce}" src="node_modules/leukolens/element.js"></script>`,
      "shared.html": `${icon}<iframe sandbox="allow-scripts" src="open.html"></iframe>`,
    });
    writeFiles(folder, {
      "workers/own.js": `
        import { Classifier } from "../node_modules/leukolens/index.js";
        const classifier = await Classifier.load({ baseUrl: "../node_modules/leukolens" });
        const answer = classifier.classify("../tainted.png");
        postMessage(await answer.then(({ label }) => label, ({ message }) => message));`,
    });
    cpSync(path, join(folder, "tainted.png"));
    browser = await startBrowser(folder, [], { handle: answerAsHost });
    other = await startBrowser(folder, [], { handle: answerAsHost }); // for its server alone
  });
  after(async () => {
    await browser.close();
    await other.close();
  });

  async function open(name) {
    const opened = await browser.newPage();
    await opened.page.goto(`${browser.origin}/${name}`);
    return opened;
  }
  const ready = (frame) => frame.waitForFunction("window.leukolens");
  const classify = (frame) =>
    frame.evaluate(async (image) => {
      const classifier = await leukolens.Classifier.load({ workers: 1 });
      const { label } = await classifier.classify(bytesOf(image));
      classifier.dispose();
      return label;
    }, image);
  const failure = (frame, options) =>
    frame.evaluate(
      (options) => leukolens.Classifier.load(options).catch(({ code, message }) => ({ code, message })),
      options,
    );

  test("whose policy goes by nonces works, the element too, without a complaint", async () => {
    const { page, complaints } = await open("nonce.html");
    await ready(page);
    assert.equal(await classify(page), best);
    const shown = await page.evaluate(async (image) => {
      const element = document.createElement("leukolens-classifier");
      document.body.append(element);
      return (await element.classify(new Blob([bytesOf(image)]))).label;
    }, image);
    assert.equal(shown, best);
    assert.deepEqual(complaints, []);
    await page.context().close();
  });

  test("in a sandboxed frame without an origin works from a blob: worker", async () => {
    const { page, complaints } = await open("shared.html");
    const [, frame] = page.frames();
    await ready(frame);
    assert.equal(await frame.evaluate("globalThis.origin"), "null");
    assert.equal(await classify(frame), best);
    assert.deepEqual(complaints, []);
    await page.context().close();
  });

  test("that imports it from another host works", async () => {
    const { page, complaints } = await open("open.html");
    await ready(page);
    await page.evaluate(async (origin) => {
      window.leukolens = await import(`${origin}/node_modules/leukolens/index.js`);
      window.scripts = new Set(); // of workers, whose addresses take memory until they are given back
      const { createObjectURL, revokeObjectURL } = URL;
      URL.createObjectURL = (file) => {
        const url = createObjectURL.call(URL, file);
        if (file.type === "text/javascript") scripts.add(url);
        return url;
      };
      URL.revokeObjectURL = (url) => {
        scripts.delete(url);
        revokeObjectURL.call(URL, url);
      };
    }, other.origin);
    assert.equal(await classify(page), best);
    assert.equal(await page.evaluate(() => scripts.size), 0);
    assert.deepEqual(complaints, []);
    await page.context().close();
  });

  test("that is isolated while its files are not is told what the worker lacks", async () => {
    const { page } = await open("isolated.html");
    await ready(page);
    const { code, message } = await failure(page, {});
    assert.equal(code, "unsupported_environment");
    assert.match(message, /worker\.js did not start: .*Cross-Origin-Embedder-Policy/);
    await page.context().close();
  });

  test("that names a wrong worker is told which", async () => {
    const { page } = await open("open.html");
    await ready(page);
    for (const workerUrl of ["open.html", "nowhere.js"]) {
      const { code, message } = await failure(page, { workerUrl });
      assert.equal(code, "unsupported_environment");
      assert.ok(message.includes(`${browser.origin}/${workerUrl} did not start`), message);
    }
    await page.context().close();
  });

  test("takes files, buffers, images and canvases of a frame's realm", async () => {
    const { page, complaints } = await open("open.html");
    await ready(page);
    const labels = await page.evaluate(async (image) => {
      const frame = document.createElement("iframe");
      document.body.append(frame);
      const there = frame.contentWindow;
      const bytes = there.Uint8Array.from(bytesOf(image));
      const file = new there.File([bytes], "cell.png", { type: "image/png" });
      const picture = new there.Image();
      picture.src = URL.createObjectURL(file);
      await picture.decode();
      const canvas = frame.contentDocument.createElement("canvas");
      [canvas.width, canvas.height] = [picture.naturalWidth, picture.naturalHeight];
      canvas.getContext("2d").drawImage(picture, 0, 0);
      const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      const classifier = await leukolens.Classifier.load();
      const inputs = [
        bytes,
        bytes.buffer,
        file,
        new there.Response(file),
        new there.URL(picture.src),
        picture,
        canvas,
        pixels,
      ];
      const labels = [];
      for (const input of inputs) labels.push((await classifier.classify(input)).label);
      const opened = await classifier.open(file);
      labels.push((await opened.classify()).label);
      classifier.dispose();
      return labels;
    }, image);
    assert.deepEqual(labels, Array(9).fill(best));
    assert.deepEqual(complaints, []);
    await page.context().close();
  });

  test("with an image that it may not read gets a reason for it, in a batch an item", async () => {
    const { page } = await open("open.html");
    await ready(page);
    const answers = await page.evaluate(
      async ([address, image]) => {
        const tainted = new Image();
        tainted.src = address;
        await tainted.decode();
        const answers = [];
        for (const worker of [true, false]) {
          const classifier = await leukolens.Classifier.load({ worker });
          for await (const { error, label } of classifier.classifyAll([tainted, bytesOf(image)]))
            answers.push(error?.code ?? label);
          answers.push(await codeOf(classifier.open(tainted)));
          classifier.dispose();
        }
        return answers;
      },
      [`${other.origin.replace("localhost", "127.0.0.1")}/tainted.png`, image],
    );
    assert.deepEqual(answers, [
      "invalid_argument",
      best,
      "invalid_argument",
      "invalid_argument",
      best,
      "invalid_argument",
    ]);
    await page.context().close();
  });

  test("whose own worker imports it takes addresses relative to that worker", async () => {
    const { page, complaints } = await open("open.html");
    await ready(page);
    const label = await page.evaluate(() => {
      const worker = new Worker("workers/own.js", { type: "module" });
      return new Promise((resolve) => {
        worker.onmessage = ({ data }) => resolve(data);
      });
    });
    assert.equal(label, best);
    assert.deepEqual(complaints, []);
    await page.context().close();
  });

  test("replaces a worker that an aborted call has caught for ever", async () => {
    const { page } = await open("open.html");
    await ready(page);
    await page.evaluate(async () => {
      window.classifier = await leukolens.Classifier.load({ workers: 1 });
    });
    const [first] = page.workers();
    await first.evaluate(() => {
      performance.now = () => {
        for (;;);
      };
    });
    const codes = await page.evaluate(async (image) => {
      const controller = new AbortController();
      const caught = codeOf(classifier.classify(bytesOf(image), { signal: controller.signal }));
      await new Promise((resolve) => setTimeout(resolve)); // it is with the worker
      controller.abort();
      return [await caught, (await classifier.classify(bytesOf(image))).label];
    }, image);
    assert.deepEqual(codes, ["aborted", best]);
    await waitUntil(() => page.workers().length === 1 && page.workers()[0] !== first);
    await page.context().close();
  });
});
