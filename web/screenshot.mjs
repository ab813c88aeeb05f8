// Makes web/screenshot.jpg, the picture of the README: `node web/screenshot.mjs`, after `./dev pack`.
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { serve } from "./serve.mjs";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const server = await serve(at("../dist/site"), 0);
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
try {
  const page = await browser.newPage({
    locale: "en",
    colorScheme: "light",
    reducedMotion: "reduce",
    viewport: { width: 1280, height: 1090 },
  });
  await page.goto(`http://localhost:${server.port}/`);
  await page.locator("leuko-samples button").last().click();
  await page.locator("leuko-gallery").getByText("Neutrophil", { exact: true }).last().click();
  await page.evaluate(() => {
    document.activeElement.blur();
    scrollTo(0, 0);
  });
  await page.mouse.move(0, 0);
  await page.screenshot({ path: at("screenshot.jpg"), quality: 85 });
} finally {
  await browser.close();
  server.close();
}
