// The camera, with Chromium's fake device showing a drawn cell: live answer, still, choice of camera, and every way to fail.
import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import { at } from "../support.mjs";
import { screenshot, startBrowser, waitUntil } from "./chromium.mjs";
import { cameraFlags } from "./fake-camera.mjs";

const researchOnly = "For research and education only. Not for use in diagnostic procedures.";

describe("the camera", () => {
  let browser;
  let opened;
  before(async () => {
    browser = await startBrowser(at("dist/site"), cameraFlags());
  });
  after(() => browser.close());

  /** `tamper` runs in the page before anything else, to make a device misbehave. */
  async function open({ tamper, ...options } = {}) {
    opened = await browser.newPage(options);
    await opened.page.addInitScript(keepTracks);
    if (tamper) await opened.page.addInitScript(tamper);
    await opened.page.goto(browser.origin);
    await opened.page.getByRole("button", { name: "Camera" }).click();
    await opened.page.getByRole("dialog", { name: "Camera" }).waitFor();
    return opened.page;
  }

  const answered = (page) =>
    page.locator("leuko-camera-dialog .answer").filter({ hasText: /\d%|No known white cell/ });
  const liveTracks = (page) =>
    page.evaluate(() => window.tracks.filter(({ readyState }) => readyState === "live").length);

  afterEach(async () => {
    assert.deepEqual(opened.complaints, []);
    for (const url of opened.requests)
      assert.ok(url.startsWith(browser.origin) || url.startsWith("blob:"), url);
    await opened.page.context().close();
  });

  test("shows the live picture with an answer, the research-only line, and goes on answering", async () => {
    const page = await open();
    await answered(page).waitFor();
    const dialog = page.getByRole("dialog");
    await dialog.getByText(researchOnly).waitFor();
    assert.ok(await page.evaluate(() => window.tracks[0].getSettings().width > 0));
    const video = page.getByLabel("Live image from the camera");
    const time = await video.evaluate((video) => video.currentTime);
    await waitUntil(() => video.evaluate((video, time) => video.currentTime > time, time));
    const begunAnew = await video.evaluate(async (video) => {
      let times = 0;
      video.addEventListener("emptied", () => times++);
      await new Promise((resolve) => setTimeout(resolve, 1500));
      return times;
    });
    assert.equal(begunAnew, 0);
    await screenshot(page, "desktop-light-camera");
  });

  for (const [how, take] of [
    ["by its button", (page) => page.getByRole("button", { name: "Take picture" }).click()],
    ["by the space bar, wherever the dialog has put the focus", (page) => page.keyboard.press("Space")],
  ]) {
    test(`takes a still ${how}, closes, and hands the picture over`, async () => {
      const page = await open();
      await answered(page).waitFor();
      await take(page);
      await page.getByRole("dialog").waitFor({ state: "detached" });
      await page
        .getByRole("application", { name: /^camera-\d{4}-.*: image with .+ white cells? framed/ })
        .waitFor();
      await waitUntil(async () => (await liveTracks(page)) === 0);
    });
  }

  for (const [how, close] of [
    ["its button", (page) => page.getByRole("button", { name: "Close camera" }).click()],
    ["Escape", (page) => page.keyboard.press("Escape")],
  ]) {
    test(`stops the device when ${how} closes it, and opens again`, async () => {
      const page = await open();
      await answered(page).waitFor();
      assert.equal(await liveTracks(page), 1);
      await close(page);
      await page.getByRole("dialog").waitFor({ state: "detached" });
      await waitUntil(async () => (await liveTracks(page)) === 0);
      const button = page.getByRole("button", { name: "Camera" });
      assert.ok(await button.evaluate((button) => button.getRootNode().activeElement === button));
      await button.click();
      await answered(page).waitFor();
    });
  }

  test("stops a device that answers only after the dialog was closed", async () => {
    const page = await open({ tamper: delayDevice });
    await page.getByText("Waiting for the camera").first().waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.evaluate(() => window.bringDevice());
    await waitUntil(() => page.evaluate(() => window.tracks.length === 1));
    await waitUntil(async () => (await liveTracks(page)) === 0);
  });

  for (const [what, tamper, told] of [
    ["is refused", refuse("NotAllowedError"), /refused. Allow it/],
    ["does not exist", refuse("NotFoundError"), /No camera was found. Connect one/],
    ["is used by another program", refuse("NotReadableError"), /Close other programs/],
    ["is not offered to an insecure page", removeDevices, /only on a secure page/],
  ]) {
    test(`says what to do when the camera ${what}`, async () => {
      const page = await open({ tamper });
      assert.match(await page.getByRole("alert").textContent(), told);
      assert.equal(await page.getByRole("button", { name: "Take picture" }).count(), 0);
    });
  }

  test("tries again after a refusal that was taken back", async () => {
    const page = await open({ tamper: refuse("NotAllowedError") });
    await page.getByRole("alert").waitFor();
    await page.evaluate(() => window.allowDevices());
    await page.getByRole("button", { name: "Try again" }).click();
    await answered(page).waitFor();
  });

  test("says so when the camera is unplugged", async () => {
    const page = await open();
    await answered(page).waitFor();
    await page.evaluate(() => {
      window.tracks[0].stop();
      window.tracks[0].dispatchEvent(new Event("ended"));
    });
    assert.match(await page.getByRole("alert").textContent(), /The camera was disconnected/);
  });

  test("offers the choice between several cameras, and the light where there is one", async () => {
    const page = await open({ tamper: addCameraAndTorch });
    await answered(page).waitFor();
    const picker = page.getByRole("dialog").getByRole("combobox", { name: "Camera" });
    assert.equal(await picker.locator("option").count(), 2);
    await page.getByRole("button", { name: "Light" }).click();
    assert.equal(await page.getByRole("button", { name: "Light" }).getAttribute("aria-pressed"), "true");
    assert.deepEqual(await page.evaluate(() => window.asked), [{ advanced: [{ torch: true }] }]);
  });

  test("fits a phone in dark colours", async () => {
    const page = await open({ viewport: { width: 390, height: 844 }, colorScheme: "dark" });
    await answered(page).waitFor();
    await page.screenshot({ path: at("build/screenshots/phone-dark-camera.png") });
    const { x, y, width, height } = await page.getByRole("button", { name: "Take picture" }).boundingBox();
    assert.ok(x >= 0 && y >= 0 && x + width <= 390 && y + height <= 844, "the button must be in sight");
  });
});

