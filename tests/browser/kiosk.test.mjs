// The kiosk in Chromium: visitors come, play and go; workers, pages and browsers die; nobody has to touch anything.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, afterEach, before, describe, test } from "node:test";
import { chromium } from "playwright-core";
import { at, scratch } from "../support.mjs";
import { screenshot, startBrowser, waitUntil } from "./chromium.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const visits = Number(process.env.KIOSK_VISITS ?? 12);
const landscape = { width: 1920, height: 1080 };
const portrait = { width: 1080, height: 1920 };

/** English names, by the class that a drawing's file is named after. */
const names = {
  eosinophil: "Eosinophil",
  lymphocyte: "Lymphocyte",
  monocyte: "Monocyte",
  neutrophil: "Neutrophil",
  basophil: "Basophil",
  ig: "Immature granulocyte",
  erythroblast: "Erythroblast",
  platelet: "Platelet",
};

/** The name of the cell that is under the lens. */
const drawnName = async (page) => {
  const src = await page.getByAltText("Which cell is in the middle?").getAttribute("src");
  return names[/([a-z]+)_\d+/.exec(src)[1]];
};

const button = (page, name) => page.getByRole("button", { name });
const begin = async (page) => {
  await button(page, "Touch to begin").tap();
  await button(page, "Guess the cell").waitFor();
};

