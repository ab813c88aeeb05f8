// The eight cells as a stained smear (May-Grünwald-Giemsa) shows them, 320 by 240 units each.
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

export function neutrophil(): SVGTemplateResult {
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

export function eosinophil(): SVGTemplateResult {
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

export function basophil(): SVGTemplateResult {
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

export function lymphocyte(): SVGTemplateResult {
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

export function monocyte(): SVGTemplateResult {
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

export function ig(): SVGTemplateResult {
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

export function erythroblast(): SVGTemplateResult {
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
export function platelet(): SVGTemplateResult {
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
