import type { Words } from "./en.js";

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
};
