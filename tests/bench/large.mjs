// Time and memory of pictures that are reduced while they are decoded, natively and in Node: `./dev bench --large`. Each is located
// once, in a process of its own. The progressive ones are the same pictures, by jpegtran, where it is installed.
import { execFileSync, spawn } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { drawSmears, installPackage, programs } from "../support.mjs";

const self = fileURLToPath(import.meta.url);
const sizes = ["8064x6048", "12000x9000", "16320x12240"];

/** What it prints, and the most memory that it held, as its system counts it (Linux). */
function run(program, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
    let text = "";
    let megabytes = 0;
    const look = setInterval(() => {
      try {
        const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8")) ?? [];
        megabytes = Math.max(megabytes, Math.round(Number(kilobytes ?? 0) / 1000));
      } catch {} // it has ended
    }, 2);
    child.stdout.on("data", (part) => (text += part));
    child.on("error", reject);
    child.on("close", () => {
      clearInterval(look);
      resolve({ answer: JSON.parse(text), megabytes });
    });
  });
}

async function locate(entry, path) {
  const { Classifier } = await import(pathToFileURL(entry));
  const classifier = await Classifier.load();
  const { timings, notes, width, height } = await classifier.locate(pathToFileURL(path));
  console.log(JSON.stringify({ timings, notes, width, height }));
}

/** Undefined where there is no jpegtran. */
function progressive(path) {
  const to = path.replace(/jpg$/, "progressive.jpg");
  try {
    execFileSync("jpegtran", ["-progressive", "-outfile", to, path]);
    return to;
  } catch {
    return undefined;
  }
}

async function main() {
  const { entry } = installPackage();
  const rows = [];
  for (const size of sizes) {
    const [path] = drawSmears({ count: 1, size, format: "jpg" });
    for (const file of [path, progressive(path)].filter(Boolean)) {
      const native = await run(programs.leukolens, ["locate", "--json", file]);
      const node = await run(process.execPath, [self, "--one", entry, file]);
      const [{ timings }] = native.answer;
      rows.push({
        picture: `${size}${file === path ? "" : ", progressive"}`,
        "file, MB": Math.round(statSync(file).size / 1e6),
        "read as": `${node.answer.width} x ${node.answer.height}`,
        "native decode, s": (timings.decodeMs / 1000).toFixed(1),
        "native peak, MB": native.megabytes,
        "Node decode, s": (node.answer.timings.decodeMs / 1000).toFixed(1),
        "Node peak, MB": node.megabytes,
      });
    }
  }
  console.table(rows);
}

const [mode, entry, path] = process.argv.slice(2);
if (mode === "--one") await locate(entry, path);
else await main();
