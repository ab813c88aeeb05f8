// Where the labels of a picture's frames go, so that they hide as little as they can of one another and of other cells.
import type { Region } from "leukolens";

type Size = Pick<Region, "width" | "height">;

/**
 * A place for the label of each frame: at its upper or lower edge, flush with its left or right, outside or inside; the first of these
 * that hides least of all frames and of the labels before it, and leaves the picture least. All in one unit.
 */
export function placeLabels(
  frames: readonly Region[],
  labels: readonly Size[],
  picture: Size,
): readonly Region[] {
  const placed: Region[] = [];
  for (const [index, frame] of frames.entries()) {
    const { width, height } = labels[index] ?? { width: 0, height: 0 };
    const [above, below] = [frame.y - height, frame.y + frame.height];
    const [left, right] = [frame.x, frame.x + frame.width - width];
    const around = {
      x: frame.x - width,
      y: above,
      width: frame.width + 2 * width,
      height: frame.height + 2 * height,
    };
    const near = (other: Region): boolean => overlap(other, around) > 0;
    const [cells, before] = [frames.filter(near), placed.filter(near)];
    // In hundredths of the label, so that rounding decides nothing.
    const cost = (place: Region): number => {
      const outside = width * height - overlap(place, { x: 0, y: 0, ...picture });
      const hidden = 4 * (outside + sum(before, place)) + sum(cells, place);
      return Math.round((100 * hidden) / (width * height));
    };
    const [best] = [
      { x: left, y: above },
      { x: left, y: below },
      { x: right, y: above },
      { x: right, y: below },
      { x: left, y: frame.y },
      { x: left, y: below - height },
    ]
      .map((corner) => ({ ...corner, width, height }))
      .map((place) => ({ place, cost: cost(place) }))
      .sort((one, other) => one.cost - other.cost);
    if (best) placed.push(best.place);
  }
  return placed;
}

function overlap(one: Region, other: Region): number {
  const across = Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x);
  const down = Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y);
  return Math.max(0, across) * Math.max(0, down);
}

function sum(others: readonly Region[], place: Region): number {
  return others.reduce((total, other) => total + overlap(place, other), 0);
}
