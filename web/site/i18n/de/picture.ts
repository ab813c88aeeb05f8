import type { PictureWords } from "../en/picture.js";

export const de: PictureWords = {
  warnings: {
    blurred: "Diese Zelle ist unscharf.",
    overexposed: "Diese Zelle ist überbelichtet: Teile davon sind rein weiß.",
    underexposed: "Dieses Bild ist zu dunkel.",
    so: "Die Antwort kann deshalb falsch sein. Nehmen Sie das Bild, wenn möglich, neu auf.",
  },
  beside: "Mit dem Atlas vergleichen",
  scale: {
    title: "Maßstab",
    micrometres: (length) => `${length} µm`,
    none: "Maßstab …",
    bar: (length) => `Maßstab: ${length}. Maßstab festlegen oder messen.`,
    from: {
      typed: "Der Maßstab ist der von Ihnen eingegebene.",
      redCells:
        "Der Maßstab ist eine Schätzung: Die roten Zellen dieses Bildes gelten als 7,2 µm breit (normal: 6,7 bis 7,7 µm).",
    },
    unknown: "In diesem Bild sind keine roten Zellen zu erkennen. Geben Sie den Maßstab ein, um zu messen.",
    cell: (diameter) => `Durchmesser der ausgewählten Zelle: ${diameter} µm`,
    typed: "Mikrometer pro Pixel",
    refused: (least, most) => `Geben Sie eine Zahl von ${least} bis ${most} ein.`,
    measure: "Messen",
    keys: "Von einem Punkt zum anderen ziehen, um zu messen. Pfeiltasten verschieben das Ende der Linie, mit Umschalt die ganze; Escape beendet.",
    length: (micrometres, pixels) => `${micrometres} µm (${pixels} px)`,
  },
};
