// What the atlas, the camera and the model page say, fetched with the first of them.
const atlas = {
  title: "Atlas",
  intro:
    "How to tell the cells apart, in a smear stained after May-Grünwald and Giemsa. Drawn, not photographed.",
  drawingOf: (cell: string) => `Drawing of this cell beside red cells: ${cell}. Its signs are numbered.`,
  scale: (least: string, most: string) =>
    `${least} to ${most} µm wide. The red cells beside it measure 7.5 µm.`,
  signs: "What to look for",
  confusions: "Easily taken for",
  sources: "Sources",
  source: (number: number) => `Source ${number}`,
  cells: {
    neutrophil: {
      signs: [
        "Two to five lobes, joined by thin threads.",
        "Chromatin in coarse, dark clumps.",
        "Pale pink cytoplasm, dusted with fine lilac granules that can hardly be made out one by one.",
        "A nucleus like a ribbon, without threads, makes it a band: it is counted with the neutrophils.",
      ],
      confusions: {
        eosinophil: "Its granules are large, round and orange, and it mostly has just two lobes.",
        ig: "Its nucleus is round, oval or only dented, and its cytoplasm is still bluish.",
      },
    },
    eosinophil: {
      signs: [
        "Large round granules, all of one size, orange to red; they fill the cytoplasm.",
        "The granules bend light: they glint as the focus moves through them.",
        "Mostly two lobes, seldom three; the granules leave them free.",
      ],
      confusions: {
        neutrophil: "Its granules are fine and lilac; none stands out, and it often has more than two lobes.",
        basophil: "Its granules are purple-black, of unequal size, and lie over the nucleus too.",
      },
    },
    basophil: {
      signs: [
        "Coarse granules of unequal size, purple to black.",
        "They lie over the nucleus too, and blur its outline.",
        "Staining in water may dissolve some of them and leave pale gaps.",
      ],
      confusions: {
        neutrophil: "However heavy its granules, its lobes stay plain to see.",
        lymphocyte: "A small dark one has a smooth, clear rim without granules.",
      },
    },
    lymphocyte: {
      signs: [
        "One round or slightly dented nucleus that nearly fills the cell.",
        "Dense chromatin in large, smooth blocks that run into one another.",
        "A thin rim of clear, sky-blue cytoplasm.",
        "Larger ones, up to 16 µm, have more cytoplasm, some of them with a few red-purple granules.",
      ],
      confusions: {
        erythroblast: "Its nucleus is blacker and perfectly round, its cytoplasm grey or pink.",
        monocyte: "It is larger, with a folded nucleus, lacy chromatin and dull grey-blue cytoplasm.",
      },
    },
    monocyte: {
      signs: [
        "The nucleus is folded: like a kidney, a horseshoe or a clover leaf.",
        "Fine, lacy chromatin, paler than in the other cells.",
        "Plenty of grey-blue cytoplasm, cloudy as ground glass, with the finest of dust in it.",
        "Often vacuoles, like small bubbles.",
      ],
      confusions: {
        lymphocyte:
          "A large one has clear blue cytoplasm, which yields to the red cells around it, and chromatin in blocks.",
        ig: "Its granules are distinct, its chromatin coarser, the edge of its nucleus smooth.",
      },
    },
    ig: {
      signs: [
        "Myelocyte: a round or oval nucleus to one side, without a nucleolus.",
        "Metamyelocyte: the nucleus is dented like a kidney, but not yet a ribbon.",
        "Distinct purple granules, in cytoplasm that turns from blue to pink as the cell matures.",
        "Promyelocytes, myelocytes and metamyelocytes are one class here; bands are counted with the neutrophils.",
      ],
      confusions: {
        monocyte:
          "Its nucleus is folded more than once, its chromatin lacy, its cytoplasm grey-blue and cloudy.",
        neutrophil: "A band's nucleus is a ribbon of even width, and its cytoplasm pink.",
      },
    },
    erythroblast: {
      signs: [
        "A small, perfectly round nucleus with a sharp edge.",
        "Chromatin nearly black, like a drop of ink; in younger ones in blocks like the spokes of a wheel.",
        "Grey-pink to pink cytoplasm, close to that of the red cells, and no granules.",
        "It is no leukocyte: it is counted apart, for every 100 leukocytes.",
      ],
      confusions: {
        lymphocyte: "Its nucleus is less black and nearly fills the cell, and its thin rim is sky blue.",
      },
    },
    platelet: {
      signs: [
        "No nucleus.",
        "Purple granules crowd in the middle of a pale rim.",
        "Much smaller than a red cell; one that is larger is called giant.",
        "Often several cling together.",
      ],
      confusions: {
        lymphocyte: "However small, it has a nucleus with a sharp edge. A giant platelet has only granules.",
        erythroblast: "A platelet on top of a red cell resembles one: a bright ring around it gives it away.",
      },
    },
  } as Readonly<Record<string, AtlasEntry>>,
};

