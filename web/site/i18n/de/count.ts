import type { CountWords } from "../en/count.js";
import { pluralOf } from "../grammar.js";

const plural = pluralOf("de");
const cells = (count: number) => plural(count, { one: "1 Zelle", other: "# Zellen" });

export const de: CountWords = {
  title: "Differentialblutbild",
  all: "Alle Bilder",
  one: "Dieses Bild",
  scope: "Gezählte Bilder",
  class: "Klasse",
  number: "Anzahl",
  share: "Anteil",
  interval: "95-%-Intervall",
  reference: "Referenz",
  absolute: "10\u2079/l",
  range: (low, high) => `${low}\u2013${high}\u00a0%`,
  span: (low, high) => `${low}\u2013${high}`,
  total: (count) => `Gezählte weiße Zellen: ${count}`,
  others: "gesondert gezählt",
  unsure: "Unsicher, nicht gezählt",
  confirmed: "Von Ihnen bestätigt",
  corrected: "Von Ihnen korrigiert",
  tooFew: "Zählen Sie mindestens 100 Zellen, bevor Sie mit Referenzbereichen vergleichen.",
  low: "darunter",
  high: "darüber",
  source: "Referenzbereiche für Erwachsene nach MedlinePlus. Sie unterscheiden sich je nach Labor.",
  flags:
    "Ein Anteil gilt nur dann als darunter oder darüber, wenn sein ganzes Intervall außerhalb des Bereichs liegt.",
  erythroblasts: "Erythroblasten auf 100 weiße Zellen",
  correctedTotal: "Weiße Zellen ohne Erythroblasten, 10\u2079/l",
  excluded: {
    drawn: "Von einem Programm gezeichnet, nicht gezählt",
    repeated: "In zwei Bildern gesehen, einmal gezählt",
    edge: "Vom Rand angeschnitten, nicht gezählt",
  },
  same: (name, earlier) => `${name} ist dasselbe Bild wie ${earlier}.`,
  overlaps: (name, earlier) => `${name} überlappt mit ${earlier}.`,
  repeats: "Doppelt gesehene Bilder",
  manyPictures: (most) => `Überlappungen werden nur in den ersten ${most} Bildern gesucht.`,
  edges: {
    label: "Vom Rand angeschnittene Zellen",
    topLeft: "Oben und links zählen",
    all: "Alle zählen",
    none: "Keine zählen",
  },
  progress: {
    target: "Zu zählende Zellen",
    of: (done, target) => `${done} von ${target} Zellen`,
    complete: "Vollständig: Nichts ist unbestimmt.",
    missing: (count) => `Noch ${cells(count)}.`,
    unidentified: (count) =>
      plural(count, {
        one: "1 Zelle ist unbestimmt: Benennen Sie sie, um die Zählung abzuschließen.",
        other: "# Zellen sind unbestimmt: Benennen Sie sie, um die Zählung abzuschließen.",
      }),
    unsettled: "Einige Bilder werden noch ausgewertet oder verglichen: Die Zählung kann sich ändern.",
    practice: "Übung: Gezeichnete Bilder zählen nie mit.",
    sound: "Ton, wenn das Ziel erreicht ist",
  },
  sample: {
    title: "Probe",
    id: "Probennummer",
    date: "Datum",
    operator: "Kürzel der zählenden Person",
    note: "Notiz",
    total: "Weiße Zellen laut Zählgerät, 10\u2079/l",
    includes: "Diese Zahl enthält Erythroblasten",
    kept: "Bleibt auf diesem Gerät, in gespeicherten Sitzungen und in Exporten.",
  },
  second: {
    title: "Zweite Zählung",
    intro:
      "Behalten Sie diese Zählung und zählen Sie noch einmal: dieselben Zellen durch eine andere Person oder weitere 200 Zellen.",
    keep: "Als erste Zählung behalten",
    kept: (count, operator) => `Erste Zählung: ${cells(count)}${operator ? `, ${operator}` : ""}.`,
    again: "Dieselben Bilder neu beurteilen",
    other: "Mit anderen Bildern fortfahren",
    discard: "Erste Zählung verwerfen",
    discarded: "Erste Zählung verworfen.",
    first: "Erste",
    second: "Zweite",
    limits: "Zufällig",
    together: "Zusammen",
    outside: "abweichend",
    kappa: (kappa, low, high) => `Cohens Kappa ${kappa} (95-%-Intervall ${low} bis ${high})`,
    noKappa: "Cohens Kappa ist nicht bestimmt: Es wurde nur eine Bezeichnung verwendet.",
    agreed: (percent, count) => `In beiden Zählungen gleich benannt: ${percent} von ${cells(count)}.`,
    unreviewed: (count) =>
      `In der zweiten Zählung hat noch niemand ${cells(count)} davon geprüft: Dort wird die Antwort des Modells verglichen.`,
    method:
      "Zufällig: wo die zweite Zählung in 95\u00a0% der Fälle liegt, wenn nur der Zufall sie abweichen lässt (Rümke; exakter Test nach Fisher).",
    counted: "Bilder der ersten Zählung sind darunter: Die beiden Zählungen werden nicht addiert.",
    joined: (count) => `Beide Zählungen zusammen: ${count} weiße Zellen.`,
  },
  report: {
    open: "Bericht",
    title: "Bericht zum Differentialblutbild",
    back: "Zurück zu den Zellen",
    print: "Drucken oder als PDF speichern",
    none: "Es gibt nichts zu berichten. Fügen Sie zuerst Bilder hinzu.",
    practice: "Übung mit gezeichneten Bildern: keine Zählung.",
    incomplete: "Nicht vollständig.",
    unnamed: "\u2013",
    model: "Modell",
    images: (count) => plural(count, { one: "1 Bild", other: "# Bilder" }),
    redCells: (count, images) =>
      `Erythrozyten je Bild: etwa ${count}, nach der Fläche, die sie bedecken (${plural(images, { one: "1 Bild", other: "Median von # Bildern" })}; kann um 40\u00a0% irren).`,
    thick: (count) =>
      plural(count, {
        one: "In 1 Bild liegen die Erythrozyten übereinander.",
        other: "In # Bildern liegen die Erythrozyten übereinander.",
      }),
    thin: (count) =>
      plural(count, {
        one: "In 1 Bild liegen kaum Erythrozyten.",
        other: "In # Bildern liegen kaum Erythrozyten.",
      }),
    fingerprint: "SHA-256",
    more: (count) => plural(count, { one: "und 1 weiteres", other: "und # weitere" }),
    strip: "Gezählte Zellen",
    stripPart: (shown, all) => `${shown} von ${all} gezeigt`,
    method:
      "Zählung nach CLSI H20 (dritte Ausgabe). Anteile an den weißen Zellen mit 95-%-Intervall nach Wilson; Erythroblasten auf 100 weiße Zellen mit exaktem 95-%-Intervall.",
    signature: "Unterschrift",
    created: (time, version) => `Erstellt mit Leukolens, ${time}, Modell ${version}`,
    learnt: (model, microscope) => `${model} (hat das Mikroskop „${microscope}“ gelernt)`,
  },
  training: {
    pictures: "Trainingsdaten: Bilder (zip)",
    crops: "Trainingsdaten: Ausschnitte (zip)",
    failed: "Die Trainingsdaten konnten nicht erstellt werden. Versuchen Sie es mit weniger Bildern.",
    none: "Es gibt keine bestimmte Zelle für das Training. Benennen Sie zuerst einige Zellen.",
    unreadable: (count) =>
      plural(count, {
        one: "1 Bild war nicht lesbar und fehlt in den Trainingsdaten.",
        other: "# Bilder waren nicht lesbar und fehlen in den Trainingsdaten.",
      }),
    made: (count, reviewed) =>
      `Trainingsdaten gespeichert: ${cells(count)}, davon ${reviewed.toLocaleString("de")} von Ihnen benannt.`,
  },
  clearQuestion: "Alles leeren?",
  clearDetail: (count) =>
    `${plural(count, { one: "Das Bild", other: "Alle # Bilder" })}, alle Korrekturen, die Angaben zur Probe und eine erste Zählung werden von diesem Gerät gelöscht. Das lässt sich nicht rückgängig machen.`,
  pictureFailed:
    "Das beschriftete Bild lässt sich in diesem Browser nicht erzeugen. Exportieren Sie stattdessen die Tabelle oder die Daten.",
  sharing: {
    button: "Teilen",
    failed: "Teilen ist fehlgeschlagen. Exportieren Sie stattdessen die Tabelle oder das Bild.",
  },
  gallery: {
    title: "Zellen",
    order: "Sortierung",
    orders: { need: "Zu prüfende zuerst", class: "Nach Klasse", found: "Nach Bild" },
    filter: "Klasse",
    everything: "Alle Klassen",
    keys: "Pfeiltasten wählen eine Zelle aus, Ziffern korrigieren sie, 0 bedeutet keine weiße Zelle, die Rücktaste stellt die Antwort des Modells wieder her.",
    cell: (label, percent, image) => `${label}, ${percent}, ${image}`,
    doubtful: "unsicher",
    confirmed: "von Ihnen bestätigt",
    corrected: "von Ihnen korrigiert",
    none: "Keine Zellen dieser Klasse.",
  },
};
