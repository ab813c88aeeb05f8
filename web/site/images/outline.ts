// The outline of a nucleus as a smooth line.
import type { LocatedCell } from "leukolens";

type Point = readonly [x: number, y: number];

/**
 * An SVG path through the corners of the outline, which are seen from the centre: a corner that juts out or in alone is taken back to
 * its neighbours (median of three), and the rest is joined by a closed curve (Catmull and Rom's, as Béziers).
 */
export function outlinePath({ outline, x, y }: Pick<LocatedCell, "outline" | "x" | "y">): string {
  const count = outline.length;
  if (count < 3) return "";
  const at = <T>(list: readonly T[], index: number) => list[(index + count) % count] as T;
  const distances = outline.map(([cornerX, cornerY]) => Math.hypot(cornerX - x, cornerY - y));
  const points = outline.map(([cornerX, cornerY], index): Point => {
    const around = [at(distances, index - 1), at(distances, index), at(distances, index + 1)];
    const own = at(distances, index);
    const ratio = own > 0 ? (around.sort((one, other) => one - other)[1] ?? own) / own : 1;
    return [x + (cornerX - x) * ratio, y + (cornerY - y) * ratio];
  });
  const curves = points.map((from, index) => {
    const [before, to, after] = [at(points, index - 1), at(points, index + 1), at(points, index + 2)];
    const first: Point = [from[0] + (to[0] - before[0]) / 6, from[1] + (to[1] - before[1]) / 6];
    const second: Point = [to[0] - (after[0] - from[0]) / 6, to[1] - (after[1] - from[1]) / 6];
    return `C${write(first)} ${write(second)} ${write(to)}`;
  });
  return `M${write(at(points, 0))}${curves.join("")}Z`;
}

function write([x, y]: Point): string {
  return `${x.toFixed(2)} ${y.toFixed(2)}`;
}
