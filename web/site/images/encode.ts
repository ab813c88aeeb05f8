// Pixels as an image file.
import type { Pixels } from "leukolens";

/** `ground`: what is seen where the pixels are transparent, for formats that have no transparency. */
export async function encode(
  { rgba, width, height }: Pixels,
  { ground, ...options }: ImageEncodeOptions & { readonly ground?: string },
): Promise<Blob> {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("no canvas");
  context.putImageData(new ImageData(rgba, width, height), 0, 0);
  if (ground) {
    context.globalCompositeOperation = "destination-over";
    context.fillStyle = ground;
    context.fillRect(0, 0, width, height);
  }
  return canvas.convertToBlob(options);
}
