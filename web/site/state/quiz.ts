// A quiz on the pictures at hand: which cells it asks for, what was answered, and the score. Its key is what a person said of the cells;
// what only the model said is no key. Plain functions, without state.
import type { CsvLine } from "../persistence/csv.js";
import { type Checked, type Correction, isReviewed } from "./store.js";

/** A cell as it was when the quiz began: its label is the key. */
export type Question = Checked;

export interface Answer {
  readonly question: Question;
  /** Null: not a white cell. Undefined: no answer in time. */
  readonly given: Correction | undefined;
  /** From the question to the answer. */
  readonly ms: number;
}

export interface Rules {
  /** At most so many cells. */
  readonly length: number;
  /** For each cell; 0 for as many as one likes. */
  readonly seconds: number;
  /** Who answers: initials, or nothing. */
  readonly player: string;
}

/** Every cell that a person confirmed or corrected. */
export function questionsOf(cells: readonly Checked[]): readonly Question[] {
  return cells.filter(isReviewed);
}

/** So many of them at most, in random order. `random`: as Math.random. */
export function deal(questions: readonly Question[], length: number, random = Math.random): Question[] {
  const dealt = [...questions];
  for (let last = dealt.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [dealt[last], dealt[other]] = [dealt[other] as Question, dealt[last] as Question];
  }
  return dealt.slice(0, length);
}

export function isRight({ question, given }: Answer): boolean {
  return given === question.label;
}

export interface Score {
  readonly right: number;
  readonly all: number;
  /** By the key, the most frequent first. */
  readonly classes: readonly { readonly label: Correction; readonly right: number; readonly all: number }[];
}

export function scoreOf(answers: readonly Answer[]): Score {
  const labels = [...new Set(answers.map(({ question }) => question.label))];
  const classes = labels.map((label) => ({
    label,
    ...counted(answers.filter(({ question }) => question.label === label)),
  }));
  return { ...counted(answers), classes: classes.sort((one, other) => other.all - one.all) };
}

function counted(answers: readonly Answer[]): { readonly right: number; readonly all: number } {
  return { right: answers.filter(isRight).length, all: answers.length };
}

export const columns = [
  ...["question", "picture", "cell", "x", "y", "width", "height", "key", "key_by", "answer", "right"],
  ...["seconds", "limit_seconds", "player", "total_right", "total", "time", "note"],
];

/** What stands for a label in the table. */
const named = (label: Correction) => label ?? "no white cell";

/** A line for each answer. `time`: when the quiz ended; `note`: what must stand beside every result. */
export function linesOf(
  answers: readonly Answer[],
  { seconds, player }: Rules,
  { time, note }: { readonly time: Date; readonly note: string },
): CsvLine[] {
  const { right, all } = scoreOf(answers);
  return answers.map((answer, index) => {
    const { question, given, ms } = answer;
    const { x, y, width, height } = question.cell.box;
    return {
      ...{ question: index + 1, picture: question.picture.name, cell: question.index + 1 },
      ...{ x, y, width, height },
      ...{ key: named(question.label), key_by: question.corrected ? "corrected" : "confirmed" },
      ...{ answer: given === undefined ? "" : named(given), right: isRight(answer) },
      ...{ seconds: (ms / 1000).toFixed(1), limit_seconds: seconds || "", player },
      ...{ total_right: right, total: all, time: time.toISOString(), note },
    };
  });
}
