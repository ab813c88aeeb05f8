// Builds the same small page with each bundler, as its manual says. Each function takes the project's folder, in which main.js and
// the installed package lie, and the folder for the result.
import { execFile } from "node:child_process";
import { cpSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { load, resolve } from "../package/consumers/load.mjs";
import { writeFiles } from "../support.mjs";

const html = (script) =>
  `<!doctype html><title>cell</title><link rel="icon" href="icon.svg"><script type="module" src="${script}"></script>`;

/** No bundler: the files as they are in the package. */
export async function none(project, out) {
  cpSync(join(project, "node_modules/leukolens"), join(out, "leukolens"), { recursive: true });
  cpSync(join(project, "main.js"), join(out, "main.js"));
  writeFiles(out, { "index.html": html("main.js"), "leukolens.js": 'export * from "./leukolens/index.js";' });
}

export async function vite(project, out) {
  const { build } = await import("vite");
  writeFiles(project, { "index.html": html("/main.js") });
  await build({
    ...{ configFile: false, logLevel: "error", root: project, base: "./" },
    build: { outDir: out, assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  });
}

export async function webpack(project, out) {
  const { default: webpack } = await load("webpack");
  const stats = await promisify(webpack)({
    ...{ mode: "production", context: project, entry: "./main.js", performance: false },
    output: { path: out, filename: "bundle.js", module: true },
    experiments: { outputModule: true },
  });
  if (stats.hasErrors() || stats.hasWarnings()) throw new Error(stats.toString("errors-warnings"));
  writeFiles(out, { "index.html": html("bundle.js") });
}

export async function rollup(project, out) {
  const { rollup } = await load("rollup");
  const { default: nodeResolve } = await load("@rollup/plugin-node-resolve");
  const { importMetaAssets } = await load("@web/rollup-plugin-import-meta-assets");
  const onwarn = (warning) => {
    throw new Error(warning.message);
  };
  const input = join(project, "main.js");
  const bundle = await rollup({ input, plugins: [nodeResolve(), importMetaAssets()], onwarn });
  await bundle.write({ dir: out, format: "esm" });
  await bundle.close();
  writeFiles(out, { "index.html": html("main.js") });
}

/** Leaves `new URL(..., import.meta.url)` as it is: the files that it names are copied beside the bundle. */
export async function esbuild(project, out) {
  const { build } = await load("esbuild");
  await build({
    ...{ entryPoints: [join(project, "main.js")], outdir: out, logLevel: "silent" },
    ...{ bundle: true, format: "esm", splitting: true, minify: true },
  });
  for (const file of [
    "worker.js",
    "leukolens-simd.wasm",
    "leukolens-relaxed.wasm",
    "leukolens-tiff.wasm",
    "models",
  ])
    cpSync(join(project, "node_modules/leukolens", file), join(out, file), { recursive: true });
  writeFiles(out, { "index.html": html("main.js") });
}

/** From HTML it would write an inline import map, which a strict policy refuses: the script is the entry. */
export async function parcel(project, out) {
  const { Parcel } = (await load("@parcel/core")).default;
  await new Parcel({
    entries: join(project, "main.js"),
    defaultConfig: resolve("@parcel/config-default"),
    mode: "production",
    shouldDisableCache: true,
    targets: { page: { distDir: out, publicUrl: "./", context: "browser", outputFormat: "esmodule" } },
    defaultTargetOptions: { shouldScopeHoist: true, shouldOptimize: true, sourceMaps: false },
  }).run();
  writeFiles(out, { "index.html": html("main.js") });
}

/** The page's frontmatter imports the package on the server, where there is no DOM. */
export async function astro(project, out) {
  const page = `---
import { errorCodes, Classifier } from "leukolens";
---
<!doctype html><html lang="en"><head><title>cell</title><link rel="icon" href="icon.svg" /></head>
<body data-codes={errorCodes.length} data-class={typeof Classifier}><script src="../../main.js"></script></body></html>`;
  const base = "/some/where/astro";
  const config = { outDir: out, base, vite: { build: { assetsInlineLimit: 0 } } };
  writeFiles(project, {
    "src/pages/index.astro": page,
    "astro.config.mjs": `export default ${JSON.stringify(config)};`,
  });
  const folder = dirname(resolve("astro/package.json"));
  symlinkSync(folder, join(project, "node_modules/astro"));
  const env = { ...process.env, ASTRO_TELEMETRY_DISABLED: "1" };
  await promisify(execFile)(process.execPath, [join(folder, "astro.js"), "build"], { cwd: project, env });
}
