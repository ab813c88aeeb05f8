import type { Words } from "./en.js";

export const de: Words = {
  language: "Deutsch",
  researchOnly: "Nur für Forschung und Lehre. Nicht für diagnostische Verfahren bestimmt.",
  classes: {
    eosinophil: "Eosinophiler",
    lymphocyte: "Lymphozyt",
    monocyte: "Monozyt",
    neutrophil: "Neutrophiler",
    basophil: "Basophiler",
    ig: "Unreifer Granulozyt",
    erythroblast: "Erythroblast",
    platelet: "Thrombozyt",
  },
};
