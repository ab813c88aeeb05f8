// The signs of each class: where a drawing shows them, and where they are published. What they say stands in i18n/en/on-demand.ts.
import type { SVGTemplateResult } from "lit";
import * as draw from "./cells.js";
import type { Point } from "./shapes.js";

export const sources = {
  bain: "B. J. Bain. Blood Cells: A Practical Guide. 5th ed., Wiley Blackwell, 2015.",
  hoffbrand:
    "A. V. Hoffbrand, D. P. Steensma. Hoffbrand’s Essential Haematology. 8th ed., Wiley Blackwell, 2020.",
  rodak: "E. M. Keohane, C. N. Otto, J. M. Walenga. Rodak’s Hematology. 6th ed., Elsevier, 2020.",
  icsh: "L. Palmer et al. ICSH recommendations for the standardization of nomenclature and grading of peripheral blood cell morphological features. Int. J. Lab. Hematol. 37 (2015) 287–303.",
  clsi: "CLSI H20-A2. Reference Leukocyte (WBC) Differential Count (Proportional) and Evaluation of Instrumental Methods. 2nd ed., 2007.",
} as const;

export type SourceId = keyof typeof sources;

/** What a sign is about; the atlas has an index of these. */
export const topics = ["size", "nucleus", "chromatin", "cytoplasm", "granules"] as const;
export type Topic = (typeof topics)[number];

export interface Sign {
  /** None for what is no sign to be seen, but a rule for counting. */
  readonly about?: Topic;
  readonly sources: readonly SourceId[];
  /** What the callout's line points at, and where its number stands; none for what a drawing cannot show. */
  readonly tip?: Point;
  readonly label?: Point;
}

export interface AtlasCell {
  readonly draw: () => SVGTemplateResult;
  /** In micrometres. */
  readonly size: readonly [least: number, most: number];
  readonly sizeSource: SourceId;
  /** In the order of the words. */
  readonly signs: readonly Sign[];
}

export const atlasCells: Readonly<Record<string, AtlasCell>> = {
  neutrophil: {
    draw: draw.neutrophil,
    size: [12, 15],
    sizeSource: "bain",
    signs: [
      { about: "nucleus", sources: ["bain", "clsi"], tip: [141, 89], label: [84, 40] },
      { about: "chromatin", sources: ["bain"], tip: [190, 112], label: [256, 92] },
      { about: "cytoplasm", sources: ["bain", "hoffbrand"], tip: [127, 140], label: [80, 136] },
      { about: "nucleus", sources: ["icsh"] },
    ],
  },
  eosinophil: {
    draw: draw.eosinophil,
    size: [12, 17],
    sizeSource: "bain",
    signs: [
      { about: "granules", sources: ["bain", "hoffbrand"], tip: [160, 156], label: [208, 206] },
      { about: "granules", sources: ["bain"], tip: [116, 138], label: [70, 128] },
      { about: "nucleus", sources: ["bain", "hoffbrand"], tip: [188, 106], label: [254, 88] },
    ],
  },
  basophil: {
    draw: draw.basophil,
    size: [10, 14],
    sizeSource: "bain",
    signs: [
      { about: "granules", sources: ["bain", "hoffbrand"], tip: [121, 126], label: [72, 118] },
      { about: "granules", sources: ["bain", "hoffbrand"], tip: [170, 106], label: [240, 84] },
      { about: "granules", sources: ["bain"], tip: [187, 145], label: [236, 170] },
    ],
  },
  lymphocyte: {
    draw: draw.lymphocyte,
    size: [10, 12],
    sizeSource: "bain",
    signs: [
      { about: "nucleus", sources: ["bain", "hoffbrand"], tip: [126, 104], label: [74, 80] },
      { about: "chromatin", sources: ["bain"], tip: [162, 110], label: [238, 100] },
      { about: "cytoplasm", sources: ["bain", "hoffbrand"], tip: [186, 148], label: [226, 176] },
      { about: "cytoplasm", sources: ["bain", "hoffbrand"] },
    ],
  },
  monocyte: {
    draw: draw.monocyte,
    size: [12, 20],
    sizeSource: "bain",
    signs: [
      { about: "nucleus", sources: ["bain", "hoffbrand"], tip: [160, 109], label: [160, 20] },
      { about: "chromatin", sources: ["bain"], tip: [196, 104], label: [270, 96] },
      { about: "cytoplasm", sources: ["bain", "hoffbrand"], tip: [104, 132], label: [54, 110] },
      { about: "cytoplasm", sources: ["bain", "hoffbrand"], tip: [158, 171], label: [112, 216] },
    ],
  },
  ig: {
    draw: draw.ig,
    size: [14, 18],
    sizeSource: "rodak",
    signs: [
      { about: "nucleus", sources: ["rodak", "icsh"], tip: [84, 84], label: [30, 168] },
      { about: "nucleus", sources: ["rodak", "icsh"], tip: [231, 95], label: [232, 22] },
      { about: "granules", sources: ["rodak", "bain"], tip: [128, 128], label: [112, 184] },
      { sources: ["rodak", "icsh"] },
    ],
  },
  erythroblast: {
    draw: draw.erythroblast,
    size: [8, 12],
    sizeSource: "rodak",
    signs: [
      { about: "nucleus", sources: ["bain", "rodak"], tip: [134, 106], label: [78, 80] },
      { about: "chromatin", sources: ["rodak"], tip: [160, 112], label: [238, 96] },
      { about: "cytoplasm", sources: ["bain", "rodak"], tip: [182, 138], label: [222, 172] },
      { sources: ["clsi", "icsh"] },
    ],
  },
  platelet: {
    draw: draw.platelet,
    size: [2, 4],
    sizeSource: "rodak",
    signs: [
      { about: "nucleus", sources: ["bain", "hoffbrand"], tip: [226, 112], label: [300, 44] },
      { about: "granules", sources: ["bain", "rodak"], tip: [264, 128], label: [302, 176] },
      { about: "size", sources: ["bain", "icsh"], tip: [104, 82], label: [130, 64] },
      { sources: ["bain"] },
    ],
  },
};
