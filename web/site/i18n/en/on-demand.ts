// What the atlas, the camera and the model page say, fetched with the first of them.
import { pluralOf } from "../grammar.js";

const plural = pluralOf("en");

const atlas = {
  title: "Atlas",
  intro:
    "How to tell the cells apart in a smear stained with May-Grünwald-Giemsa. Drawings, not photographs.",
  drawingOf: (cell: string) => `Drawing: ${cell} beside red blood cells, with its features numbered`,
  scale: (least: string, most: string) =>
    `${least} to ${most} µm wide. The red cells beside it are 7.5 µm wide.`,
  signs: "What to look for",
  confusions: "Easily mistaken for",
  sources: "Sources",
  source: (number: number) => `Source ${number}`,
  contents: {
    byClass: "By class",
    bySign: "By sign",
    topics: {
      size: "Size",
      nucleus: "Nucleus",
      chromatin: "Chromatin",
      cytoplasm: "Cytoplasm",
      granules: "Granules",
    },
    size: (least: string, most: string) => `${least} to ${most} µm`,
  },
  beside: { close: "Close", choose: "Class of the atlas" },
  cells: {
    neutrophil: {
      signs: [
        "Two to five lobes, joined by thin strands.",
        "Chromatin in coarse, dark clumps.",
        "Pale pink cytoplasm with fine lilac granules that are hard to make out one by one.",
        "If the nucleus is a ribbon without strands, the cell is a band cell, which counts as a neutrophil.",
      ],
      confusions: {
        eosinophil: "Its granules are large, round and orange, and it usually has only two lobes.",
        ig: "Its nucleus is round, oval or just indented, and its cytoplasm is still bluish.",
      },
    },
    eosinophil: {
      signs: [
        "Large, round granules of equal size, orange to red, fill the cytoplasm.",
        "The granules refract light: they glint as you focus through them.",
        "Usually two lobes, rarely three; the granules do not cover them.",
      ],
      confusions: {
        neutrophil: "Its granules are fine and lilac, none stands out, and it often has more than two lobes.",
        basophil: "Its granules are purple-black and of unequal size, and they also cover the nucleus.",
      },
    },
    basophil: {
      signs: [
        "Coarse granules of unequal size, purple to black.",
        "They also cover the nucleus and blur its outline.",
        "The granules are water-soluble: staining may dissolve some and leave pale gaps.",
      ],
      confusions: {
        neutrophil: "However heavy its granules, its lobes remain easy to see.",
        lymphocyte: "A small, dark lymphocyte has a smooth, clear rim without granules.",
      },
    },
    lymphocyte: {
      signs: [
        "One round or slightly indented nucleus that nearly fills the cell.",
        "Dense chromatin in large, smooth blocks that run together.",
        "A thin rim of clear, sky-blue cytoplasm.",
        "Larger lymphocytes, up to 16 µm, have more cytoplasm, some of them with a few red-purple granules.",
      ],
      confusions: {
        erythroblast: "Its nucleus is blacker and perfectly round, and its cytoplasm is grey or pink.",
        monocyte: "It is larger, with a folded nucleus, lacy chromatin and dull grey-blue cytoplasm.",
      },
    },
    monocyte: {
      signs: [
        "The nucleus is folded like a kidney, a horseshoe or a clover leaf.",
        "Fine, lacy chromatin, paler than in the other cells.",
        "Plenty of grey-blue cytoplasm, cloudy as ground glass, with very fine, dust-like granules.",
        "Often vacuoles, which look like small bubbles.",
      ],
      confusions: {
        lymphocyte:
          "A large lymphocyte has clear blue cytoplasm, indented by the red cells around it, and chromatin in blocks.",
        ig: "Its granules are distinct, its chromatin is coarser and the edge of its nucleus is smooth.",
      },
    },
    ig: {
      signs: [
        "Myelocyte: a round or oval nucleus, off centre, without a nucleolus.",
        "Metamyelocyte: a nucleus indented like a kidney, but not yet a ribbon.",
        "Distinct purple granules, in cytoplasm that turns from blue to pink as the cell matures.",
        "Promyelocytes, myelocytes and metamyelocytes form one class here; band cells count as neutrophils.",
      ],
      confusions: {
        monocyte:
          "Its nucleus is folded more than once, its chromatin is lacy and its cytoplasm is cloudy grey-blue.",
        neutrophil: "The nucleus of a band cell is a ribbon of even width, and its cytoplasm is pink.",
      },
    },
    erythroblast: {
      signs: [
        "A small, perfectly round nucleus with a sharp edge.",
        "Nearly black chromatin, like a drop of ink; in younger cells, blocks like the spokes of a wheel.",
        "Grey-pink to pink cytoplasm, close in colour to the red cells, without granules.",
        "It is not a leukocyte: it is counted separately, per 100 leukocytes.",
      ],
      confusions: {
        lymphocyte: "Its nucleus is less black and nearly fills the cell, and its thin rim is sky blue.",
      },
    },
    platelet: {
      signs: [
        "No nucleus.",
        "Purple granules crowd the middle; the rim is pale.",
        "Much smaller than a red cell; one that is larger is called a giant platelet.",
        "Several often clump together.",
      ],
      confusions: {
        lymphocyte:
          "However small, a lymphocyte has a nucleus with a sharp edge. A giant platelet has only granules.",
        erythroblast:
          "A platelet on top of a red cell looks like an erythroblast, but a bright ring around it gives it away.",
      },
    },
  } as Readonly<Record<string, AtlasEntry>>,
};

