// What the quiz says, fetched with it.
import { pluralOf } from "../grammar.js";

const plural = pluralOf("en");

export const en = {
  title: "Quiz",
  close: "Close the quiz",
  intro: "Name the cells of your own images, without labels. The score comes at the end.",
  key: (count: number) =>
    plural(count, {
      one: "The key is what you said of # cell. The model's own answers do not count.",
      other: "The key is what you said of # cells. The model's own answers do not count.",
    }),
  noKey:
    "There is no key yet: confirm or correct cells first, best in review. The model's own answers do not count.",
  length: "Cells",
  all: (count: number) => plural(count, { one: "All (#)", other: "All (#)" }),
  limit: "Time for each cell",
  noLimit: "No limit",
  seconds: (count: number) => `${count} s`,
  player: "Initials",
  kept: "Initials are written into the table of answers and kept nowhere else.",
  begin: "Begin",
  place: (place: number, all: number) => `Cell ${place} of ${all}`,
  which: "Which cell is it?",
  score: (right: string, all: string, percent: string) => `${right} of ${all} right (${percent})`,
  pace: (seconds: string) => `${seconds} s for each cell.`,
  keyIsYours: "The key is what a person said of these cells in this session.",
  save: "Answers and score (CSV)",
  again: "Another quiz",
  keyColumn: "Key",
  rightColumn: "Right",
  of: (right: string, all: string) => `${right} of ${all}`,
  answers: "Answers",
  given: (name: string) => `Your answer: ${name}`,
  late: "No answer in time",
};

export type QuizWords = typeof en;
