// The first screen, in one view at every size; and what follows the first picture: the answer is in view and has the focus.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { drawFields, drawSmears } from "../support.mjs";
import { settle, waitUntil } from "./chromium.mjs";
import { answer, dispatch, give, headline, servePage } from "./page.mjs";
import { wordsOf } from "./words.mjs";

const [cell] = drawSmears({ count: 1, format: "jpg" });
const fields = drawFields(2);
const phone = { viewport: { width: 390, height: 844 }, hasTouch: true };
const desk = { viewport: { width: 1280, height: 800 } };

describe("the first screen", () => {
  const site = servePage();

  const isInView = async (page, locator) => {
    const box = await locator.boundingBox();
    const { width, height } = page.viewportSize();
    return (
      box !== null && box.y >= 0 && box.y + box.height <= height && box.x >= 0 && box.x + box.width <= width
    );
  };
  const scrolled = (page) => page.evaluate("scrollY");
  const focused = (page) =>
    page.evaluate(() => {
      let element = document.activeElement;
      while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
      return element.textContent;
    });

  for (const [device, options] of Object.entries({ phone, desk }))
    test(`says on a ${device}, in every language and without scrolling, what it does, what it is not for, and how to begin`, async () => {
      const page = await site.open(options);
      for (const language of ["en", "de", "es", "zh"]) {
        await page.locator("select").first().selectOption(language);
        await page.waitForFunction((language) => document.documentElement.lang === language, language);
        const { researchOnly, shell, workbench } = await wordsOf(language, "first-load");
        await settle(page);
        for (const text of [workbench.welcome.promise, workbench.welcome.drop, shell.onDevice, researchOnly])
          assert.ok(await isInView(page, page.getByText(text).first()), `${language}: ${text}`);
        for (const name of [workbench.choose, workbench.folder, workbench.camera, workbench.welcome.try])
          assert.ok(await isInView(page, page.getByRole("button", { name })), `${language}: ${name}`);
        assert.ok(await isInView(page, page.locator("leuko-samples button").first()), `${language}: samples`);
        assert.ok(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"));
        assert.equal(await page.locator("leuko-cell").count(), 0); // nothing is shown that has nothing to show
      }
    });

  test("opens the file chooser wherever its zone is clicked, and the sample in the eyepiece by a click on that", async () => {
    const page = await site.open(desk);
    const zone = page.locator("leuko-welcome .zone");
    await page.getByRole("button", { name: "Try this sample" }).waitFor(); // after which the zone has its size
    const { width, height } = await zone.boundingBox();
    const chooser = page.waitForEvent("filechooser");
    await zone.click({ position: { x: width - 60, y: height / 2 } });
    await chooser;
    await page.getByRole("button", { name: "Try this sample" }).click();
    await page.getByRole("application", { name: /^Drawn: Whole field/ }).waitFor();
  });

  for (const [device, options] of Object.entries({ phone, desk })) {
    test(`gives way on a ${device} to an answer that is in view and has the focus`, async () => {
      const page = await site.open(options);
      await page.locator("leuko-samples button").first().click();
      const said = await answer(page);
      await waitUntil(async () => (await focused(page)) === said);
      assert.ok(await isInView(page, headline(page)));
      await page.evaluate("scrollTo(0, 1e6)");
      assert.ok((await scrolled(page)) > 0);
      await dispatch(page, "paste", cell);
      await page.getByRole("application", { name: /^cell\.jpg/ }).waitFor();
      await answer(page);
      await waitUntil(() => isInView(page, headline(page)));
    });

    test(`gives way on a ${device} to the field and the answer for its first cell`, async () => {
      const page = await site.openWithCells(options);
      await give(page, fields[0]);
      await answer(page);
      await waitUntil(() => isInView(page, headline(page)));
      assert.ok(await isInView(page, page.locator("leuko-viewer")));
    });
  }

  test("offers to install the page where the browser can, once", async () => {
    const page = await site.open(desk);
    const install = page.getByRole("button", { name: "Install as an app" });
    assert.equal(await install.count(), 0);
    await page.evaluate(() => {
      const offer = Object.assign(new Event("beforeinstallprompt", { cancelable: true }), {
        prompt: async () => {
          window.installed = true;
        },
      });
      window.dispatchEvent(offer);
    });
    await install.click();
    assert.ok(await page.evaluate("window.installed"));
    await install.waitFor({ state: "detached" });
  });

  test("is there again once the last picture was removed, which a toast takes back", async () => {
    const page = await site.openWithCells(desk);
    await give(page, ...fields);
    const done = page.locator("leuko-toasts").getByText(/^Done: 2 images, \d+ cells, \d+ to review\.$/);
    await done.waitFor();
    await page.locator("leuko-picture-list").getByRole("listbox").focus();
    await page.keyboard.press("Delete");
    await page.getByText(/^field_\d+\.png removed\.$/).waitFor();
    await page.locator("leuko-toasts").getByRole("button", { name: "Undo" }).click();
    await page.getByText("Images 2").waitFor();
  });

  test("says when a batch is done, and leads to what needs review", async () => {
    const page = await site.openWithCells(desk);
    await give(page, ...fields);
    await page
      .locator("leuko-toasts")
      .getByRole("button", { name: /^Review \(\d+\)$/ })
      .click();
    await page.locator("leuko-review-cell h3").waitFor();
  });
});
