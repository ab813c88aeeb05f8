// After the C++ builds: the package in dist/package with its tarball, the site in dist/site that is built on it, with the package's
// documentation, and the page as one file, dist/leukolens.html; checksums and a bill of materials of all that. `node web/pack.mjs site`, for `./dev serve`, leaves tarball and
// documentation out; `node web/pack.mjs package` makes nothing but package and tarball. Nothing is made anew that would be the same.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { rolldown } from "rolldown";
import { build as buildSite } from "vite";
import { contentKey, filesOf } from "./content-key.mjs";
import { draw, previews, quiz, samples } from "./drawings.mjs";
import { installIn } from "./install.mjs";
import { writeServiceWorker } from "./precache.mjs";
import { writeReleaseFiles } from "./release.mjs";
import { singleFileConfig, siteConfig } from "./vite.config.mjs";

const root = new URL("../", import.meta.url);
const at = (path) => fileURLToPath(new URL(path, root));
const run = (tool, ...args) =>
  execFileSync(at(`node_modules/.bin/${tool}`), args, { cwd: at("."), stdio: "inherit" });

/** Files that the package carries beside its JavaScript: [where they come from, their name in the package]. */
const files = [
  ["build/wasm/leukolens.wasm", "leukolens-simd.wasm"],
  ["build/wasm-relaxed/leukolens.wasm", "leukolens-relaxed.wasm"],
  ["build/wasm/leukolens-tiff.wasm", "leukolens-tiff.wasm"],
  ...readdirSync(at("models"))
    .filter((name) => name.endsWith(".safetensors"))
    .map((name) => [`models/${name}`, `models/${name}`]),
  ["web/types/react.d.ts", "react.d.ts"],
  ["web/README.md", "README.md"],
  ["LICENSE", "LICENSE"],
  ["web/THIRD-PARTY-NOTICES.md", "THIRD-PARTY-NOTICES.md"],
];

/** What CMake must have built. */
const smear = "build/release/leukolens-smear";
const built = [...files.map(([from]) => from), "build/wasm/leukolens.js", smear];

async function pack() {
  const missing = built.filter((file) => !existsSync(at(file)));
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
  const inner = [
    ...[
      "caller/element-view",
      "caller/pool",
      "caller/profile-in-use",
      "caller/regions",
      "caller/runner",
      "caller/threads",
    ],
    ...["shared/node", "shared/protocol"],
  ];
  for (const name of inner) rmSync(at(`dist/package/${name}.d.ts`));
  rmSync(at("dist/package/engine"), { recursive: true });
  await bundle("index.ts");
  await bundle("worker/worker.ts", { format: "iife" }); // also a module, so that Node runs it
  await bundle("element.ts", { external: ["./index.js"] });
  for (const [from, to] of files) cpSync(at(from), at(`dist/package/${to}`));
  writeFileSync(at("dist/package/react.js"), "export {};\n"); // types alone, but some tools resolve every entry
  writeFileSync(at("dist/package/package.json"), `${JSON.stringify(manifest(), null, 2)}\n`);
}

function makeTarball() {
  execFileSync("npm", ["pack", "--silent", "--pack-destination", at("dist")], {
    cwd: at("dist/package"),
    stdio: "ignore",
  });
}

/** One entry and what it imports, but for `external`; the engine's glue is the same file for both WebAssembly builds. */
async function bundle(entry, { external = [], format = "esm" } = {}) {
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
    // What the later chunks share stays in the entry, though it then exports that too: as a file of its own it would be one more round trip
    // before anything large is asked for.
    preserveEntrySignatures: "allow-extension",
  });
  const names = { entryFileNames: "[name].js", chunkFileNames: "[name].js" };
  await bundled.write({ dir: at("dist/package"), format, minify: true, comments: false, ...names });
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
      "./react": { types: "./react.d.ts", default: "./react.js" },
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

/** Static hosts send FILE.br or FILE.gz to browsers that take it; what is compressed already gains nothing. */
async function precompress(folder) {
  const names = filesOf(folder).filter((name) =>
    /\.(html|js|css|svg|wasm|safetensors|json|webmanifest)$/.test(name),
  );
  const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
  await Promise.all(
    names.map(async (name) => {
      const bytes = readFileSync(`${folder}/${name}`);
      writeFileSync(`${folder}/${name}.br`, await promisify(brotliCompress)(bytes, { params }));
      writeFileSync(`${folder}/${name}.gz`, await promisify(gzip)(bytes, { level: 9 }));
    }),
  );
}

async function main() {
  const only = process.argv[2] ?? "everything";
  const stamp = at("dist/.key");
  const sources = ["web", "models", "package.json", "package-lock.json", "LICENSE"];
  const key = contentKey([...sources, ...built].map(at), [process.version]);
  const made = existsSync(stamp) ? readFileSync(stamp, "utf8") : "";
  if ([`everything ${key}`, `${only} ${key}`].includes(made)) return;
  await pack();
  if (only !== "site") makeTarball();
  if (only === "package") return;
  run("tsc", "-p", "web/tsconfig.worker.json");
  run("tsc", "-p", "web/tsconfig.site.json");
  run("tsc", "-p", "web/tsconfig.service-worker.json");
  draw(at(smear), at("build/samples"), samples);
  draw(at(smear), at("build/previews"), previews);
  draw(at(smear), at("build/quiz"), quiz);
  await buildSite(siteConfig);
  await buildSite(singleFileConfig);
  await writeServiceWorker(at("dist/site"));
  if (only === "everything") document();
  cpSync(at("web/THIRD-PARTY-NOTICES.md"), at("dist/site/THIRD-PARTY-NOTICES.md"));
  cpSync(at("node_modules/libheif-js/libheif-wasm/LICENSE"), at("dist/site/libheif-licence.md"));
  await precompress(at("dist/site"));
  if (only === "everything") writeReleaseFiles();
  writeFileSync(stamp, `${only} ${key}`);
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
