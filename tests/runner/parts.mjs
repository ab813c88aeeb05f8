// The parts of the tests: what each needs built, and the programs that it consists of. Programs run side by side, in any order.
// `inputs` are all files and folders that a program's outcome depends on, beside the tools.
import { readdirSync } from "node:fs";
import { basename } from "node:path";
import { filesOf } from "../../web/content-key.mjs";
import { at, soak } from "../support.mjs";

/** What test files import of each other, and the lists of what they install. */
const shared = filesOf(at("tests"))
  .filter((name) => /\.(mjs|json)$/.test(name) && !name.endsWith(".test.mjs"))
  .map((name) => `tests/${name}`);

/** A Catch2 program, cut into `count` pieces. `before`: what starts it. */
const catch2 = (program, count, { name = basename(program), before = [], env, inputs = [] } = {}) =>
  Array.from({ length: count }, (_, index) => ({
    name: count > 1 ? `${name}-${index + 1}-of-${count}` : name,
    kind: "catch2",
    command: [...before, program, "--shard-count", String(count), "--shard-index", String(index)],
    env,
    inputs: [program, "models", ...inputs],
  }));

/** A file of node:test. What it may read of the sources is little, and all of it counts. */
const node = (file, inputs) => ({
  name: basename(file, ".test.mjs"),
  kind: "node",
  command: [process.execPath, file],
  ...(soak > 1 && { seconds: 600 * soak }),
  inputs: [file, ...shared, "models", "web", "package-lock.json", ...inputs],
});

const nodeFiles = (folder, inputs) =>
  readdirSync(at(folder))
    .filter((name) => name.endsWith(".test.mjs"))
    .map((name) => node(`${folder}/${name}`, inputs));

const fuzzer = (name, seconds) => ({
  name,
  kind: "plain",
  command: [
    `build/sanitize/tests/${name}_fuzz`,
    ...[`-max_total_time=${seconds}`, "-max_len=4096", "-rss_limit_mb=2048", "-timeout=10"],
  ],
  inputs: [`build/sanitize/tests/${name}_fuzz`],
  seconds: seconds + 100,
});

const drawing = "build/release/leukolens-smear";
const commandLine = "build/release/leukolens";
const programs = ["leukolens_cli", "leukolens_smear_tool"];
const trainer = ["build/release/leukolens-train", "build/release/report.html", "trainer/recipes"];
const underNode = { before: [process.execPath, "--experimental-wasm-relaxed-simd"] };

/** What only `./dev soak` runs: the engine's tests marked [soak], at length. */
const soaked = {
  builds: [["release", "-DLEUKOLENS_TESTS=ON", "engine_tests"]],
  jobs: [
    {
      name: "engine",
      kind: "catch2",
      command: ["build/release/tests/engine_tests", "[soak]"],
      inputs: ["build/release/tests/engine_tests", "models"],
      seconds: 600 * soak,
    },
  ],
};

/** `fuzzSeconds`: how long each fuzzer works. */
export const listParts = ({ fuzzSeconds = 10 } = {}) => ({
  tools: { builds: [], jobs: nodeFiles("tests/tools", []) },
  site: { builds: [], jobs: nodeFiles("tests/site", []) },
  native: {
    builds: [["release", "-DLEUKOLENS_TESTS=ON", "engine_tests", ...programs]],
    jobs: [
      ...catch2("build/release/tests/engine_tests", 2),
      ...nodeFiles("tests/cli", [drawing, commandLine]),
    ],
  },
  wasm: {
    builds: ["wasm", "wasm-relaxed"].map((preset) => [preset, "-DLEUKOLENS_TESTS=ON", "engine_tests"]),
    jobs: ["wasm", "wasm-relaxed"].flatMap((preset) =>
      catch2(`build/${preset}/tests/engine_tests.cjs`, preset === "wasm" ? 2 : 1, {
        ...underNode,
        name: preset,
        inputs: [`build/${preset}/tests/engine_tests.wasm`],
      }),
    ),
  },
  sanitize: {
    builds: [["sanitize", "engine_tests"]],
    jobs: catch2("build/sanitize/tests/engine_tests", 4),
  },
  fuzz: {
    builds: [["sanitize", "decode_fuzz", "model_fuzz", "tiff_fuzz"]],
    jobs: ["decode", "model", "tiff"].map((name) => fuzzer(name, fuzzSeconds)),
  },
  trainer: {
    builds: [
      [
        ...["release", "-DLEUKOLENS_TESTS=ON", "-DLEUKOLENS_TRAINER=ON"],
        ...["trainer_tests", "leukolens-train", ...programs],
      ],
    ],
    jobs: [
      ...catch2("build/release/tests/trainer_tests", 4, { env: { OMP_NUM_THREADS: "1" }, inputs: trainer }),
      node("tests/trainer/evaluate.test.mjs", [drawing, commandLine, ...trainer]),
      node("tests/trainer/onnx/parity.test.mjs", ["build/release/tests/trainer_tests", ...trainer]),
    ],
  },
  package: {
    builds: [["release", "leukolens_cli"]],
    isPacked: true,
    jobs: nodeFiles("tests/package", [
      "dist",
      "build/wasm/leukolens.js",
      "build/wasm/leukolens.wasm",
      drawing,
      commandLine,
    ]),
  },
  browser: {
    builds: [["release", "-DLEUKOLENS_TRAINER=ON", "leukolens_cli", "leukolens-train"]],
    isPacked: true,
    jobs: nodeFiles("tests/browser", ["dist", drawing, commandLine, ...trainer]),
  },
  ...(soak > 1 && { soak: soaked }),
});
