// After the C++ builds: the package in dist/package with its tarball, and the page in dist/site that is built on it, with the
// package's documentation. `node web/pack.mjs site`, for `./dev serve`, leaves tarball and documentation out.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants } from "node:zlib";
import { rolldown } from "rolldown";
import { build as buildSite } from "vite";
import { installIn } from "./install.mjs";
import { siteConfig } from "./vite.config.mjs";

const root = new URL("../", import.meta.url);
const at = (path) => fileURLToPath(new URL(path, root));
const run = (tool, ...args) =>
  execFileSync(at(`node_modules/.bin/${tool}`), args, { cwd: at("."), stdio: "inherit" });

/** Files that the package carries beside its JavaScript: [where they come from, their name in the package]. */
const files = [
  ["build/wasm/leukolens.wasm", "leukolens-simd.wasm"],
  ["build/wasm-relaxed/leukolens.wasm", "leukolens-relaxed.wasm"],
  ...readdirSync(at("models"))
    .filter((name) => name.endsWith(".safetensors"))
    .map((name) => [`models/${name}`, `models/${name}`]),
  ["web/README.md", "README.md"],
  ["LICENSE", "LICENSE"],
  ["web/THIRD-PARTY-NOTICES.md", "THIRD-PARTY-NOTICES.md"],
];

async function pack() {
  const needed = [...files.map(([from]) => from), "build/wasm/leukolens.js", "build/samples"];
  const missing = needed.filter((file) => !existsSync(at(file)));
  if (missing.length > 0)
    throw new Error(`These files are missing: ${missing.join(", ")}. Run ./dev pack, which builds them.`);
  const [glue, other] = ["wasm", "wasm-relaxed"].map((build) =>
    readFileSync(at(`build/${build}/leukolens.js`), "utf8"),
  );
  if (glue !== other)
    throw new Error("The JavaScript of the two WebAssembly builds differs, so one file cannot serve both.");
  rmSync(at("dist"), { recursive: true, force: true });
  run("tsc", "-p", "web", "--noEmit", "false", "--emitDeclarationOnly", "--outDir", "dist/package");
  // No entry's declarations lead to these.
  for (const inner of ["element-view", "engine", "node", "pool", "runner", "threads"])
    rmSync(at(`dist/package/${inner}.d.ts`));
  await bundle("index.ts");
  await bundle("worker.ts");
  await bundle("element.ts", ["./index.js"]);
  for (const [from, to] of files) cpSync(at(from), at(`dist/package/${to}`));
  writeFileSync(at("dist/package/package.json"), `${JSON.stringify(manifest(), null, 2)}\n`);
}

function makeTarball() {
  execFileSync("npm", ["pack", "--silent", "--pack-destination", at("dist")], {
    cwd: at("dist/package"),
    stdio: "ignore",
  });
}

/** One entry and what it imports, but for `external`; the engine's glue is the same file for both WebAssembly builds. */
async function bundle(entry, external = []) {
  const glue = {
    name: "glue",
    resolveId: (id) => (id === "./leukolens.js" ? at("build/wasm/leukolens.js") : null),
  };
  const bundled = await rolldown({
    input: at(`web/src/${entry}`),
    external,
    plugins: [glue],
    platform: "browser",
    transform: { define: { process: "undefined" } }, // the glue looks for Node; some bundlers would bring a shim of it
  });
  const names = { entryFileNames: "[name].js", chunkFileNames: "[name].js" };
  await bundled.write({ dir: at("dist/package"), format: "esm", minify: true, comments: false, ...names });
  await bundled.close();
}

function manifest() {
  const { name, version, description, keywords, license, type, engines } = JSON.parse(
    readFileSync(at("package.json"), "utf8"),
  );
  return {
    ...{ name, version, description, keywords, license, type, engines },
    sideEffects: ["./element.js"],
    types: "./index.d.ts",
    exports: {
      ".": { types: "./index.d.ts", default: "./index.js" },
      "./element": { types: "./element.d.ts", default: "./element.js" },
      "./*.wasm": "./*.wasm",
      "./models/*": "./models/*",
      "./package.json": "./package.json",
    },
  };
}

/** From the sources' comments, by TypeDoc; its inline script, which a strict policy refuses, only sets what CSS knows too. */
function document() {
  installIn(at("web/docs"));
  execFileSync(at("web/docs/node_modules/.bin/typedoc"), { cwd: at("web/docs"), stdio: "inherit" });
  for (const name of readdirSync(at("dist/site/docs"), { recursive: true })) {
    if (!name.endsWith(".html")) continue;
    const file = at(`dist/site/docs/${name}`);
    writeFileSync(file, readFileSync(file, "utf8").replace(/<script>.*?<\/script>/s, ""));
  }
}

/** Static hosts send FILE.br to browsers that take it; what is compressed already gains nothing. */
async function precompress(folder) {
  const compress = promisify(brotliCompress);
  const names = readdirSync(folder, { recursive: true }).filter((name) =>
    /\.(html|js|css|svg|wasm|safetensors|json)$/.test(name),
  );
  await Promise.all(
    names.map(async (name) => {
      const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
      writeFileSync(`${folder}/${name}.br`, await compress(readFileSync(`${folder}/${name}`), { params }));
    }),
  );
}

async function main() {
  await pack();
  const everything = process.argv[2] !== "site";
  if (everything) makeTarball();
  run("tsc", "-p", "web/tsconfig.worker.json");
  run("tsc", "-p", "web/tsconfig.site.json");
  await buildSite(siteConfig);
  if (everything) document();
  await precompress(at("dist/site"));
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
