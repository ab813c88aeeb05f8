import type { OnDemandWords } from "../en/on-demand.js";

const atlas: OnDemandWords["atlas"] = {
  title: "Atlas",
  intro:
    "Woran man die Zellen im Ausstrich nach May-Grünwald und Giemsa unterscheidet. Gezeichnet, nicht fotografiert.",
  drawingOf: (cell) => `Zeichnung der Zelle neben Erythrozyten: ${cell}. Die Merkmale sind nummeriert.`,
  scale: (least, most) => `${least} bis ${most} µm breit. Die Erythrozyten daneben messen 7,5 µm.`,
  signs: "Darauf achten",
  confusions: "Leicht zu verwechseln mit",
  sources: "Quellen",
  source: (number) => `Quelle ${number}`,
  cells: {
    neutrophil: {
      signs: [
        "Zwei bis fünf Segmente, durch dünne Fäden verbunden.",
        "Chromatin in groben, dunklen Schollen.",
        "Blassrosa Zytoplasma mit feinen, fliederfarbenen Granula, die einzeln kaum zu erkennen sind.",
        "Ist der Kern ein Band ohne Fäden, so ist es ein Stabkerniger: Er zählt zu den Neutrophilen.",
      ],
      confusions: {
        eosinophil: "Seine Granula sind groß, rund und orange, und meist hat er nur zwei Segmente.",
        ig: "Sein Kern ist rund, oval oder nur eingedellt, sein Zytoplasma noch bläulich.",
      },
    },
    eosinophil: {
      signs: [
        "Große runde Granula, alle gleich groß, orange bis rot; sie füllen das Zytoplasma.",
        "Die Granula brechen das Licht: Sie glitzern, wenn man durchfokussiert.",
        "Meist zwei Segmente, selten drei; die Granula lassen sie frei.",
      ],
      confusions: {
        neutrophil:
          "Seine Granula sind fein und fliederfarben, keines sticht hervor; oft hat er mehr als zwei Segmente.",
        basophil: "Seine Granula sind schwarzviolett, ungleich groß und liegen auch über dem Kern.",
      },
    },
    basophil: {
      signs: [
        "Grobe, ungleich große Granula, violett bis schwarz.",
        "Sie liegen auch über dem Kern und verwischen seinen Umriss.",
        "Beim Färben lösen sich manche in Wasser und hinterlassen helle Lücken.",
      ],
      confusions: {
        neutrophil: "Wie kräftig seine Granula auch sind, die Segmente bleiben gut zu sehen.",
        lymphocyte: "Ein kleiner dunkler hat einen glatten, klaren Saum ohne Granula.",
      },
    },
    lymphocyte: {
      signs: [
        "Ein runder oder leicht eingedellter Kern, der die Zelle fast ausfüllt.",
        "Dichtes Chromatin in großen, glatten Schollen, die ineinander übergehen.",
        "Ein schmaler Saum klaren, himmelblauen Zytoplasmas.",
        "Größere, bis 16 µm, haben mehr Zytoplasma, manche davon einige rotviolette Granula.",
      ],
      confusions: {
        erythroblast: "Sein Kern ist schwärzer und kreisrund, sein Zytoplasma grau oder rosa.",
        monocyte:
          "Er ist größer, mit gefaltetem Kern, aufgelockertem Chromatin und mattem, graublauem Zytoplasma.",
      },
    },
    monocyte: {
      signs: [
        "Der Kern ist gefaltet: wie eine Niere, ein Hufeisen oder ein Kleeblatt.",
        "Feines, netzartiges Chromatin, heller als bei den anderen Zellen.",
        "Viel graublaues Zytoplasma, trüb wie Milchglas, mit feinstem Staub darin.",
        "Oft Vakuolen, wie kleine Blasen.",
      ],
      confusions: {
        lymphocyte:
          "Ein großer hat klares blaues Zytoplasma, das den Erythrozyten ringsum ausweicht, und scholliges Chromatin.",
        ig: "Seine Granula sind deutlich, sein Chromatin ist gröber, der Rand seines Kerns glatt.",
      },
    },
    ig: {
      signs: [
        "Myelozyt: ein runder oder ovaler Kern am Rand der Zelle, ohne Nukleolus.",
        "Metamyelozyt: Der Kern ist nierenförmig eingedellt, aber noch kein Band.",
        "Deutliche violette Granula; das Zytoplasma wird mit der Reifung von Blau zu Rosa.",
        "Promyelozyten, Myelozyten und Metamyelozyten sind hier eine Klasse; Stabkernige zählen zu den Neutrophilen.",
      ],
      confusions: {
        monocyte:
          "Sein Kern ist mehrfach gefaltet, sein Chromatin netzartig, sein Zytoplasma graublau und trüb.",
        neutrophil: "Der Kern eines Stabkernigen ist ein gleichmäßig breites Band, sein Zytoplasma rosa.",
      },
    },
    erythroblast: {
      signs: [
        "Ein kleiner, kreisrunder Kern mit scharfem Rand.",
        "Fast schwarzes Chromatin, wie ein Tintentropfen; bei jüngeren in Schollen wie die Speichen eines Rades.",
        "Graurosa bis rosa Zytoplasma, dem der Erythrozyten ähnlich, ohne Granula.",
        "Er ist kein Leukozyt: Er wird gesondert gezählt, je 100 Leukozyten.",
      ],
      confusions: {
        lymphocyte: "Sein Kern ist weniger schwarz und füllt die Zelle fast aus; sein Saum ist himmelblau.",
      },
    },
    platelet: {
      signs: [
        "Kein Kern.",
        "Violette Granula drängen sich in der Mitte eines hellen Saums.",
        "Viel kleiner als ein Erythrozyt; ist er größer, so heißt er Riesenthrombozyt.",
        "Oft hängen mehrere zusammen.",
      ],
      confusions: {
        lymphocyte:
          "So klein er auch ist, er hat einen scharf begrenzten Kern. Ein Riesenthrombozyt hat nur Granula.",
        erythroblast:
          "Ein Thrombozyt, der auf einem Erythrozyten liegt, sieht ihm ähnlich: Ein heller Hof verrät ihn.",
      },
    },
  },
};

