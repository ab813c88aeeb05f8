// A network as TensorFlow.js reads it: a graph model with the fused operators that its converter makes.

const text = (value) => ({ s: Buffer.from(value).toString("base64") });
const texts = (values) => ({ list: { s: values.map((value) => Buffer.from(value).toString("base64")) } });
const numbers = (values) => ({ list: { i: values.map(String) } });
const shapeOf = (dims) => ({ shape: { dim: dims.map((size) => ({ size: String(size) })) } });
const float = { type: "DT_FLOAT" };

/** Returns the two files: { "model.json", "weights.bin" }. */
export function toGraphModel({ input, layers }) {
  const nodes = [];
  const specs = [];
  const bytes = [];
  const constant = (name, shape, values) => {
    const dtype = values instanceof Int32Array ? "int32" : "float32";
    const type = dtype === "int32" ? "DT_INT32" : "DT_FLOAT";
    nodes.push({
      name,
      op: "Const",
      attr: { dtype: { type }, value: { tensor: { dtype: type, tensorShape: shapeOf(shape).shape } } },
    });
    specs.push({ name, shape, dtype });
    bytes.push(Buffer.from(values.buffer, values.byteOffset, values.byteLength));
    return name;
  };
  const node = (name, op, inputs, attr = {}) => {
    nodes.push({ name, op, input: inputs, attr: { T: float, ...attr } });
    return name;
  };
  const activated = (name, { activation }) =>
    activation === "relu" ? node(`${name}.relu`, "Relu", [name]) : name;
  const fused = ({ activation }) => ({
    fused_ops: texts(activation === "relu" ? ["BiasAdd", "Relu"] : ["BiasAdd"]),
    num_args: { i: "1" },
    epsilon: { f: 0 },
  });

  nodes.push({
    name: "image",
    op: "Placeholder",
    attr: { dtype: float, ...{ shape: shapeOf([-1, input.height, input.width, 3]) } },
  });
  let last = "image";
  const outputs = {};
  for (const layer of layers) {
    const { name } = layer;
    if (layer.type === "conv2d") {
      const [filters, height, width, channels] = layer.weight.shape;
      const kernel = transposed(layer.weight.values, filters); // [height, width, channels, filters]
      const weights = [
        constant(`${name}.weight`, [height, width, channels, filters], kernel),
        constant(`${name}.bias`, layer.bias.shape, layer.bias.values),
      ];
      const p = String(layer.padding);
      last = node(name, "_FusedConv2D", [last, ...weights], {
        ...fused(layer),
        strides: numbers([1, layer.stride, layer.stride, 1]),
        dilations: numbers([1, 1, 1, 1]),
        data_format: text("NHWC"),
        padding: text(layer.padding > 0 ? "EXPLICIT" : "VALID"),
        explicit_paddings: layer.padding > 0 ? numbers([0, 0, p, p, p, p, 0, 0]) : { list: {} },
      });
    } else if (layer.type === "max_pool2d") {
      last = node(name, "MaxPool", [last], {
        ksize: numbers([1, layer.size, layer.size, 1]),
        strides: numbers([1, layer.stride, layer.stride, 1]),
        padding: text("VALID"),
        data_format: text("NHWC"),
      });
    } else if (layer.type === "flatten") {
      const shape = constant(`${name}.shape`, [2], Int32Array.of(1, ...layer.shape));
      last = node(name, "Reshape", [last, shape], { Tshape: { type: "DT_INT32" } });
    } else if (layer.type === "global_avg_pool") {
      const axes = constant(`${name}.axes`, [2], Int32Array.of(1, 2));
      last = node(name, "Mean", [last, axes], { keep_dims: { b: false }, Tidx: { type: "DT_INT32" } });
    } else if (layer.type === "add") {
      last = activated(node(name, "AddV2", [last, outputs[layer.from]]), layer);
    } else if (layer.type === "dense") {
      const [units, inputs] = layer.weight.shape;
      const weights = [
        constant(`${name}.weight`, [inputs, units], transposed(layer.weight.values, units)),
        constant(`${name}.bias`, layer.bias.shape, layer.bias.values),
      ];
      last = node(name, "_FusedMatMul", [last, ...weights], {
        ...fused(layer),
        transpose_a: { b: false },
        transpose_b: { b: false },
      });
    }
    outputs[name] = last;
  }
  node("probabilities", "Softmax", [last]);
  const model = {
    format: "graph-model",
    modelTopology: { node: nodes, library: {}, versions: {} },
    weightsManifest: [{ paths: ["weights.bin"], weights: specs }],
  };
  return { "model.json": JSON.stringify(model), "weights.bin": Buffer.concat(bytes) };
}

/** Of a matrix with so many rows. */
function transposed(values, rows) {
  const columns = values.length / rows;
  return Float32Array.from(values, (_, i) => values[(i % rows) * columns + Math.floor(i / rows)]);
}
