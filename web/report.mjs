// Makes the report that the page shows of a shipped model: `node web/report.mjs IN OUT [NOTE ...]`. IN is what leukolens-train writes
// beside its HTML; a NOTE says what a reader must know before trusting the figures. Lists of single images stay behind, which only their
// owner has; so do folders, and points that no screen could tell apart.
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

/** The end points, and between them whatever lies at least `step` from the one kept before. */
function thin(curve, step = 0.005) {
  const kept = curve.slice(0, 1);
  for (const point of curve.slice(1, -1)) {
    const [x, y] = kept.at(-1);
    if (Math.hypot(point[0] - x, point[1] - y) >= step) kept.push(point);
  }
  return curve.length > 1 ? [...kept, curve.at(-1)] : kept;
}

/** A path becomes the name of its file. */
const withoutFolders = (text) => text.replace(/(?:[\w.-]*\/)+([\w.-]+)/g, "$1");

const round = (_, value) =>
  typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(6)) : value;

export function condense(report, added = []) {
  const { first, wrong, right, contactSheet, notes, sources = [], curves, facts, training, ...rest } = report;
  const tidy = ({ command, ...others }) =>
    command ? { command: withoutFolders(command), ...others } : others;
  return {
    ...rest,
    notes: [...notes, ...added],
    sources: sources.map(({ name, metrics }) => ({
      name: withoutFolders(name).replace(/\.\w+$/, ""),
      metrics,
    })),
    curves: { ...curves, roc: curves.roc.map((curve) => thin(curve)) },
    facts: tidy(facts),
    training: tidy(training),
  };
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [from, to, ...added] = process.argv.slice(2);
  if (!to) throw new Error("Say which report to read and which file to write: node web/report.mjs IN OUT.");
  const report = condense(JSON.parse(readFileSync(from, "utf8")), added);
  writeFileSync(to, `${JSON.stringify(report, round)}\n`);
}
