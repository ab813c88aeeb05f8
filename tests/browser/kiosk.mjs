// What a visitor does at the kiosk, in English: what all tests of it share.
import { wordsOf } from "./words.mjs";

export const landscape = { width: 1920, height: 1080 };
export const en = await wordsOf("en", "kiosk");

export const button = (page, name) => page.getByRole("button", { name });
export const begin = async (page) => {
  await button(page, en.invitation).tap();
  await button(page, en.quiz).waitFor();
};

/** One visitor: a round of the quiz, a cell under the lens, and away. */
export async function play(page) {
  await begin(page);
  await button(page, en.quiz).tap();
  await page.locator(".choices button").first().tap();
  await page.getByText(/\d%/).first().waitFor();
  await heatmap(page);
  await button(page, en.home).tap();
  await button(page, en.ask).tap();
  await page.getByRole("button", { name: `${en.pick} 2` }).tap();
  await page.getByText(/\d%/).first().waitFor();
  await page.evaluate(() => document.querySelector("leuko-kiosk").leave());
  await button(page, en.invitation).waitFor();
}

/** Shows itself without being asked. */
export const heatmap = (page) => page.locator("leuko-kiosk-eyepiece canvas").waitFor();
