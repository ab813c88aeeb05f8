import type { MicroscopeWords } from "../en/microscope.js";
import { pluralOf } from "../grammar.js";

const plural = pluralOf("de");

export const de: MicroscopeWords = {
  title: "Ihr Mikroskop",
  strange:
    "Die Zellen gleichen denen nicht, die das Modell kennt: ein anderes Mikroskop, eine andere Kamera oder Färbung. Rechnen Sie mit mehr falschen Antworten und prüfen Sie jede Zelle.",
  known: "Die Zellen gleichen denen, die das Modell kennt.",
  tooFew: (missing) =>
    plural(missing, {
      one: "Prüfen Sie noch # Zelle, dann kann das Modell aus Ihren Antworten lernen.",
      other: "Prüfen Sie noch # Zellen, dann kann das Modell aus Ihren Antworten lernen.",
    }),
  offer: (cells) =>
    plural(cells, {
      one: "Das Modell kann Ihr Mikroskop aus der # geprüften Zelle lernen.",
      other: "Das Modell kann Ihr Mikroskop aus den # geprüften Zellen lernen.",
    }),
  learn: "Daraus lernen",
  learning: "Lernt …",
  cancel: "Abbrechen",
  nothingGained: "Aus diesen Zellen zu lernen, würde die Antworten nicht verbessern. Nichts wurde geändert.",
  judged: (cells) =>
    `Wie viele der ${cells} Zellen richtig benannt werden, jede beurteilt, ohne dass sie gelernt wurde:`,
  before: "Modell allein",
  after: "Gelernt",
  name: "Name des Mikroskops",
  usualName: "Mein Mikroskop",
  use: "Für alle Bilder verwenden",
  notNow: "Jetzt nicht",
  inUse: (name, cells) => `Alle Antworten folgen „${name}“, gelernt aus ${cells} Zellen.`,
  even: "Färbung angleichen",
  evened: (cells) =>
    `Die Kerne sind dunkler als die, die das Modell kennt, gemessen an ${cells} Zellen, gleich welchen. Angeglichen ähneln die Zellen mehr dem, was es gelernt hat.`,
  inUseEvened: (name) => `Alle Antworten folgen „${name}“, das die Färbung angleicht.`,
  again: "Neu lernen",
  undo: "Rückgängig",
  stop: "Nur das Modell verwenden",
  save: "Speichern",
  open: "Profil öffnen",
  otherModel: "Dieses Profil gehört zu einem anderen Modell oder zu einer neueren Version dieser Seite.",
  noProfile: "Diese Datei ist kein Profil eines Mikroskops.",
};
