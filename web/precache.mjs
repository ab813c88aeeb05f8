// Writes the service worker of a built site. It lists the hash of every file, and so changes whenever a file does.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";
import { filesOf } from "./content-key.mjs";

/** All files but the documentation, which is read online, and the compressed variants, which servers send in place of a file. */
const isKept = (name) => !/^docs\/|^service-worker\.js|\.(br|gz)$/.test(name);

/** The decoder of HEIC is as large as all else, and few need it: it is kept with the first such picture. */
const isLate = (name) => name.includes("/libheif-");

export async function writeServiceWorker(folder) {
  const kept = filesOf(folder).filter(isKept);
  const listed = (names) =>
    names.map((name) => [name.replace(/(^|\/)index\.html$/, "$1"), integrity(`${folder}/${name}`)]);
  const files = listed(kept.filter((name) => !isLate(name)));
  const late = listed(kept.filter(isLate));
  const version = createHash("sha256")
    .update(JSON.stringify([files, late]))
    .digest("hex")
    .slice(0, 12);
  const bundled = await rolldown({
    input: fileURLToPath(new URL("site/service-worker/service-worker.ts", import.meta.url)),
    transform: { define: { site: JSON.stringify({ version, files, late }) } },
  });
  await bundled.write({ file: `${folder}/service-worker.js`, format: "iife", minify: true, comments: false });
  await bundled.close();
}

const integrity = (file) => `sha256-${createHash("sha256").update(readFileSync(file)).digest("base64")}`;
