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
import { cameraFlags } from "./fake-camera.mjs";
import { begin, button, en, heatmap, landscape, play } from "./kiosk.mjs";
import { wordsOf } from "./words.mjs";
import { callsOf, recordCalls } from "./worker-calls.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const portrait = { width: 1080, height: 1920 };

const { classes, researchOnly } = await wordsOf("en", "first-load");
const de = await wordsOf("de", "kiosk");
const es = await wordsOf("es", "kiosk");

/** The English name of the cell that is shown; a drawing's file is named after its class. */
const drawnName = async (page) => {
  const src = await page.getByAltText(en.middle).getAttribute("src");
  return classes[/([a-z]+)_\d+/.exec(src)[1]];
};

describe("the kiosk", () => {
  let browser;
  let opened;
  before(async () => {
    browser = await startBrowser(at("dist/site"), cameraFlags());
  });
  after(() => browser.close());

  /** Nothing moves unless it is wanted: that is half of all work. With `clock`, its time stands still but for what a test lets pass. `tamper` runs in the page before anything else. */
  async function open({
    query = "?language=en",
    viewport = landscape,
    clock = false,
    reducedMotion = "reduce",
    tamper,
    ...options
  } = {}) {
    opened = await browser.newPage({ viewport, reducedMotion, hasTouch: true, ...options });
    if (tamper) await opened.page.addInitScript(tamper);
    if (clock) {
      await opened.page.clock.install({ time: 0 });
      await opened.page.clock.pauseAt(60_000); // which it has not reached by itself
    }
    await opened.page.goto(`${browser.origin}/kiosk/${query}`);
    await opened.page.locator("leuko-kiosk-attract button").waitFor();
    return opened.page;
  }

  afterEach(async () => {
    assert.deepEqual(opened.complaints, []);
    await opened.page.context().close();
  });

  test("a visitor plays a round by touch: hears what is right, what to look for, and what the network says", async () => {
    const page = await open({ reducedMotion: "no-preference" });
    await begin(page);
    await button(page, en.quiz).tap();
    const name = await drawnName(page);
    assert.equal(await page.locator(".choices button").count(), 4);
    await button(page, name).tap();
    await page.getByText(en.right).waitFor();
    await page.getByText(en.answer(name)).waitFor();
    await page.getByText(en.network).waitFor();
    await page.getByText(/\d%/).first().waitFor();
    await heatmap(page);
    await page.getByText(researchOnly).waitFor();

    await button(page, en.next).tap();
    await page.getByText(en.round(2, 5)).waitFor();
    const right = await drawnName(page);
    await page.locator(".choices button").filter({ hasNotText: right }).first().tap();
    await page.getByText(en.wrong).waitFor();
    await page.getByText(en.answer(right)).waitFor();
  });

  test("the whole game goes by keyboard alone, and both scores are told", async () => {
    const page = await open();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByText(en.quizHint).waitFor();
    while (!(await focused(page)).startsWith(en.quiz)) await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    for (let round = 1; round <= 5; round++) {
      await page.getByText(en.round(round, 5)).waitFor();
      const name = await drawnName(page);
      const choices = await page.locator(".choices button").allTextContents();
      if (round < 5) {
        await page.keyboard.press(String(choices.indexOf(name) + 1));
        await page.getByText(en.right).waitFor();
      } else {
        while ((await focused(page)) === name) await page.keyboard.press("Tab");
        await page.keyboard.press("Enter"); // the first choice has the focus: a wrong one
        await page.getByText(en.wrong).waitFor();
      }
      await page.keyboard.press("Enter");
    }
    await page.getByText(en.score(4, 5)).first().waitFor();
    await page.getByText(en.machine, { exact: true }).waitFor();
    await page.keyboard.press("Escape");
    await button(page, en.ask).waitFor();
  });

  test("a visitor who is quicker than the network takes no point from it", async () => {
    const page = await open({
      tamper: () => {
        const { postMessage } = Worker.prototype;
        Worker.prototype.postMessage = function (...message) {
          setTimeout(() => postMessage.apply(this, message), 300);
        };
      },
    });
    await begin(page);
    await button(page, en.quiz).tap();
    for (let round = 1; round <= 5; round++) {
      await page.getByText(en.round(round, 5)).waitFor();
      await page.keyboard.press("1");
      await page.keyboard.press("Enter");
    }
    const points = page.locator("leuko-kiosk-quiz .points").nth(1);
    await waitUntil(async () => Number(await points.textContent()) >= 3);
  });

  test("whoever leaves is forgotten: picture, answer, language", async () => {
    const page = await open({ query: "?language=en&idle=3" });
    await button(page, "Deutsch").tap();
    await button(page, de.ask).tap();
    await page.getByRole("button", { name: `${de.pick} 1` }).tap();
    await page.getByText(/\d\s%/).first().waitFor();
    await page.getByText(de.stillThere).waitFor();
    await page.getByText(en.invitation).waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.lang), "en");
    assert.equal(await page.locator("leuko-kiosk-ask, leuko-kiosk-answer").count(), 0);
    assert.equal(await page.evaluate(() => localStorage.length), 0);
  });

  test("a touch keeps the visitor's screen", async () => {
    const page = await open({ query: "?language=en&idle=6" });
    await begin(page);
    await page.getByText(en.stillThere).waitFor();
    await button(page, en.stay).tap();
    await page.getByText(en.stillThere).waitFor({ state: "hidden" });
    await button(page, en.quiz).waitFor();
  });

  /** Chooses the camera, and waits until its button takes a picture. */
  async function openCamera(page) {
    await begin(page);
    await button(page, en.ask).tap();
    await button(page, en.camera).tap();
    await page.locator("leuko-kiosk-camera button:enabled").waitFor();
  }

  const video = (page) => page.locator("leuko-kiosk-camera video");

  test("the camera's picture is classified, and both are gone when the visitor is", async () => {
    const page = await open({ query: "?language=en&idle=4" });
    await openCamera(page);
    const eyepiece = page.locator("leuko-kiosk-camera leuko-kiosk-eyepiece");
    assert.deepEqual(await video(page).boundingBox(), await eyepiece.boundingBox());
    await video(page).evaluate((video) => {
      window.stream = video.srcObject;
    });
    await button(page, en.shoot).tap();
    await page.getByText(en.cameraPicture).waitFor();
    const headline = page.locator("leuko-kiosk-answer .headline").filter({ hasNotText: en.waiting });
    assert.equal(await headline.textContent(), classes.neutrophil);
    const url = await page.getByAltText(en.middle).getAttribute("src");
    assert.equal(await page.evaluate(() => window.stream.active), false);
    await button(page, en.invitation).waitFor();
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

  /** Ends the stream as an unplugged camera or a sleeping machine does; then none answers until `plugIn`. */
  const unplug = (page) =>
    video(page).evaluate((video) => {
      const { mediaDevices } = navigator;
      const getUserMedia = mediaDevices.getUserMedia.bind(mediaDevices);
      mediaDevices.getUserMedia = () => Promise.reject(new DOMException("no camera", "NotFoundError"));
      window.plugIn = () => {
        mediaDevices.getUserMedia = getUserMedia;
      };
      for (const track of video.srcObject.getTracks()) {
        track.stop();
        track.dispatchEvent(new Event("ended"));
      }
    });

  test("a camera that was unplugged is said to be, is waited for, and its last frame is never classified", async () => {
    const page = await open();
    await openCamera(page);
    await unplug(page);
    await page.getByText(en.cameraLost).waitFor();
    assert.ok(await button(page, en.shoot).isDisabled());
    assert.equal(await video(page).isVisible(), false);
    await page.evaluate(() => window.plugIn());
    await page.locator("leuko-kiosk-camera button:enabled").waitFor();
    assert.equal(await page.getByText(en.cameraLost).count(), 0);
    await button(page, en.shoot).tap();
    await page.getByText(en.cameraPicture).waitFor();
  });

  test("a frame without a live camera behind it is not classified, though nothing has told of its end", async () => {
    const page = await open();
    await openCamera(page);
    await video(page).evaluate((video) => {
      for (const track of video.srcObject.getTracks()) track.stop(); // fires no event
    });
    await button(page, en.shoot).tap();
    await page.locator("leuko-kiosk-camera button:enabled").waitFor();
    assert.equal(await page.getByText(en.cameraPicture).count(), 0);
  });

  test("a camera that is refused is said in calm words, and the drawn cells stay", async () => {
    const page = await open();
    await page.evaluate(() => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("no", "NotAllowedError"));
    });
    await begin(page);
    await button(page, en.ask).tap();
    await button(page, en.camera).tap();
    await page.getByText(en.noCamera).waitFor();
    await page.getByRole("button", { name: `${en.pick} 1` }).tap();
    await page.getByText(/\d%/).first().waitFor();
  });

  test("a picture is opened once, for its answer and its heatmap, and closed", async () => {
    const page = await open({ tamper: recordCalls });
    await begin(page);
    await button(page, en.ask).tap();
    await button(page, `${en.pick} 1`).tap();
    await heatmap(page);
    await waitUntil(async () => (await callsOf(page)).includes("close"));
    assert.deepEqual(await callsOf(page), ["open", "classify", "explain", "close"]);
  });

  test("a worker that dies at its work is replaced, and the visitor gets the answer", async () => {
    const page = await open();
    await begin(page);
    await button(page, en.ask).tap();
    await page.workers()[0].evaluate(() => {
      self.postMessage = () => self.close();
    });
    const start = performance.now();
    await page.getByRole("button", { name: `${en.pick} 1` }).tap();
    await page.getByText(en.recovering).waitFor();
    await screenshot(page, "kiosk-recovering");
    await page.getByText(/\d%/).first().waitFor();
    console.log(`answered ${(performance.now() - start).toFixed(0)} ms after the worker was killed`);
    await page.getByText(en.recovering).waitFor({ state: "hidden" });
  });

  test("an error that nobody caught ends in a fresh start, ever later when it comes back", async () => {
    const page = await open({ clock: true });
    for (const wait of [1000, 2000, 4000]) {
      await begin(page);
      await page.evaluate(() => void Promise.reject(new Error("nobody caught this")));
      await page.getByRole("alert").waitFor();
      await page.clock.runFor(wait - 1);
      await page.getByRole("alert").waitFor();
      const reloaded = page.waitForEvent("load");
      await page.clock.runFor(1);
      await reloaded;
      await button(page, en.invitation).waitFor();
    }
    assert.deepEqual(new Set(opened.complaints.splice(0)), new Set(["nobody caught this"]));
  });

  test("plays and answers with the server stopped, after a first visit", async () => {
    const own = await startBrowser(at("dist/site"));
    try {
      const { page, complaints } = await own.newPage({
        viewport: landscape,
        hasTouch: true,
        serviceWorkers: "allow",
      });
      await page.goto(`${own.origin}/kiosk/?language=en`);
      await page.waitForFunction(() => navigator.serviceWorker.controller);
      own.stopServer();
      await page.reload();
      await play(page);
      await button(page, "Español").tap();
      await button(page, es.quiz).waitFor();
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
    await button(page, en.quiz).waitFor();
    assert.equal(await page.evaluate(() => getComputedStyle(document.body).userSelect), "none");
  });

  for (const [name, viewport, colorScheme] of [
    ["landscape", landscape, "light"],
    ["portrait", portrait, "dark"],
  ]) {
    test(`every screen in ${name} has large targets, fits, and gives axe nothing to find`, async () => {
      const page = await open({ viewport, colorScheme });
      const check = async (screen) => {
        await screenshot(page, `kiosk-${name}-${screen}`);
        await assertAccessible(page);
        await assertLargeTargets(page);
        assert.ok(await fits(page), `${screen} does not fit`);
      };
      await check("attract");
      await begin(page);
      await check("home");
      await button(page, en.quiz).tap();
      await check("quiz");
      await page.locator(".choices button").first().tap();
      await page.getByText(/\d%/).first().waitFor();
      await check("told");
      for (let i = 1; i < 5; i++) {
        await button(page, en.next).tap();
        await page.locator(".choices button").first().tap();
      }
      await button(page, en.finish).tap();
      await check("result");
      await button(page, en.home).tap();
      await button(page, en.ask).tap();
      await check("pick");
      await page.getByRole("button", { name: `${en.pick} 1` }).tap();
      await page.getByText(/\d%/).first().waitFor();
      await check("slide");
    });
  }

  for (const [width, height] of [
    [800, 480],
    [480, 800],
    [1024, 600],
  ])
    test(`every screen fits a touch screen of ${width} x ${height}, in German, which is long`, async () => {
      const page = await open({
        query: "?language=de",
        viewport: { width, height },
      });
      const check = async (screen) => assert.ok(await fits(page), `${screen} does not fit`);
      await button(page, de.invitation).waitFor();
      await check("attract");
      await button(page, de.invitation).tap();
      await check("home");
      await button(page, de.quiz).tap();
      await check("quiz");
      for (let i = 1; i <= 5; i++) {
        await page.locator(".choices button").first().tap();
        await heatmap(page);
        await check(`answer ${i}`);
        await button(page, i < 5 ? de.next : de.finish).tap();
      }
      await check("result");
      await button(page, de.home).tap();
      await button(page, de.ask).tap();
      await check("pick");
      await button(page, `${de.pick} 1`).tap();
      await heatmap(page);
      await check("slide");
      await button(page, de.another).tap();
      await button(page, de.camera).tap();
      await page.locator("leuko-kiosk-camera button:enabled").waitFor();
      await check("camera");
    });

  test("with reduced motion nothing moves, on no screen; without it something does", async () => {
    for (const [reducedMotion, moving] of [
      ["no-preference", true],
      ["reduce", false],
    ]) {
      const page = await open({ reducedMotion });
      assert.equal((await animations(page)) > 0, moving, `attract, ${reducedMotion}`);
      await begin(page);
      await button(page, en.ask).tap();
      await button(page, `${en.pick} 1`).tap();
      await heatmap(page);
      assert.equal((await animations(page)) > 0, moving, `answer, ${reducedMotion}`);
      if (moving) await page.context().close();
    }
  });
});