interface AtlasEntry {
  readonly signs: readonly string[];
  /** By the id of the class that it is taken for: how that one differs. */
  readonly confusions: Readonly<Record<string, string>>;
}

const camera = {
  title: "Camera",
  intro: "Hold the camera to the eyepiece, or choose the microscope's own camera.",
  live: "Live picture of the camera",
  starting: "Waiting for the camera …",
  choose: "Camera",
  numbered: (number: number) => `Camera ${number}`,
  take: "Take the picture",
  close: "Close the camera",
  torch: "Light",
  space: "or press the space bar",
  looking: "Looking …",
  none: "No white cell it knows in sight",
  unsure: (cell: string, percent: string) => `Perhaps ${cell}, ${percent}`,
  sure: (cell: string, percent: string) => `${cell}, ${percent}`,
  retry: "Try again",
  errors: {
    insecure: "The camera works only on a secure page: open this one by https or on localhost.",
    refused: "The camera was refused: allow it for this page in the browser's address bar, then try again.",
    missing: "No camera was found: connect one, then try again.",
    busy: "The camera could not be started: close the other programs that use it, then try again.",
    lost: "The camera is gone: connect it again, then try again.",
    other: (reason: string) =>
      `The camera could not be started (${reason}): try again, or choose a picture instead.`,
  },
};

