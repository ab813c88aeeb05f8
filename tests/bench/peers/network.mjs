// A model file as plain layers with weights in F32, from which each peer's own format is written.
import { readFileSync } from "node:fs";

/** `weight` of a convolution: [filters, height, width, channels]; of a dense layer: [outputs, inputs]. */
export function readNetwork(path) {
  const file = readFileSync(path);
  const length = Number(file.readBigUInt64LE(0));
  const { __metadata__, ...tensors } = JSON.parse(file.subarray(8, 8 + length));
  const { input, labels, layers } = JSON.parse(__metadata__.leukolens);
  const values = (name) => {
    const { dtype, data_offsets, shape } = tensors[name];
    const bytes = new Uint8Array(file.subarray(8 + length + data_offsets[0], 8 + length + data_offsets[1]));
    if (dtype === "F32") return { shape, values: new Float32Array(bytes.buffer) };
    if (dtype !== "I8") throw new Error(`${name} is ${dtype}`);
    const scales = values(`${name}.scale`).values;
    const each = bytes.length / scales.length;
    return {
      shape,
      values: Float32Array.from(new Int8Array(bytes.buffer), (v, i) => v * scales[Math.floor(i / each)]),
    };
  };
  let shape = [input.height, input.width, 3];
  const shapes = {};
  const complete = layers.map((layer) => {
    const [height, width, channels] = shape;
    const after = (size, stride, padding = 0) =>
      [height, width].map((length) => Math.floor((length + 2 * padding - size) / stride) + 1);
    if (layer.type === "conv2d") shape = [...after(layer.kernel, layer.stride, layer.padding), layer.filters];
    else if (layer.type === "max_pool2d") shape = [...after(layer.size, layer.stride), channels];
    else if (layer.type === "global_avg_pool") shape = [channels];
    else if (layer.type === "flatten") shape = [height * width * channels];
    else if (layer.type === "add") shape = shapes[layer.from];
    else if (layer.type === "dense") shape = [values(`${layer.name}.weight`).shape[0]];
    else throw new Error(`a layer of type ${layer.type}`);
    shapes[layer.name] = shape;
    const weighted = `${layer.name}.weight` in tensors;
    return {
      ...layer,
      shape,
      ...(weighted ? { weight: values(`${layer.name}.weight`), bias: values(`${layer.name}.bias`) } : {}),
    };
  });
  return { input, labels: labels.map(({ id }) => id), layers: complete };
}
