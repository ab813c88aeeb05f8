import { en, type Words } from "./en.js";

export const zh: Words = {
  language: "中文",
  researchOnly: "仅供研究和教学使用，不得用于诊断。",
  classes: {
    eosinophil: "嗜酸性粒细胞",
    lymphocyte: "淋巴细胞",
    monocyte: "单核细胞",
    neutrophil: "中性粒细胞",
    basophil: "嗜碱性粒细胞",
    ig: "未成熟粒细胞",
    erythroblast: "有核红细胞",
    platelet: "血小板",
  },
  shell: {
    title: "Leukolens：在您的设备上识别白细胞",
    parts: "本页各部分",
    part: { cells: "细胞", atlas: "图谱", model: "模型" },
    partFailed: "无法加载此部分：请检查网络连接，然后刷新页面。",
    skip: "跳到正文",
    language: "语言",
    theme: "配色",
    themes: { system: "跟随系统", light: "浅色", dark: "深色" },
    onDevice: "图片不会离开本设备，不上传任何内容。",
  },
  bench: en.bench,
};
