// What the page says from the start. English gives the shape: another language is a copy of this folder, translated, and a line in
// each of index.ts, on-demand.ts and kiosk.ts.
import { lowerCaseOf, pluralOf } from "../grammar.js";

const classes: Readonly<Record<string, string>> = {
  eosinophil: "Eosinophil",
  lymphocyte: "Lymphocyte",
  monocyte: "Monocyte",
  neutrophil: "Neutrophil",
  basophil: "Basophil",
  ig: "Immature granulocyte",
  erythroblast: "Erythroblast",
  platelet: "Platelet",
};

const plural = pluralOf("en");
const lower = lowerCaseOf(classes);

export const en = {
  language: "English",
  researchOnly: "For research and education only. Not for use in diagnostic procedures.",
  offline: {
    ready: "Everything is on this device now: Leukolens works without a network.",
    update: "A new version is ready.",
    full: "This device has too little room to keep Leukolens for use without a network. Free some and load the page again; until then it needs the network.",
    reload: "Reload",
    later: "Later",
    close: "Close",
  },
  classes,
  shell: {
    title: "Leukolens: white blood cells, recognised on your device",
    parts: "Parts of this page",
    part: { cells: "Cells", atlas: "Atlas", model: "Model" },
    partFailed: "This part could not be fetched: check the connection, then reload the page.",
    skip: "Skip to the content",
    language: "Language",
    theme: "Colours",
    themes: { system: "System colours", light: "Light", dark: "Dark" },
    onDevice: "Pictures stay on this device. Nothing is uploaded.",
  },
  workbench: {
    choose: "Choose pictures",
    folder: "Folder",
    camera: "Camera",
    orDrop: "or drop them anywhere, or paste one",
    opening: "Opening what you left here.",
    dismiss: "Dismiss",
    emptyState: {
      title: "Show it a white blood cell",
      detail: "in a picture of a stained blood smear, or a whole field of them",
    },
    samples: {
      title: "Try a drawn one",
      drawn: "Drawn by a program, not photographed.",
      field: "A whole field",
      nameOf: (kind: string) => `Drawn: ${kind}`,
    },
    question: "Which cell is it?",
    questionDetail: "The answer appears here, with how sure the model is.",
    verdict: {
      looking: "Looking …",
      lookingDetail: "The picture is being searched for white blood cells.",
      noCell: "No white blood cell found",
      noCellDetail:
        "Is it a stained smear, in focus, and not too small? A tighter picture of one cell often helps.",
      classified: (percent: string) => `The model gives this class a probability of ${percent}.`,
      unlike: "But it looks unlike most cells that the model has learnt from: do not rely on the figure.",
      either: (first: string, second: string) => `${first} or ${lower(second)}?`,
      unsure: (first: string, percent: string, second: string, secondPercent: string) =>
        `Unsure: ${lower(first)} ${percent}, ${lower(second)} ${secondPercent}.`,
      notRecognised: "Not recognised",
      rejected:
        "This looks like none of the cells that the model has learnt. The bars below are not to be relied on.",
      notWhite: "Not a white cell",
      corrected: (label: string, percent: string) =>
        `Corrected by you. The model said: ${label}, ${percent}.`,
    },
    errors: {
      unknown: "That did not work",
      known: {
        unsupported_format: {
          headline: "Not a readable picture",
          detail:
            "Neither the engine nor this browser can read this format: save the picture as JPEG or PNG.",
        },
        corrupt_image: {
          headline: "This picture is damaged",
          detail: "A part of the file is missing or wrong: copy it again from where it came.",
        },
        image_too_large: {
          headline: "This picture is too large",
          detail: "Its sides may have 8,192 pixels at most: cut it into parts or make it smaller.",
        },
        empty_input: {
          headline: "This file is empty",
          detail: "It holds no picture: copy it again from where it came.",
        },
        unreadable_file: {
          headline: "This file cannot be read",
          detail: "It was moved, changed or locked since it was chosen: choose it again.",
        },
        network: {
          headline: "A file could not be fetched",
          detail: "A part of this page did not arrive: check the connection, then try again.",
        },
        out_of_memory: {
          headline: "There is not enough memory",
          detail: "Close other pages, or take a smaller picture.",
        },
        unsupported_environment: {
          headline: "The engine cannot run here",
          detail: "It needs a current browser with WebAssembly and 128-bit SIMD.",
        },
        worker_failed: {
          headline: "The engine stopped",
          detail: "It starts anew by itself: try this picture again.",
        },
      },
    },
    probabilities: "Probability of each class",
    explainClass: (name: string) => `Show what speaks for: ${name}`,
    heatmap: "Show where it looks",
    opacity: "Strength",
    speaksFor: (name: string) => `speaks for ${lower(name)}`,
    speaksAgainst: "speaks against it",
    correct: "Is it something else?",
    restore: "As the model said",
    lookFor: (name: string) => `What to look for: ${lower(name)}`,
    details: {
      title: "Time and model",
      time: "Time",
      decode: "Decode",
      locate: "Find cells",
      prepare: "Prepare",
      infer: "Infer",
      typicality: "Familiarity",
      model: "Model",
      engine: "Engine",
      builds: { simd: "128-bit SIMD", relaxed: "relaxed SIMD" },
    },
    parameters: (count: string) => `${count} parameters`,
    decoders: {
      engine: "by Leukolens",
      tiff: "by Leukolens, as TIFF",
      browser: "by this browser",
      none: "pixels as given",
    },
    viewer: (name: string, cells: number) =>
      `${name}: ${plural(cells, { one: "one white cell", other: `${cells} white cells` })}. Picture with frames.`,
    viewerKeys:
      "Arrows go from cell to cell, digits correct the class, Backspace takes a correction back. Plus and minus zoom, Shift with an arrow moves the picture, F shows all of it.",
    zoomIn: "Zoom in",
    zoomOut: "Zoom out",
    fit: "Show the whole picture",
    intake: {
      nothing: (leftOut: number) =>
        leftOut > 0
          ? `There is no picture in it; ${plural(leftOut, { one: "one other file was", other: `${leftOut} other files were` })} left out.`
          : "There is no picture in it: drop or paste files, or copy the picture itself and not its address.",
      leftOut: (pictures: number, leftOut: number) =>
        `${plural(pictures, { one: "One picture was", other: `${pictures} pictures were` })} taken, ${plural(leftOut, { one: "one file that is no picture was", other: `${leftOut} files that are no pictures were` })} left out.`,
      unreadable: "Not everything could be read: a file or folder was moved or locked. Choose it again.",
      foreign: (host: string) =>
        `This page fetches nothing from other hosts, so that nothing can leave it: save the picture from ${host}, then drop it here.`,
      unreachable: (address: string) => `There is no picture at ${address}: check the address.`,
      archive: {
        damaged: (name: string) =>
          `${name} cannot be unpacked: it is damaged, encrypted or no zip archive. Unpack it yourself, then drop the folder.`,
        tooLarge: (name: string) =>
          `${name} unpacks to more than any picture needs, so it was stopped. Unpack it yourself, then drop the folder.`,
      },
      model: (name: string) => `Now classifying with ${name}.`,
      badModel: (name: string, reason: string) => `${name} is not used: ${reason}`,
    },
    differential: {
      title: "Differential count",
      all: "All pictures",
      one: "This picture",
      scope: "What is counted",
      class: "Class",
      number: "Count",
      share: "Share",
      interval: "95 % interval",
      reference: "Reference",
      range: (low: string, high: string) => `${low}\u2013${high}%`,
      total: (cells: string) => `White cells counted: ${cells}`,
      others: "counted apart",
      unsure: "Unsure, not counted",
      corrected: "Corrected by you",
      tooFew: "Under 100 cells nothing should be held against the reference ranges.",
      low: "below",
      high: "above",
      source: "Adult reference ranges as quoted from MedlinePlus. Ranges vary by laboratory.",
    },
    gallery: {
      title: "Cells",
      order: "Order",
      orders: { doubt: "Doubtful first", class: "By class", picture: "By picture" },
      filter: "Class",
      everything: "All classes",
      keys: "Arrows choose a cell, digits correct it, 0: not a white cell, Backspace: as the model said.",
      cell: (label: string, percent: string, picture: string) => `${label}, ${percent}, ${picture}`,
      doubtful: "unsure",
      corrected: "corrected by you",
      none: "No cell of this kind.",
    },
    pictures: {
      title: "Pictures",
      waiting: "waiting",
      cells: (count: number) => plural(count, { one: "1 cell", other: `${count} cells` }),
      drawn: "drawn",
      remove: (name: string) => `Remove ${name}`,
    },
    toolbar: {
      undo: "Undo",
      redo: "Redo",
      export: "Export",
      csv: "Table (CSV)",
      json: "Data (JSON)",
      png: "Annotated picture (PNG)",
      print: "Print",
      save: "Save session",
      clear: "Clear",
      clearQuestion: "Clear everything?",
      clearDetail: (pictures: number) =>
        `${plural(pictures, { one: "The picture", other: `${pictures} pictures` })} and all corrections are forgotten, on this device too. This cannot be undone.`,
      cancel: "Cancel",
      again: "Try again",
      pause: "Pause",
      resume: "Go on",
      stop: "Stop",
      progress: (done: string, total: string) => `${done} of ${total}`,
      left: (time: string) => `${time} left`,
      seconds: (count: number) => `${count} s`,
      minutes: (count: number) => `${count} min`,
      paused: "paused",
      finished: (pictures: number, cells: number, failed: number) =>
        `Done: ${plural(cells, { one: "one white cell", other: `${cells} white cells` })} in ${plural(pictures, { one: "one picture", other: `${pictures} pictures` })}${failed > 0 ? `; ${failed} could not be read` : ""}.`,
      exportFailed: "This picture cannot be drawn here: export the table or the data instead.",
    },
    autosave: {
      full: "This browser has no room to keep so many pictures for the next visit: save the session to a file.",
      blocked:
        "This browser keeps nothing here (a private window?): save the session to a file before you leave.",
      elsewhere:
        "Leukolens is open in another tab, which keeps its own pictures: save this session to a file before you leave.",
    },
    session: {
      opened: (name: string, pictures: number) =>
        `${name} was opened: ${plural(pictures, { one: "one picture", other: `${pictures} pictures` })}.`,
      notSaved:
        "The session cannot be saved: a picture was moved or changed since it was chosen. Remove it, then save again.",
      wrong: (name: string) =>
        `${name} is no session that this page can open: it is damaged or of a newer version.`,
    },
  },
};

export type Words = typeof en;