/** So that tests can see which devices still run. */
function keepTracks() {
  window.tracks = [];
  const { mediaDevices } = navigator;
  const getUserMedia = mediaDevices.getUserMedia.bind(mediaDevices);
  mediaDevices.getUserMedia = async (constraints) => {
    const stream = await getUserMedia(constraints);
    window.tracks.push(...stream.getTracks());
    return stream;
  };
}

function delayDevice() {
  const { mediaDevices } = navigator;
  const { getUserMedia } = mediaDevices;
  mediaDevices.getUserMedia = async (constraints) => {
    await new Promise((resolve) => {
      window.bringDevice = resolve;
    });
    return getUserMedia(constraints);
  };
}

function removeDevices() {
  Object.defineProperty(navigator, "mediaDevices", { value: undefined });
}

function addCameraAndTorch() {
  const { mediaDevices } = navigator;
  const enumerateDevices = mediaDevices.enumerateDevices.bind(mediaDevices);
  mediaDevices.enumerateDevices = async () => {
    const devices = await enumerateDevices();
    return [...devices, { kind: "videoinput", deviceId: "other", label: "Microscope", groupId: "" }];
  };
  window.asked = [];
  MediaStreamTrack.prototype.getCapabilities = () => ({ torch: true });
  MediaStreamTrack.prototype.applyConstraints = async (constraints) => window.asked.push(constraints);
}

/** A script: every request fails with the named error until `allowDevices()`. */
function refuse(name) {
  return `{
    const { mediaDevices } = navigator;
    const { getUserMedia } = mediaDevices;
    mediaDevices.getUserMedia = async () => { throw new DOMException("no", "${name}"); };
    window.allowDevices = () => { mediaDevices.getUserMedia = getUserMedia; };
  }`;
}
