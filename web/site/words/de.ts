import { en, type Words } from "./en.js";

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
  shell: {
    title: "Leukolens: weiße Blutzellen, auf Ihrem Gerät erkannt",
    parts: "Teile dieser Seite",
    part: { cells: "Zellen", atlas: "Atlas", model: "Modell" },
    partFailed:
      "Dieser Teil konnte nicht geladen werden: Prüfen Sie die Verbindung und laden Sie die Seite neu.",
    skip: "Zum Inhalt springen",
    language: "Sprache",
    theme: "Farben",
    themes: { system: "Systemfarben", light: "Hell", dark: "Dunkel" },
    onDevice: "Bilder bleiben auf diesem Gerät. Nichts wird hochgeladen.",
  },
  bench: en.bench,
};
