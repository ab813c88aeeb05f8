// How a cell was photographed, from its thumbnail: how wide its edges are, how much of it is burnt out, how bright the brightest of it is.
// Every bound was chosen on drawn cells, where answers begin to change, and measured on photographs: tests/research/quality.mjs.

/** A square picture of a cell in its middle, whose box takes `share` of each side. */
export interface Tile {
  /** Red, green, blue and alpha of each pixel, rows from the top. */
  readonly rgba: Uint8ClampedArray;
  /** Pixels. */
  readonly side: number;
  /** In (0, 1]. */
  readonly share: number;
}

export interface Quality {
  /** Standard deviation of the blur that its sharpest edges have, as a share of the cell's box. */
  readonly blur: number;
  /** Share of the cell in which all three colours are as bright as they can be. */
  readonly burnt: number;
  /** The brightest green of cell and surroundings, but for 5 %, from 0 to 255: empty glass, as a rule. */
  readonly light: number;
}

export const warnings = ["blurred", "overexposed", "underexposed"] as const;
export type Warning = (typeof warnings)[number];

const bounds = { blur: 0.04, burnt: 0.1, light: 35 };

/** As bright as this is burnt out. */
const brightest = 250;

export function warningsOf({ blur, burnt, light }: Quality): readonly Warning[] {
  const holds: Readonly<Record<Warning, boolean>> = {
    blurred: blur > bounds.blur,
    overexposed: burnt > bounds.burnt,
    underexposed: light < bounds.light,
  };
  return warnings.filter((warning) => holds[warning]);
}

/** Green shows nuclei and red cells best: both absorb it. */
export function measure({ rgba, side, share }: Tile): Quality {
  const green = (x: number, y: number) => rgba[4 * (y * side + x) + 1] ?? 0;
  const radius = (side * share) / 2;
  const middle = (side - 1) / 2;
  const all: number[] = [];
  const inside: number[] = [];
  const slopes: number[] = [];
  let burnt = 0;
  for (let y = 1; y < side - 1; y++)
    for (let x = 1; x < side - 1; x++) {
      all.push(green(x, y));
      if (Math.hypot(x - middle, y - middle) > radius) continue;
      inside.push(green(x, y));
      slopes.push(Math.hypot(green(x + 1, y) - green(x - 1, y), green(x, y + 1) - green(x, y - 1)) / 2);
      const at = 4 * (y * side + x);
      burnt += Number(Math.min(rgba[at] ?? 0, green(x, y), rgba[at + 2] ?? 0) >= brightest);
    }
  const contrast = quantile(inside, 0.98) - quantile(inside, 0.02);
  const steepest = Math.max(quantile(slopes, 0.99), 0.1);
  return {
    // A step that was blurred by a Gaussian is nowhere steeper than its height by the deviation times the root of 2 pi.
    blur: contrast / (steepest * Math.sqrt(2 * Math.PI)) / (2 * radius),
    burnt: burnt / inside.length,
    light: quantile(all, 0.95),
  };
}

function quantile(values: readonly number[], share: number): number {
  const sorted = Float32Array.from(values).sort();
  return sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
}
