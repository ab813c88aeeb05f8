// Builds the page from web/site on the packed package, so that what the tests and the site use is what is published.
import { fileURLToPath } from "node:url";
import { contentSecurityPolicy } from "./csp.mjs";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

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

export const siteConfig = {
  configFile: false,
  logLevel: "warn",
  root: at("site"),
  base: "./",
  resolve: { alias: { leukolens: at("../dist/package/index.js") } },
  plugins: [policyAsMeta],
  build: {
    outDir: at("../dist/site"),
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
};
