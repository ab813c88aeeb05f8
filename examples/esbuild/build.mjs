// esbuild leaves `new URL(..., import.meta.url)` as it is: the files that it names are copied beside the bundle.
import { cpSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

await build({
  ...{ entryPoints: ["src/main.js"], outdir: "dist", logLevel: "warning" },
  ...{ bundle: true, format: "esm", splitting: true, minify: true },
});
const installed = dirname(fileURLToPath(import.meta.resolve("leukolens")));
for (const file of [
  ...["worker.js", "leukolens-simd.wasm", "leukolens-relaxed.wasm", "leukolens-tiff.wasm", "models"],
])
  cpSync(join(installed, file), join("dist", file), { recursive: true });
cpSync("static", "dist", { recursive: true });
