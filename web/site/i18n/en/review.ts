// What review says, fetched with it.
import { pluralOf } from "../grammar.js";

const plural = pluralOf("en");

export const en = {
  title: "Review",
  close: "Close review",
  undo: "Undo",
  redo: "Redo",
  columns: "Columns",
  several: "Select several",
  progress: (reviewed: string, all: string) => `${reviewed} of ${all} reviewed`,
  needing: (count: number) => plural(count, { one: "# needs review", other: "# need review" }),
  done: "done",
  place: (place: number, all: number, image: string) => `Cell ${place} of ${all}, ${image}`,
  needs: {
    rejected: "Looks like none of the cells that the model was trained on. Choose a class.",
    unsure: "The model is unsure.",
    atypical: "Looks unlike most cells that the model was trained on.",
  },
  compare: "Compare with the atlas",
  confirm: "Confirm",
  confirmAs: (name: string) => `Confirm: ${name}`,
  confirmMany: (count: number) => plural(count, { one: "Confirm # cell", other: "Confirm # cells" }),
  space: "Space",
  takeBack: "Model's answer",
  heatmap: "Heatmap",
  back: "Back",
  skip: "Next",
  markAll: (name: string, count: number) =>
    `${name}: select ${plural(count, { one: "# cell", other: "all # cells" })}`,
  moving: (count: number) => plural(count, { one: "# cell", other: "# cells" }),
  keys: {
    title: "Keyboard shortcuts",
    close: "Close",
    groups: {
      everywhere: { name: "Everywhere", does: ["Show these shortcuts", "Undo", "Redo"] },
      picture: {
        name: "Image and cells",
        does: [
          "Go from cell to cell",
          "Correct the class",
          "Not a white cell",
          "Restore the model's answer",
          "Zoom in and out",
          "Pan the image",
          "Show the whole image",
          "Previous and next page of a stack",
        ],
      },
      review: {
        name: "Review",
        does: [
          "Confirm and go on",
          "Choose the class and go on",
          "Not a white cell, and go on",
          "Restore the model's answer",
          "Previous and next cell",
          "Show or hide the heatmap",
          "Show columns or one cell",
          "Close review",
        ],
      },
      columns: {
        name: "Columns",
        does: [
          "Go from cell to cell",
          "Select several in a row",
          "Select or deselect a cell",
          "Select the whole column",
        ],
      },
    },
  },
};

export type ReviewWords = typeof en;
