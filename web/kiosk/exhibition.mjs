// An exhibition's own folder: pictures and words that the kiosk shows instead of its drawings, and the count of its visitors.
import {
  closeSync,
  createReadStream,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, extname, join } from "node:path";

const types = { ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png" };
/** How JPEG and PNG files begin, whatever their names say. */
const beginnings = ["ffd8ff", "89504e470d0a1a0a"];
const labels = [
  ...["eosinophil", "lymphocyte", "monocyte", "neutrophil", "basophil", "ig", "erythroblast", "platelet"],
];
const languages = ["en", "de", "es", "zh"];
const words = ["question", "invitation", "about"];
const longestText = 1000;
const mostCells = 1000;
/** As many rounds does the page's quiz have. */
const quizLength = 5;

/** The name of the file that says what is in the folder. */
const contents = "kiosk.json";

/** Checks a folder's kiosk.json; GUIDE.md says what it holds. Throws one sentence for what is wrong. */
export function readExhibition(folder) {
  const wrong = (what) => new Error(`${join(folder, contents)}: ${what}`);
  let said;
  try {
    said = JSON.parse(readFileSync(join(folder, contents), "utf8").replace(/^\ufeff/, "")); // Windows writes that mark
  } catch (error) {
    if (error.code === "ENOENT") throw new Error(`There is no ${contents} in ${folder}: GUIDE.md shows one.`);
    throw wrong(`it cannot be read: ${error.message}`);
  }
  if (!isRecord(said)) throw wrong("it must be an object.");
  const { cells, credit, texts = {}, ...unknown } = said;
  const [stray] = Object.keys(unknown);
  if (stray) throw wrong(`"${stray}" is not known; it may hold cells, credit and texts.`);
  if (!Array.isArray(cells) || cells.length > mostCells)
    throw wrong(`"cells" must list at most ${mostCells} pictures.`);
  for (const cell of cells) {
    if (!isRecord(cell) || typeof cell.picture !== "string" || !labels.includes(cell.label))
      throw wrong(`each cell needs a "picture" and a "label", one of ${labels.join(", ")}.`);
    if (basename(cell.picture) !== cell.picture || !(extname(cell.picture).toLowerCase() in types))
      throw wrong(`"${cell.picture}" must be the name of a JPEG or PNG file in the folder.`);
    if (!statSync(join(folder, cell.picture), { throwIfNoEntry: false })?.isFile())
      throw wrong(`there is no picture "${cell.picture}" in the folder.`);
    if (!isPicture(join(folder, cell.picture)))
      throw wrong(`"${cell.picture}" is no JPEG or PNG file, whatever its name says.`);
  }
  if (cells.length < quizLength || new Set(cells.map(({ label }) => label)).size < 2)
    throw wrong(`a quiz needs at least ${quizLength} cells, and of at least two classes.`);
  if (!isText(credit)) throw wrong('"credit" must say where the pictures come from.');
  if (!isRecord(texts)) throw wrong('"texts" must be an object.');
  for (const [language, own] of Object.entries(texts)) {
    if (!languages.includes(language) || !isRecord(own))
      throw wrong(`"texts" holds objects for ${languages.join(", ")}.`);
    for (const [word, text] of Object.entries(own))
      if (!words.includes(word) || !isText(text))
        throw wrong(`"texts" may say ${words.join(", ")}, in at most ${longestText} characters each.`);
  }
  return { cells: cells.map(({ picture, label }) => ({ picture, label })), credit, texts };
}

function isPicture(path) {
  const begin = Buffer.alloc(8);
  const file = openSync(path);
  readSync(file, begin);
  closeSync(file);
  return beginnings.some((known) => begin.toString("hex").startsWith(known));
}

const isRecord = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const isText = (value) => typeof value === "string" && value.length > 0 && value.length <= longestText;

/** Answers requests below /kiosk/own/; false where the request is not for it. */
export function answerFrom(folder, exhibition, request, response) {
  const prefix = "/kiosk/own/";
  const [pathname] = request.url.split("?", 1);
  if (request.method !== "GET" || !pathname.startsWith(prefix)) return false;
  const asked = pathname.slice(prefix.length);
  // Encoded here, not decoded there: a request may hold anything.
  const cell = exhibition.cells.find(({ picture }) => encodeURIComponent(picture) === asked);
  if (asked === contents) {
    response.writeHead(200, { "content-type": "application/json", "cache-control": "no-store" });
    response.end(JSON.stringify(exhibition));
  } else if (cell) {
    const { picture } = cell;
    response.writeHead(200, {
      "content-type": types[extname(picture).toLowerCase()],
      "cache-control": "no-cache",
    });
    createReadStream(join(folder, picture))
      .on("error", () => response.destroy())
      .pipe(response);
  } else {
    response.writeHead(404).end();
  }
  return true;
}

/** Counts by day and kind of event in a JSON file: { "2026-11-30": { "visitor": 12, "quiz": 5 } }. Nothing else is kept. */
export class Visits {
  #file;
  #days;

  /** Throws one sentence where the file holds something else, or cannot be written. */
  constructor(file) {
    this.#file = file;
    this.#days = read(file);
    this.#write();
  }

  add(kind) {
    const day = new Date().toLocaleDateString("sv"); // YYYY-MM-DD, of this place
    const counts = this.#days[day] ?? {};
    this.#days[day] = { ...counts, [kind]: (counts[kind] ?? 0) + 1 };
    try {
      this.#write();
    } catch (error) {
      // A full disk must not end the show; the next visitor tries again.
      console.error(`The visitors could not be counted: ${error.message}`);
    }
  }

  /** Whole or not at all, whenever the power fails. */
  #write() {
    writeFileSync(`${this.#file}.new`, `${JSON.stringify(this.#days, null, 2)}\n`);
    renameSync(`${this.#file}.new`, this.#file);
  }
}

function read(file) {
  try {
    const days = JSON.parse(readFileSync(file, "utf8"));
    if (isRecord(days) && Object.values(days).every(isRecord)) return days;
  } catch (error) {
    if (error.code === "ENOENT") return {};
    if (!(error instanceof SyntaxError)) throw new Error(`${file} cannot be read: ${error.message}`);
  }
  throw new Error(`${file} holds something else than counts of visitors: name another file.`);
}
