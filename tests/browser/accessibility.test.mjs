// The whole page for everybody: axe in every state, keyboard alone, 400 % zoom, reduced motion, targets that fingers can hit.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { after, before, describe, test } from "node:test";
import { cellModel } from "../cell-model.mjs";
import { at, drawSmears } from "../support.mjs";
import { writeStack } from "../tiff.mjs";
import { settle, startBrowser } from "./chromium.mjs";

const axe = readFileSync(at("node_modules/axe-core/axe.min.js"), "utf8");
const smears = drawSmears({ count: 1, format: "jpg" }).map((path) => ({
  name: basename(path),
  mimeType: "image/jpeg",
  buffer: readFileSync(path),
}));
const grey = { width: 60, height: 40, rgba: new Uint8Array(4 * 60 * 40).fill(200) };
const stack = { name: "stack.tif", mimeType: "image/tiff", buffer: writeStack([grey, grey]) };
const notPicture = { name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("not an image") };

const giveFiles = (page, files) => page.locator("leuko-workbench input#files").setInputFiles(files);
const headline = (page) => page.locator("leuko-cell .verdict h2");
const openPart = (page, part) => page.locator(`nav a[href="#${part}"]`).click();
const openAll = (page, host) =>
  page.locator(`${host} details`).evaluateAll((all) => {
    for (const details of all) details.open = true;
  });

async function showModel(page) {
  await openPart(page, "model");
  await page.locator("input#article").check();
  await page.locator("leuko-curves svg.plot").nth(3).waitFor();
}