describe("the kiosk's watchdog", () => {
  const folder = scratch();
  const wrapper = join(folder, "browser");
  const devtools = 9000 + (process.pid % 900);
  let screen;
  let watchdog;
  let ended;
  let output = "";
  before(async () => {
    screen = await startScreen(1280, 800);
    // Tests can look into the browser; its other flags are the watchdog's.
    const line = `exec /usr/bin/chromium --no-sandbox --disable-gpu --remote-debugging-port=${devtools} "$@"`;
    writeFileSync(wrapper, `#!/bin/sh\n${line}\n`);
    chmodSync(wrapper, 0o755);
    const env = { DISPLAY: screen.display, WAYLAND_DISPLAY: "" };
    watchdog = start(["--port", "0", "--browser", wrapper, "--language", "en"], env);
    ended = new Promise((resolve) => watchdog.once("exit", resolve));
    for (const stream of [watchdog.stdout, watchdog.stderr])
      stream.on("data", (data) => {
        output += data;
      });
  });
  after(() => {
    watchdog.kill();
    screen.close();
  });

  /** What the locked browser shows, once it attracts; each time the watchdog starts it, that is a page of another `start`. */
  async function attracting() {
    for (const start = performance.now(); performance.now() - start < 40_000; ) {
      const browser = await chromium
        .connectOverCDP(`http://localhost:${devtools}`, { timeout: 2000 }) // one that is being killed may never answer
        .catch(() => undefined);
      const page = browser
        ?.contexts()[0]
        ?.pages()
        .find((page) => page.url().includes("/kiosk/"));
      if (
        page &&
        (await page
          .getByText(en.invitation)
          .isVisible()
          .catch(() => false))
      )
        return { browser, page, start: await page.evaluate(() => performance.timeOrigin) };
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
    // A click may come before the window manager gives the page what is clicked.
    await waitUntil(async () => {
      screen.press("click", "1");
      return await appears(page.getByText(en.quiz), 3000);
    });
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
    await page.getByText(en.quiz).waitFor();
    assert.deepEqual(await page.evaluate(() => [innerWidth, innerHeight, devicePixelRatio]), [1280, 800, 1]);
    await page.evaluate(() => document.querySelector("leuko-kiosk").leave()); // or it would attract in a minute only
    await browser.close();
  });

  for (const [what, type] of [
    ["a browser", "browser"],
    ["a page", "renderer"],
  ]) {
    test(`${what} that is killed is back without help`, async () => {
      const { browser, page, start } = await attracting();
      await page.waitForTimeout(2500); // a heartbeat has come
      const killed = performance.now();
      for (const pid of await processes(browser, type)) process.kill(pid, "SIGKILL");
      await browser.close().catch(() => undefined);
      const again = await attracting();
      console.log(`${what} was back after ${((performance.now() - killed) / 1000).toFixed(1)} s`);
      assert.ok(again.start > start);
      await again.browser.close();
    });
  }

  test("ends with its browser when it is told to", async () => {
    watchdog.kill("SIGTERM");
    assert.equal(await ended, 0);
    await assert.rejects(fetch(`http://localhost:${devtools}/json`));
  });
});

