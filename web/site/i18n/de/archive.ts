import type { ArchiveWords } from "../en/archive.js";
import { pluralOf } from "../grammar.js";

const plural = pluralOf("de");

export const de: ArchiveWords = {
  damaged: (name) =>
    `${name} ist kein vollständiges Zip-Archiv: Laden Sie es erneut herunter, oder entpacken Sie es selbst und legen Sie den Ordner ab.`,
  tooLarge: (name) =>
    `${name} wurde nicht entpackt: Der Inhalt ist größer, als es Bilder sein sollten. Entpacken Sie die Datei selbst und legen Sie den Ordner ab.`,
  refused: (count) =>
    `${plural(count, { one: "1 Datei eines Archivs ließ", other: "# Dateien aus Archiven ließen" })} sich nicht lesen:`,
  entry: {
    encrypted: (name) =>
      `${name} ist verschlüsselt: Entpacken Sie das Archiv mit seinem Passwort und legen Sie den Ordner ab.`,
    method: (name, method) =>
      `${name} ist mit Verfahren ${method} komprimiert, das hier nicht gelesen wird: Entpacken Sie das Archiv und legen Sie den Ordner ab.`,
    tooLarge: (name) => `${name} ist zu groß für ein Bild.`,
    damaged: (name) => `${name} ist im Zip-Archiv beschädigt.`,
    noArchive: (name) => `${name} ist kein vollständiges Zip-Archiv.`,
  },
  more: (count) => `Und ${count} weitere.`,
};