const camera: OnDemandWords["camera"] = {
  title: "Kamera",
  intro: "Halten Sie die Kamera ans Okular oder wählen Sie die Kamera des Mikroskops.",
  live: "Livebild der Kamera",
  starting: "Warten auf die Kamera …",
  choose: "Kamera",
  numbered: (number) => `Kamera ${number}`,
  take: "Bild aufnehmen",
  close: "Kamera schließen",
  torch: "Licht",
  space: "oder Leertaste drücken",
  looking: "Wird betrachtet …",
  none: "Keine bekannte weiße Blutzelle zu sehen",
  unsure: (cell, percent) => `Vielleicht ${cell}, ${percent}`,
  sure: (cell, percent) => `${cell}, ${percent}`,
  retry: "Erneut versuchen",
  errors: {
    insecure:
      "Die Kamera funktioniert nur auf einer sicheren Seite: Öffnen Sie diese über https oder auf localhost.",
    refused:
      "Die Kamera wurde nicht freigegeben: Erlauben Sie sie dieser Seite in der Adressleiste des Browsers und versuchen Sie es erneut.",
    missing: "Es wurde keine Kamera gefunden: Schließen Sie eine an und versuchen Sie es erneut.",
    busy: "Die Kamera ließ sich nicht starten: Schließen Sie andere Programme, die sie benutzen, und versuchen Sie es erneut.",
    lost: "Die Kamera ist nicht mehr da: Schließen Sie sie wieder an und versuchen Sie es erneut.",
    other: (reason) =>
      `Die Kamera ließ sich nicht starten (${reason}): Versuchen Sie es erneut oder wählen Sie stattdessen ein Bild.`,
  },
};