interface AtlasEntry {
  readonly signs: readonly string[];
  /** By the id of the class that it is mistaken for: how that one differs. */
  readonly confusions: Readonly<Record<string, string>>;
}

const camera = {
  title: "Camera",
  intro: "Hold the camera to the eyepiece, or choose the microscope's own camera.",
  live: "Live image from the camera",
  starting: "Waiting for the camera…",
  choose: "Camera",
  numbered: (number: number) => `Camera ${number}`,
  take: "Take picture",
  close: "Close camera",
  torch: "Light",
  space: "or press the space bar",
  looking: "Analysing…",
  none: "No known white cell in view",
  unsure: (cell: string, percent: string) => `Possibly ${cell}, ${percent}`,
  sure: (cell: string, percent: string) => `${cell}, ${percent}`,
  retry: "Try again",
  errors: {
    insecure: "The camera works only on a secure page. Open this page over https or on localhost.",
    refused:
      "Camera access was refused. Allow it for this page in the browser's address bar, then try again.",
    missing: "No camera was found. Connect one, then try again.",
    busy: "The camera could not be started. Close other programs that use it, then try again.",
    lost: "The camera was disconnected. Connect it again, then try again.",
    other: (reason: string) =>
      `The camera could not be started (${reason}). Try again, or choose an image instead.`,
  },
};

