// How cost grows: with the size of a picture, the number of its cells, and the programs that share a batch. Prints tables, and draws
// them into costs.svg beside this file: `./dev bench --costs`. Node runs the packed package in one thread, as a worker does.
import { execFileSync } from "node:child_process";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath, pathToFileURL } from "node:url";
import { launch } from "../browser/chromium.mjs";
import { at, drawSmears, installPackage, programs } from "../support.mjs";

process.setMaxListeners(0); // each drawing is gone when the process ends
const self = fileURLToPath(import.meta.url);
const sizes = ["64x48", "160x120", "320x240", "640x480", "1280x960", "2560x1920", "4000x3000", "7200x5400"];
const large = ["8064x6048", "12032x9024", "16320x12240"];
const cellCounts = [1, 2, 5, 10, 20, 50, 100, 200];
const jobCounts = [1, 2, 3, 4];

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const drawn = (size, count = 1) => drawSmears({ count, format: "jpg", size });

/** What a new process does with one picture: so much memory is never given back. */
async function inOneProcess(entry, path, cells) {
  const { Classifier } = await import(pathToFileURL(entry));
  const classifier = await Classifier.load();
  const empty = process.resourceUsage().maxRSS;
  const bytes = new Uint8Array(readFileSync(path));
  const times = [];
  let answer;
  const begin = performance.now();
  const most = bytes.length > 5e6 ? 1 : 25; // what earlier answers left behind is not of the next
  const isOver = () => times.length >= most || (times.length >= 3 && performance.now() - begin > 3000);
  if (cells) {
    const picture = await classifier.open(bytes);
    const [cell] = (await picture.locate()).cells;
    const frames = Array.from({ length: cells }, () => cell.box);
    while (!isOver()) {
      const start = performance.now();
      answer = await picture.classifyFramed(frames);
      times.push(performance.now() - start);
    }
  } else
    while (!isOver()) {
      const start = performance.now();
      answer = await classifier.classify(bytes);
      times.push(performance.now() - start);
    }
  const { decodeMs = 0, locateMs = 0 } = answer.timings ?? {};
  console.log(
    JSON.stringify({
      ...{ milliseconds: median(times), decode: decodeMs, locate: locateMs },
      megabytes: (process.resourceUsage().maxRSS - empty) / 1000,
    }),
  );
}

function measureAlone(entry, path, cells = 0) {
  try {
    const text = execFileSync(process.execPath, [self, "--one", entry, path, String(cells)], {
      stdio: "pipe",
    });
    return JSON.parse(text);
  } catch (error) {
    return { refused: /LeukolensError: (.*)/.exec(String(error.stderr))?.[1] ?? String(error.stderr) };
  }
}

/** In milliseconds an image, starting the program included. */
function measureJobs(paths, jobs) {
  const once = () => {
    const start = performance.now();
    execFileSync(programs.leukolens, ["classify", "--jsonl", "--jobs", String(jobs), ...paths], {
      stdio: "pipe",
    });
    return (performance.now() - start) / paths.length;
  };
  return median([once(), once(), once()]);
}

function tableOf(title, rows) {
  console.log(`\n${title}`);
  const rounded = (value) => (typeof value === "number" ? Number(value.toPrecision(3)) : value);
  console.table(
    rows.map((row) => Object.fromEntries(Object.entries(row).map(([key, value]) => [key, rounded(value)]))),
  );
}

function measure() {
  const { entry } = installPackage();
  const bySize = [];
  for (const size of [...sizes, ...large]) {
    const [path] = drawn(size);
    const [width, height] = size.split("x").map(Number);
    bySize.push({
      ...{ size, megapixels: (width * height) / 1e6, fileMegabytes: statSync(path).size / 1e6 },
      ...measureAlone(entry, path),
    });
  }
  const [picture] = drawn("640x480");
  const byCells = cellCounts.map((cells) => ({ cells, ...measureAlone(entry, picture, cells) }));
  const batch = drawn("320x240", 100);
  const byJobs = jobCounts.map((jobs) => ({ jobs, milliseconds: measureJobs(batch, jobs) }));
  return { bySize, byCells, byJobs };
}

