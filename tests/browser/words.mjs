// What page and kiosk say, from their language files, so that tests quote no sentence that could change in one place alone.
import { rolldown } from "rolldown";
import { at } from "../support.mjs";

/** `file`: first-load, on-demand or kiosk. */
export async function wordsOf(language, file) {
  const bundle = await rolldown({ input: at(`web/site/i18n/${language}/${file}.ts`) });
  const { output } = await bundle.generate({ format: "esm" });
  await bundle.close();
  const module = await import(`data:text/javascript,${encodeURIComponent(output[0].code)}`);
  return module[language];
}
