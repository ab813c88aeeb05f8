// Builds the HTML template of leukolens-train's reports: `node build.mjs OUT`. Script, style and libraries go into one file, under
// a policy that lets nothing else run and nothing be fetched. Figures and words are those of the site's model page.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { installIn } from "../../web/install.mjs";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const root = (path) => at(`../../${path}`);
const read = (path) => readFileSync(path, "utf8");
const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** Our code and what it uses of the libraries, minified, and the files that it came from. */
async function bundle() {
  const { rolldown } = await import("rolldown");
  const bundled = await rolldown({ input: at("report.mjs"), platform: "browser" });
  const { output } = await bundled.generate({ format: "iife", minify: true, comments: false });
  await bundled.close();
  const [{ code, moduleIds }] = output;
  if (/<\/script|<!--/i.test(code)) throw new Error("The script would end its own element.");
  return { script: `${code.trim()}\n`, modules: moduleIds };
}

/** The licences of what is bundled: the texts that differ, each with the packages that it is for. */
function licences(modules) {
  const names = modules.map((id) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(id)?.[1]).filter(Boolean);
  const packages = new Map();
  for (const name of new Set(names.sort())) {
    const { version, license } = JSON.parse(read(root(`node_modules/${name}/package.json`)));
    const file = readdirSync(root(`node_modules/${name}`)).find((file) => /^licen[cs]e/i.test(file));
    const text = file ? read(root(`node_modules/${name}/${file}`)).trim() : `Licence: ${license}`;
    packages.set(text, [...(packages.get(text) ?? []), `${name} ${version}`]);
  }
  return [...packages].map(([text, names]) => `${names.join(", ")}\n\n${text}`).join("\n\n---\n\n");
}

const escaped = (text) => text.replace(/[&<>]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[c]);

async function main(out) {
  installIn(root("."));
  const style = read(at("report.css")) + read(root("web/site/models/plots.css"));
  const { script, modules } = await bundle();
  const policy = [
    "default-src 'none'",
    `script-src ${hash(script)}`,
    `style-src ${hash(style)}`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");
  const parts = { policy, style, script, licences: escaped(licences(modules)) };
  // What is put in may hold `$&` and the like, which only a function's result may.
  writeFileSync(
    out,
    read(at("page.html")).replace(/\{\{(policy|style|script|licences)\}\}/g, (_, name) => parts[name]),
  );
}

main(process.argv[2]).catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
