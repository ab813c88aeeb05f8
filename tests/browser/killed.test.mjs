// A browser that is killed while somebody corrects cells: what was kept is there again. LEUKOLENS_SOAK kills so many times as many.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { serve } from "../../web/serve.mjs";
import { at, drawFields, scratch, soak } from "../support.mjs";
import { browsers, startOnProfile } from "./chromium.mjs";
import { give, waitUntilKept } from "./page.mjs";

const kills = 2 * soak;
/** By their digits. */
const labels = ["Eosinophil", "Lymphocyte", "Monocyte", "Neutrophil", "Basophil"];

/** In the page: how many digits were pressed, and of these how many a transaction held that has completed, in its `durability`. */
function tellWhatIsKept() {
  let said = 0;
  window.addEventListener("keydown", ({ key }) => /^\d$/.test(key) && said++, true);
  const { transaction } = IDBDatabase.prototype;
  IDBDatabase.prototype.transaction = function (...args) {
    const begun = transaction.apply(this, args);
    const [held, start] = [said, performance.now()];
    const tell = () => console.debug("kept", held, performance.now() - start, begun.durability);
    if (begun.mode === "readwrite") begun.addEventListener("complete", tell);
    return begun;
  };
  Object.defineProperty(Navigator.prototype, "serviceWorker", { value: undefined }); // not what is tested
}

describe("a session", () => {
  const profile = scratch();
  let server;
  let kill;
  /** What the page that is open has told: of how many digits it is certain that they are kept. */
  let kept;
  let slowest = 0;
  const durabilities = new Set();
  before(async () => {
    server = await serve(at("dist/site"), 0);
  });
  after(async () => {
    await kill?.();
    server.close();
  });

  async function open() {
    const { page, ...started } = await startOnProfile(profile, browsers.engine);
    kill = started.kill;
    kept = 0;
    page.on("console", (message) => {
      const [what, held, ms, durability] = message.text().split(" ");
      if (what !== "kept") return;
      kept = Math.max(kept, Number(held));
      slowest = Math.max(slowest, Number(ms));
      durabilities.add(durability);
    });
    await page.addInitScript(tellWhatIsKept);
    await page.setViewportSize({ width: 1680, height: 2000 }); // nothing is said of a cell that is out of view
    await page.goto(`http://localhost:${server.port}/?language=en`);
    await page.getByText(/WebAssembly, /).waitFor({ state: "attached" });
    return { page, tiles: page.getByRole("listbox", { name: /^Cells/ }).getByRole("option") };
  }

  /** What the gallery calls each cell that was confirmed or corrected; of others nothing. By the cells' keys, which outlive the browser. */
  const named = (tiles) =>
    tiles.evaluateAll((tiles) =>
      tiles.map(({ id, children: [, name] }) => {
        const [, said] = /(.*\S)\s*[✓✎]$/.exec(name.textContent) ?? [];
        return [id, said];
      }),
    );

  test(`whose browser is killed at any moment, ${kills} times, has every correction that was kept`, async () => {
    const first = await open();
    const fields = drawFields(2);
    await give(first.page, ...fields);
    await first.tiles.nth(7).waitFor();
    await waitUntilKept(first.page, fields.length, 0);
    await kill();

    let states; // what cells were called, after each number of digits that were pressed in the last browser
    let lost = 0;
    for (let round = 0; round <= kills; round++) {
      const promised = kept;
      const { page, tiles } = await open();
      await tiles.nth(7).waitFor();
      const found = await named(tiles);
      if (states) {
        const state = states.findLastIndex((names) => found.every(([id, name]) => names.get(id) === name));
        assert.ok(state >= promised, `${promised} kept, ${states.length - 1} said, found ${found}`);
        lost = Math.max(lost, states.length - 1 - state);
      }
      if (round === kills) break;
      states = [new Map(found)];
      await page.locator("leuko-gallery select").first().selectOption("found"); // which no answer changes
      await tiles.first().click();
      const cells = await tiles.evaluateAll((tiles) => tiles.map(({ id }) => id));
      const correcting = (async () => {
        for (let n = 0; ; n++) {
          const cell = n % cells.length;
          const label = (n + Math.floor(n / cells.length) + round) % labels.length;
          // Before it is pressed: the key may arrive though no word of it comes back.
          states.push(new Map(states.at(-1)).set(cells[cell], labels[label]));
          await page.keyboard.press(String(label + 1));
          await page.keyboard.press(cell === cells.length - 1 ? "Home" : "ArrowRight");
        }
      })();
      await Promise.race([sleep(1000 * Math.random()), correcting.catch(() => undefined)]);
      await kill();
      await assert.rejects(correcting);
    }
    console.log(
      `${kills} kills: ${lost} of the last corrections not there at most, kept after at most ${slowest.toFixed(0)} ms`,
    );
    assert.deepEqual([...durabilities], ["strict"]);
  });
});