const model: OnDemandWords["model"] = {
  title: "Modelle",
  intro: "Was jedes Modell kennt, wie gut es gemessen wurde und worin sich zwei unterscheiden.",
  shipped: {
    flagship: "Findet die Zelle und benennt sie: acht Klassen",
    article: "Das Netz eines veröffentlichten Artikels, als Maßstab: vier Klassen",
  },
  own: (file) => `Von Ihnen geöffnet: ${file}`,
  choose: "Modell",
  open: "Modelldatei öffnen",
  openHint:
    "Eine .safetensors-Datei von leukolens-train. Ziehen Sie sie auf diese Seite; sie bleibt auf diesem Gerät.",
  loading: (model) => `${model} wird geladen …`,
  opened: (model) => `${model} ist geöffnet.`,
  refused: (file) => `${file} ist kein Modell, das hier verwendbar ist`,
  wrongFile: (file) =>
    `${file} ist keine .safetensors-Datei: Wählen Sie eine, die leukolens-train erzeugt hat oder die als Modell heruntergeladen wurde.`,
  tooLarge: (file, most) =>
    `${file} ist größer als ${most} MB, so groß ist kein Modell dieser Art: Wählen Sie eine andere Datei.`,
  nothingDropped:
    "Es kam keine Datei an: Speichern Sie das Modell zuerst und ziehen Sie dann die Datei hierher.",
  forget: (model) => `${model} aus dieser Liste entfernen`,
  use: "Dieses Modell für Bilder verwenden",
  inUse: "Für Bilder in Verwendung",
  details: {
    title: "Was es ist",
    classes: "Klassen",
    input: "Eingabe",
    ofCell: (width, height) => `${width} × ${height} px, die gefundene Zelle`,
    ofWhole: (width, height) => `${width} × ${height} px, das ganze Bild`,
    parameters: "Parameter",
    macs: "Multiplikationen je Zelle",
    millions: (number) => `${number} Millionen`,
    testTimeAugmentation: "Zweiter Blick",
    whereCloserThan: (margin) => `von vier Seiten, wo zwei Logits um weniger als ${margin} auseinanderliegen`,
    calibration: "Kalibrierung",
    temperature: (value) => `Temperatur ${value}`,
    unsureBelow: "Unsicher unter",
    rejectedBelow: "Abgelehnt unter",
    atypicalBelow: "Abgelehnt unter einer Vertrautheit von",
    never: "nie",
    training: "Wie es trainiert wurde",
    layers: "Schichten",
    layer: "Schicht",
    kind: "Art",
    settings: "Einstellungen",
    command: "Befehl",
    recipe: "Rezept",
    trained: {
      date: "Datum",
      data: "Daten",
      images: "Bilder",
      trainingImages: "Trainingsbilder",
      validationImages: "Validierungsbilder",
      seed: "Startwert",
      seconds: "Sekunden",
      machine: "Rechner",
      versions: "Versionen",
      trainer: "Trainer",
      commit: "Commit",
      dataSha256: "SHA-256 der Datenliste",
    },
  },
  report: {
    title: "Wie gut es ist",
    missing:
      "Zu diesem Modell gehört kein Bericht; wie gut es ist, ist daher nicht bekannt. leukolens-train evaluate erstellt einen.",
    failed: "Der Bericht konnte nicht geladen werden: Prüfen Sie die Verbindung und laden Sie die Seite neu.",
    before: "Bevor Sie den Zahlen trauen",
    original: "Im Wortlaut des Berichts, auf Englisch:",
    accuracy: "Genauigkeit",
    macroF1: "Makro-F1",
    macroRecall: "Makro-Sensitivität",
    macroAuc: "Makro-AUC",
    loss: "Verlust",
    brier: "Brier-Score",
    ece: "Kalibrierungsfehler (ECE)",
    interval: (low, high) => `${low} bis ${high}`,
    right: (right, all) => `${right} von ${all} richtig`,
    perSource: "Jede Quelle für sich",
    source: "Quelle",
    perClass: "Jede Klasse, mit 95-%-Intervallen nach Wilson",
    class: "Klasse",
    images: "Bilder",
    precision: "Präzision",
    recall: "Sensitivität",
    f1: "F1",
    auc: "AUC",
    confusion: "Konfusionsmatrix: je tatsächlicher Klasse eine Zeile, darin der Anteil jeder Antwort",
    actual: "Tatsächlich ↓ Antwort →",
    confused: (images, actual, answer) => `${images} Bilder von ${actual}, Antwort ${answer}`,
    reliability: "Verlässlichkeit: wie oft richtig, je nachdem, wie sicher",
    reliabilityHint:
      "Auf der gestrichelten Linie hält es, was es verspricht; darüber verspricht es zu wenig, darunter zu viel.",
    roc: "ROC: jede Klasse gegen alle anderen",
    learning: "Lernkurven",
    learningHint:
      "Durchgezogen: Training. Gestrichelt: Validierung. Senkrechte Linien: die behaltenen Epochen.",
    confidence: "Konfidenz",
    falsePositives: "Falsch-positiv-Rate",
    truePositives: "Richtig-positiv-Rate",
    epoch: "Epoche",
    fold: "Lauf",
    trainingOf: "Training",
    validationOf: "Validierung",
    asTable: "Dasselbe als Tabelle",
    drawing: "Die Kurven werden gezeichnet …",
  },
  compare: {
    title: "Zwei Modelle, dieselben Bilder",
    intro: "Zu Beginn gezeichnete Beispiele; fügen Sie eigene Bilder hinzu.",
    first: "Erstes Modell",
    second: "Zweites Modell",
    run: "Vergleichen",
    running: (done, all) => `Vergleich: ${done} von ${all}`,
    stop: "Anhalten",
    add: "Bilder hinzufügen",
    clear: "Meine Bilder entfernen",
    picture: "Bild",
    drawn: (cell) => `gezeichnet: ${cell}`,
    agree: "gleiche Antwort",
    differ: "verschiedene Antworten",
    agreed: (same, all, percent) => `Gleiche Antwort bei ${same} von ${all} Bildern (${percent}).`,
    onlyDifferent: "Nur zeigen, wo sie sich unterscheiden",
    noneDiffers: "Sie beantworten jedes Bild gleich.",
    rejected: "abgelehnt",
    unsure: "unsicher",
    answers: "Wie die Antworten zusammenfallen: Zeilen für das erste Modell, Spalten für das zweite",
    speed: "Geschwindigkeit auf diesem Gerät",
    measured: "Gemessen",
    meanTime: "Mittlere Zeit für ein Bild",
    inference: "Nur das Netz, Median",
    slowest: "95. Perzentil",
    build: "Engine",
    builds: { simd: "WebAssembly, 128-Bit-SIMD", relaxed: "WebAssembly, Relaxed SIMD" },
    benchmark: "Geschwindigkeit messen",
    measuring: "Messung läuft …",
    milliseconds: (value) => `${value} ms`,
    failed: "nicht lesbar",
    same: "Wählen Sie zwei verschiedene Modelle: Mit sich selbst stimmt jedes überein.",
  },
};

export const de: OnDemandWords = { atlas, camera, model };