describe("the kiosk", () => {
  let browser;
  let opened;
  before(async () => {
    browser = await startBrowser(at("dist/site"), ["--use-fake-device-for-media-stream"]);
  });
  after(() => browser.close());

  async function open({ query = "?language=en", viewport = landscape, ...options } = {}) {
    opened = await browser.newPage({ viewport, hasTouch: true, ...options });
    await opened.page.goto(`${browser.origin}/kiosk/${query}`);
    await button(opened.page, "Touch to begin").waitFor();
    return opened.page;
  }

  afterEach(async () => {
    assert.deepEqual(opened.complaints, []);
    await opened.page.context().close();
  });

  test("a visitor plays a round by touch: hears what is right, what to look for, and what the network says", async () => {
    const page = await open();
    await begin(page);
    await button(page, "Guess the cell").tap();
    const name = await drawnName(page);
    assert.equal(await page.locator(".choices button").count(), 4);
    await button(page, name).tap();
    await page.getByText("Right!").waitFor();
    await page.getByText(`It was drawn as: ${name}`).waitFor();
    await page.getByText("The network says").waitFor();
    await page.getByText(/\d%/).first().waitFor();
    await heatmap(page);
    assert.ok(await page.getByText("For research and education only.").isVisible());

    await button(page, "Next cell").tap();
    await page.getByText("Cell 2 of 5").waitFor();
    const right = await drawnName(page);
    await page.locator(".choices button").filter({ hasNotText: right }).first().tap();
    await page.getByText("Not quite.").waitFor();
    await page.getByText(`It was drawn as: ${right}`).waitFor();
  });

  test("the whole game goes by keyboard alone, and both scores are told", async () => {
    const page = await open();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByText("Five cells").waitFor();
    while (!(await focused(page)).startsWith("Guess")) await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    for (let round = 1; round <= 5; round++) {
      await page.getByText(`Cell ${round} of 5`).waitFor();
      const name = await drawnName(page);
      const choices = await page.locator(".choices button").allTextContents();
      if (round < 5) {
        await page.keyboard.press(String(choices.indexOf(name) + 1));
        await page.getByText("Right!").waitFor();
      } else {
        while ((await focused(page)) === name) await page.keyboard.press("Tab");
        await page.keyboard.press("Enter"); // the first choice has the focus: a wrong one
        await page.getByText("Not quite.").waitFor();
      }
      await page.keyboard.press("Enter");
    }
    await page.getByText("4 of 5").first().waitFor();
    await page.getByText("The network", { exact: true }).waitFor();
    await page.keyboard.press("Escape");
    await button(page, "Ask the network").waitFor();
  });

  test("whoever leaves is forgotten: picture, answer, language", async () => {
    const page = await open({ query: "?language=en&idle=3" });
    await button(page, "Deutsch").tap();
    await button(page, "Das Netz fragen").tap();
    await page.getByRole("button", { name: "Wähle eine Zelle 1" }).tap();
    await page.getByText(/\d\s%/).first().waitFor();
    await page.getByText("Bist du noch da?").waitFor();
    await page.getByText("Touch to begin").waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.lang), "en");
    assert.equal(await page.locator("leuko-kiosk-look, leuko-kiosk-answer").count(), 0);
    assert.equal(await page.evaluate(() => localStorage.length), 0);
  });

  test("a touch keeps the visitor's screen", async () => {
    const page = await open({ query: "?language=en&idle=6" });
    await begin(page);
    await page.getByText("Are you still there?").waitFor();
    await button(page, "I am still here").tap();
    await page.getByText("Are you still there?").waitFor({ state: "hidden" });
    assert.ok(await button(page, "Guess the cell").isVisible());
  });

  test("the camera's picture is classified, and both are gone when the visitor is", async () => {
    const page = await open({ query: "?language=en&idle=4", permissions: ["camera"] });
    await begin(page);
    await button(page, "Ask the network").tap();
    await button(page, "Camera").tap();
    await page.waitForFunction(() => {
      const find = (root) =>
        root.querySelector("video") ??
        [...root.querySelectorAll("*")].map((e) => e.shadowRoot && find(e.shadowRoot)).find(Boolean);
      window.video = find(document);
      return window.video?.videoWidth > 0;
    });
    await button(page, "Take the picture").tap();
    await page.getByText("From the camera.").waitFor();
    await page.getByText("One moment").waitFor({ state: "hidden" });
    const url = await page.getByAltText("Which cell is in the middle?").getAttribute("src");
    assert.equal(await page.evaluate(() => window.video.srcObject.active), false);
    await button(page, "Touch to begin").waitFor();
    assert.equal(
      await page.evaluate(
        (url) =>
          fetch(url).then(
            () => "there",
            () => "gone",
          ),
        url,
      ),
      "gone",
    );
    opened.complaints.splice(0); // of the fetch that had to fail
  });

  test("a camera that is refused is said in calm words, and the drawn cells stay", async () => {
    const page = await open();
    await page.context().clearPermissions();
    await page.evaluate(() => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("no", "NotAllowedError"));
    });
    await begin(page);
    await button(page, "Ask the network").tap();
    await button(page, "Camera").tap();
    await page.getByText("The camera does not answer.").waitFor();
    await page.getByRole("button", { name: "Pick a cell 1" }).tap();
    await page.getByText(/\d%/).first().waitFor();
  });

  test("a worker that dies at its work is replaced, and the visitor gets the answer", async () => {
    const page = await open();
    await begin(page);
    await button(page, "Ask the network").tap();
    await page.workers()[0].evaluate(() => {
      self.postMessage = () => self.close();
    });
    const start = performance.now();
    await page.getByRole("button", { name: "Pick a cell 1" }).tap();
    await page.getByText("being set up again").waitFor();
    await screenshot(page, "kiosk-recovering");
    await page.getByText(/\d%/).first().waitFor();
    console.log(`answered ${(performance.now() - start).toFixed(0)} ms after the worker was killed`);
    await page.getByText("being set up again").waitFor({ state: "hidden" });
  });

  test("an error that nobody caught ends in a fresh start, ever later when it comes back", async () => {
    const page = await open();
    const waits = [];
    for (let fall = 0; fall < 3; fall++) {
      await begin(page);
      const start = performance.now();
      await page.evaluate(() => void setTimeout(() => Promise.reject(new Error("a fall"))));
      await page.getByRole("alert").waitFor();
      await button(page, "Touch to begin").waitFor();
      waits.push(performance.now() - start);
    }
    assert.ok(waits[1] > waits[0] + 500 && waits[2] > waits[1] + 1000, String(waits));
    assert.deepEqual(new Set(opened.complaints.splice(0)), new Set(["a fall"]));
  });

  test("plays and answers with the server stopped, after a first visit", async () => {
    const own = await startBrowser(at("dist/site"));
    try {
      const { page, complaints } = await own.newPage({ viewport: landscape, hasTouch: true });
      await page.goto(`${own.origin}/kiosk/?language=en`);
      await page.waitForFunction(() => navigator.serviceWorker.controller);
      own.stopServer();
      await page.reload();
      await play(page);
      await button(page, "Español").tap();
      await button(page, "Adivina la célula").waitFor();
      assert.deepEqual(complaints, []);
    } finally {
      await own.close();
    }
  });

  test("nothing leads out: no link, no menu, no dragging, no way back, no shortcut", async () => {
    const page = await open();
    await begin(page);
    assert.equal(await page.locator("a").count(), 0);
    const refused = await page.evaluate(() =>
      [
        new MouseEvent("contextmenu", { bubbles: true, cancelable: true }),
        new DragEvent("dragstart", { bubbles: true, cancelable: true }),
        new WheelEvent("wheel", { bubbles: true, cancelable: true, ctrlKey: true }),
        ...["F5", "F11", "F12", "BrowserBack"].map(
          (key) => new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }),
        ),
        ...["p", "w", "r", "l"].map(
          (key) => new KeyboardEvent("keydown", { key, ctrlKey: true, bubbles: true, cancelable: true }),
        ),
      ].map((event) => !document.body.dispatchEvent(event)),
    );
    assert.ok(refused.every(Boolean), String(refused));
    for (let i = 0; i < 3; i++) await page.evaluate(() => history.back());
    await page.waitForTimeout(300);
    assert.ok(await button(page, "Guess the cell").isVisible());
    assert.equal(await page.evaluate(() => getComputedStyle(document.body).userSelect), "none");
  });

  for (const [name, viewport, colorScheme] of [
    ["landscape", landscape, "light"],
    ["portrait", portrait, "dark"],
  ]) {
    test(`every screen in ${name} has large targets, fits, and gives axe nothing to find`, async () => {
      const page = await open({ viewport, colorScheme, reducedMotion: "reduce" });
      const check = async (screen) => {
        await screenshot(page, `kiosk-${name}-${screen}`);
        await assertAccessible(page);
        await assertLargeTargets(page);
        assert.ok(await fits(page), `${screen} does not fit`);
      };
      await check("attract");
      await begin(page);
      await check("home");
      await button(page, "Guess the cell").tap();
      await check("quiz");
      await page.locator(".choices button").first().tap();
      await page.getByText(/\d%/).first().waitFor();
      await check("told");
      for (let i = 1; i < 5; i++) {
        await button(page, "Next cell").tap();
        await page.locator(".choices button").first().tap();
      }
      await button(page, "The result").tap();
      await check("result");
      await button(page, "Home").tap();
      await button(page, "Ask the network").tap();
      await check("pick");
      await page.getByRole("button", { name: "Pick a cell 1" }).tap();
      await page.getByText(/\d%/).first().waitFor();
      await check("slide");
    });
  }

  test("with reduced motion nothing moves", async () => {
    const page = await open({ reducedMotion: "reduce" });
    const running = () => page.evaluate(() => document.getAnimations().length);
    assert.equal(await running(), 0);
  });

  test(`${visits} visitors, one of them without a worker, leave memory as it was`, {
    timeout: 30 * 60_000,
  }, async () => {
    const page = await open();
    const heap = async () => {
      await browser.collectGarbage(page);
      return page.evaluate(() => performance.memory.usedJSHeapSize);
    };
    for (let i = 0; i < 4; i++) await play(page);
    const before = await heap();
    const residentBefore = await browser.residentMemory();
    for (let i = 0; i < visits; i++) {
      if (i % 10 === 5) await page.workers()[0].evaluate(() => self.close());
      await play(page);
    }
    const after = await heap();
    const elements = await page.evaluate(() => document.querySelectorAll("*").length);
    console.log(
      `${visits} visits: heap ${mb(before)} before, ${mb(after)} after; resident ${mb(residentBefore)}, ${mb(await browser.residentMemory())}; ${elements} elements`,
    );
    assert.ok(after - before < 2e6);
    assert.equal(page.workers().length, 1);
  });
});

