// What the page says from the start. English gives the shape: another language is a copy of this folder, translated, and a line in
// each of index.ts, on-demand.ts, review.ts and kiosk.ts.
import { pluralOf } from "../grammar.js";

const plural = pluralOf("en");
const images = (count: number) => plural(count, { one: "1 image", other: "# images" });
const cells = (count: number) => plural(count, { one: "1 cell", other: "# cells" });
const whiteCells = (count: number) => plural(count, { one: "1 white cell", other: "# white cells" });

export const en = {
  language: "English",
  researchOnly: "For research and education only. Not for use in diagnostic procedures.",
  offline: {
    ready: "Leukolens is now saved on this device and works offline.",
    update: "A new version is available.",
    full: "This device has too little free space to save Leukolens for offline use. Free some space, then reload the page; until then, Leukolens needs a connection.",
    reload: "Reload",
    later: "Later",
    close: "Close",
  },
  classes: {
    eosinophil: "Eosinophil",
    lymphocyte: "Lymphocyte",
    monocyte: "Monocyte",
    neutrophil: "Neutrophil",
    basophil: "Basophil",
    ig: "Immature granulocyte",
    erythroblast: "Erythroblast",
    platelet: "Platelet",
    band: "Band neutrophil",
    segmented: "Segmented neutrophil",
    blast: "Blast",
    reactive_lymphocyte: "Atypical (reactive) lymphocyte",
    plasma_cell: "Plasma cell",
    smudge_cell: "Smudge cell",
    promyelocyte: "Promyelocyte",
    myelocyte: "Myelocyte",
    metamyelocyte: "Metamyelocyte",
  } as Readonly<Record<string, string>>,
  shell: {
    title: "Leukolens: white blood cell recognition on your device",
    parts: "Sections",
    part: { cells: "Cells", atlas: "Atlas", model: "Model" },
    skip: "Skip to content",
    language: "Language",
    theme: "Theme",
    themes: { system: "System theme", light: "Light", dark: "Dark" },
    onDevice: "Images stay on this device. Nothing is uploaded.",
  },
  workbench: {
    choose: "Choose images",
    folder: "Folder",
    camera: "Camera",
    orDrop: "or drop or paste them anywhere",
    opening: "Restoring your last session…",
    dismiss: "Dismiss",
    welcome: {
      promise: "See what every white blood cell is, and why.",
      drop: "Drop a blood-smear image.",
      detail:
        "Leukolens finds the white cells, names each one, says how sure it is and shows what speaks for it.",
      try: "Try this sample",
      install: "Install as an app",
    },
    samples: {
      title: "Try a sample",
      drawn: "Drawn by a program, not photographed.",
      field: "Whole field",
      nameOf: (kind: string) => `Drawn: ${kind}`,
    },
    verdict: {
      looking: "Analysing…",
      lookingDetail: "Searching the image for white blood cells.",
      noCell: "No white blood cell found",
      noCellDetail:
        "Check that this is a stained smear, in focus and not too small. Cropping to a single cell often helps.",
      classified: (percent: string) => `The model gives this class a probability of ${percent}.`,
      atypical:
        "But the cell looks unlike most cells that the model was trained on: do not rely on this figure.",
      largeLymphoid:
        "Its nucleus is large compared with the red cells: it could be a reactive lymphocyte or a blast.",
      either: (first: string, second: string) => `${first} or ${second}?`,
      unsure: (first: string, percent: string, second: string, secondPercent: string) =>
        `Unsure: ${first} ${percent}, ${second} ${secondPercent}.`,
      notRecognised: "Not recognised",
      rejected:
        "This looks like none of the cells that the model was trained on. Do not rely on the bars below.",
      notWhite: "Not a white cell",
      confirmed: (percent: string) => `Confirmed by you. The model gave it a probability of ${percent}.`,
      corrected: (...answer: string[]) => `Corrected by you. The model's answer: ${answer.join(", ")}.`,
    },
    errors: {
      unknown: "Something went wrong",
      known: {
        unsupported_format: {
          headline: "Unsupported image format",
          detail: "Neither Leukolens nor this browser can read this format. Save the image as JPEG or PNG.",
        },
        corrupt_image: {
          headline: "This image is damaged",
          detail: "Part of the file is missing or invalid. Copy it again from its source.",
        },
        image_too_large: {
          headline: "This image is too large",
          detail:
            "JPEG, PNG, BMP and TIFF are read up to 200 megapixels, others up to 40. Crop the image or reduce its size.",
        },
        empty_input: {
          headline: "This file is empty",
          detail: "It contains no image. Copy it again from its source.",
        },
        unreadable_file: {
          headline: "This file cannot be read",
          detail: "It was moved, changed or locked after you chose it. Choose it again.",
        },
        network: {
          headline: "A download failed",
          detail: "Part of this page did not load. Check your connection, then try again.",
        },
        out_of_memory: {
          headline: "Not enough memory",
          detail: "Close other tabs, or use a smaller image.",
        },
        unsupported_environment: {
          headline: "Leukolens cannot run here",
          detail: "It needs an up-to-date browser with WebAssembly and 128-bit SIMD.",
        },
        worker_failed: {
          headline: "The engine stopped unexpectedly",
          detail: "It restarts by itself. Try this image again.",
        },
      },
    },
    probabilities: "Class probabilities",
    heatmap: "Show heatmap",
    opacity: "Opacity",
    correct: "Correct the class",
    moreLabels: "More labels…",
    restore: "Restore the model's answer",
    lookFor: (name: string) => `What to look for: ${name}`,
    builds: { simd: "128-bit SIMD", relaxed: "relaxed SIMD" },
    parameters: (count: string) => `${count} parameters`,
    decoders: {
      engine: "by Leukolens",
      tiff: "by Leukolens, as TIFF",
      browser: "by this browser",
      none: "raw pixels",
    },
    viewer: (name: string, count: number) => `${name}: image with ${whiteCells(count)} framed`,
    editCells: "Add, move or delete cells",
    zoomIn: "Zoom in",
    zoomOut: "Zoom out",
    fit: "Show the whole image",
    pictures: {
      title: "Images",
      waiting: "waiting",
      cells,
      drawn: "drawn",
      remove: (name: string) => `Remove ${name}`,
      removed: (name: string) => `${name} removed.`,
    },
    toolbar: {
      undo: "Undo",
      redo: "Redo",
      export: "Export",
      csv: "Table (CSV)",
      json: "Data (JSON)",
      png: "Annotated image (PNG)",
      print: "Print",
      save: "Save session",
      keys: "Keyboard shortcuts (?)",
      review: (needing: number) => (needing > 0 ? `Review (${needing})` : "Review"),
      quiz: "Quiz",
      clear: "Clear",
      cancel: "Cancel",
      again: "Try again",
      pause: "Pause",
      resume: "Resume",
      stop: "Stop",
      progress: (done: string, total: string) => `${done} of ${total}`,
      left: (time: string) => `${time} left`,
      seconds: (count: number) => `${count} s`,
      minutes: (count: number) => `${count} min`,
      paused: "paused",
      finished: (count: number, found: number, needing: number, failed: number) =>
        `Done: ${images(count)}, ${cells(found)}, ${needing} to review${failed > 0 ? `; ${images(failed)} could not be read` : ""}.`,
    },
    autosave: {
      full: "This browser has too little storage to keep these images for your next visit. Save the session to a file instead.",
      blocked:
        "This browser stores nothing for this page, perhaps because this is a private window. Save the session to a file before you leave.",
      elsewhere:
        "Leukolens is open in another tab, and only that tab is saved automatically. Save this session to a file before you leave.",
    },
  },
};

export type Words = typeof en;
