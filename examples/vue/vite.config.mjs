import vue from "@vitejs/plugin-vue";

const isCustomElement = (tag) => tag.startsWith("leukolens-");

export default { plugins: [vue({ template: { compilerOptions: { isCustomElement } } })] };
