// Chromium's fake camera, in front of which lies a drawn neutrophil.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { drawSmears, scratch } from "../support.mjs";

/** A film of one frame, as a file of motion JPEG. */
function film() {
  const file = join(scratch(), "cell.mjpeg");
  writeFileSync(file, readFileSync(drawSmears({ count: 1, format: "jpg" }).at(-1)));
  return file;
}

/** For `startBrowser`. Nobody is asked whether the camera may be used. */
export const cameraFlags = () => [
  "--use-fake-ui-for-media-stream",
  "--use-fake-device-for-media-stream=device-count=1",
  `--use-file-for-fake-video-capture=${film()}`,
];