describe("the kiosk's keeper", () => {
  const folder = scratch();
  const wrapper = join(folder, "browser");
  const devtools = 9000 + (process.pid % 900);
  let screen;
  let keeper;
  let output = "";
  before(async () => {
    screen = await startScreen(1280, 800);
    // Tests can look into the browser; its flags are the keeper's otherwise.
    const line = `exec /usr/bin/chromium --no-sandbox --disable-gpu --remote-debugging-port=${devtools} "$@"`;
    writeFileSync(wrapper, `#!/bin/sh\n${line}\n`);
    chmodSync(wrapper, 0o755);
    const env = { DISPLAY: screen.display, WAYLAND_DISPLAY: "" };
    keeper = start(["--port", "0", "--browser", wrapper, "--language", "en"], env);
    keeper.stdout.on("data", (data) => {
      output += data;
    });
  });
  after(() => {
    keeper.kill();
    screen.close();
  });

  /** What the locked browser shows, once it attracts. */
  async function attracting() {
    for (let i = 0; i < 400; i++) {
      const browser = await chromium.connectOverCDP(`http://localhost:${devtools}`).catch(() => undefined);
      const page = browser
        ?.contexts()[0]
        ?.pages()
        .find((page) => page.url().includes("/kiosk/"));
      if (
        page &&
        (await page
          .getByText("Touch to begin")
          .isVisible()
          .catch(() => false))
      )
        return { browser, page };
      await browser?.close();
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`The kiosk did not come up within 40 seconds: ${output}`);
  }

  test("shows the kiosk, and nothing of other origins", async () => {
    const { browser, page } = await attracting();
    const outside = await page.evaluate(() =>
      fetch("http://example.org/").then(
        () => "reached",
        () => "refused",
      ),
    );
    assert.equal(outside, "refused");
    await browser.close();
  });

  test("fills the screen, and no shortcut of a browser leads out", async () => {
    const { browser, page } = await attracting();
    await waitUntil(() => page.evaluate(() => innerWidth === 1280 && innerHeight === 800));
    screen.press("click", "1");
    await page.getByText("Guess the cell").waitFor();
    for (const key of [
      ...["Escape", "F1", "F5", "F6", "F10", "F11", "F12", "alt+Left", "alt+Home", "alt+f", "super", "Menu"],
      ...["ctrl+t", "ctrl+n", "ctrl+shift+n", "ctrl+w", "ctrl+l", "ctrl+o", "ctrl+p", "ctrl+s", "ctrl+u"],
      ...["ctrl+h", "ctrl+j", "ctrl+f", "ctrl+plus", "ctrl+shift+i", "ctrl+shift+Delete", "shift+Escape"],
    ])
      screen.press("key", key);
    await page.waitForTimeout(2000);
    const pages = browser.contexts().flatMap((context) => context.pages());
    assert.deepEqual(
      pages.map((page) => new URL(page.url()).pathname),
      ["/kiosk/"],
    );
    assert.ok(await page.getByText("Guess the cell").isVisible());
    assert.deepEqual(await page.evaluate(() => [innerWidth, innerHeight, devicePixelRatio]), [1280, 800, 1]);
    await browser.close();
  });

  for (const [what, kill] of [
    ["a browser", ({ pids }) => pids.browser],
    ["a page", ({ pids }) => pids.renderer],
  ]) {
    test(`${what} that is killed is back without help`, async () => {
      const { browser, page } = await attracting();
      await page.waitForTimeout(2500); // it has beaten
      const pid = kill({ pids: await processes(browser) });
      const start = performance.now();
      process.kill(pid, "SIGKILL");
      await browser.close().catch(() => undefined);
      const again = await attracting();
      console.log(`${what} was back after ${((performance.now() - start) / 1000).toFixed(1)} s`);
      await again.browser.close();
    });
  }

  test("ends with its browser when it is told to", async () => {
    const ended = new Promise((resolve) => keeper.once("exit", resolve));
    keeper.kill("SIGTERM");
    assert.equal(await ended, 0);
    await assert.rejects(fetch(`http://localhost:${devtools}/json`));
  });
});

