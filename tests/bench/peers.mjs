// The same networks in the packages that a page could take instead, in one run: inference, picture to answer, pictures a second, cold
// start, memory and size. `./dev bench --peers`. The peers come from the npm registry into a scratch folder; their networks are
// written from our model files, and their answers are held against ours before anything is timed.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { brotliCompress } from "node:zlib";
import { rolldown } from "rolldown";
import { browsers, startBrowser } from "../browser/chromium.mjs";
import { at, drawSmears, installPackage, programs } from "../support.mjs";
import { toGraphModel } from "./peers/graph-model.mjs";
import { readNetwork } from "./peers/network.mjs";
import { toTflite } from "./peers/tflite.mjs";
import { slowDown, slowLine } from "./slow-line.mjs";

const peers = ["tfjs", "litert", "onnxruntime"];
const names = ["leukolens", ...peers];
const quick = process.argv.includes("--quick");
const counts = quick
  ? { rounds: 3, inferences: 20, answers: 10 }
  : { rounds: 15, inferences: 100, answers: 40 };

/** LiteRT.js runs under no policy with Trusted Types, which our server asks for. */
const lax = { bypassCSP: true };

const { folder } = installPackage();
const models = await prepare();
const [path] = drawSmears({ count: 1, format: "jpg" });
const jpeg = readFileSync(path).toString("base64");

/** Installs the peers beside our package and writes the networks; `models`: by name, { name, folder, input }. */
async function prepare() {
  console.log("Installing the peers ...");
  cpSync(at("tests/bench/peers/package.json"), join(folder, "peers/package.json"));
  execFileSync("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], {
    cwd: join(folder, "peers"),
  });
  const modules = join(folder, "peers/node_modules");
  for (const scope of ["@litertjs", "@tensorflow", "onnxruntime-web"])
    cpSync(join(modules, scope), join(folder, "node_modules", scope), { recursive: true });
  for (const name of ["tfjs", "litert"]) {
    cpSync(at(`tests/bench/peers/${name}.js`), join(folder, `peers/${name}.js`));
    const bundle = await rolldown({ input: join(folder, `peers/${name}.js`), logLevel: "silent" });
    await bundle.write({
      file: join(folder, `${name}.js`),
      format: "esm",
      minify: true,
      codeSplitting: false,
    });
  }
  cpSync(at("tests/bench/peers/page.js"), join(folder, "page.js"));
  writeFileSync(
    join(folder, "index.html"),
    '<!doctype html><link rel="icon" href="data:,"><title>Peers</title>',
  );
  const flatbuffers = await import(
    pathToFileURL(createRequire(join(folder, "peers/package.json")).resolve("flatbuffers"))
  );
  return Object.fromEntries(
    ["article", "flagship"].map((name) => {
      const network = readNetwork(at(`models/${name}.safetensors`));
      const to = join(folder, name);
      mkdirSync(join(to, "tfjs"), { recursive: true });
      for (const [file, bytes] of Object.entries(toGraphModel(network)))
        writeFileSync(join(to, "tfjs", file), bytes);
      writeFileSync(join(to, "model.tflite"), toTflite(network, flatbuffers));
      const args = ["export", at(`models/${name}.safetensors`), "--out", join(to, "model.onnx")];
      execFileSync(programs.train, args, { stdio: "ignore" });
      return [name, { name, folder: `/${name}`, input: network.input, network }];
    }),
  );
}

/** Runs `body` with page.js in a page of its own; what it gives, and the memory that the page holds then. */
async function inPageWithMemory(body, args) {
  const { page } = await browser.newPage(lax);
  page.setDefaultTimeout(600_000);
  await page.goto(browser.origin);
  const result = await page.evaluate(
    `(async ([args, jpeg]) => (${body})(await import("/page.js"), args, Uint8Array.from(atob(jpeg), (c) => c.charCodeAt(0))))(${JSON.stringify([args, jpeg])})`,
  );
  const memory = await browser.residentMemory();
  await page.context().close();
  return { result, memory };
}

const inPage = async (body, args) => (await inPageWithMemory(body, args)).result;

const bare = ({ network, ...model }) => model;

/** A view that is neither flat nor noise. */
const viewOf = ({ width, height }) =>
  Array.from(
    { length: width * height * 3 },
    (_, i) => Math.round(127 + 90 * Math.sin(i * 0.7) * Math.cos(i * 0.013)) / 255,
  );

/** The files of ours or a peer's behind some requests, each compressed beside itself: our server sends that, as a static host would. */
async function compressed(urls) {
  const fetched = [...new Set(urls)].map((url) => join(folder, new URL(url).pathname));
  const files = fetched.filter((file) => !/(\/|page\.js)$/.test(file) && existsSync(file));
  for (const file of files)
    if (!existsSync(`${file}.br`))
      writeFileSync(`${file}.br`, await promisify(brotliCompress)(readFileSync(file)));
  return files;
}

