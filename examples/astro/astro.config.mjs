export default {
  base: "/astro",
  vite: { build: { assetsInlineLimit: 0 }, optimizeDeps: { exclude: ["leukolens"] } },
};
