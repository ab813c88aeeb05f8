// Writes the service worker of a built site. It lists the hash of every file, and so changes whenever a file does.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";
import { filesOf } from "./content-key.mjs";

/**
 * All files but the documentation, which is read online, the compressed variants, which servers send in place of a file, and the decoder of
 * HEIC, as large as all else and needed by few: it is kept with the first such picture.
 */
const isKept = (name) => !/^docs\/|^service-worker\.js|\/libheif-|\.(br|gz)$/.test(name);

export async function writeServiceWorker(folder) {
  const files = filesOf(folder)
    .filter(isKept)
    .map((name) => [name.replace(/(^|\/)index\.html$/, "$1"), integrity(`${folder}/${name}`)]);
  const version = createHash("sha256").update(JSON.stringify(files)).digest("hex").slice(0, 12);
  const bundled = await rolldown({
    input: fileURLToPath(new URL("site/service-worker/service-worker.ts", import.meta.url)),
    transform: { define: { site: JSON.stringify({ version, files }) } },
  });
  await bundled.write({ file: `${folder}/service-worker.js`, format: "iife", minify: true, comments: false });
  await bundled.close();
}

const integrity = (file) => `sha256-${createHash("sha256").update(readFileSync(file)).digest("base64")}`;
