// TensorFlow.js with what a graph model on WebAssembly needs, and no more: bundled, so that the rest is left out.
import "@tensorflow/tfjs-backend-wasm";
import { setThreadsCount, setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { loadGraphModel } from "@tensorflow/tfjs-converter";
import { ready, setBackend, tensor4d, tidy } from "@tensorflow/tfjs-core";

export async function load(url) {
  setThreadsCount(1);
  setWasmPaths("/node_modules/@tensorflow/tfjs-backend-wasm/dist/");
  await setBackend("wasm");
  await ready();
  const model = await loadGraphModel(url);
  return { run: (values, shape) => tidy(() => model.execute(tensor4d(values, shape)).dataSync()) };
}