test("the keeper says in one sentence what is missing", async () => {
  const nothing = { DISPLAY: "", WAYLAND_DISPLAY: "" };
  assert.match(await complaint([], nothing), /^There is no screen here .*GUIDE\.md.*\n$/);
  assert.match(
    await complaint(["--browser", "/nowhere"], { DISPLAY: ":9" }),
    /^\/nowhere cannot be run here\..*\n$/,
  );
  assert.match(await complaint(["--port", "http"], { DISPLAY: ":9" }), /^--port must be a number .*\n$/);
  assert.match(await complaint(["--idle", "soon"], { DISPLAY: ":9" }), /^--idle must be a number .*\n$/);
});

/** A screen that nobody sees, with a window manager that grants a browser all of it. */
async function startScreen(width, height) {
  const server = spawn(
    "Xvfb",
    ["-displayfd", "1", "-screen", "0", `${width}x${height}x24`, "-nolisten", "tcp"],
    {
      stdio: ["ignore", "pipe", "ignore"],
    },
  );
  const [number] = await once(server.stdout, "data");
  const display = `:${String(number).trim()}`;
  const env = { ...process.env, DISPLAY: display };
  const manager = spawn("evilwm", ["-fn", "fixed"], { env, stdio: "ignore" });
  return {
    display,
    press: (...how) => execFileSync("xdotool", how, { env }),
    close() {
      manager.kill();
      server.kill();
    },
  };
}

