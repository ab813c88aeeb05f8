// What only a browser decodes: WebP, AVIF, GIF and whatever else it knows, and pictures that it holds already.
import { LeukolensError, messageOf } from "../shared/errors.js";

/** Undefined where there is no browser, or it does not know the format either. */
export async function decodeInBrowser(bytes: Uint8Array<ArrayBuffer>): Promise<ImageBitmap | undefined> {
  if (typeof createImageBitmap === "undefined") return undefined;
  try {
    // Colour profiles are ignored, as the engine's own decoder ignores them.
    return await createImageBitmap(new Blob([bytes]), {
      premultiplyAlpha: "none",
      colorSpaceConversion: "none",
    });
  } catch {
    return undefined;
  }
}

/** RGBA. Closes the bitmap. Errors: invalid_argument where the page may not read the pixels, image_too_large. */
export function readPixels(bitmap: ImageBitmap): Uint8Array {
  const { width, height } = bitmap;
  try {
    const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
    if (!context)
      throw new LeukolensError(
        "image_too_large",
        `The browser has no canvas of ${width} x ${height} pixels.`,
      );
    context.drawImage(bitmap, 0, 0);
    return new Uint8Array(context.getImageData(0, 0, width, height).data.buffer);
  } catch (cause) {
    if (cause instanceof LeukolensError) throw cause;
    const code =
      cause instanceof DOMException && cause.name === "SecurityError"
        ? "invalid_argument"
        : "image_too_large";
    throw new LeukolensError(code, `The picture's pixels could not be read: ${messageOf(cause)}.`, { cause });
  } finally {
    bitmap.close();
  }
}
