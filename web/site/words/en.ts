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
  shell: {
    title: "Leukolens: white blood cells, recognised on your device",
    parts: "Parts of this page",
    part: { cells: "Cells", atlas: "Atlas", model: "Model" },
    partFailed: "This part could not be fetched: check the connection, then reload the page.",
    skip: "Skip to the content",
    language: "Language",
    theme: "Colours",
    themes: { system: "System colours", light: "Light", dark: "Dark" },
    onDevice: "Pictures stay on this device. Nothing is uploaded.",
  },
};

export type Words = typeof en;