/** Bytes of code and of weights that are sent until the first answer. */
async function sizesOf(urls) {
  const sums = { code: 0, weights: 0 };
  for (const file of await compressed(urls))
    sums[/\.(safetensors|tflite|onnx|bin|json)$/.test(file) ? "weights" : "code"] += statSync(
      `${file}.br`,
    ).size;
  return sums;
}

/** From navigation to the first answer, each in a fresh context, `times` times in turn; `line`: a slow one. */
async function coldStarts(model, times, line) {
  const found = new Map(names.map((name) => [name, []]));
  for (let i = 0; i < times; i++)
    for (const name of names) {
      const { page, requests } = await browser.newPage(lax);
      if (line) await slowDown(page, line);
      page.setDefaultTimeout(600_000);
      await page.goto(browser.origin);
      const ms = await page.evaluate(
        async ([name, model, jpeg]) => {
          const { coldStart } = await import("/page.js");
          return coldStart(
            name,
            model,
            Uint8Array.from(atob(jpeg), (c) => c.charCodeAt(0)),
          );
        },
        [name, bare(model), jpeg],
      );
      found.get(name).push({ ms, urls: requests });
      await page.context().close();
    }
  return found;
}

const middle = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const ms = (value) => value.toFixed(2);

function table(title, columns, rows) {
  console.log(`\n${title}\n`);
  const cells = [columns, ...rows];
  const widths = columns.map((_, i) => Math.max(...cells.map((row) => row[i].length)));
  for (const row of cells)
    console.log(
      row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join("  "),
    );
}

const range = ({ median, low, high }) => `${ms(median)} (${ms(low)} to ${ms(high)})`;

const browser = await startBrowser(folder, [], { program: browsers.whole });
try {
  console.log(`${cpus()[0].model}, ${cpus().length} cores; JPEG of 320 x 240 px; one thread each.`);
  const differences = await checkAll();
  table(
    "Largest difference of a probability from onnxruntime's, on one view",
    ["", ...Object.keys(models)],
    differences,
  );
  for (const model of Object.values(models)) await report(model);
} finally {
  await browser.close();
}

async function checkAll() {
  const rows = [...peers, "leukolens"].map((name) => [name]);
  for (const model of Object.values(models)) {
    const view = viewOf(model.input);
    const answers = {};
    for (const name of peers)
      answers[name] = await inPage((page, { name, model, view }) => page.probabilitiesOf(name, model, view), {
        ...{ name, model: bare(model), view },
      });
    // Ours is asked about pixels, which only a network that sees the whole picture sees as they are.
    if (model.input.region === "whole")
      answers.leukolens = await inPage((page, { model, view }) => page.ourProbabilities(model, view), {
        ...{ model: bare(model), view },
      });
    for (const row of rows) {
      const answer = answers[row[0]];
      if (!answer) {
        row.push("-");
        continue;
      }
      const difference = Math.max(...answers.onnxruntime.map((value, i) => Math.abs(value - answer[i])));
      if (!(difference < 1e-4))
        throw new Error(`${row[0]} answers otherwise on ${model.name}: by ${difference}`);
      row.push(difference.toExponential(0));
    }
  }
  return rows;
}

async function report(model) {
  const view = viewOf(model.input);
  const runs = await inPage(
    (page, { names, model, view, counts }, jpeg) => page.compare(names, model, jpeg, view, counts),
    {
      ...{ names, model: bare(model), view, counts },
    },
  );
  const first = await coldStarts(model, 1);
  const sizes = {};
  for (const name of names) sizes[name] = await sizesOf(first.get(name)[0].urls);
  const local = await coldStarts(model, quick ? 3 : 9);
  const throttled = await coldStarts(model, quick ? 1 : 3, slowLine);
  const rows = [];
  for (const { name, infer, answer } of runs) {
    const { result: rate, memory } = await inPageWithMemory(
      (page, { name, model, count }, jpeg) => page.throughput(name, model, jpeg, count),
      { name, model: bare(model), count: quick ? 60 : 400 },
    );
    const { code, weights } = sizes[name];
    rows.push([
      name,
      range(infer),
      range(answer),
      rate.toFixed(0),
      middle(local.get(name).map((start) => start.ms)).toFixed(0),
      middle(throttled.get(name).map((start) => start.ms)).toFixed(0),
      (code / 1000).toFixed(0),
      (weights / 1000).toFixed(0),
      (memory / 1e6).toFixed(0),
    ]);
  }
  const whole = model.input.region === "whole";
  const what = whole
    ? ""
    : ": leukolens finds the cell, looks up to four times and rejects; the peers resize the picture";
  table(
    `${model.name}${what}`,
    [
      "",
      "inference ms",
      "JPEG to answer ms",
      "pictures/s",
      "cold start ms",
      "at 1.6 Mbit/s",
      "code kB",
      "model kB",
      "memory MB",
    ],
    rows,
  );
}
