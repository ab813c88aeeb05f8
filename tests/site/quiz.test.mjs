// The quiz: what its key is, how cells are dealt, how answers are scored, and the table that is kept of them.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { load } from "./source.mjs";

const quiz = await load("state/quiz.ts");
const { csvOf } = await load("persistence/csv.ts");

const cell = (index, label, more) => ({
  ...{ index, label, confirmed: true, corrected: false },
  picture: { name: "field.jpg" },
  cell: { box: { x: 10 * index, y: 0, width: 8, height: 9 } },
  ...more,
});
const byModel = { confirmed: false };
const corrected = { confirmed: false, corrected: true };

describe("a quiz", () => {
  test("asks for what a person confirmed or corrected, never for what only the model said", () => {
    const cells = [cell(0, "monocyte"), cell(1, "neutrophil", byModel), cell(2, null, corrected)];
    assert.deepEqual(quiz.questionsOf(cells), [cells[0], cells[2]]);
  });

  test("deals every cell once, in an order that chance decides, and no more than it is asked for", () => {
    const cells = Array.from({ length: 30 }, (_, index) => cell(index, "monocyte"));
    let state = 1;
    const random = () => {
      state = (state * 48271) % 2147483647;
      return state / 2147483647;
    };
    const all = quiz.deal(cells, 30, random);
    assert.notDeepEqual(all, cells);
    assert.deepEqual(
      [...all].sort((one, other) => one.index - other.index),
      cells,
    );
    assert.equal(quiz.deal(cells, 10, random).length, 10);
    assert.equal(quiz.deal(cells, 50, random).length, 30);
  });

  const answers = [
    { question: cell(0, "monocyte"), given: "monocyte", ms: 1234 },
    { question: cell(1, "monocyte"), given: "lymphocyte", ms: 2000 },
    { question: cell(2, null, corrected), given: null, ms: 500 },
    { question: cell(3, "basophil"), given: undefined, ms: 5000 },
  ];

  test("counts what is right, by the classes of its key; no answer in time is wrong, also beside no white cell", () => {
    assert.deepEqual(quiz.scoreOf(answers), {
      right: 2,
      all: 4,
      classes: [
        { label: "monocyte", right: 1, all: 2 },
        { label: null, right: 1, all: 1 },
        { label: "basophil", right: 0, all: 1 },
      ],
    });
    const late = { question: cell(0, null, corrected), given: undefined, ms: 1 };
    assert.equal(quiz.isRight(late), false);
  });

  test("leaves a table with key, answer, score and time of each cell", () => {
    const time = new Date("2026-03-01T10:00:00Z");
    const rules = { length: 4, seconds: 5, player: "=AB" };
    const lines = quiz.linesOf(answers, rules, { time, note: "Not for diagnosis." });
    const rows = csvOf(quiz.columns, lines).replace("\ufeff", "").trim().split("\r\n");
    assert.equal(
      rows[0],
      "question,picture,cell,x,y,width,height,key,key_by,answer,right,seconds,limit_seconds,player,total_right,total,time,note",
    );
    const last = "'=AB,2,4,2026-03-01T10:00:00.000Z,Not for diagnosis.";
    assert.equal(rows[2], `2,field.jpg,2,10,0,8,9,monocyte,confirmed,lymphocyte,false,2.0,5,${last}`);
    assert.equal(rows[3], `3,field.jpg,3,20,0,8,9,no white cell,corrected,no white cell,true,0.5,5,${last}`);
    assert.equal(rows[4], `4,field.jpg,4,30,0,8,9,basophil,confirmed,,false,5.0,5,${last}`);
  });
});
