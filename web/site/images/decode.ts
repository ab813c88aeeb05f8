// Pictures to look at. What no browser but one can show, such as a TIFF, comes out of the engine's own decoder.
import { classifiers } from "../state/classifiers.js";

/** Rejects where neither the browser nor the engine reads the file. */
export async function openPicture(file: Blob): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(file);
  } catch {
    const classifier = await classifiers.ready();
    const { rgba, width } = await classifier.decode(file);
    return createImageBitmap(new ImageData(rgba, width));
  }
}

/** For an <img> that cannot show the file itself. Rejects as `openPicture` does. */
export async function toPng(file: Blob): Promise<Blob> {
  const image = await openPicture(file);
  try {
    const canvas = new OffscreenCanvas(image.width, image.height);
    canvas.getContext("2d")?.drawImage(image, 0, 0);
    return await canvas.convertToBlob({ type: "image/png" });
  } finally {
    image.close();
  }
}
