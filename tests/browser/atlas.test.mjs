// The drawn atlas: every class with its signs, confusions and sources, fetched only when it is opened.
import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import { at } from "../support.mjs";
import { screenshot, startBrowser, waitUntil } from "./chromium.mjs";
import { share } from "./page.mjs";
import { wordsOf } from "./words.mjs";

const { atlas: say } = await wordsOf("en", "on-demand");

const classes = [
  ...["Neutrophil", "Eosinophil", "Basophil", "Lymphocyte"],
  ...["Monocyte", "Immature granulocyte", "Erythroblast", "Platelet"],
];

describe("the atlas", () => {
  let browser;
  const site = { opened: undefined, isShared: false };
  before(async () => {
    browser = await startBrowser(at("dist/site"));
  });
  after(() => browser.close());

  async function open(options, hash = "#atlas") {
    site.opened = await browser.newPage(options);
    await site.opened.page.goto(`${browser.origin}/${hash}`);
    if (hash === "#atlas") await site.opened.page.locator("leuko-atlas article").first().waitFor();
    return site.opened.page;
  }

  afterEach(async () => {
    assert.deepEqual(site.opened.complaints, []);
    if (!site.isShared) await site.opened.page.context().close();
  });

  describe("on one page", () => {
    let page;
    share(site, async () => {
      page = await open();
    });

    test("shows eight classes, each with a drawing, three to five signs, a confusion and its sources", async () => {
      const entries = page.locator("leuko-atlas article");
      assert.deepEqual(await entries.locator("h3").allTextContents(), classes);
      for (const name of classes) {
        const entry = page.getByRole("article", { name });
        await entry.getByRole("img", { name: say.drawingOf(name) }).waitFor();
        const signs = await entry.getByRole("listitem").allTextContents();
        assert.ok(signs.length >= 3 && signs.length <= 5, `${name} has ${signs.length} signs`);
        for (const sign of signs) assert.match(sign.replace(/\s+/g, " "), /\w.*\[\d(, \d)*\]/);
        assert.ok((await entry.locator("dl dt").count()) >= 1);
      }
    });

    test("cites only sources that it lists", async () => {
      const listed = await page.locator("leuko-atlas .sources li").allTextContents();
      const cited = await page.locator("leuko-atlas .cite [role=img]").allTextContents();
      assert.ok(listed.length >= 4 && cited.length > 0);
      for (const number of cited) assert.ok(Number(number) <= listed.length);
      assert.match(listed.join("\n"), /Bain.*Hoffbrand.*ICSH.*CLSI H20-A2/s);
    });

    test("points with each number of a drawing at a sign of that number", async () => {
      for (const entry of await page.locator("leuko-atlas article").all()) {
        const inDrawing = (await entry.locator("svg text").allTextContents()).filter((text) =>
          /^\d$/.test(text),
        );
        const inList = (await entry.locator("li .number").allTextContents()).filter((text) => text !== "+");
        assert.ok(inList.length > 0);
        assert.deepEqual(inDrawing, inList);
      }
    });

    test("draws every cell at the scale of the red cells beside it", async () => {
      const ratios = await page.locator("leuko-atlas article").evaluateAll((articles) =>
        articles.map((article) => {
          const red = article.querySelector("circle[r='30']").getBoundingClientRect().width;
          // The first outline that is filled is the cell's own body.
          const cell = article.querySelector("svg > path[fill^='#']").getBoundingClientRect().width;
          const [, least, most] = /([\d.]+) to ([\d.]+) µm/.exec(article.textContent);
          return { micrometres: (7.5 * cell) / red, least: Number(least), most: Number(most) };
        }),
      );
      for (const { micrometres, least, most } of ratios)
        assert.ok(
          micrometres > least - 0.5 && micrometres < most + 0.5,
          `${micrometres} of ${least}-${most} µm`,
        );
    });

    test("has an index by class that leads to each, and one by sign where every sign of every class stands", async () => {
      const contents = page.locator("leuko-atlas-contents");
      assert.deepEqual(
        (await contents.locator("li").allTextContents()).map((text) => text.trim()),
        classes,
      );
      await contents.locator("summary").click();
      const signs = contents.locator("section");
      assert.deepEqual(await signs.locator("h3").allTextContents(), Object.values(say.contents.topics));
      const inIndex = await signs.locator("dd").allTextContents();
      const all = Object.values(say.cells).flatMap(({ signs }) => signs);
      const known = inIndex.filter((text) => all.includes(text));
      assert.equal(new Set(known).size, known.length);
      assert.equal(inIndex.length - known.length, classes.length); // the sizes
      assert.ok(known.length >= all.length - 4, `${known.length} of ${all.length}`);
      await signs.last().getByRole("link", { name: "Basophil" }).click();
      await waitUntil(() =>
        page.locator("leuko-atlas #basophil").evaluate((entry) => entry.matches(":focus")),
      );
    });

    test("leads files that are dragged over it to where they are taken", async () => {
      const dragOver = (kind) =>
        page.evaluate((kind) => {
          const dataTransfer = new DataTransfer();
          if (kind === "file") dataTransfer.items.add(new File([], "cell.jpg"));
          else dataTransfer.items.add("words", "text/plain");
          const event = new DragEvent("dragover", { bubbles: true, cancelable: true, dataTransfer });
          document.body.dispatchEvent(event);
          return event.defaultPrevented;
        }, kind);
      assert.equal(await dragOver("text"), false);
      assert.equal(await dragOver("file"), true);
      await page.getByText("Drop a blood-smear image").waitFor();
      await page.goto(`${browser.origin}/#atlas`);
      await page.locator("leuko-atlas article").first().waitFor();
    });

    for (const [device, width] of [
      ["phone", 390],
      ["desktop", 1280],
    ]) {
      for (const colorScheme of ["light", "dark"]) {
        test(`fits a ${device} in ${colorScheme} colours`, async () => {
          await page.setViewportSize({ width, height: 844 });
          await page.emulateMedia({ colorScheme });
          await screenshot(page, `${device}-${colorScheme}-atlas`);
          assert.ok(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"));
        });
      }
    }

    for (const tag of ["de", "es", "zh"]) {
      test(`speaks ${tag} once it is told to, in place`, async () => {
        await page.getByRole("combobox").first().selectOption(tag);
        const { atlas } = await wordsOf(tag, "on-demand");
        await page.getByRole("heading", { name: atlas.signs }).first().waitFor();
        assert.equal(await page.getByText(say.signs).count(), 0);
      });
    }
  });

  test("is not part of the first load", async () => {
    const page = await open({}, "");
    await page.getByRole("link", { name: "Atlas" }).waitFor();
    await page.waitForLoadState("networkidle");
    const fetched = () => site.opened.asked.filter((url) => /atlas|plots|page-/.test(url));
    assert.deepEqual(fetched(), []);
    await page.getByRole("link", { name: "Atlas" }).click();
    await page.locator("leuko-atlas article").first().waitFor();
    assert.ok(fetched().length > 0);
  });

  test("leads an address to its class", async () => {
    const page = await open({}, "#atlas/monocyte");
    const monocyte = page.getByRole("article", { name: "Monocyte" });
    await monocyte.waitFor();
    await waitUntil(async () => Math.abs((await monocyte.boundingBox()).y) < 40);
  });

  test("stands beside a cell, with the entry of its class and then of any other", async () => {
    const page = await open({}, "");
    await page.locator("leuko-samples button").first().click();
    await page.locator("leuko-cell button.beside").click();
    const beside = page.locator("leuko-beside");
    const entry = beside.locator("article");
    await entry.waitFor();
    const name = await beside.locator("h3").textContent();
    assert.equal(await entry.getAttribute("aria-label"), name);
    await beside.getByRole("combobox").selectOption("monocyte");
    await beside.getByRole("article", { name: "Monocyte" }).waitFor();
    await page.keyboard.press("Escape");
    await waitUntil(() =>
      page.locator("leuko-cell button.beside").evaluate((button) => button.matches(":focus")),
    );
  });
});
