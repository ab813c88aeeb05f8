// Tables as spreadsheets read them. Plain functions, without state.

import { legible } from "../state/legible.js";

export type CsvValue = string | number | boolean | null | undefined;
export type CsvLine = Readonly<Record<string, CsvValue>>;

/** What a line lacks of the columns is left empty. */
export function csvOf(columns: readonly string[], lines: readonly CsvLine[]): string {
  const text = [columns, ...lines.map((line) => columns.map((column) => line[column]))]
    .map((values) => values.map(quote).join(","))
    .join("\r\n");
  return `\ufeff${text}\r\n`; // the mark tells spreadsheets that it is UTF-8
}

/** Spreadsheets run what begins like a formula, so such names are kept from it. */
function quote(value: CsvValue): string {
  if (value === null || value === undefined) return "";
  const shown = legible(String(value));
  const text = typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${shown}` : shown;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
