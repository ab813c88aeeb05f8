// What a test program wrote about its tests, whether it came to its end or not.

/**
 * Reads the lines of reporter.mjs. `passed` and `skipped` are counts, `failed` the full names of tests, `running` that of the test
 * that had begun last and has not ended.
 */
export function readEvents(text) {
  const results = { passed: 0, skipped: 0, failed: [], running: undefined };
  const reported = []; // the path to what is reported, one name a level
  const begun = []; // the path to what was begun last
  const lines = text.split("\n").filter((line) => line.endsWith("}"));
  for (const { type, name, nesting, isSuite, cause, isSkipped } of lines.map((line) => JSON.parse(line))) {
    if (type === "test:dequeue") {
      begun.splice(nesting, Infinity, name);
    } else if (type === "test:start") {
      reported.splice(nesting, Infinity, name);
    } else {
      if (begun[nesting] === name) begun.length = nesting;
      if (type === "test:fail") {
        // A suite fails with its tests, which name themselves; by itself when one of its hooks fails.
        if (cause !== "subtestsFailed")
          results.failed.push([...reported.slice(0, nesting), name].join(" > "));
      } else if (isSkipped) results.skipped++;
      else if (!isSuite) results.passed++;
    }
  }
  results.running = begun.length > 0 ? begun.join(" > ") : undefined;
  return results;
}

/** The same of what Catch2's XML reporter wrote. */
export function readCatch2(text) {
  const results = { passed: 0, skipped: 0, failed: [], running: undefined };
  for (const [, name, body] of text.matchAll(/<TestCase name="([^"]*)"(.*?)(?=<TestCase name=|$)/gs)) {
    const [, success] = /<OverallResult success="(\w+)"/.exec(body) ?? [];
    const [, skips] = /<OverallResult [^>]*skips="(\d+)"/.exec(body) ?? [];
    if (success === undefined) results.running = decode(name);
    else if (success === "false") results.failed.push(decode(name));
    else if (Number(skips) > 0) results.skipped++;
    else results.passed++;
  }
  return results;
}

const decode = (text) =>
  text.replace(
    /&(lt|gt|quot|apos|amp);/g,
    (_, name) => ({ lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" })[name],
  );
