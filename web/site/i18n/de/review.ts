import type { ReviewWords } from "../en/review.js";
import { pluralOf } from "../grammar.js";

const plural = pluralOf("de");

export const de: ReviewWords = {
  title: "Prüfen",
  close: "Prüfen beenden",
  undo: "Rückgängig",
  redo: "Wiederholen",
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
  keys: {
    title: "Tastenkürzel",
    close: "Schließen",
    groups: {
      everywhere: { name: "Überall", does: ["Diese Tastenkürzel zeigen", "Rückgängig", "Wiederholen"] },
      picture: {
        name: "Bild und Zellen",
        does: [
          "Von Zelle zu Zelle",
          "Klasse korrigieren",
          "Keine weiße Zelle",
          "Antwort des Modells wiederherstellen",
          "Vergrößern und verkleinern",
          "Bild verschieben",
          "Ganzes Bild zeigen",
          "Vorige und nächste Seite eines Stapels",
        ],
      },
      review: {
        name: "Prüfen",
        does: [
          "Bestätigen und weiter",
          "Klasse wählen und weiter",
          "Keine weiße Zelle, und weiter",
          "Antwort des Modells wiederherstellen",
          "Vorige und nächste Zelle",
          "Heatmap ein- und ausblenden",
          "Spalten oder einzelne Zelle",
          "Prüfen beenden",
        ],
      },
      columns: {
        name: "Spalten",
        does: [
          "Von Zelle zu Zelle",
          "Mehrere nacheinander auswählen",
          "Zelle aus- oder abwählen",
          "Ganze Spalte auswählen",
        ],
      },
    },
  },
};
