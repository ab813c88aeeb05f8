import type { ReviewWords } from "../en/review.js";
import { pluralOf } from "../grammar.js";

const plural = pluralOf("de");

export const de: ReviewWords = {
  title: "Prüfen",
  close: "Prüfen beenden",
  undo: "Rückgängig",
  redo: "Wiederherstellen",
  columns: "Spalten",
  several: "Mehrere auswählen",
  progress: (reviewed, all) => `${reviewed} von ${all} geprüft`,
  needing: (count) => plural(count, { one: "# ist zu prüfen", other: "# sind zu prüfen" }),
  done: "fertig",
  place: (place, all, image) => `Zelle ${place} von ${all}, ${image}`,
  needs: {
    rejected: "Gleicht keiner der Zellen, mit denen das Modell trainiert wurde. Wählen Sie eine Klasse.",
    unsure: "Das Modell ist unsicher.",
    atypical: "Gleicht kaum den Zellen, mit denen das Modell trainiert wurde.",
  },
  compare: "Mit dem Atlas vergleichen",
  confirm: "Bestätigen",
  confirmAs: (name) => `Bestätigen: ${name}`,
  confirmMany: (count) => plural(count, { one: "# Zelle bestätigen", other: "# Zellen bestätigen" }),
  space: "Leertaste",
  takeBack: "Antwort des Modells",
  heatmap: "Heatmap",
  back: "Zurück",
  skip: "Weiter",
  markAll: (name, count) => `${name}: ${plural(count, { one: "# Zelle", other: "alle # Zellen" })} auswählen`,
  moving: (count) => plural(count, { one: "# Zelle", other: "# Zellen" }),
};
