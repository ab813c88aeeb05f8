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

/**
 * What is needed at once comes in two files: what workbench and kiosk share, and what is theirs alone. Left to itself the bundler cuts it
 * into 23, which compress less well and wait for each other on a slow line. All else comes in files of its own when it is needed.
 */
const atFirst = {
  includeDependenciesRecursively: false, // each of them is asked about itself
  groups: [
    {
      debugName: "at first",
      name(module, bundle) {
        const [workbench, kiosk] = ["", "kiosk/"].map((folder) =>
          isNeededBy(at(`site/${folder}index.html`), module, bundle),
        );
        if (workbench && kiosk) return "shared";
        return workbench ? "workbench" : kiosk ? "kiosk" : null;
      },
    },
  ],
};

/** Whether an entry imports the module at once, by whatever way. */
function isNeededBy(entry, module, bundle, seen = new Set()) {
  if (module === entry) return true;
  if (seen.has(module)) return false;
  seen.add(module);
  return bundle.getModuleInfo(module).importers.some((importer) => isNeededBy(entry, importer, bundle, seen));
}

export const siteConfig = {
  ...common,
  plugins: [policyAsMeta, installable(at("site/icon.svg"))],
  build: {
    ...build,
    outDir: at("../dist/site"),
    rolldownOptions: { input: pages, output: { codeSplitting: atFirst } },
  },
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
