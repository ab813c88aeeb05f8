export default {
  mode: "production",
  entry: "./src/main.js",
  output: { filename: "bundle.js", module: true },
  experiments: { outputModule: true },
  performance: false, // its limits are for pages without an engine
};
