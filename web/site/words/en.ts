// English, and the shape of every other language: a new one is a copy of this file, translated, and a line in index.ts.
export const en = {
  language: "English",
  researchOnly: "For research and education only. Not for use in diagnostic procedures.",
  classes: {
    eosinophil: "Eosinophil",
    lymphocyte: "Lymphocyte",
    monocyte: "Monocyte",
    neutrophil: "Neutrophil",
    basophil: "Basophil",
    ig: "Immature granulocyte",
    erythroblast: "Erythroblast",
    platelet: "Platelet",
  } as Readonly<Record<string, string>>,
};

export type Words = typeof en;