const start = (options, env) =>
  spawn(process.execPath, [at("web/kiosk/kiosk.mjs"), ...options], { env: { ...process.env, ...env } });

function complaint(options, env) {
  return new Promise((resolve) => {
    const keeper = start(options, env);
    let text = "";
    keeper.stderr.on("data", (data) => {
      text += data;
    });
    keeper.once("exit", () => resolve(text));
  });
}

async function processes(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  return Object.fromEntries(processInfo.map(({ type, id }) => [type, id]));
}

/** One visitor: a round of the quiz, a cell under the lens, and away. */
async function play(page) {
  await begin(page);
  await button(page, "Guess the cell").tap();
  await page.locator(".choices button").first().tap();
  await page.getByText(/\d%/).first().waitFor();
  await heatmap(page);
  await button(page, "Home").tap();
  await button(page, "Ask the network").tap();
  await page.getByRole("button", { name: "Pick a cell 2" }).tap();
  await page.getByText(/\d%/).first().waitFor();
  await page.evaluate(() => document.querySelector("leuko-kiosk").leave());
  await button(page, "Touch to begin").waitFor();
}

/** Shows itself without being asked. */
const heatmap = (page) => page.locator("leuko-kiosk-eyepiece canvas").waitFor();

/** What the focused button says. */
const focused = (page) =>
  page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return element?.textContent.trim() ?? "";
  });

async function assertAccessible(page) {
  await page.evaluate(axe); // by the debugger, because the page's policy lets no script in
  const violations = await page.evaluate(async () => {
    const { violations } = await window.axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"],
      rules: { "meta-viewport": { enabled: false } },
    });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  });
  assert.deepEqual(violations, []);
}

async function assertLargeTargets(page) {
  const boxes = await Promise.all(
    (await page.getByRole("button").all()).map((target) => target.boundingBox()),
  );
  for (const box of boxes) assert.ok(Math.min(box.width, box.height) >= 64, JSON.stringify(box));
}

/** Whether the screen shows everything without scrolling. */
const fits = (page) =>
  page.evaluate(() => {
    const main = document.querySelector("leuko-kiosk").shadowRoot.querySelector("main");
    return main.scrollHeight <= main.clientHeight && document.documentElement.scrollWidth <= innerWidth;
  });

const mb = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
