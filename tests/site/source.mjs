// A module of the page's sources that needs no page, for tests of its own.
import { rolldown } from "rolldown";
import { at } from "../support.mjs";

const inMemory = "\0leukolens";

/** What such modules take of the package, without its engine. */
const leukolens = {
  name: "leukolens",
  resolveId: (id) => (id === "leukolens" ? inMemory : null),
  load: (id) =>
    id === inMemory
      ? ["caller/differential.ts", "shared/errors.ts"]
          .map((path) => `export * from ${JSON.stringify(at(`web/src/${path}`))};`)
          .join("\n")
      : null,
};

/** `path`: below web/site. */
export async function load(path) {
  const bundle = await rolldown({ input: at(`web/site/${path}`), plugins: [leukolens] });
  const { output } = await bundle.generate({ format: "esm" });
  await bundle.close();
  return import(`data:text/javascript,${encodeURIComponent(output[0].code)}`);
}
