// Modules of the page's sources that need no page, for tests of their own.
import { rolldown } from "rolldown";
import { at } from "../support.mjs";

const inMemory = "\0leukolens";
const entry = "\0entry";

/** What such modules take of the package, without its engine: a test says what `Classifier.load` gives. */
const leukolens = [
  ...["caller/differential.ts", "shared/errors.ts"].map(
    (path) => `export * from "${at(`web/src/${path}`)}";`,
  ),
  "export const Classifier = {};",
].join("\n");

let loads = 0;

/** `paths`: below web/site. All that they export, and the `Classifier` that they know: modules of their own for each call. */
export async function load(...paths) {
  const sources = {
    [inMemory]: leukolens,
    [entry]: [
      'export { Classifier } from "leukolens";',
      ...paths.map((path) => `export * from "${at(`web/site/${path}`)}";`),
    ].join("\n"),
  };
  const plugin = {
    name: "sources",
    resolveId: (id) =>
      id === "leukolens" ? inMemory : id === entry || id.endsWith("?url") || id.endsWith("&url") ? id : null,
    load: (id) => sources[id] ?? (id.endsWith("url") ? 'export default "";' : null),
  };
  const bundle = await rolldown({
    input: entry,
    plugins: [plugin],
    platform: "node", // Lit needs no page there
    transform: { define: { "import.meta.env.MODE": '"test"' } },
  });
  const { output } = await bundle.generate({ format: "esm", codeSplitting: false });
  await bundle.close();
  loads++;
  return import(`data:text/javascript,${encodeURIComponent(`${output[0].code}\n// ${loads}`)}`);
}
