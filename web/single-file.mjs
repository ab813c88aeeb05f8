// The page as one file that opens from disk, where browsers fetch nothing and load no module: what the page's code would fetch
// stands in it as base64, and becomes a blob: URL each before that code runs.
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, extname } from "node:path";

const types = {
  ".js": "text/javascript",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".jpg": "image/jpeg",
};
const typeOf = (name) => types[extname(name)] ?? "application/octet-stream";

export function inOneFile(target) {
  return {
    name: "in-one-file",
    enforce: "post",
    generateBundle(_, bundle) {
      const files = Object.values(bundle);
      const [entry, ...others] = files.filter(({ type }) => type === "chunk");
      if (others.length > 0)
        throw new Error(`One file holds one script, and ${others[0].fileName} is another.`);
      const page = files.find(({ fileName }) => fileName.endsWith(".html"));
      const sheets = files.filter(({ fileName }) => fileName.endsWith(".css"));
      const assets = files.filter((file) => file.type === "asset" && file !== page && !sheets.includes(file));
      // Vite's mark for what an import needs besides; one file needs nothing besides.
      const script = inScript(prelude(assets) + entry.code.replaceAll("__VITE_PRELOAD__", "void 0"));
      const style = sheets.map(({ source }) => source).join("\n");
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, assemble(String(page.source), { script, style, assets }));
    },
  };
}

/** How the page's code names a file: whatever it asks for by URL is in the table that the prelude makes. */
inOneFile.renderBuiltUrl = (name, { hostType }) =>
  hostType === "js" ? { runtime: `leukolensFiles[${JSON.stringify(name)}]` } : { relative: true };

function prelude(assets) {
  const table = assets.map(({ fileName, source }) => [fileName, typeOf(fileName), base64(source)]);
  return `const leukolensFiles = Object.fromEntries(${JSON.stringify(table)}.map(([name, type, base64]) =>
  [name, URL.createObjectURL(new Blob([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], { type }))]));\n`;
}

/** Replacements are functions, because "$&" and the like may stand in the code. */
function assemble(html, { script, style, assets }) {
  const embedded = assets.reduce(
    (text, { fileName, source }) =>
      text.replaceAll(`"./${fileName}"`, () => `"data:${typeOf(fileName)};base64,${base64(source)}"`),
    html.replace(
      /\s*<script type="module"[^>]*><\/script>|\s*<link rel="(stylesheet|modulepreload)"[^>]*>/g,
      "",
    ),
  );
  return embedded
    .replace(
      "<head>",
      () => `<head>\n    <meta http-equiv="Content-Security-Policy" content="${policy(script, style)}">`,
    )
    .replace("</head>", () => `  <style>${style}</style>\n  </head>`)
    .replace("</body>", () => `  <script type="module">${script}</script>\n  </body>`);
}

/** As strict as the site's: this script and this style, and beyond them nothing but what the script itself unpacked. */
function policy(script, style) {
  return [
    "default-src 'none'",
    `script-src ${hash(script)} 'wasm-unsafe-eval'`,
    `style-src ${hash(style)}`,
    "worker-src blob:",
    "connect-src blob:",
    "img-src blob: data:",
    "media-src blob:",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
  ].join("; ");
}

const base64 = (source) => Buffer.from(source).toString("base64");
const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** These would change how the HTML parser reads on; in JavaScript's strings and patterns the escape means the same. */
const inScript = (code) => code.replace(/<(?=!--|\/?script)/gi, "\\x3C");
