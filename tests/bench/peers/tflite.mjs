// A network as LiteRT reads it: schema_v3c.fbs of TensorFlow Lite, of which these few tables are needed.

const operators = {
  add: 0,
  conv2d: 3,
  dense: 9,
  max_pool2d: 17,
  flatten: 22,
  softmax: 25,
  pad: 34,
  mean: 40,
};
const options = { conv2d: 1, max_pool2d: 5, dense: 8, softmax: 9, add: 11, flatten: 17, mean: 27, pad: 22 };
const [float32, int32] = [0, 2];
const [same, valid] = [0, 1];

/** `flatbuffers`: the package of that name. Returns the file's bytes. */
export function toTflite({ input, layers }, flatbuffers) {
  const builder = new flatbuffers.Builder(1 << 20);
  const buffers = [undefined];
  const tensors = [];
  const steps = [];

  const tensor = (name, shape, values) => {
    if (values) buffers.push(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    const type = values instanceof Int32Array ? int32 : float32;
    tensors.push({ name, shape, type, buffer: values ? buffers.length - 1 : 0 });
    return tensors.length - 1;
  };
  const constant = (name, { shape, values }) => tensor(name, shape, values);
  const batched = (shape) => [1, ...shape];
  const step = (kind, inputs, output, write) => steps.push({ kind, inputs, output, write });

  const first = tensor("image", batched([input.height, input.width, 3]));
  let last = first;
  let shape = [input.height, input.width, 3];
  const outputs = {};
  for (const layer of layers) {
    const activation = layer.activation === "relu" ? 1 : 0;
    if (layer.type === "conv2d" && layer.padding > 0 && layer.stride > 1) {
      // "Same" would pad the other side alone.
      const [height, width, channels] = shape;
      const p = layer.padding;
      const pads = constant(`${layer.name}.pads`, {
        shape: [4, 2],
        values: Int32Array.of(0, 0, p, p, p, p, 0, 0),
      });
      const padded = tensor(`${layer.name}.padded`, batched([height + 2 * p, width + 2 * p, channels]));
      step("pad", [last, pads], padded, () => []);
      last = padded;
    }
    const output = tensor(layer.name, batched(layer.shape));
    if (layer.type === "conv2d") {
      const padding = layer.padding > 0 && layer.stride === 1 ? same : valid;
      const weights = [
        constant(`${layer.name}.weight`, layer.weight),
        constant(`${layer.name}.bias`, layer.bias),
      ];
      step("conv2d", [last, ...weights], output, () => [
        ["Int8", padding, -1],
        ["Int32", layer.stride, 0],
        ["Int32", layer.stride, 0],
        ["Int8", activation, 0],
      ]);
    } else if (layer.type === "max_pool2d") {
      step("max_pool2d", [last], output, () => [
        ["Int8", valid, -1],
        ["Int32", layer.stride, 0],
        ["Int32", layer.stride, 0],
        ["Int32", layer.size, 0],
        ["Int32", layer.size, 0],
      ]);
    } else if (layer.type === "flatten") {
      const values = Int32Array.from(batched(layer.shape));
      step("flatten", [last, constant(`${layer.name}.shape`, { shape: [2], values })], output, () => []);
    } else if (layer.type === "global_avg_pool") {
      const axes = constant(`${layer.name}.axes`, { shape: [2], values: Int32Array.of(1, 2) });
      step("mean", [last, axes], output, () => []);
    } else if (layer.type === "add") {
      step("add", [last, outputs[layer.from]], output, () => [["Int8", activation, 0]]);
    } else if (layer.type === "dense") {
      const weights = [
        constant(`${layer.name}.weight`, layer.weight),
        constant(`${layer.name}.bias`, layer.bias),
      ];
      step("dense", [last, ...weights], output, () => [["Int8", activation, 0]]);
    }
    last = output;
    shape = layer.shape;
    outputs[layer.name] = output;
  }
  const probabilities = tensor("probabilities", batched(shape));
  step("softmax", [last], probabilities, () => [["Float32", 1, 0]]);

  const table = (fields) => {
    builder.startObject(fields.length);
    for (const [place, [type, value, usual]] of fields.entries())
      if (type) builder[`addField${type}`](place, value, usual);
    return builder.endObject();
  };
  const vector = (size, values, add) => {
    builder.startVector(size, values.length, size);
    for (const value of values.toReversed()) builder[add](value);
    return builder.endVector();
  };
  const ints = (values) => vector(4, values, "addInt32");
  const tables = (offsets) => vector(4, offsets, "addOffset");

  const kinds = [...new Set(steps.map(({ kind }) => kind))];
  const codes = kinds.map((kind) =>
    table([["Int8", operators[kind], 0], [], ["Int32", 1, 1], ["Int32", operators[kind], 0]]),
  );
  const written = tensors.map(({ name, shape, type, buffer }) => {
    const [dims, text] = [ints(shape), builder.createString(name)];
    return table([
      ["Offset", dims, 0],
      ["Int8", type, 0],
      ["Int32", buffer, 0],
      ["Offset", text, 0],
    ]);
  });
  const run = steps.map(({ kind, inputs, output, write }) => {
    const [from, to, how] = [ints(inputs), ints([output]), table(write())];
    return table([
      ["Int32", kinds.indexOf(kind), 0],
      ["Offset", from, 0],
      ["Offset", to, 0],
      ["Int8", options[kind], 0],
      ["Offset", how, 0],
    ]);
  });
  const graph = [tables(written), ints([first]), ints([probabilities]), tables(run)];
  const subgraph = table(graph.map((offset) => ["Offset", offset, 0]));
  const stored = buffers.map((bytes) => {
    if (!bytes) return table([]);
    builder.startVector(1, bytes.length, 16);
    builder.space -= bytes.length;
    builder.bb.bytes().set(bytes, builder.space);
    const data = builder.endVector();
    return table([["Offset", data, 0]]);
  });
  const [opcodes, subgraphs, all] = [tables(codes), tables([subgraph]), tables(stored)];
  builder.finish(
    table([["Int32", 3, 0], ["Offset", opcodes, 0], ["Offset", subgraphs, 0], [], ["Offset", all, 0]]),
    "TFL3",
  );
  return builder.asUint8Array();
}