const model = {
  title: "Models",
  intro: "What each model knows, how well it was measured to do, and how two of them differ.",
  shipped: {
    flagship: "Finds the cell, then names it: eight classes",
    article: "The network of a published article, as a measure: four classes",
  } as Readonly<Record<string, string>>,
  own: (file: string) => `Opened by you: ${file}`,
  choose: "Model",
  open: "Open a model file",
  openHint: "A .safetensors file of leukolens-train. Drop it anywhere on this page; it stays on this device.",
  loading: (model: string) => `Loading ${model} …`,
  opened: (model: string) => `${model} is open.`,
  refused: (file: string) => `${file} is not a model that can be used here`,
  wrongFile: (file: string) =>
    `${file} is no .safetensors file: choose one that leukolens-train or the download of a model has made.`,
  tooLarge: (file: string, most: string) =>
    `${file} is larger than ${most} MB, which no model of this kind is: choose another.`,
  nothingDropped: "No file was dropped: save the model first, then drop the file.",
  forget: (model: string) => `Remove ${model} from this list`,
  use: "Use this model for pictures",
  inUse: "Used for pictures",
  details: {
    title: "What it is",
    classes: "Classes",
    input: "Input",
    ofCell: (width: number, height: number) => `${width} × ${height} px, the cell that was located`,
    ofWhole: (width: number, height: number) => `${width} × ${height} px, the whole picture`,
    parameters: "Parameters",
    macs: "Multiply-adds for a cell",
    millions: (number: string) => `${number} million`,
    testTimeAugmentation: "Second look",
    whereCloserThan: (margin: string) => `from four sides, where two logits differ by less than ${margin}`,
    calibration: "Calibration",
    temperature: (value: string) => `temperature ${value}`,
    unsureBelow: "Unsure below",
    rejectedBelow: "Rejected below",
    atypicalBelow: "Rejected below a typicality of",
    never: "never",
    training: "How it was trained",
    layers: "Layers",
    layer: "Layer",
    kind: "Kind",
    settings: "Settings",
    command: "Command",
    recipe: "Recipe",
    trained: {
      date: "Date",
      data: "Data",
      images: "Images",
      trainingImages: "Training images",
      validationImages: "Validation images",
      seed: "Seed",
      seconds: "Seconds",
      machine: "Machine",
      versions: "Versions",
      trainer: "Trainer",
      commit: "Commit",
      dataSha256: "SHA-256 of the data's list",
    } as Readonly<Record<string, string>>,
  },
  report: {
    title: "How good it is",
    missing:
      "No report comes with this model, so nothing is known of how good it is. leukolens-train evaluate makes one.",
    failed: "The report could not be fetched: check the connection and reload the page.",
    before: "Before you trust the figures",
    original: "In the words of its report, in English:",
    accuracy: "Accuracy",
    macroF1: "Macro F1",
    macroRecall: "Macro recall",
    macroAuc: "Macro AUC",
    loss: "Loss",
    brier: "Brier score",
    ece: "Calibration error (ECE)",
    interval: (low: string, high: string) => `${low} to ${high}`,
    right: (right: string, all: string) => `${right} of ${all} right`,
    perSource: "Each source by itself",
    source: "Source",
    perClass: "Each class, with 95 % intervals after Wilson",
    class: "Class",
    images: "Images",
    precision: "Precision",
    recall: "Recall",
    f1: "F1",
    auc: "AUC",
    confusion: "Confusion matrix: a row for each actual class, the share of it that got each answer",
    actual: "Actual ↓ answer →",
    confused: (images: string, actual: string, answer: string) =>
      `${images} images of ${actual}, answered ${answer}`,
    reliability: "Reliability: how often it is right, against how sure it is",
    reliabilityHint:
      "On the dashed line it keeps its promises; above it, it promises too little, below, too much.",
    roc: "ROC: each class against all others",
    learning: "Learning curves",
    learningHint: "Solid: training. Dashed: validation. Upright lines: the epochs that were kept.",
    confidence: "confidence",
    falsePositives: "false positive rate",
    truePositives: "true positive rate",
    epoch: "epoch",
    fold: "Run",
    trainingOf: "Training",
    validationOf: "Validation",
    asTable: "The same as a table",
    drawing: "Drawing the curves …",
  },
  compare: {
    title: "Two models, the same pictures",
    intro: "Drawn samples to begin with; add your own pictures.",
    first: "First model",
    second: "Second model",
    run: "Compare",
    running: (done: number, all: number) => `Comparing: ${done} of ${all}`,
    stop: "Stop",
    add: "Add pictures",
    clear: "Remove my pictures",
    picture: "Picture",
    drawn: (cell: string) => `drawn: ${cell}`,
    agree: "same answer",
    differ: "different answers",
    agreed: (same: string, all: string, percent: string) =>
      `The same answer for ${same} of ${all} pictures (${percent}).`,
    onlyDifferent: "Show only where they differ",
    noneDiffers: "They answer every picture alike.",
    rejected: "rejected",
    unsure: "unsure",
    answers: "How the answers go together: rows for the first model, columns for the second",
    speed: "Speed on this device",
    measured: "Measured",
    meanTime: "Mean time for a picture",
    inference: "Inference alone, median",
    slowest: "95th percentile",
    build: "Engine",
    builds: { simd: "WebAssembly, 128-bit SIMD", relaxed: "WebAssembly, relaxed SIMD" },
    benchmark: "Measure the speed",
    measuring: "Measuring …",
    milliseconds: (value: string) => `${value} ms`,
    failed: "could not be read",
    same: "Choose two different models: one compared with itself always agrees.",
  },
};

export const en = { atlas, camera, model };

export type OnDemandWords = typeof en;
