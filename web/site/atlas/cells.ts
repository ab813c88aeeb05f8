// The eight cells as a stained smear (May-Grünwald-Giemsa) shows them, 320 by 240 units each, with the place of every sign. What
// the signs say stands in words/more; where each is published stands here.
import { type SVGTemplateResult, svg } from "lit";
import {
  blob,
  body,
  type Chromatin,
  grains,
  nucleus,
  type Oval,
  type Point,
  randomFrom,
  redCell,
  scatter,
  smooth,
} from "./shapes.js";

export const sources = {
  bain: "B. J. Bain. Blood Cells: A Practical Guide. 5th ed., Wiley Blackwell, 2015.",
  hoffbrand:
    "A. V. Hoffbrand, D. P. Steensma. Hoffbrand’s Essential Haematology. 8th ed., Wiley Blackwell, 2020.",
  rodak: "E. M. Keohane, C. N. Otto, J. M. Walenga. Rodak’s Hematology. 6th ed., Elsevier, 2020.",
  icsh: "L. Palmer et al. ICSH recommendations for the standardization of nomenclature and grading of peripheral blood cell morphological features. Int. J. Lab. Hematol. 37 (2015) 287–303.",
  clsi: "CLSI H20-A2. Reference Leukocyte (WBC) Differential Count (Proportional) and Evaluation of Instrumental Methods. 2nd ed., 2007.",
} as const;

export type SourceId = keyof typeof sources;

