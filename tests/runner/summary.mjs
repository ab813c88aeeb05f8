// What the outcomes of the programs come to, in words.

const inSeconds = (value) => `${value.toFixed(1)} s`;
const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

/** For a program that has ended. */
export function lineFor({ title, passed, skipped, failed, isKnown, seconds }) {
  const counts = [`${passed} passed`];
  if (skipped > 0) counts.push(`${skipped} skipped`);
  if (failed.length > 0) counts.push(`${failed.length} failed`);
  const time = isKnown ? "unchanged since" : inSeconds(seconds);
  return `${failed.length > 0 ? "not ok" : "ok    "} ${title.padEnd(28)} ${time.padStart(15)}  ${counts.join(", ")}`;
}

/**
 * The last lines of a run. A part's work is what its programs took together, its time from the start of the first to the end of the
 * last, with programs of other parts beside them. `broken` are parts that could not be built.
 */
export function summaryOf(outcomes, broken = []) {
  const rows = [...new Set(outcomes.map(({ part }) => part))].map((name) => {
    const own = outcomes.filter(({ part }) => part === name);
    const time = Math.max(...own.map(({ end }) => end)) - Math.min(...own.map(({ begin }) => begin));
    const work = sum(own.filter(({ isKnown }) => !isKnown).map(({ seconds }) => seconds));
    const cells = [sum(own.map(({ passed }) => passed)), inSeconds(work), inSeconds(time)];
    return [name.padEnd(10), ...cells.map((cell) => String(cell).padStart(10))].join("");
  });
  const failures = outcomes.flatMap(({ title, failed }) => failed.map((name) => `${title}: ${name}`));
  failures.push(...broken.map((part) => `${part}: it could not be built`));
  return [
    ...["", `part      ${["tests", "work", "time"].map((head) => head.padStart(10)).join("")}`, ...rows, ""],
    ...(failures.length > 0 ? ["Failed:", ...failures.map((failure) => `  ${failure}`), ""] : []),
    `${sum(outcomes.map(({ passed }) => passed))} passed, ${failures.length} failed`,
  ];
}
