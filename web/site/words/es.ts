import type { Words } from "./en.js";

export const es: Words = {
  language: "Español",
  researchOnly: "Solo para investigación y docencia. No apto para procedimientos de diagnóstico.",
  classes: {
    eosinophil: "Eosinófilo",
    lymphocyte: "Linfocito",
    monocyte: "Monocito",
    neutrophil: "Neutrófilo",
    basophil: "Basófilo",
    ig: "Granulocito inmaduro",
    erythroblast: "Eritroblasto",
    platelet: "Plaqueta",
  },
};