/** Each brings a fresh page into one state. */
const states = {
  "the empty page": (page) => page.locator("leuko-samples button").first().waitFor(),
  "one cell": async (page) => {
    await page.locator("leuko-samples button").first().click();
    await page.locator("leuko-cell .number", { hasText: "%" }).first().waitFor();
    await page.locator("leuko-atlas article").waitFor();
  },
  "one cell with its heatmap": async (page) => {
    await states["one cell"](page);
    await page.locator("leuko-cell .heat input[type=checkbox]").check();
    await page.locator("leuko-cell input[type=range]").waitFor();
  },
  "a failed picture": async (page) => {
    await giveFiles(page, notPicture);
    await page.locator("leuko-cell .verdict.failed").waitFor();
  },
  "a picture without a cell": async (page) => {
    await giveFiles(page, { name: "blank.png", mimeType: "image/png", buffer: await blankPicture(page) });
    await headline(page).filter({ hasText: "No white blood cell found" }).waitFor();
  },
  "a stack with its pages": async (page) => {
    await giveFiles(page, stack);
    await page.locator("leuko-pages button").last().click();
    await page.locator("leuko-pages button").last().and(page.locator(":disabled")).waitFor();
    await page.locator("leuko-cell .verdict h2").waitFor();
  },
  "a field": async (page) => {
    await page
      .locator("leuko-samples button")
      .filter({ hasText: /field|feld|campo|视野/i })
      .first()
      .click();
    await page.locator("leuko-differential").waitFor();
  },
  "a count with all that opens open": async (page) => {
    await giveFiles(page, smears);
    await page.locator("leuko-second-count button").waitFor({ state: "attached" });
    await openAll(page, "leuko-differential");
    await page.locator("leuko-second-count button").first().click();
    await page.locator("leuko-second-count table").waitFor();
  },
  "the report of a count": async (page) => {
    await states["a count with all that opens open"](page);
    await page.locator("leuko-differential a[href='#report']").click();
    await page.locator("leuko-report article").waitFor();
  },
  "a batch with a bad file": async (page) => {
    await giveFiles(page, [...smears, notPicture]);
    await page.locator("leuko-picture-list").waitFor();
    await page.locator("leuko-differential").waitFor();
    await page
      .locator("leuko-toasts")
      .getByText(/^Done: /)
      .waitFor(); // it fades in when the last image is read
  },
  review: async (page) => {
    await states["a field"](page);
    await page.locator("leuko-toolbar .bar button.main").click();
    await page.locator("leuko-review-cell leuko-atlas article").nth(1).waitFor();
  },
  "review in columns": async (page) => {
    await states.review(page);
    await page.keyboard.press("c");
    await page.locator("leuko-review-columns [role=option]").first().waitFor();
  },
  "the quiz before it begins": async (page) => {
    await states.review(page);
    await page.keyboard.press("1");
    await page.keyboard.press("Escape");
    await page.locator("leuko-toolbar .quiz").click();
    await page.locator("leuko-quiz-setup button.main:enabled").waitFor();
  },
  "the quiz": async (page) => {
    await states["the quiz before it begins"](page);
    await page.locator("leuko-quiz-setup button.main").click();
    await page.locator("leuko-quiz-question g.selected").waitFor();
  },
  "the score of a quiz": async (page) => {
    await states["the quiz"](page);
    await page.keyboard.press("0");
    await page.locator("leuko-quiz-result li").waitFor();
  },
  "a field whose scale is set": async (page) => {
    await states["a field"](page);
    await page.locator("leuko-scale button.bar").click();
    await page.locator("leuko-scale section").waitFor();
  },
  "a field that is measured": async (page) => {
    await states["a field whose scale is set"](page);
    await page.locator("leuko-scale section button:enabled").click();
    await page.locator("leuko-scale output").waitFor();
  },
  "a field whose frames are edited": async (page) => {
    await states["a field"](page);
    await page.getByRole("button", { name: "Add, move or delete cells" }).click();
    await page.locator("leuko-viewer .grip").first().waitFor();
  },
  "the choice of labels": async (page) => {
    await states["a field"](page);
    await page.locator("leuko-correction .choices button").last().click();
    await page.locator("leuko-label-set dialog").waitFor();
  },
  "the list of keys": async (page) => {
    await states["a field"](page);
    await page.keyboard.press("?");
    await page.locator("leuko-keys dialog").waitFor();
  },
  "a cell beside the atlas": async (page) => {
    await states["one cell"](page);
    await page.locator("leuko-cell button.beside").click();
    await page.locator("leuko-beside leuko-atlas article").waitFor();
  },
  "the atlas with its index open": async (page) => {
    await states["the atlas"](page);
    await openAll(page, "leuko-atlas-contents");
  },
  "the atlas": async (page) => {
    await openPart(page, "atlas");
    await page.locator("leuko-atlas article").nth(7).waitFor();
  },
  "the model page with all that opens open": async (page) => {
    await showModel(page);
    await openAll(page, "leuko-model-facts");
    await openAll(page, "leuko-model-report");
    await openAll(page, "leuko-curves");
  },
  "a refused model": async (page) => {
    await openPart(page, "model");
    await page.locator("leuko-model input[accept='.safetensors']").setInputFiles(notPicture);
    await page.locator("leuko-model [role=alert]").waitFor();
  },
  "two models compared": async (page) => {
    await openPart(page, "model");
    const own = { name: "cells.safetensors", mimeType: "application/octet-stream", buffer: cellModel() };
    await page.locator("leuko-model input[accept='.safetensors']").setInputFiles(own);
    await page.locator(".choice", { hasText: "cells" }).waitFor();
    await page.locator("leuko-compare select").last().selectOption({ label: "cells" });
    await page.locator("leuko-compare button.main").click();
    await page.locator("leuko-compare .result").waitFor();
  },
  "the camera": async (page) => {
    await page.locator("leuko-workbench .intake button").nth(2).click();
    await page.locator("leuko-camera-dialog .answer").filter({ hasText: /\S/ }).waitFor();
  },
  "a camera that is refused": async (page) => {
    await page.evaluate(() => {
      navigator.mediaDevices.getUserMedia = async () => {
        throw new DOMException("no", "NotAllowedError");
      };
    });
    await page.locator("leuko-workbench .intake button").nth(2).click();
    await page.locator("leuko-camera-dialog [role=alert]").waitFor();
  },
};

