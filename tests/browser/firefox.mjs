// Debian's Firefox, headless.
import { load } from "../package/consumers/load.mjs";
import { installConsumers } from "../support.mjs";
import { insist } from "./chromium.mjs";

export async function launchFirefox(preferences = {}) {
  installConsumers();
  const { launch } = await load("puppeteer-core");
  const options = {
    browser: "firefox",
    executablePath: "/usr/bin/firefox-esr",
    headless: true,
    timeout: 20_000,
  };
  return insist(() => launch({ ...options, extraPrefsFirefox: preferences }));
}