export interface Sign {
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

const clumped: Chromatin = {
  ...{ colour: "#5f3d99", dark: "#371d69", light: "#8c6bc0" },
  ...{ clump: 7, darkness: 0.75, lightness: 0.45 },
};

/** Lobes on an arc or a heap, with the threads between them. */
function lobed(id: string, lobes: readonly Oval[], thread: string, chromatin: Chromatin, seed: number) {
  const random = randomFrom(seed);
  const around = { x: 160, y: 116, rx: 60 };
  return svg`
    <path d=${thread} fill="none" stroke=${chromatin.dark} stroke-width="4" stroke-linecap="round" />
    ${nucleus(
      id,
      lobes.map((lobe) => blob({ wobble: 0.09, ...lobe }, random)),
      around,
      chromatin,
      random,
    )}`;
}

function neutrophil(): SVGTemplateResult {
  const random = randomFrom(3);
  const cell: Oval = { x: 160, y: 116, rx: 54 };
  const lobes: Oval[] = [
    { x: 130, y: 108, rx: 18, ry: 13, turn: -65 },
    { x: 160, y: 83, rx: 16, ry: 12, turn: 10 },
    { x: 191, y: 108, rx: 13, ry: 16, turn: -10 },
    { x: 170, y: 145, rx: 18, ry: 12, turn: -20 },
  ];
  return svg`
    ${redCell(46, 190)}${redCell(296, 34)}${redCell(270, 216)}
    ${body(blob(cell, random), "#f7e1e1", "#e3bfc6")}
    ${grains(scatter({ ...cell, rx: 50 }, 5, 0.75, random), [0.7, 1.2], ["#c78fb6", "#b78bc4", "#d3a0b2"], random)}
    ${lobed("neutrophil", lobes, "M132 102Q138 82 160 84Q186 82 190 104Q196 134 172 144", clumped, 11)}`;
}

function eosinophil(): SVGTemplateResult {
  const random = randomFrom(5);
  const cell: Oval = { x: 160, y: 116, rx: 57 };
  const lobes: Oval[] = [
    { x: 136, y: 100, rx: 21, ry: 25, turn: 25 },
    { x: 186, y: 108, rx: 20, ry: 24, turn: -20 },
  ];
  const chromatin = { ...clumped, colour: "#6a479f", dark: "#45277b" };
  return svg`
    ${redCell(46, 190)}${redCell(300, 38)}${redCell(278, 214)}
    ${body(blob(cell, random), "#f4dccf", "#dfb39b")}
    ${grains(
      scatter({ ...cell, rx: 54 }, 8, 0.97, random),
      [3.4, 4],
      ["#e0693a", "#e67b45", "#d95f36"],
      random,
      "#f9c09a",
    )}
    ${lobed("eosinophil", lobes, "M145 92Q162 82 180 96", chromatin, 12)}
    ${grains(scatter({ x: 160, y: 134, rx: 22, ry: 7 }, 8, 1, random), [3.4, 4], ["#e0693a"], random, "#f9c09a")}`;
}

function basophil(): SVGTemplateResult {
  const random = randomFrom(8);
  const cell: Oval = { x: 160, y: 116, rx: 48, wobble: 0.04 };
  const lobes: Oval[] = [
    { x: 146, y: 104, rx: 24, ry: 20 },
    { x: 176, y: 112, rx: 20, ry: 22 },
    { x: 156, y: 132, rx: 22, ry: 16 },
  ];
  const pale = { ...clumped, colour: "#8d6cb9", dark: "#6c4a9e", light: "#a98bcb", darkness: 0.4 };
  const gaps: Point[] = [
    [187, 145],
    [130, 132],
    [148, 84],
  ];
  const dark = ["#2a1450", "#371b63", "#44246f", "#1f0d40"];
  return svg`
    ${redCell(46, 190)}${redCell(292, 40)}${redCell(276, 210)}
    ${body(blob(cell, random), "#e3d3ea", "#bfa3cf")}
    ${lobed("basophil", lobes, "M150 110L170 116", pale, 13)}
    ${grains(scatter({ ...cell, rx: 45 }, 8.6, 0.86, random), [2.2, 4.8], dark, random)}
    ${grains(gaps, [3, 4], ["#f6edf7"], random)}`;
}

function lymphocyte(): SVGTemplateResult {
  const random = randomFrom(21);
  const cell: Oval = { x: 160, y: 116, rx: 43 };
  const around: Oval = { x: 157, y: 114, rx: 35, ry: 34, wobble: 0.04 };
  const dense = {
    ...clumped,
    colour: "#553590",
    dark: "#3a1f70",
    light: "#7754ac",
    clump: 11,
    darkness: 0.7,
  };
  return svg`
    ${redCell(46, 190)}${redCell(290, 42)}${redCell(272, 206)}
    ${body(blob(cell, random), "#b9d5f3", "#8db3dd")}
    ${nucleus("lymphocyte", [blob(around, random)], around, dense, random)}`;
}

function monocyte(): SVGTemplateResult {
  const random = randomFrom(34);
  const cell: Oval = { x: 160, y: 116, rx: 68, ry: 66, wobble: 0.06 };
  const folded: Point[] = [
    ...([
      [112, 112],
      [118, 82],
      [146, 66],
      [180, 70],
      [204, 92],
      [208, 122],
      [196, 146],
      [178, 150],
    ] as const),
    ...([
      [170, 136],
      [174, 116],
      [160, 108],
      [148, 118],
      [142, 140],
      [122, 142],
    ] as const),
  ];
  const lacy: Chromatin = {
    ...{ colour: "#8465b5", dark: "#5f4099", light: "#b9a2d8" },
    ...{ clump: 4, darkness: 0.55, lightness: 0.95 },
  };
  const vacuoles: Point[] = [
    [134, 164],
    [190, 168],
    [118, 158],
    [216, 142],
    [160, 172],
  ];
  return svg`
    ${redCell(40, 200)}${redCell(300, 34)}${redCell(286, 212)}
    ${body(blob(cell, random), "#c5cadf", "#a0a8c8")}
    ${grains(scatter({ ...cell, rx: 63, ry: 61 }, 5, 0.6, random), [0.5, 1], ["#a98bb5", "#b39ac0"], random)}
    ${nucleus("monocyte", [smooth(folded)], { x: 160, y: 110, rx: 56, ry: 50 }, lacy, random)}
    ${grains(vacuoles, [3, 5], ["#f1f2fa"], random)}`;
}

const immature: Chromatin = {
  ...{ colour: "#7b5aaf", dark: "#573793", light: "#a387cb" },
  ...{ clump: 6, darkness: 0.6, lightness: 0.7 },
};

function ig(): SVGTemplateResult {
  const random = randomFrom(55);
  const myelocyte: Oval = { x: 96, y: 92, rx: 62, ry: 60 };
  const meta: Oval = { x: 232, y: 98, rx: 58, ry: 57 };
  const oval: Oval = { x: 84, y: 84, rx: 38, ry: 31, turn: -25 };
  const dented: Point[] = [
    ...([
      [200, 88],
      [210, 66],
      [234, 58],
      [258, 66],
      [268, 88],
      [262, 112],
    ] as const),
    ...([
      [250, 118],
      [242, 100],
      [230, 94],
      [220, 104],
      [210, 112],
    ] as const),
  ];
  const purple = ["#8a4f9e", "#a05fa5", "#74429a"];
  const granules = (cell: Oval) =>
    grains(scatter({ ...cell, rx: 56, ry: 54 }, 9, 0.55, random), [1.3, 2.1], purple, random);
  return svg`
    ${redCell(164, 200)}${redCell(22, 210)}${redCell(300, 214)}
    ${body(blob(myelocyte, random), "#d3d7f0", "#aab1dc")}${granules(myelocyte)}
    ${nucleus("myelocyte", [blob(oval, random)], oval, immature, random)}
    ${body(blob(meta, random), "#e7dbea", "#c8b3d2")}${granules(meta)}
    ${nucleus("metamyelocyte", [smooth(dented)], { x: 234, y: 88, rx: 40, ry: 36 }, immature, random)}`;
}

function erythroblast(): SVGTemplateResult {
  const random = randomFrom(89);
  const cell: Oval = { x: 160, y: 116, rx: 38, wobble: 0.03 };
  const around: Oval = { x: 154, y: 112, rx: 21, wobble: 0.015 };
  const ink: Chromatin = {
    ...{ colour: "#2a1452", dark: "#180a36", light: "#472a78" },
    ...{ clump: 6, darkness: 0.6, lightness: 0.35 },
  };
  return svg`
    ${redCell(46, 190)}${redCell(288, 44)}${redCell(270, 204)}
    ${body(blob(cell, random), "#d8b4be", "#bd92a4")}
    ${nucleus("erythroblast", [blob(around, random)], around, ink, random)}`;
}

/** At the common scale on the left, five times as large in the lens. */
function platelet(): SVGTemplateResult {
  const random = randomFrom(144);
  const purple = ["#6e3d96", "#8a55ab", "#5b2f85"];
  const one = (oval: Oval, pitch: number, size: readonly [number, number]) => {
    const inner = { ...oval, rx: oval.rx * 0.66, ry: (oval.ry ?? oval.rx) * 0.66 };
    return svg`${body(blob(oval, random), "#d9d3ee", "#b5a8d8")}${grains(scatter(inner, pitch, 0.85, random), size, purple, random)}`;
  };
  const small: Oval[] = [
    { x: 92, y: 84, rx: 10, ry: 9, wobble: 0.12 },
    { x: 128, y: 196, rx: 12, ry: 9, turn: 30, wobble: 0.12 },
    { x: 24, y: 118, rx: 9, wobble: 0.12 },
  ];
  return svg`
    ${redCell(46, 190)}${redCell(52, 46)}${redCell(132, 130)}
    ${small.map((oval) => one(oval, 3, [0.7, 1.3]))}
    <path d="M97 75 196 52M97 93 196 170" stroke="#6b5a7d" stroke-dasharray="3 4" fill="none" />
    <circle cx="92" cy="84" r="15" fill="none" stroke="#6b5a7d" stroke-width="1.5" />
    <circle cx="226" cy="112" r="70" fill="#fdf6f4" stroke="#6b5a7d" stroke-width="2" />
    ${one({ x: 226, y: 112, rx: 50, ry: 45, wobble: 0.1 }, 9, [2.4, 4.2])}
    <text x="226" y="200" text-anchor="middle" font-size="13" fill="#4b3c5e">5×</text>`;
}

export const atlasCells: Readonly<Record<string, AtlasCell>> = {
  neutrophil: {
    draw: neutrophil,
    size: [12, 15],
    sizeSource: "bain",
    signs: [
      { sources: ["bain", "clsi"], tip: [141, 89], label: [84, 40] },
      { sources: ["bain"], tip: [190, 112], label: [256, 92] },
      { sources: ["bain", "hoffbrand"], tip: [127, 140], label: [80, 136] },
      { sources: ["icsh"] },
    ],
  },
  eosinophil: {
    draw: eosinophil,
    size: [12, 17],
    sizeSource: "bain",
    signs: [
      { sources: ["bain", "hoffbrand"], tip: [160, 156], label: [208, 206] },
      { sources: ["bain"], tip: [116, 138], label: [70, 128] },
      { sources: ["bain", "hoffbrand"], tip: [188, 106], label: [254, 88] },
    ],
  },
  basophil: {
    draw: basophil,
    size: [10, 14],
    sizeSource: "bain",
    signs: [
      { sources: ["bain", "hoffbrand"], tip: [121, 126], label: [72, 118] },
      { sources: ["bain", "hoffbrand"], tip: [170, 106], label: [240, 84] },
      { sources: ["bain"], tip: [187, 145], label: [236, 170] },
    ],
  },
  lymphocyte: {
    draw: lymphocyte,
    size: [10, 12],
    sizeSource: "bain",
    signs: [
      { sources: ["bain", "hoffbrand"], tip: [126, 104], label: [74, 80] },
      { sources: ["bain"], tip: [162, 110], label: [238, 100] },
      { sources: ["bain", "hoffbrand"], tip: [186, 148], label: [226, 176] },
      { sources: ["bain", "hoffbrand"] },
    ],
  },
  monocyte: {
    draw: monocyte,
    size: [12, 20],
    sizeSource: "bain",
    signs: [
      { sources: ["bain", "hoffbrand"], tip: [160, 109], label: [160, 20] },
      { sources: ["bain"], tip: [196, 104], label: [270, 96] },
      { sources: ["bain", "hoffbrand"], tip: [104, 132], label: [54, 110] },
      { sources: ["bain", "hoffbrand"], tip: [158, 171], label: [112, 216] },
    ],
  },
  ig: {
    draw: ig,
    size: [14, 18],
    sizeSource: "rodak",
    signs: [
      { sources: ["rodak", "icsh"], tip: [84, 84], label: [30, 168] },
      { sources: ["rodak", "icsh"], tip: [231, 95], label: [232, 22] },
      { sources: ["rodak", "bain"], tip: [128, 128], label: [112, 184] },
      { sources: ["rodak", "icsh"] },
    ],
  },
  erythroblast: {
    draw: erythroblast,
    size: [8, 12],
    sizeSource: "rodak",
    signs: [
      { sources: ["bain", "rodak"], tip: [134, 106], label: [78, 80] },
      { sources: ["rodak"], tip: [160, 112], label: [238, 96] },
      { sources: ["bain", "rodak"], tip: [182, 138], label: [222, 172] },
      { sources: ["clsi", "icsh"] },
    ],
  },
  platelet: {
    draw: platelet,
    size: [2, 4],
    sizeSource: "rodak",
    signs: [
      { sources: ["bain", "hoffbrand"], tip: [226, 112], label: [300, 44] },
      { sources: ["bain", "rodak"], tip: [264, 128], label: [302, 176] },
      { sources: ["bain", "icsh"], tip: [104, 82], label: [130, 64] },
      { sources: ["bain"] },
    ],
  },
};