describe("for everybody, the page", () => {
  let browser;
  before(async () => {
    browser = await startBrowser(at("dist/site"), [
      "--use-fake-ui-for-media-stream",
      "--use-fake-device-for-media-stream",
    ]);
  });
  after(() => browser.close());

  /** axe writes its own script into the page, which the page's policy rightly refuses. */
  async function open(state, options) {
    const { page } = await browser.newPage({ bypassCSP: true, locale: "en", ...options });
    await page.addInitScript(addEyes);
    await page.goto(browser.origin);
    await page.locator("leuko-samples button").first().waitFor();
    await states[state](page);
    await settle(page);
    return page;
  }

  /** Of rules that are broken the elements; of others axe needs to describe none. */
  async function findings(page) {
    if (!(await page.evaluate("'axe' in window"))) await page.evaluate(axe);
    const { violations } = await page.evaluate(() =>
      globalThis.axe.run({ rules: { "target-size": { enabled: true } }, resultTypes: ["violations"] }),
    );
    return violations.map(({ id, nodes }) => `${id} (${nodes.length}): ${nodes[0].html.slice(0, 200)}`);
  }

  const desk = { viewport: { width: 1280, height: 800 }, colorScheme: "light" };
  const narrow = { viewport: { width: 320, height: 640 }, colorScheme: "light" };
  const phone = { viewport: { width: 390, height: 844 }, colorScheme: "dark", hasTouch: true };

  async function moveTo(page, { viewport, colorScheme, hasTouch = false }) {
    await page.emulateMedia({ colorScheme, reducedMotion: "no-preference" });
    await page.setViewportSize(viewport);
    if (hasTouch) {
      const devtools = await page.context().newCDPSession(page);
      await devtools.send("Emulation.setTouchEmulationEnabled", { enabled: true });
    }
    await settle(page);
  }

  const main = [
    "one cell",
    "a field",
    "review",
    "review in columns",
    "the quiz",
    "the atlas",
    "two models compared",
    "the camera",
  ];

  // Each state is reached once, and then moved to other screens: what the page consists of does not depend on its screen, which style
  // sheets alone ask for.
  for (const state of Object.keys(states))
    describe(`in ${state}`, () => {
      let page;
      before(async () => {
        page = await open(state, desk);
      });
      after(() => page?.context().close());

      describe("at a desk in the light", () => {
        test("gives axe nothing to find", async () => {
          assert.deepEqual(await findings(page), []);
        });

        if (state === "review in columns")
          test("marks what is chosen in forced colours too, and keeps the colours of classes", async () => {
            await page.emulateMedia({ forcedColors: "active" });
            const { current, dots } = await page.evaluate(lookOf);
            await page.emulateMedia({ forcedColors: "none" });
            assert.ok(current.length >= 2); // the section of the page, and the cell
            assert.deepEqual([...new Set(current)], ["solid"]);
            assert.ok(new Set(dots).size > 5);
          });

        if (!main.includes(state)) return;
        test("can be reached whole by the Tab key, each place showing its focus", async () => {
          await page.evaluate(() => {
            window.missed = new Set(controls());
          });
          for (let i = 0; i < 300 && (await page.evaluate("missed.size")) > 0; i++) {
            await page.keyboard.press("Tab");
            const hidden = await page.evaluate(visit);
            assert.equal(hidden, undefined, `${hidden} does not show that it has the focus`);
          }
          assert.deepEqual(await page.evaluate(() => [...missed].map(describe)), []);
        });

        if (state === "one cell")
          test("moves where nothing is said against it", async () => {
            assert.notDeepEqual(await page.evaluate(moving), []);
          });

        test("keeps still where motion is not wanted", async () => {
          await page.emulateMedia({ reducedMotion: "reduce" });
          assert.deepEqual(await page.evaluate(moving), []);
        });
      });

      if (main.includes(state))
        describe("on a narrow screen", () => {
          before(() => moveTo(page, narrow));
          after(() => speak(page, "en"));

          for (const tag of ["de", "es", "zh"]) {
            test(`gives axe nothing to find in ${tag}, and fits`, async () => {
              await speak(page, tag);
              assert.deepEqual(await findings(page), []);
              assert.deepEqual(await page.evaluate(tooWide), []);
            });
          }
        });

      describe("on a phone in the dark", () => {
        before(() => moveTo(page, phone));

        test("gives axe nothing to find", async () => {
          assert.deepEqual(await findings(page), []);
        });

        if (main.includes(state))
          test("has targets of at least 24 px", async () => {
            const small = (least) => page.evaluate((least) => smallTargets(least), least);
            console.log(`${state}, targets below 44 px:`, await small(44));
            assert.deepEqual(await small(24), []);
          });

        test("needs no scrolling sideways at 400 % zoom", async () => {
          await page.setViewportSize({ width: 320, height: 256 });
          await settle(page);
          assert.deepEqual(await page.evaluate(tooWide), []);
        });
      });
    });

  test("speaks the language of the browser from the start", async () => {
    for (const tag of ["de", "es", "zh"]) {
      const page = await open("the empty page", { locale: tag });
      assert.equal(await page.evaluate("document.documentElement.lang"), tag);
      await page.context().close();
    }
  });
});