export const model = {
  title: "Models",
  intro: "What each model recognises, how well it performs, and how two models compare.",
  shipped: {
    flagship: "Finds each cell and classifies it: eight classes",
    article: "The network of a published article, for reference: four classes",
  } as Readonly<Record<string, string>>,
  own: (file: string) => `Opened by you: ${file}`,
  choose: "Model",
  open: "Open a model file",
  openHint:
    "A .safetensors file made by leukolens-train. Drop it anywhere on this page; it stays on this device.",
  loading: (model: string) => `Loading ${model}…`,
  opened: (model: string) => `${model} is open.`,
  refused: (file: string) => `${file} cannot be used as a model`,
  wrongFile: (file: string) =>
    `${file} is not a .safetensors file. Choose one made by leukolens-train or downloaded as a model.`,
  tooLarge: (file: string, most: string) =>
    `${file} is larger than ${most} MB, far too large for a model of this kind. Choose another file.`,
  nothingDropped: "No file was dropped. Save the model to this device first, then drop the file.",
  forget: (model: string) => `Remove ${model} from this list`,
  use: "Use this model",
  inUse: "In use",
  details: {
    title: "Model details",
    classes: "Classes",
    input: "Input",
    ofCell: (width: number, height: number) => `${width} × ${height} px, the located cell`,
    ofWhole: (width: number, height: number) => `${width} × ${height} px, the whole image`,
    parameters: "Parameters",
    macs: "Multiply-adds per cell",
    millions: (number: string) => `${number} million`,
    testTimeAugmentation: "Test-time augmentation",
    whereCloserThan: (margin: string) =>
      `four rotations, where the two largest logits differ by less than ${margin}`,
    calibration: "Calibration",
    temperature: (value: string) => `temperature ${value}`,
    unsureBelow: "Unsure below a confidence of",
    rejectedBelow: "Rejected below a confidence of",
    atypicalBelow: "Rejected below a typicality of",
    never: "never",
    training: "Training",
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
      threads: "Threads",
      seconds: "Duration in seconds",
      machine: "Machine",
      versions: "Versions",
      trainer: "Trainer",
      commit: "Commit",
      dataSha256: "SHA-256 of the data list",
    } as Readonly<Record<string, string>>,
  },
  report: {
    title: "Performance",
    missing:
      "This model comes without a report, so its performance is unknown. leukolens-train evaluate makes one.",
    failed: "The report could not be loaded. Check your connection, then reload the page.",
    before: "Read before relying on the figures",
    original: "From the report:",
    accuracy: "Accuracy",
    macroF1: "Macro F1",
    macroRecall: "Macro recall",
    macroAuc: "Macro AUC",
    loss: "Loss",
    brier: "Brier score",
    ece: "Calibration error (ECE)",
    interval: (low: string, high: string) => `${low} to ${high}`,
    right: (right: string, all: string) => `${right} of ${all} correct`,
    perSource: "By data source",
    source: "Source",
    perClass: "By class, with 95% Wilson intervals",
    class: "Class",
    images: "Images",
    precision: "Precision",
    recall: "Recall",
    interval95: "95%",
    f1: "F1",
    auc: "AUC",
    confusion: "Confusion matrix: each row shows how the images of one actual class were classified",
    actual: "Actual ↓ predicted →",
    confused: (count: number, actual: string, predicted: string) =>
      plural(count, {
        one: `1 image of ${actual}, classified as ${predicted}`,
        other: `# images of ${actual}, classified as ${predicted}`,
      }),
    notFound: "not found",
    missed: (count: number, actual: string) =>
      plural(count, {
        one: `1 image of ${actual}, whose cell was not found`,
        other: `# images of ${actual}, whose cells were not found`,
      }),
    reliability: "Reliability: accuracy against confidence",
    reliabilityHint:
      "On the dashed line, the model is well calibrated; above it, under-confident; below it, over-confident.",
    roc: "ROC: each class against all others",
    learning: "Learning curves",
    keptEpoch: "epoch that was kept",
    confidence: "confidence",
    falsePositives: "false positive rate",
    truePositives: "true positive rate",
    epoch: "epoch",
    run: "Run",
    trainingOf: "Training",
    validationOf: "Validation",
    asTable: "Show as a table",
    loading: "Loading the report…",
  },
  compare: {
    title: "Compare two models",
    intro: "Both classify the same images: drawn samples, and any that you add.",
    first: "First model",
    second: "Second model",
    run: "Compare",
    running: (done: number, all: number) => `Comparing: ${done} of ${all}`,
    stop: "Stop",
    add: "Add images",
    clear: "Remove my images",
    image: "Image",
    drawn: (cell: string) => `drawn: ${cell}`,
    agree: "same answer",
    differ: "different answers",
    agreed: (same: string, all: string, percent: string) =>
      `Same answer for ${same} of ${all} images (${percent}).`,
    onlyDifferent: "Show only differences",
    noneDiffers: "The models agree on every image.",
    rejected: "rejected",
    unsure: "unsure",
    answers: "Answers side by side: rows for the first model, columns for the second",
    speed: "Speed on this device",
    measured: "Measurement",
    meanTime: "Mean time per image",
    inference: "Inference only, median",
    slowest: "Inference only, 95th percentile",
    build: "Engine",
    builds: { simd: "WebAssembly, 128-bit SIMD", relaxed: "WebAssembly, relaxed SIMD" },
    benchmark: "Measure speed",
    measuring: "Measuring…",
    milliseconds: (value: string) => `${value} ms`,
    failed: "could not be read",
    same: "Choose two different models: a model always agrees with itself.",
  },
};

export const en = { atlas, camera, model };

export type OnDemandWords = typeof en;
