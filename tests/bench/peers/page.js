// In the page: one way to load and to ask each of them, and the clocks.

/** Each: load(folder of the model) gives { run(values of a view) }, the probabilities as the network gives them. */
const loaders = {
  async tfjs(folder) {
    const { load } = await import("./tfjs.js");
    return load(`${folder}/tfjs/model.json`);
  },
  async litert(folder) {
    const { loadAndCompile, loadLiteRt, Tensor } = await import("./litert.js");
    await loadLiteRt("/node_modules/@litertjs/core/wasm/");
    const model = await loadAndCompile(`${folder}/model.tflite`, { accelerator: "wasm" });
    return {
      async run(values, shape) {
        const image = new Tensor(values, shape);
        const [output] = await model.run([image]);
        const answer = output.toTypedArray().slice();
        output.delete();
        image.delete();
        return answer;
      },
    };
  },
  async onnxruntime(folder) {
    const { env, InferenceSession, Tensor } = await import("/node_modules/onnxruntime-web/dist/ort.wasm.min.mjs");
    env.wasm.numThreads = 1;
    env.wasm.wasmPaths = "/node_modules/onnxruntime-web/dist/";
    const session = await InferenceSession.create(`${folder}/model.onnx`, { executionProviders: ["wasm"] });
    return {
      async run(values, shape) {
        const { logits } = await session.run({ image: new Tensor("float32", values, shape) }, ["logits"]);
        return softmax(logits.data);
      },
    };
  },
};

/** A peer with a model, and what a page around it does to a picture: a plain resize, which is the least that can be done. */
async function loadPeer(name, { folder, input }) {
  const peer = await loaders[name](folder);
  const { width, height, mean, std } = input;
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const shape = [1, height, width, 3];
  const viewOf = async (jpeg) => {
    const bitmap = await createImageBitmap(new Blob([jpeg], { type: "image/jpeg" }));
    context.drawImage(bitmap, 0, 0, width, height);
    bitmap.close();
    const { data } = context.getImageData(0, 0, width, height);
    const values = new Float32Array(width * height * 3);
    for (let from = 0, to = 0; from < data.length; from += 4)
      for (let c = 0; c < 3; c++) values[to++] = (data[from + c] / 255 - mean[c]) / std[c];
    return values;
  };
  return {
    probabilities: (values) => peer.run(values, shape),
    infer: async (values, count) => {
      const times = [];
      for (let i = 0; i < count; i++) {
        const start = performance.now();
        await peer.run(values, shape);
        times.push(performance.now() - start);
      }
      return median(times);
    },
    answer: async (jpeg) => peer.run(await viewOf(jpeg), shape),
  };
}

/** Ours, on the main thread as the peers are, or with workers. */
async function loadOurs({ name }, workers) {
  const { Classifier } = await import("/node_modules/leukolens/index.js");
  const classifier = await Classifier.load({ model: name, ...(workers ? { workers } : { worker: false }) });
  return {
    classifier,
    infer: async (_, iterations) => (await classifier.benchmark({ iterations })).p50,
    answer: (jpeg) => classifier.classify(jpeg),
  };
}

const load = (name, model) => (name === "leukolens" ? loadOurs(model) : loadPeer(name, model));

/** Rounds in which each gets its turn, so that whatever else the machine does slows all. Medians of the rounds, and their spread. */
export async function compare(names, model, jpeg, values, { rounds, inferences, answers }) {
  const view = Float32Array.from(values);
  const runs = [];
  for (const name of names) runs.push({ name, asked: await load(name, model), infer: [], answer: [] });
  for (let round = 0; round <= rounds; round++)
    for (const { asked, infer, answer } of runs) {
      const inferMs = await asked.infer(view, inferences);
      const times = [];
      for (let i = 0; i < answers; i++) {
        const start = performance.now();
        await asked.answer(jpeg);
        times.push(performance.now() - start);
      }
      if (round === 0) continue; // warms up
      infer.push(inferMs);
      answer.push(median(times));
    }
  return runs.map(({ name, infer, answer }) => ({ name, infer: spread(infer), answer: spread(answer) }));
}

/** Of one view, without temperature. */
export async function probabilitiesOf(name, model, view) {
  const peer = await loadPeer(name, model);
  return Array.from(await peer.probabilities(Float32Array.from(view)));
}

/** The same of ours, asked about the view's pixels. */
export async function ourProbabilities(model, view) {
  const { width, height } = model.input;
  const pixels = new Uint8ClampedArray(width * height * 4).fill(255);
  for (const [i, value] of view.entries()) pixels[4 * Math.floor(i / 3) + (i % 3)] = Math.round(255 * value);
  const { classifier } = await loadOurs(model);
  const { predictions } = await classifier.classify(new ImageData(pixels, width));
  const { labels, calibration } = classifier.model;
  const logits = labels.map(({ id }) => {
    const { probability } = predictions.find(({ label }) => label === id);
    return calibration.temperature * Math.log(probability);
  });
  return softmax(logits);
}

/** Pictures a second with two workers; the peers have none, and are asked one picture after another. */
export async function throughput(name, model, jpeg, count) {
  if (name === "leukolens") {
    const { classifier } = await loadOurs(model, 2);
    const pictures = Array.from({ length: count }, () => new Blob([jpeg]));
    for await (const _ of classifier.classifyAll(pictures.slice(0, 8)));
    const start = performance.now();
    for await (const { error } of classifier.classifyAll(pictures)) if (error) throw error;
    return (1000 * count) / (performance.now() - start);
  }
  const peer = await loadPeer(name, model);
  for (let i = 0; i < 8; i++) await peer.answer(jpeg);
  const start = performance.now();
  for (let i = 0; i < count; i++) await peer.answer(jpeg);
  return (1000 * count) / (performance.now() - start);
}

/** From an empty page to the first answer. */
export async function coldStart(name, model, jpeg) {
  const { answer } = await load(name, model);
  await answer(jpeg);
  return performance.now(); // since the navigation began
}

function softmax(logits) {
  const top = Math.max(...logits);
  const parts = Array.from(logits, (logit) => Math.exp(logit - top));
  const sum = parts.reduce((a, b) => a + b);
  return parts.map((part) => part / sum);
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

function spread(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share) => sorted[Math.floor(share * (sorted.length - 1))];
  return { median: median(values), low: at(0.25), high: at(0.75) };
}
