import type { Heatmap } from "leukolens";

/** A canvas of one pixel a value: warm where it speaks for the label, blue where against; to be stretched over the region. */
export function paintHeatmap(canvas: HTMLCanvasElement, { width, height, values }: Heatmap): void {
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d");
  const image = context?.createImageData(width, height);
  if (!context || !image) return;
  for (const [index, value] of values.entries()) {
    const colour = value > 0 ? [255, 196, 0] : [0, 96, 255];
    image.data.set([...colour, 255 * Math.min(1, Math.abs(value)) ** 0.75], 4 * index);
  }
  context.putImageData(image, 0, 0);
}
