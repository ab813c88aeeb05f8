import type { Words } from "../en/first-load.js";
import { pluralOf } from "../grammar.js";

const plural = pluralOf("de");
const images = (count: number) => plural(count, { one: "1 Bild", other: "# Bilder" });
const cells = (count: number) => plural(count, { one: "1 Zelle", other: "# Zellen" });
const whiteCells = (count: number) => plural(count, { one: "1 weiße Zelle", other: "# weiße Zellen" });

export const de: Words = {
  language: "Deutsch",
  researchOnly: "Nur für Forschung und Lehre. Nicht für diagnostische Verfahren bestimmt.",
  offline: {
    ready: "Leukolens ist jetzt auf diesem Gerät gespeichert und funktioniert auch offline.",
    update: "Eine neue Version ist verfügbar.",
    full: "Auf diesem Gerät ist zu wenig Speicherplatz frei, um Leukolens offline zu nutzen. Geben Sie Speicherplatz frei und laden Sie die Seite neu; bis dahin braucht Leukolens eine Verbindung.",
    reload: "Neu laden",
    later: "Später",
    close: "Schließen",
  },
  classes: {
    eosinophil: "Eosinophiler",
    lymphocyte: "Lymphozyt",
    monocyte: "Monozyt",
    neutrophil: "Neutrophiler",
    basophil: "Basophiler",
    ig: "Unreifer Granulozyt",
    erythroblast: "Erythroblast",
    platelet: "Thrombozyt",
    band: "Stabkerniger Neutrophiler",
    segmented: "Segmentkerniger Neutrophiler",
    blast: "Blast",
    reactive_lymphocyte: "Atypischer (reaktiver) Lymphozyt",
    plasma_cell: "Plasmazelle",
    smudge_cell: "Kernschatten",
    promyelocyte: "Promyelozyt",
    myelocyte: "Myelozyt",
    metamyelocyte: "Metamyelozyt",
  },
  shell: {
    title: "Leukolens: weiße Blutzellen auf Ihrem Gerät erkennen",
    parts: "Bereiche",
    part: { cells: "Zellen", atlas: "Atlas", model: "Modell" },
    skip: "Zum Inhalt springen",
    language: "Sprache",
    theme: "Design",
    themes: { system: "Systemdesign", light: "Hell", dark: "Dunkel" },
    onDevice: "Bilder bleiben auf diesem Gerät. Nichts wird hochgeladen.",
  },
  workbench: {
    choose: "Bilder wählen",
    folder: "Ordner",
    camera: "Kamera",
    orDrop: "oder irgendwo ablegen oder einfügen",
    opening: "Ihre letzte Sitzung wird wiederhergestellt …",
    dismiss: "Schließen",
    welcome: {
      promise: "Sehen, welche weiße Blutzelle es ist, und warum.",
      drop: "Legen Sie das Bild eines Blutausstrichs hier ab.",
      detail:
        "Leukolens findet die weißen Zellen, benennt jede, sagt, wie sicher es ist, und zeigt, was dafür spricht.",
      try: "Dieses Beispiel ansehen",
      install: "Als App installieren",
    },
    samples: {
      title: "Beispiel ausprobieren",
      drawn: "Von einem Programm gezeichnet, nicht fotografiert.",
      field: "Ganzes Feld",
      nameOf: (kind) => `Gezeichnet: ${kind}`,
    },
    verdict: {
      looking: "Wird analysiert …",
      lookingDetail: "Das Bild wird nach weißen Blutzellen durchsucht.",
      noCell: "Keine weiße Blutzelle gefunden",
      noCellDetail:
        "Prüfen Sie, ob es ein gefärbter Ausstrich ist, scharf und nicht zu klein. Oft hilft ein Ausschnitt mit nur einer Zelle.",
      classified: (percent) => `Das Modell gibt dieser Klasse eine Wahrscheinlichkeit von ${percent}.`,
      atypical: "Sie gleicht aber kaum einer Trainingszelle: Auf diese Zahl ist kein Verlass.",
      largeLymphoid:
        "Ihr Kern ist im Vergleich zu den Erythrozyten groß: Sie könnte ein reaktiver Lymphozyt oder ein Blast sein.",
      either: (first, second) => `${first} oder ${second}?`,
      unsure: (first, percent, second, secondPercent) =>
        `Unsicher: ${first} ${percent}, ${second} ${secondPercent}.`,
      notRecognised: "Nicht erkannt",
      rejected:
        "Dies gleicht keiner der Zellen, mit denen das Modell trainiert wurde. Verlassen Sie sich nicht auf die Balken.",
      notWhite: "Keine weiße Zelle",
      confirmed: (percent) => `Von Ihnen bestätigt. Wahrscheinlichkeit nach dem Modell: ${percent}.`,
      corrected: (...answer) => `Von Ihnen korrigiert. Antwort des Modells: ${answer.join(", ")}.`,
    },
    errors: {
      unknown: "Etwas ist schiefgegangen",
      known: {
        unsupported_format: {
          headline: "Nicht unterstütztes Bildformat",
          detail:
            "Weder Leukolens noch dieser Browser kann dieses Format lesen. Speichern Sie das Bild als JPEG oder PNG.",
        },
        corrupt_image: {
          headline: "Dieses Bild ist beschädigt",
          detail: "Ein Teil der Datei fehlt oder ist ungültig. Kopieren Sie sie erneut aus der Quelle.",
        },
        image_too_large: {
          headline: "Dieses Bild ist zu groß",
          detail:
            "JPEG, PNG, BMP und TIFF werden bis 200 Megapixel gelesen, andere bis 40. Beschneiden oder verkleinern Sie das Bild.",
        },
        empty_input: {
          headline: "Diese Datei ist leer",
          detail: "Sie enthält kein Bild. Kopieren Sie sie erneut aus der Quelle.",
        },
        unreadable_file: {
          headline: "Diese Datei lässt sich nicht lesen",
          detail: "Sie wurde nach der Auswahl verschoben, geändert oder gesperrt. Wählen Sie sie erneut aus.",
        },
        network: {
          headline: "Download fehlgeschlagen",
          detail:
            "Ein Teil dieser Seite wurde nicht geladen. Prüfen Sie die Verbindung und versuchen Sie es erneut.",
        },
        out_of_memory: {
          headline: "Nicht genug Arbeitsspeicher",
          detail: "Schließen Sie andere Tabs oder verwenden Sie ein kleineres Bild.",
        },
        unsupported_environment: {
          headline: "Leukolens läuft hier nicht",
          detail: "Leukolens braucht einen aktuellen Browser mit WebAssembly und 128-Bit-SIMD.",
        },
        worker_failed: {
          headline: "Die Engine wurde unerwartet beendet",
          detail: "Sie startet von selbst neu. Versuchen Sie es mit diesem Bild erneut.",
        },
      },
    },
    probabilities: "Klassenwahrscheinlichkeiten",
    heatmap: "Heatmap anzeigen",
    opacity: "Deckkraft",
    correct: "Klasse korrigieren",
    moreLabels: "Weitere Klassen …",
    restore: "Antwort des Modells wiederherstellen",
    lookFor: (name) => `Darauf achten: ${name}`,
    builds: { simd: "128-Bit-SIMD", relaxed: "Relaxed SIMD" },
    parameters: (count) => `${count} Parameter`,
    decoders: {
      engine: "durch Leukolens",
      tiff: "durch Leukolens, als TIFF",
      browser: "durch diesen Browser",
      none: "Rohpixel",
    },
    viewer: (name, count) => `${name}: Bild mit Rahmen um ${whiteCells(count)}`,
    editCells: "Zellen hinzufügen, verschieben oder löschen",
    zoomIn: "Vergrößern",
    zoomOut: "Verkleinern",
    fit: "Ganzes Bild anzeigen",
    pictures: {
      title: "Bilder",
      waiting: "wartet",
      cells,
      drawn: "gezeichnet",
      remove: (name) => `${name} entfernen`,
      removed: (name) => `${name} entfernt.`,
    },
    toolbar: {
      undo: "Rückgängig",
      redo: "Wiederholen",
      export: "Exportieren",
      csv: "Tabelle (CSV)",
      json: "Daten (JSON)",
      png: "Beschriftetes Bild (PNG)",
      print: "Drucken",
      save: "Sitzung speichern",
      keys: "Tastenkürzel (?)",
      review: (needing) => (needing > 0 ? `Prüfen (${needing})` : "Prüfen"),
      quiz: "Quiz",
      clear: "Leeren",
      cancel: "Abbrechen",
      again: "Erneut versuchen",
      pause: "Pause",
      resume: "Fortsetzen",
      stop: "Beenden",
      progress: (done, total) => `${done} von ${total}`,
      left: (time) => `noch ${time}`,
      seconds: (count) => `${count} s`,
      minutes: (count) => `${count} min`,
      paused: "pausiert",
      finished: (count, found, needing, failed) =>
        `Fertig: ${images(count)}, ${cells(found)}, ${needing} zu prüfen${failed > 0 ? `; ${images(failed)} nicht lesbar` : ""}.`,
    },
    autosave: {
      full: "Dieser Browser hat zu wenig Speicher, um diese Bilder bis zum nächsten Besuch aufzubewahren. Speichern Sie die Sitzung stattdessen in einer Datei.",
      blocked:
        "Dieser Browser speichert für diese Seite nichts, vielleicht weil dies ein privates Fenster ist. Speichern Sie die Sitzung in einer Datei, bevor Sie gehen.",
      elsewhere:
        "Leukolens ist in einem anderen Tab geöffnet, und nur dieser wird automatisch gespeichert. Speichern Sie diese Sitzung in einer Datei, bevor Sie gehen.",
    },
  },
};
