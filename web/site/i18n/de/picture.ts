import type { PictureWords } from "../en/picture.js";

export const de: PictureWords = {
  warnings: {
    blurred: "Diese Zelle ist unscharf.",
    overexposed: "Diese Zelle ist überbelichtet: Teile davon sind rein weiß.",
    underexposed: "Dieses Bild ist zu dunkel.",
    thick: "Die Erythrozyten liegen übereinander: Der Ausstrich ist hier zu dick.",
    thin: "Es gibt kaum Erythrozyten: Der Ausstrich ist hier vielleicht zu dünn.",
    so: "Die Antwort kann deshalb falsch sein. Nehmen Sie das Bild, wenn möglich, neu auf.",
  },
  heatmapOfOther: (model) =>
    `Diese Antwort stammt von ${model}. Laden Sie dieses Modell erneut, um die Heatmap zu sehen.`,
  labelSet: {
    title: "Eigene Klassen",
    detail: "Werden neben den Klassen angeboten, die das Modell kennt.",
    name: "Eine andere Klasse",
    add: "Hinzufügen",
    done: "Fertig",
  },
  details: {
    title: "Zeiten und Modell",
    time: "Gesamtzeit",
    decode: "Dekodieren",
    notes: "Datei",
    locate: "Zellen finden",
    prepare: "Vorbereiten",
    infer: "Inferenz",
    typicality: "Typikalität",
    model: "Modell",
    engine: "Engine",
  },
  beside: "Mit dem Atlas vergleichen",
  profile: (name) =>
    `Das Farbprofil der Datei (${name}) wurde nicht angewandt: Ihre Farben wurden als sRGB gelesen.`,
  pages: {
    title: "Seiten",
    previous: "Vorige Seite",
    next: "Nächste Seite",
    place: (page, pages) => `Seite ${page} von ${pages}`,
  },
  scale: {
    title: "Maßstab",
    micrometres: (length) => `${length} µm`,
    none: "Maßstab …",
    bar: (length) => `Maßstab: ${length}. Maßstab festlegen oder messen.`,
    from: {
      typed: "Der Maßstab ist der von Ihnen eingegebene.",
      redCells:
        "Der Maßstab ist eine Schätzung: Die Erythrozyten dieses Bildes gelten als 7,2 µm breit (normal: 6,7 bis 7,7 µm).",
    },
    unknown: "In diesem Bild sind keine Erythrozyten zu erkennen. Geben Sie den Maßstab ein, um zu messen.",
    cell: (diameter) => `Durchmesser der ausgewählten Zelle: ${diameter} µm`,
    redCells: (count) =>
      `Etwa ${count} Erythrozyten zeigt dieses Feld nach der Fläche, die sie bedecken: eine Schätzung, die um 40\u00a0% irren kann. Thrombozyten werden nicht gesucht.`,
    notCounted: "Wie viele Erythrozyten dieses Bild zeigt, lässt sich nicht schätzen.",
    typed: "Mikrometer pro Pixel",
    refused: (least, most) => `Geben Sie eine Zahl von ${least} bis ${most} ein.`,
    measure: "Messen",
    keys: "Von einem Punkt zum anderen ziehen, um zu messen. Pfeiltasten verschieben das Ende der Linie, mit Umschalt die ganze; Escape beendet.",
    length: (micrometres, pixels) => `${micrometres} µm (${pixels} px)`,
  },
  explainClass: (name) => `Heatmap anzeigen: ${name}`,
  speaksFor: (name) => `Spricht für: ${name}`,
  speaksAgainst: "Spricht dagegen",
  viewerKeys:
    "Pfeiltasten wechseln die Zelle, Ziffern korrigieren die Klasse, die Rücktaste stellt die Antwort des Modells wieder her. Plus und Minus zoomen, Umschalt mit einer Pfeiltaste verschiebt das Bild, F zeigt das ganze Bild.",
  deleteCell: "Diese Zelle löschen",
  frameKeys:
    "Ziehen oder tippen, um eine Zelle zu umrahmen; am Rahmen oder an seinen Ecken ziehen, um ihn zu ändern. Pfeiltasten verschieben den Rahmen, mit Umschalt ändern sie seine Größe; N umrahmt eine Zelle in der Mitte, Entf löscht die ausgewählte.",
};
