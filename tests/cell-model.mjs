// A small random network that looks at located cells, written as the trainer writes models: every face of the engine can be held
// against the others with it, whatever the shipped models know.
const ids = [
  ...["eosinophil", "lymphocyte", "monocyte", "neutrophil"],
  ...["basophil", "ig", "erythroblast", "platelet"],
];

const channels = 8;
const statistics = 2 * channels + ids.length;

const description = {
  format: 1,
  name: "cells",
  labels: ids.map((id) => ({ id, name: id })),
  input: {
    width: 24,
    height: 24,
    colour: "rgb",
    region: "cell",
    extent: 3,
    mean: [0.6, 0.6, 0.6],
    std: [0.1, 0.1, 0.1],
  },
  layers: [
    {
      ...{ type: "conv2d", name: "conv", filters: channels, kernel: 3, stride: 2, padding: 0, groups: 1 },
      activation: "relu",
    },
    { type: "global_avg_pool", name: "pool" },
    { type: "dense", name: "head", units: ids.length, activation: "none" },
  ],
  calibration: { temperature: 1 },
  rejection: { min_confidence: 0.6, min_typicality: 0.01, distances: [0, 1000] },
  training: {},
  metrics: {},
};

const shapes = {
  "conv.weight": [channels, 3, 3, 3],
  "conv.bias": [channels],
  "head.weight": [ids.length, channels],
  "head.bias": [ids.length],
  "rejection.whitening": [statistics, statistics],
  "rejection.centres": [20, statistics],
};

/**
 * The bytes of the .safetensors file; always the same. `rejecting`: no cell is like those that it knows. `trusting`: it is sure of all.
 * `overflowing`: every weight is finite, but no logit is. `stain`: the range of those that it knows.
 * `training`: what is said of how it came to be.
 */
export function cellModel({
  rejecting = false,
  trusting = false,
  overflowing = false,
  stain,
  training = {},
} = {}) {
  const rejection = {
    ...description.rejection,
    ...(rejecting && { min_typicality: 1 }),
    ...(trusting && { min_confidence: 0, min_typicality: 0 }),
  };
  const document = { ...description, rejection, training, ...(stain && { stain }) };
  const header = { __metadata__: { leukolens: JSON.stringify(document) } };
  const values = [];
  for (const [name, shape] of Object.entries(shapes)) {
    const begin = 4 * values.length;
    const count = shape.reduce((product, side) => product * side);
    const scale = overflowing && name === "head.weight" ? 3e38 : 1;
    for (let i = 0; i < count; i++) values.push(scale * noise(values.length));
    header[name] = { dtype: "F32", shape, data_offsets: [begin, 4 * values.length] };
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, new Uint8Array(Float32Array.from(values).buffer)]);
}

/** In [-1, 1), without a pattern. */
function noise(index) {
  const hash = Math.imul(index + 1, 0x9e3779b1) ^ (Math.imul(index + 1, 0x85ebca6b) >>> 13);
  return (Math.imul(hash, 0xc2b2ae35) >> 8) / 2 ** 23;
}
