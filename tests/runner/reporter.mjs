// A reporter for node:test that writes a line of JSON for each event into the file LEUKOLENS_EVENTS as soon as it happens: a program
// that is ended in the middle, or ends before its streams are written, has said by then what it was doing.
import { appendFileSync } from "node:fs";

const kept = ["test:dequeue", "test:start", "test:pass", "test:fail"];

// biome-ignore lint/correctness/useYield: what a reporter yields goes to its destination, and this one has none
export default async function* report(events) {
  for await (const { type, data } of events) {
    if (!kept.includes(type)) continue;
    const { name, nesting, skip, todo, details } = data;
    const event = {
      ...{ type, name, nesting },
      isSuite: details?.type === "suite",
      cause: details?.error?.failureType,
      isSkipped: skip !== undefined || todo !== undefined,
    };
    appendFileSync(process.env.LEUKOLENS_EVENTS, `${JSON.stringify(event)}\n`);
  }
}
