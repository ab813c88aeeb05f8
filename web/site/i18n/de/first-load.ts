import type { Words } from "../en/first-load.js";
import { pluralOf } from "../grammar.js";

const plural = pluralOf("de");

export const de: Words = {
  language: "Deutsch",
  researchOnly: "Nur für Forschung und Lehre. Nicht für diagnostische Verfahren bestimmt.",
  offline: {
    ready: "Alles liegt jetzt auf diesem Gerät: Leukolens funktioniert auch ohne Netz.",
    update: "Eine neue Version liegt bereit.",
    full: "Auf diesem Gerät ist zu wenig Platz, um Leukolens für die Nutzung ohne Netz zu behalten. Schaffen Sie Platz und laden Sie die Seite neu; bis dahin braucht sie das Netz.",
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
  workbench: {
    choose: "Bilder wählen",
    folder: "Ordner",
    camera: "Kamera",
    orDrop: "oder irgendwo ablegen oder einfügen",
    opening: "Ihr letzter Stand wird geöffnet.",
    dismiss: "Schließen",
    emptyState: {
      title: "Zeigen Sie eine weiße Blutzelle",
      detail: "im Bild eines gefärbten Blutausstrichs, oder ein ganzes Gesichtsfeld",
    },
    samples: {
      title: "Mit einer Zeichnung probieren",
      drawn: "Von einem Programm gezeichnet, nicht fotografiert.",
      field: "Ein ganzes Feld",
      nameOf: (kind) => `Gezeichnet: ${kind}`,
    },
    question: "Welche Zelle ist es?",
    questionDetail: "Hier erscheint die Antwort, und wie sicher das Modell ist.",
    verdict: {
      looking: "Wird angesehen …",
      lookingDetail: "Im Bild wird nach weißen Blutzellen gesucht.",
      noCell: "Keine weiße Blutzelle gefunden",
      noCellDetail:
        "Ist es ein gefärbter Ausstrich, scharf und nicht zu klein? Oft hilft ein engerer Ausschnitt mit einer Zelle.",
      classified: (percent) => `Das Modell gibt dieser Klasse eine Wahrscheinlichkeit von ${percent}.`,
      unlike: "Die Zelle gleicht aber kaum einer der gelernten: Auf die Zahl ist kein Verlass.",
      either: (first, second) => `${first} oder ${second}?`,
      unsure: (first, percent, second, secondPercent) =>
        `Unsicher: ${first} ${percent}, ${second} ${secondPercent}.`,
      notRecognised: "Nicht erkannt",
      rejected: "Das gleicht keiner der Zellen, die das Modell gelernt hat. Auf die Balken ist kein Verlass.",
      notWhite: "Keine weiße Zelle",
      corrected: (label, percent) => `Von Ihnen korrigiert. Das Modell sagte: ${label}, ${percent}.`,
    },
    errors: {
      unknown: "Das hat nicht geklappt",
      known: {
        unsupported_format: {
          headline: "Kein lesbares Bild",
          detail:
            "Weder das Programm noch dieser Browser kann das Format lesen: Speichern Sie das Bild als JPEG oder PNG.",
        },
        corrupt_image: {
          headline: "Dieses Bild ist beschädigt",
          detail:
            "Ein Teil der Datei fehlt oder ist falsch: Kopieren Sie sie noch einmal von ihrem Ursprung.",
        },
        image_too_large: {
          headline: "Dieses Bild ist zu groß",
          detail: "Die Seiten dürfen höchstens 8192 Pixel haben: Zerteilen oder verkleinern Sie das Bild.",
        },
        empty_input: {
          headline: "Diese Datei ist leer",
          detail: "Sie enthält kein Bild: Kopieren Sie sie noch einmal von ihrem Ursprung.",
        },
        unreadable_file: {
          headline: "Diese Datei lässt sich nicht lesen",
          detail:
            "Sie wurde seit der Auswahl verschoben, geändert oder gesperrt: Wählen Sie sie noch einmal.",
        },
        network: {
          headline: "Eine Datei konnte nicht geladen werden",
          detail:
            "Ein Teil dieser Seite kam nicht an: Prüfen Sie die Verbindung und versuchen Sie es noch einmal.",
        },
        out_of_memory: {
          headline: "Der Speicher reicht nicht",
          detail: "Schließen Sie andere Seiten oder nehmen Sie ein kleineres Bild.",
        },
        unsupported_environment: {
          headline: "Das Programm kann hier nicht laufen",
          detail: "Es braucht einen aktuellen Browser mit WebAssembly und 128-Bit-SIMD.",
        },
        worker_failed: {
          headline: "Das Programm ist stehen geblieben",
          detail: "Es startet von selbst neu: Versuchen Sie dieses Bild noch einmal.",
        },
      },
    },
    probabilities: "Wahrscheinlichkeit jeder Klasse",
    explainClass: (name) => `Zeigen, was dafür spricht: ${name}`,
    heatmap: "Zeigen, wohin es schaut",
    opacity: "Stärke",
    speaksFor: (name) => `spricht für: ${name}`,
    speaksAgainst: "spricht dagegen",
    correct: "Ist es etwas anderes?",
    restore: "Wie das Modell sagte",
    lookFor: (name) => `Worauf zu achten ist: ${name}`,
    details: {
      title: "Zeit und Modell",
      time: "Zeit",
      decode: "Dekodieren",
      locate: "Zellen finden",
      prepare: "Vorbereiten",
      infer: "Berechnen",
      typicality: "Vertrautheit",
      model: "Modell",
      engine: "Programm",
      builds: { simd: "128-Bit-SIMD", relaxed: "Relaxed SIMD" },
    },
    parameters: (count) => `${count} Parameter`,
    decoders: {
      engine: "durch Leukolens",
      tiff: "durch Leukolens, als TIFF",
      browser: "durch diesen Browser",
      none: "Pixel wie übergeben",
    },
    viewer: (name, cells) =>
      `${name}: ${plural(cells, { one: "eine weiße Zelle", other: `${cells} weiße Zellen` })}. Bild mit Rahmen.`,
    viewerKeys:
      "Pfeiltasten gehen von Zelle zu Zelle, Ziffern korrigieren die Klasse, die Rücktaste nimmt eine Korrektur zurück. Plus und Minus vergrößern und verkleinern, Umschalt mit einer Pfeiltaste verschiebt das Bild, F zeigt es ganz.",
    zoomIn: "Vergrößern",
    zoomOut: "Verkleinern",
    fit: "Das ganze Bild zeigen",
    intake: {
      nothing: (leftOut) =>
        leftOut > 0
          ? `Es ist kein Bild darin; ${plural(leftOut, { one: "eine andere Datei wurde", other: `${leftOut} andere Dateien wurden` })} ausgelassen.`
          : "Es ist kein Bild darin: Legen Sie Dateien ab oder fügen Sie sie ein, oder kopieren Sie das Bild selbst und nicht seine Adresse.",
      leftOut: (pictures, leftOut) =>
        `${plural(pictures, { one: "Ein Bild wurde", other: `${pictures} Bilder wurden` })} übernommen, ${plural(leftOut, { one: "eine Datei, die kein Bild ist, wurde", other: `${leftOut} Dateien, die keine Bilder sind, wurden` })} ausgelassen.`,
      unreadable:
        "Nicht alles ließ sich lesen: Eine Datei oder ein Ordner wurde verschoben oder gesperrt. Wählen Sie noch einmal.",
      foreign: (host) =>
        `Diese Seite lädt nichts von anderen Servern, damit auch nichts hinausgeht: Speichern Sie das Bild von ${host} und legen Sie es hier ab.`,
      unreachable: (address) => `Unter ${address} ist kein Bild: Prüfen Sie die Adresse.`,
      archive: {
        damaged: (name) =>
          `${name} lässt sich nicht entpacken: Es ist beschädigt, verschlüsselt oder kein Zip-Archiv. Entpacken Sie es selbst und legen Sie den Ordner ab.`,
        tooLarge: (name) =>
          `${name} entpackt sich zu mehr, als Bilder je brauchen, und wurde angehalten. Entpacken Sie es selbst und legen Sie den Ordner ab.`,
      },
      model: (name) => `Jetzt wird mit ${name} klassifiziert.`,
      badModel: (name, reason) => `${name} wird nicht benutzt: ${reason}`,
    },
    differential: {
      title: "Differentialblutbild",
      all: "Alle Bilder",
      one: "Dieses Bild",
      scope: "Was gezählt wird",
      class: "Klasse",
      number: "Anzahl",
      share: "Anteil",
      interval: "95-%-Intervall",
      reference: "Referenz",
      range: (low, high) => `${low}\u2013${high}\u00a0%`,
      total: (cells) => `Gezählte weiße Zellen: ${cells}`,
      others: "gesondert gezählt",
      unsure: "Unsicher, nicht gezählt",
      corrected: "Von Ihnen korrigiert",
      tooFew: "Unter 100 Zellen sollte nichts an den Referenzbereichen gemessen werden.",
      low: "darunter",
      high: "darüber",
      source:
        "Referenzbereiche für Erwachsene, nach MedlinePlus. Die Bereiche unterscheiden sich je nach Labor.",
    },
    gallery: {
      title: "Zellen",
      order: "Reihenfolge",
      orders: { doubt: "Zweifelhafte zuerst", class: "Nach Klasse", picture: "Nach Bild" },
      filter: "Klasse",
      everything: "Alle Klassen",
      keys: "Pfeiltasten wählen eine Zelle, Ziffern korrigieren sie, 0: keine weiße Zelle, Rücktaste: wie das Modell sagte.",
      cell: (label, percent, picture) => `${label}, ${percent}, ${picture}`,
      doubtful: "unsicher",
      corrected: "von Ihnen korrigiert",
      none: "Keine Zelle dieser Art.",
    },
    pictures: {
      title: "Bilder",
      waiting: "wartet",
      cells: (count) => plural(count, { one: "1 Zelle", other: `${count} Zellen` }),
      drawn: "gezeichnet",
      remove: (name) => `${name} entfernen`,
    },
    toolbar: {
      undo: "Rückgängig",
      redo: "Wiederholen",
      export: "Ausgeben",
      csv: "Tabelle (CSV)",
      json: "Daten (JSON)",
      png: "Beschriftetes Bild (PNG)",
      print: "Drucken",
      save: "Sitzung speichern",
      clear: "Leeren",
      clearQuestion: "Alles leeren?",
      clearDetail: (pictures) =>
        `${plural(pictures, { one: "Das Bild", other: `${pictures} Bilder` })} und alle Korrekturen werden vergessen, auch auf diesem Gerät. Das lässt sich nicht rückgängig machen.`,
      cancel: "Abbrechen",
      again: "Noch einmal versuchen",
      pause: "Anhalten",
      resume: "Weiter",
      stop: "Beenden",
      progress: (done, total) => `${done} von ${total}`,
      left: (time) => `noch ${time}`,
      seconds: (count) => `${count} s`,
      minutes: (count) => `${count} min`,
      paused: "angehalten",
      finished: (pictures, cells, failed) =>
        `Fertig: ${plural(cells, { one: "eine weiße Zelle", other: `${cells} weiße Zellen` })} in ${plural(pictures, { one: "einem Bild", other: `${pictures} Bildern` })}${failed > 0 ? `; ${failed} nicht lesbar` : ""}.`,
      exportFailed: "Dieses Bild lässt sich hier nicht zeichnen: Geben Sie die Tabelle oder die Daten aus.",
    },
    autosave: {
      full: "Dieser Browser hat keinen Platz, so viele Bilder bis zum nächsten Besuch zu behalten: Speichern Sie die Sitzung in eine Datei.",
      blocked:
        "Dieser Browser behält hier nichts (ein privates Fenster?): Speichern Sie die Sitzung in eine Datei, bevor Sie gehen.",
      elsewhere:
        "Leukolens ist in einem anderen Tab offen, der seine eigenen Bilder behält: Speichern Sie diese Sitzung in eine Datei, bevor Sie gehen.",
    },
    session: {
      opened: (name, pictures) =>
        `${name} wurde geöffnet: ${plural(pictures, { one: "ein Bild", other: `${pictures} Bilder` })}.`,
      notSaved:
        "Die Sitzung lässt sich nicht speichern: Ein Bild wurde seit der Auswahl verschoben oder geändert. Entfernen Sie es und speichern Sie noch einmal.",
      wrong: (name) =>
        `${name} ist keine Sitzung, die diese Seite öffnen kann: Sie ist beschädigt oder von einer neueren Version.`,
    },
  },
};
