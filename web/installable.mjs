// What makes the site installable: the manifest and the icons in the forms that systems ask for, all drawn from the one SVG.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { initWasm, Resvg } from "@resvg/resvg-wasm";

const paper = "#faf7f6";

const manifest = {
  id: "./",
  name: "Leukolens",
  short_name: "Leukolens",
  description: "Recognises white blood cells in microscope pictures, on your own device.",
  start_url: "./",
  scope: "./",
  display: "standalone",
  background_color: paper,
  theme_color: paper,
  categories: ["education"],
  icons: [
    { src: "icons/icon.svg", sizes: "any", type: "image/svg+xml" },
    { src: "icons/192.png", sizes: "192x192", type: "image/png" },
    { src: "icons/512.png", sizes: "512x512", type: "image/png" },
    { src: "icons/maskable.png", sizes: "512x512", type: "image/png", purpose: "maskable" },
  ],
};

export function installable(icon) {
  return {
    name: "installable",
    async generateBundle() {
      await ready();
      const svg = readFileSync(icon, "utf8");
      const emit = (fileName, source) => this.emitFile({ type: "asset", fileName, source });
      emit("manifest.webmanifest", `${JSON.stringify(manifest, null, 2)}\n`);
      emit("icons/icon.svg", svg);
      emit("icons/192.png", paint(svg, 192));
      emit("icons/512.png", paint(svg, 512));
      emit("icons/maskable.png", paint(onPaper(svg), 512));
      emit("icons/apple-touch-icon.png", paint(onPaper(svg), 180));
    },
    transformIndexHtml(_, { path }) {
      const up = "../".repeat(path.split("/").length - 2) || "./";
      const link = (rel, href) => ({ tag: "link", attrs: { rel, href: up + href }, injectTo: "head" });
      return [
        link("manifest", "manifest.webmanifest"),
        link("apple-touch-icon", "icons/apple-touch-icon.png"),
      ];
    },
  };
}

let started;
function ready() {
  const wasm = createRequire(import.meta.url).resolve("@resvg/resvg-wasm/index_bg.wasm");
  started ??= initWasm(readFileSync(wasm));
  return started;
}

const paint = (svg, width) => new Resvg(svg, { fitTo: { mode: "width", value: width } }).render().asPng();

/** Systems cut their own shapes out of such an icon: only the middle, four fifths wide, is sure to stay. */
const onPaper = (svg) =>
  svg.replace(/viewBox="[^"]*">/, `viewBox="-10 -10 84 84"><path d="M-10-10h84v84h-84z" fill="${paper}"/>`);
