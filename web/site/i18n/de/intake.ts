import type { IntakeWords } from "../en/intake.js";
import { pluralOf } from "../grammar.js";

const plural = pluralOf("de");

const images = (count: number) => plural(count, { one: "1 Bild", other: "# Bilder" });
const otherFiles = (count: number) => plural(count, { one: "1 andere Datei", other: "# andere Dateien" });

export const de: IntakeWords = {
  nothing: (leftOut) =>
    leftOut > 0
      ? `Kein Bild gefunden; ${otherFiles(leftOut)} übersprungen.`
      : "Kein Bild gefunden. Legen Sie Bilddateien ab oder fügen Sie sie ein, oder kopieren Sie das Bild selbst statt seiner Adresse.",
  leftOut: (added, leftOut) => `${images(added)} hinzugefügt, ${otherFiles(leftOut)} übersprungen.`,
  unreadable:
    "Einige Dateien ließen sich nicht lesen, weil eine Datei oder ein Ordner verschoben oder gesperrt wurde. Wählen Sie sie erneut aus.",
  foreign: (host) =>
    `Damit Ihre Bilder privat bleiben, lädt diese Seite nichts von anderen Websites. Speichern Sie das Bild von ${host} und legen Sie es hier ab.`,
  unreachable: (address) => `Unter ${address} wurde kein Bild gefunden. Prüfen Sie die Adresse.`,
  model: (name) => `Jetzt wird mit ${name} klassifiziert.`,
  badModel: (name, reason) => `${name} kann nicht verwendet werden: ${reason}`,
  heic: (name) => `${name}, ein HEIC-Bild, wird dekodiert …`,
  archive: {
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
  },
  session: {
    opened: (name, count) => `${name} geöffnet: ${images(count)}.`,
    sheetLeft: (name) =>
      `Probe und erste Zählung von ${name} wurden nicht übernommen, weil schon eine Sitzung offen war. Um sie zu sehen, speichern und leeren Sie die offene und öffnen Sie ${name} erneut.`,
    notSaved:
      "Die Sitzung lässt sich nicht speichern, weil ein Bild nach der Auswahl verschoben oder geändert wurde. Entfernen Sie dieses Bild und speichern Sie erneut.",
    wrong: (name) =>
      `${name} lässt sich nicht als Sitzung öffnen: Die Datei ist beschädigt oder stammt von einer neueren Version.`,
  },
};
