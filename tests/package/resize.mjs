// The engine's resampler, written anew from its contract (Pillow's bilinear resize) to hold it to.

const fractionBits = 22;

/** Resamples a region inside a picture; RGBA, opaque. */
export function resize({ rgba, width, height }, region, outWidth, outHeight) {
  const across = weightsOf(width, region.x, region.width, outWidth);
  const down = weightsOf(height, region.y, region.height, outHeight);
  const rows = mix(rgba, height, { step: 4, stride: 4 * width }, across);
  const turned = mix(rows, outWidth, { step: 4 * outWidth, stride: 4 }, down);
  const out = new Uint8ClampedArray(4 * outWidth * outHeight);
  for (let y = 0; y < outHeight; y++)
    for (let x = 0; x < outWidth; x++)
      out.set(turned.subarray(4 * (x * outHeight + y), 4 * (x * outHeight + y) + 4), 4 * (y * outWidth + x));
  return { rgba: out, width: outWidth, height: outHeight };
}

/** Of each output position: the first source position that counts, and the weights from there on. */
function weightsOf(size, start, length, outSize) {
  const scale = length / outSize;
  const support = Math.max(scale, 1);
  return Array.from({ length: outSize }, (_, i) => {
    const centre = start + (i + 0.5) * scale;
    const first = Math.max(Math.trunc(centre - support + 0.5), 0);
    const end = Math.min(Math.trunc(centre + support + 0.5), size);
    const exact = Array.from({ length: end - first }, (_, tap) =>
      Math.max(1 - Math.abs((tap + first - centre + 0.5) / support), 0),
    );
    const sum = exact.reduce((a, b) => a + b, 0);
    return { first, weights: exact.map((weight) => Math.trunc(0.5 + (weight / sum) * 2 ** fractionBits)) };
  });
}

/** `lines` lines, each of pixels `step` bytes apart, become lines of one pixel for each of `axis`. */
function mix(pixels, lines, { step, stride }, axis) {
  const out = new Uint8ClampedArray(4 * lines * axis.length);
  let to = 0;
  for (let line = 0; line < lines; line++)
    for (const { first, weights } of axis)
      for (let channel = 0; channel < 4; channel++) {
        let sum = 2 ** (fractionBits - 1);
        for (const [tap, weight] of weights.entries())
          sum += weight * pixels[line * stride + (first + tap) * step + channel];
        out[to++] = Math.floor(sum / 2 ** fractionBits);
      }
  return out;
}
