// Builds the site from web/site on the packed package, so that what the tests and the site use is what is published; and the main
// page once more as one file.
import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { contentSecurityPolicy } from "./csp.mjs";
import { installable } from "./installable.mjs";
import { inOneFile } from "./single-file.mjs";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Every folder of web/site with an index.html is a page at that folder's address. */
const pages = ["", ...readdirSync(at("site")).map((name) => `${name}/`)]
  .map((folder) => at(`site/${folder}index.html`))
  .filter(existsSync);

const policyAsMeta = {
  name: "policy-as-meta",
  transformIndexHtml: () => [
    {
      tag: "meta",
      attrs: { "http-equiv": "Content-Security-Policy", content: contentSecurityPolicy },
      injectTo: "head-prepend",
    },
  ],
};

const common = {
  configFile: false,
  logLevel: "warn",
  root: at("site"),
  base: "./",
  resolve: { alias: { leukolens: at("../dist/package/index.js") } },
};

const build = {
  emptyOutDir: true,
  target: "es2022",
  assetsInlineLimit: 0,
  modulePreload: { polyfill: false },
  reportCompressedSize: false,
};

export const siteConfig = {
  ...common,
  plugins: [policyAsMeta, installable(at("site/icon.svg"))],
  build: { ...build, outDir: at("../dist/site"), rolldownOptions: { input: pages } },
};

/** Built in memory: the plugin writes its one file itself. */
export const singleFileConfig = {
  ...common,
  mode: "single-file",
  plugins: [inOneFile(at("../dist/leukolens.html"))],
  experimental: { renderBuiltUrl: inOneFile.renderBuiltUrl },
  build: {
    ...build,
    write: false,
    cssCodeSplit: false,
    rolldownOptions: { input: at("site/index.html"), output: { codeSplitting: false } },
  },
};
