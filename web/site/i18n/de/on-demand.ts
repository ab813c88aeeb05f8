import type { OnDemandWords } from "../en/on-demand.js";
import { pluralOf } from "../grammar.js";

const plural = pluralOf("de");

const atlas: OnDemandWords["atlas"] = {
  title: "Atlas",
  intro:
    "Woran man die Zellen in einem nach May-Grünwald-Giemsa gefärbten Ausstrich unterscheidet. Zeichnungen, keine Fotos.",
  drawingOf: (cell) => `Zeichnung: ${cell} neben Erythrozyten, mit nummerierten Merkmalen`,
  scale: (least, most) => `${least} bis ${most} µm breit. Die Erythrozyten daneben sind 7,5 µm breit.`,
  signs: "Darauf achten",
  confusions: "Leicht zu verwechseln mit",
  sources: "Quellen",
  source: (number) => `Quelle ${number}`,
  contents: {
    byClass: "Nach Klasse",
    bySign: "Nach Merkmal",
    topics: {
      size: "Größe",
      nucleus: "Kern",
      chromatin: "Chromatin",
      cytoplasm: "Zytoplasma",
      granules: "Granula",
    },
    size: (least, most) => `${least} bis ${most} µm`,
  },
  beside: { close: "Schließen", choose: "Klasse im Atlas" },
  cells: {
    neutrophil: {
      signs: [
        "Zwei bis fünf Segmente, durch dünne Fäden verbunden.",
        "Chromatin in groben, dunklen Schollen.",
        "Blassrosa Zytoplasma mit feinen, fliederfarbenen Granula, die einzeln kaum zu erkennen sind.",
        "Ist der Kern ein Band ohne Fäden, handelt es sich um einen Stabkernigen; er zählt zu den Neutrophilen.",
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
        "Die Granula sind wasserlöslich: Beim Färben können sich einige lösen und helle Lücken hinterlassen.",
      ],
      confusions: {
        neutrophil: "Wie kräftig seine Granula auch sind, die Segmente bleiben gut zu sehen.",
        lymphocyte: "Ein kleiner, dunkler Lymphozyt hat einen glatten, klaren Saum ohne Granula.",
      },
    },
    lymphocyte: {
      signs: [
        "Ein runder oder leicht eingedellter Kern, der die Zelle fast ausfüllt.",
        "Dichtes Chromatin in großen, glatten Schollen, die ineinander übergehen.",
        "Ein schmaler Saum klaren, himmelblauen Zytoplasmas.",
        "Größere Lymphozyten, bis 16 µm, haben mehr Zytoplasma, manche davon einige rotviolette Granula.",
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
        "Viel graublaues Zytoplasma, trüb wie Milchglas, mit sehr feinen, staubartigen Granula.",
        "Oft Vakuolen, wie kleine Blasen.",
      ],
      confusions: {
        lymphocyte:
          "Ein großer Lymphozyt hat klares blaues Zytoplasma, das von den Erythrozyten ringsum eingedellt wird, und scholliges Chromatin.",
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
        "Viel kleiner als ein Erythrozyt; ein größerer heißt Riesenthrombozyt.",
        "Oft hängen mehrere zusammen.",
      ],
      confusions: {
        lymphocyte:
          "So klein ein Lymphozyt auch ist, er hat einen scharf begrenzten Kern. Ein Riesenthrombozyt hat nur Granula.",
        erythroblast:
          "Ein Thrombozyt auf einem Erythrozyten ähnelt einem Erythroblasten, aber ein heller Hof verrät ihn.",
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
  looking: "Wird analysiert …",
  none: "Keine bekannte weiße Zelle im Bild",
  unsure: (cell, percent) => `Möglicherweise ${cell}, ${percent}`,
  sure: (cell, percent) => `${cell}, ${percent}`,
  retry: "Erneut versuchen",
  errors: {
    insecure:
      "Die Kamera funktioniert nur auf einer sicheren Seite. Öffnen Sie diese Seite über https oder auf localhost.",
    refused:
      "Der Zugriff auf die Kamera wurde verweigert. Erlauben Sie ihn dieser Seite in der Adressleiste des Browsers und versuchen Sie es erneut.",
    missing: "Es wurde keine Kamera gefunden. Schließen Sie eine an und versuchen Sie es erneut.",
    busy: "Die Kamera ließ sich nicht starten. Schließen Sie andere Programme, die sie verwenden, und versuchen Sie es erneut.",
    lost: "Die Kamera wurde getrennt. Schließen Sie sie wieder an und versuchen Sie es erneut.",
    other: (reason) =>
      `Die Kamera ließ sich nicht starten (${reason}). Versuchen Sie es erneut oder wählen Sie stattdessen ein Bild.`,
  },
};

const model: OnDemandWords["model"] = {
  title: "Modelle",
  intro: "Was jedes Modell erkennt, wie gut es ist und wie zwei Modelle im Vergleich abschneiden.",
  shipped: {
    flagship: "Findet und klassifiziert jede Zelle: acht Klassen",
    article: "Das Netz eines veröffentlichten Artikels, zum Vergleich: vier Klassen",
  },
  own: (file) => `Von Ihnen geöffnet: ${file}`,
  choose: "Modell",
  open: "Modelldatei öffnen",
  openHint:
    "Eine .safetensors-Datei von leukolens-train. Ziehen Sie sie auf diese Seite; sie bleibt auf diesem Gerät.",
  loading: (model) => `${model} wird geladen …`,
  opened: (model) => `${model} ist geöffnet.`,
  refused: (file) => `${file} kann nicht als Modell verwendet werden`,
  wrongFile: (file) =>
    `${file} ist keine .safetensors-Datei. Wählen Sie eine, die leukolens-train erzeugt hat oder die als Modell heruntergeladen wurde.`,
  tooLarge: (file, most) =>
    `${file} ist größer als ${most} MB, viel zu groß für ein Modell dieser Art. Wählen Sie eine andere Datei.`,
  nothingDropped:
    "Es wurde keine Datei abgelegt. Speichern Sie das Modell zuerst auf diesem Gerät und legen Sie dann die Datei ab.",
  forget: (model) => `${model} aus dieser Liste entfernen`,
  use: "Dieses Modell verwenden",
  inUse: "In Verwendung",
  details: {
    title: "Modelldetails",
    classes: "Klassen",
    input: "Eingabe",
    ofCell: (width, height) => `${width} × ${height} px, die gefundene Zelle`,
    ofWhole: (width, height) => `${width} × ${height} px, das ganze Bild`,
    parameters: "Parameter",
    macs: "Multiplikations-Additionen je Zelle",
    millions: (number) => `${number} Millionen`,
    testTimeAugmentation: "Test-Time-Augmentation",
    whereCloserThan: (margin) =>
      `vier Drehungen, wo die beiden größten Logits um weniger als ${margin} auseinanderliegen`,
    calibration: "Kalibrierung",
    temperature: (value) => `Temperatur ${value}`,
    unsureBelow: "Unsicher unter einer Konfidenz von",
    rejectedBelow: "Abgelehnt unter einer Konfidenz von",
    atypicalBelow: "Abgelehnt unter einer Typikalität von",
    never: "nie",
    training: "Training",
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
      threads: "Threads",
      seconds: "Dauer in Sekunden",
      machine: "Rechner",
      versions: "Versionen",
      trainer: "Trainer",
      commit: "Commit",
      dataSha256: "SHA-256 der Datenliste",
    },
  },
  report: {
    title: "Leistung",
    missing:
      "Zu diesem Modell gehört kein Bericht, seine Leistung ist daher unbekannt. leukolens-train evaluate erstellt einen.",
    failed: "Der Bericht konnte nicht geladen werden. Prüfen Sie die Verbindung und laden Sie die Seite neu.",
    before: "Bitte lesen, bevor Sie die Zahlen verwenden",
    original: "Aus dem Bericht, auf Englisch:",
    accuracy: "Genauigkeit",
    macroF1: "Makro-F1",
    macroRecall: "Makro-Sensitivität",
    macroAuc: "Makro-AUC",
    loss: "Verlust",
    brier: "Brier-Score",
    ece: "Kalibrierungsfehler (ECE)",
    interval: (low, high) => `${low} bis ${high}`,
    right: (right, all) => `${right} von ${all} richtig`,
    perSource: "Nach Datenquelle",
    source: "Quelle",
    perClass: "Nach Klasse, mit 95-%-Wilson-Intervallen",
    class: "Klasse",
    images: "Bilder",
    precision: "Präzision",
    recall: "Sensitivität",
    interval95: "95\u00a0%",
    f1: "F1",
    auc: "AUC",
    confusion:
      "Konfusionsmatrix: Jede Zeile zeigt, wie die Bilder einer tatsächlichen Klasse klassifiziert wurden",
    actual: "Tatsächlich ↓ vorhergesagt →",
    confused: (count, actual, predicted) =>
      plural(count, {
        one: `1 Bild von ${actual}, klassifiziert als ${predicted}`,
        other: `# Bilder von ${actual}, klassifiziert als ${predicted}`,
      }),
    notFound: "nicht gefunden",
    missed: (count, actual) =>
      plural(count, {
        one: `1 Bild von ${actual}, dessen Zelle nicht gefunden wurde`,
        other: `# Bilder von ${actual}, deren Zellen nicht gefunden wurden`,
      }),
    reliability: "Zuverlässigkeit: Genauigkeit gegen Konfidenz",
    reliabilityHint:
      "Auf der gestrichelten Linie ist das Modell gut kalibriert, darüber zu unsicher, darunter zu selbstsicher.",
    roc: "ROC: jede Klasse gegen alle anderen",
    learning: "Lernkurven",
    keptEpoch: "beibehaltene Epoche",
    confidence: "Konfidenz",
    falsePositives: "Falsch-positiv-Rate",
    truePositives: "Richtig-positiv-Rate",
    epoch: "Epoche",
    run: "Lauf",
    trainingOf: "Training",
    validationOf: "Validierung",
    asTable: "Als Tabelle anzeigen",
    loading: "Der Bericht wird geladen …",
  },
  compare: {
    title: "Zwei Modelle vergleichen",
    intro: "Beide klassifizieren dieselben Bilder: gezeichnete Beispiele und alle, die Sie hinzufügen.",
    first: "Erstes Modell",
    second: "Zweites Modell",
    run: "Vergleichen",
    running: (done, all) => `Vergleich: ${done} von ${all}`,
    stop: "Anhalten",
    add: "Bilder hinzufügen",
    clear: "Meine Bilder entfernen",
    image: "Bild",
    drawn: (cell) => `gezeichnet: ${cell}`,
    agree: "gleiche Antwort",
    differ: "verschiedene Antworten",
    agreed: (same, all, percent) => `Gleiche Antwort bei ${same} von ${all} Bildern (${percent}).`,
    onlyDifferent: "Nur Unterschiede anzeigen",
    noneDiffers: "Die Modelle stimmen bei jedem Bild überein.",
    rejected: "abgelehnt",
    unsure: "unsicher",
    answers: "Antworten im Vergleich: Zeilen für das erste Modell, Spalten für das zweite",
    speed: "Geschwindigkeit auf diesem Gerät",
    measured: "Messung",
    meanTime: "Mittlere Zeit je Bild",
    inference: "Nur Inferenz, Median",
    slowest: "Nur Inferenz, 95. Perzentil",
    build: "Engine",
    builds: { simd: "WebAssembly, 128-Bit-SIMD", relaxed: "WebAssembly, Relaxed SIMD" },
    benchmark: "Geschwindigkeit messen",
    measuring: "Messung läuft …",
    milliseconds: (value) => `${value} ms`,
    failed: "nicht lesbar",
    same: "Wählen Sie zwei verschiedene Modelle: Mit sich selbst stimmt jedes Modell überein.",
  },
};

export const de: OnDemandWords = { atlas, camera, model };
