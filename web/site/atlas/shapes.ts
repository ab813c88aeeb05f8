// The strokes that the atlas is drawn with. Eight units are a micrometre in every drawing, so that sizes can be compared.
import { type SVGTemplateResult, svg } from "lit";

export type Point = readonly [x: number, y: number];

export interface Oval {
  readonly x: number;
  readonly y: number;
  readonly rx: number;
  readonly ry?: number;
  /** In degrees. */
  readonly turn?: number;
  /** Irregularity of the outline, of its radius. */
  readonly wobble?: number;
}

/** Always the same numbers in [0, 1) for a seed: a drawing never changes from one rendering to the next. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    const mixed = Math.imul(state ^ (state >>> 15), state | 1);
    const mixedAgain = mixed ^ (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61));
    return ((mixedAgain ^ (mixedAgain >>> 14)) >>> 0) / 2 ** 32;
  };
}

const place = ({ x, y, rx, ry = rx, turn = 0 }: Oval, across: number, down: number): Point => {
  const angle = (turn * Math.PI) / 180;
  const [u, v] = [across * rx, down * ry];
  return [x + u * Math.cos(angle) - v * Math.sin(angle), y + u * Math.sin(angle) + v * Math.cos(angle)];
};

/** A closed curve through all points (Catmull and Rom's, as Béziers). */
export function smooth(points: readonly Point[]): string {
  const at = (index: number) => points[(index + points.length) % points.length] as Point;
  const write = ([x, y]: Point) => `${x.toFixed(1)} ${y.toFixed(1)}`;
  const curves = points.map((_, i) => {
    const [before, from, to, after] = [at(i - 1), at(i), at(i + 1), at(i + 2)];
    const first: Point = [from[0] + (to[0] - before[0]) / 6, from[1] + (to[1] - before[1]) / 6];
    const second: Point = [to[0] - (after[0] - from[0]) / 6, to[1] - (after[1] - from[1]) / 6];
    return `C${write(first)} ${write(second)} ${write(to)}`;
  });
  return `M${write(at(0))}${curves.join("")}Z`;
}

/** An oval as nature draws it. */
export function blob(oval: Oval, random: () => number): string {
  const corners = 12;
  const points = Array.from({ length: corners }, (_, i) => {
    const angle = (2 * Math.PI * i) / corners;
    const reach = 1 + (oval.wobble ?? 0.03) * (2 * random() - 1);
    return place(oval, reach * Math.cos(angle), reach * Math.sin(angle));
  });
  return smooth(points);
}

/** Places about `pitch` apart, of which each is taken with the probability `fill`. */
export function scatter(oval: Oval, pitch: number, fill: number, random: () => number): Point[] {
  const { rx, ry = rx } = oval;
  const points: Point[] = [];
  for (let v = -ry; v <= ry; v += pitch * 0.87) {
    for (let u = -rx; u <= rx; u += pitch) {
      const across = (u + pitch * (random() - 0.5) * 0.9) / rx;
      const down = (v + pitch * (random() - 0.5) * 0.9) / ry;
      if (across ** 2 + down ** 2 < 1 && random() < fill) points.push(place(oval, across, down));
    }
  }
  return points;
}

/** Round grains; `glint` gives each the highlight of what refracts light. */
export function grains(
  points: readonly Point[],
  [least, most]: readonly [number, number],
  colours: readonly string[],
  random: () => number,
  glint = "",
): SVGTemplateResult[] {
  return points.map(([x, y]) => {
    const r = least + (most - least) * random();
    const colour = colours[Math.floor(random() * colours.length)];
    return svg`<circle cx=${x.toFixed(1)} cy=${y.toFixed(1)} r=${r.toFixed(1)} fill=${colour} />${
      glint &&
      svg`<circle cx=${(x - r / 3).toFixed(1)} cy=${(y - r / 3).toFixed(1)} r=${(r / 3).toFixed(1)} fill=${glint} />`
    }`;
  });
}

export interface Chromatin {
  readonly colour: string;
  readonly dark: string;
  readonly light: string;
  /** Size of its clumps, and how many of all places are dark and how many light. */
  readonly clump: number;
  readonly darkness: number;
  readonly lightness: number;
}

/** Filled outlines whose inside is mottled. `id` is the drawing's, whose clipping shape it names within the page's shadow tree. */
export function nucleus(
  id: string,
  outlines: readonly string[],
  around: Oval,
  chromatin: Chromatin,
  random: () => number,
): SVGTemplateResult {
  const { colour, dark, light, clump, darkness, lightness } = chromatin;
  const spots = (fill: number, shade: string, opacity: number) =>
    scatter(around, clump * 1.5, fill, random).map(([x, y]) => {
      const oval = { x, y, rx: clump * (0.5 + 0.5 * random()), ry: clump * (0.35 + 0.4 * random()) };
      const outline = blob({ ...oval, turn: 180 * random(), wobble: 0.25 }, random);
      return svg`<path d=${outline} fill=${shade} opacity=${opacity} />`;
    });
  return svg`
    <clipPath id="${id}-nucleus">${outlines.map((outline) => svg`<path d=${outline} />`)}</clipPath>
    ${outlines.map((outline) => svg`<path d=${outline} fill=${colour} stroke=${dark} stroke-width="1.2" />`)}
    <g clip-path="url(#${id}-nucleus)">${spots(lightness, light, 0.5)}${spots(darkness, dark, 0.5)}</g>`;
}

/** Once in each drawing, for its red cells. */
export const pallor: SVGTemplateResult = svg`
  <radialGradient id="pallor">
    <stop offset="0.15" stop-color="#fce9e4" />
    <stop offset="0.7" stop-color="#f0b7b0" />
    <stop offset="1" stop-color="#eaa49e" />
  </radialGradient>`;

export const redCell = (x: number, y: number): SVGTemplateResult =>
  svg`<circle cx=${x} cy=${y} r="30" fill="url(#pallor)" stroke="#de9691" stroke-width="1.2" />`;

export const body = (outline: string, colour: string, rim: string): SVGTemplateResult =>
  svg`<path d=${outline} fill=${colour} stroke=${rim} stroke-width="1.4" />`;

/** A number beside the drawing and a line to the sign that it is about. */
export function callout(number: number, [tipX, tipY]: Point, [x, y]: Point): SVGTemplateResult {
  return svg`
    <path d="M${x} ${y}L${tipX} ${tipY}" stroke="#ffffff" stroke-width="3.5" />
    <path d="M${x} ${y}L${tipX} ${tipY}" stroke="#2b1845" stroke-width="1.3" />
    <circle cx=${tipX} cy=${tipY} r="2.6" fill="#2b1845" stroke="#ffffff" />
    <circle cx=${x} cy=${y} r="11" fill="#2b1845" stroke="#ffffff" stroke-width="1.5" />
    <text x=${x} y=${y + 4.6} text-anchor="middle" font-size="13" font-weight="700" fill="#ffffff">${number}</text>`;
}
