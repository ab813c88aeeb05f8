// A module of the page's sources that needs no page, for tests of its own.
import { rolldown } from "rolldown";
import { at } from "../support.mjs";

/** `path`: below web/site. */
export async function load(path) {
  const bundle = await rolldown({
    input: at(`web/site/${path}`),
    resolve: { alias: { leukolens: at("web/src/caller/differential.ts") } },
  });
  const { output } = await bundle.generate({ format: "esm" });
  await bundle.close();
  return import(`data:text/javascript,${encodeURIComponent(output[0].code)}`);
}
