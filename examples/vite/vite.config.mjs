// The dev server would bundle the package without the files beside it; the build needs no setting.
export default { base: "./", optimizeDeps: { exclude: ["leukolens"] } };