/** Draws them by Observable Plot, in a browser's page: the SVG of all. */
async function draw(costs) {
  const browser = await launch();
  try {
    const page = await browser.newPage();
    for (const name of ["d3/dist/d3.min.js", "@observablehq/plot/dist/plot.umd.min.js"])
      await page.addScriptTag({ path: at(`node_modules/${name}`) });
    return await page.evaluate(
      ({ bySize, byCells, byJobs, cores }) => {
        const { Plot } = window;
        const read = bySize.filter(({ refused }) => !refused);
        const panel = {
          width: 420,
          height: 270,
          marginLeft: 52,
          marginBottom: 40,
          marginTop: 30,
          style: { fontSize: "12px" },
        };
        const megapixels = { type: "log", label: "megapixels", tickFormat: "~g", ticks: 6 };
        const milliseconds = { label: "ms", grid: true };
        const curve = (rows, x, y, more = {}) => [
          Plot.lineY(rows, { x, y, stroke: "#2463a8", ...more }),
          Plot.dot(rows, { x, y, fill: more.stroke ?? "#2463a8", r: 3 }),
        ];
        const name = (text, y, dy) =>
          Plot.text(read.slice(-1), { x: "megapixels", y, text: () => text, dy, textAnchor: "end" });
        const plots = [
          [
            "A picture's answer, by its size",
            {
              ...{ x: megapixels, y: { ...milliseconds, type: "log" } },
              marks: [
                ...curve(read, "megapixels", "milliseconds"),
                ...curve(read, "megapixels", "decode", { stroke: "#b3541e" }),
                name("all of it", "milliseconds", -12),
                name("decoding", "decode", 16),
              ],
            },
          ],
          [
            "Memory over that of an engine that has loaded",
            {
              x: megapixels,
              y: { label: "MB", grid: true, zero: true },
              marks: curve(read, "megapixels", "megabytes"),
            },
          ],
          [
            "Cells of a picture that is open",
            {
              ...{
                x: { type: "log", label: "cells", tickFormat: "~g", ticks: 6 },
                y: { ...milliseconds, type: "log" },
              },
              marks: curve(byCells, "cells", "milliseconds"),
            },
          ],
          [
            `400 pictures natively, by --jobs, on ${cores} cores`,
            {
              ...{
                x: { label: "jobs", ticks: 4 },
                y: {
                  ...milliseconds,
                  label: "ms a picture",
                  domain: [0, Math.max(...byJobs.map((row) => row.milliseconds))],
                },
              },
              marks: curve(byJobs, "jobs", "milliseconds"),
            },
          ],
        ];
        const whole = document.createElementNS("http://www.w3.org/2000/svg", "svg");
        for (const [key, value] of Object.entries({
          xmlns: "http://www.w3.org/2000/svg",
          viewBox: "0 0 860 620",
          "font-family": "system-ui, sans-serif",
        }))
          whole.setAttribute(key, value);
        const ground = document.createElementNS(whole.namespaceURI, "rect");
        for (const [key, value] of Object.entries({ width: 860, height: 620, fill: "white" }))
          ground.setAttribute(key, value);
        whole.append(ground);
        plots.forEach(([title, options], index) => {
          const group = document.createElementNS(whole.namespaceURI, "g");
          group.setAttribute(
            "transform",
            `translate(${10 + 430 * (index % 2)} ${30 + 300 * Math.floor(index / 2)})`,
          );
          const text = document.createElementNS(whole.namespaceURI, "text");
          for (const [key, value] of Object.entries({ x: 10, y: 0, "font-weight": 600, "font-size": 14 }))
            text.setAttribute(key, value);
          text.textContent = title;
          const drawing = Plot.plot({ ...panel, ...options });
          drawing.querySelector("style")?.remove();
          drawing.removeAttribute("class");
          group.append(text, drawing);
          whole.append(group);
        });
        return new XMLSerializer().serializeToString(whole);
      },
      { ...costs, cores: availableParallelism() },
    );
  } finally {
    await browser.close();
  }
}

async function main() {
  const costs = measure();
  tableOf("By size of a JPEG, main cell (Node, one thread)", costs.bySize);
  tableOf("By number of cells of an open picture of 640 x 480 px (Node, one thread)", costs.byCells);
  tableOf("By programs side by side, 400 JPEG of 320 x 240 px (native)", costs.byJobs);
  writeFileSync(at("tests/bench/costs.svg"), `${await draw(costs)}\n`);
  console.log("\nDrew tests/bench/costs.svg.");
}

const [mode, entry, path, cells] = process.argv.slice(2);
if (mode === "--one") await inOneProcess(entry, path, Number(cells));
else await main();