test("the watchdog says in one sentence what is missing", async () => {
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
    const watchdog = start(options, env);
    let text = "";
    watchdog.stderr.on("data", (data) => {
      text += data;
    });
    watchdog.once("exit", () => resolve(text));
  });
}

/** Within so many milliseconds. */
const appears = (locator, timeout) =>
  locator.waitFor({ timeout }).then(
    () => true,
    () => false,
  );

/** Their ids; there may be spare renderers beside the page's. */
async function processes(browser, wanted) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  return processInfo.filter(({ type }) => type === wanted).map(({ id }) => id);
}

/** How many there are in the page and in every shadow root, into which `document.getAnimations` does not look. */
const animations = (page) =>
  page.evaluate(() => {
    const within = (root) =>
      [...root.querySelectorAll("*")].reduce(
        (sum, { shadowRoot }) => sum + (shadowRoot ? within(shadowRoot) : 0),
        root.getAnimations().length,
      );
    return within(document);
  });

/** What the focused button says. */
const focused = (page) =>
  page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return element?.textContent.trim() ?? "";
  });

async function assertAccessible(page) {
  // By the debugger, because the page's policy lets no script in.
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(axe);
  const violations = await page.evaluate(async () => {
    const { violations } = await window.axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"],
      rules: { "meta-viewport": { enabled: false } },
      resultTypes: ["violations"],
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