/** Changes the language in place, behind an open dialog too. */
async function speak(page, tag) {
  await page.evaluate((tag) => {
    const select = [...walk()].find(
      (element) => element.matches("select") && element.querySelector(`[value=${tag}]`),
    );
    select.value = tag;
    select.dispatchEvent(new Event("change", { bubbles: true }));
  }, tag);
  await page.waitForFunction((tag) => document.documentElement.lang === tag, tag);
  await settle(page);
}

/** A PNG of one colour, drawn by the browser. */
async function blankPicture(page) {
  const base64 = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(320, 240);
    const context = canvas.getContext("2d");
    context.fillStyle = "#f3e8e6";
    context.fillRect(0, 0, 320, 240);
    const bytes = new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer());
    return btoa(String.fromCharCode(...bytes));
  });
  return Buffer.from(base64, "base64");
}

/** What the tests look at the page with, shadow trees included: defined in the page itself. */
function addEyes() {
  window.walk = function* (root = document) {
    for (const element of root.querySelectorAll("*")) {
      yield element;
      if (element.shadowRoot) yield* walk(element.shadowRoot);
    }
  };
  window.describe = (element) => {
    const label = element.getAttribute("aria-label") ?? element.textContent.trim().replace(/\s+/g, " ");
    return `${element.localName}${element.id && `#${element.id}`} "${label.slice(0, 60)}"`;
  };
  const isShown = (element) =>
    element.checkVisibility({ visibilityProperty: true }) && !element.closest("[inert]");
  const isSilent = (element) => element.type === "radio" && !element.checked; // arrows lead to it
  /** All that can be worked with now: behind an open dialog, nothing can. */
  window.controls = () => {
    const all = [...walk()];
    const dialog = all.find((element) => element.matches("dialog:modal"));
    const kinds = "a[href], button, input, select, textarea, summary, [tabindex]:not([tabindex='-1'])";
    return (dialog ? [...walk(dialog)] : all).filter(
      (element) =>
        element.matches(kinds) &&
        !element.matches(":disabled, [tabindex='-1']") &&
        isShown(element) &&
        !isSilent(element),
    );
  };
  /** But for links within text, and for what is seen only once it has the focus. */
  window.smallTargets = (least) =>
    controls()
      .map((element) => ({ element, box: (element.closest("label") ?? element).getBoundingClientRect() }))
      .filter(
        ({ element, box }) => !element.matches(".scroll, .skip") && Math.min(box.width, box.height) < least,
      )
      .map(({ element, box }) => `${describe(element)}: ${box.width.toFixed()} x ${box.height.toFixed()}`);
}

/** Ticks off what has the focus; its name, if it does not show that. */
function visit() {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  missed.delete(element);
  if (element === document.body || element.localName === "dialog") return undefined;
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  return outlineStyle === "none" || outlineWidth === "0px" ? describe(element) : undefined;
}

/** What sticks out of the window and makes it scroll, as far as that can be told. */
function tooWide() {
  if (document.documentElement.scrollWidth <= innerWidth) return [];
  const up = (element) => element.parentElement ?? element.getRootNode().host;
  const isClipped = (element) => {
    for (let outer = up(element); outer; outer = up(outer))
      if (getComputedStyle(outer).overflowX !== "visible") return true;
    return false;
  };
  const wide = [...walk()].filter((element) => element.getBoundingClientRect().right > innerWidth + 1);
  return [
    "the page",
    ...wide
      .filter((element) => !isClipped(element))
      .map(describe)
      .slice(0, 8),
  ];
}

/** The outlines of what is current, and the colours of the dots of classes. */
function lookOf() {
  const styles = (selector) =>
    [...walk()].filter((element) => element.matches(selector)).map((element) => getComputedStyle(element));
  return {
    current: styles("[aria-current]").map(({ outlineStyle }) => outlineStyle),
    dots: styles(".dot").map(({ backgroundColor }) => backgroundColor),
  };
}

function moving() {
  return [...walk()]
    .filter((element) => {
      const { transitionDuration, animationName } = getComputedStyle(element);
      // What no slot shows has no style at all.
      if (animationName === "") return false;
      return animationName !== "none" || transitionDuration.split(", ").some((time) => time !== "0s");
    })
    .map(describe);
}
