// What is said of how a picture was taken: whether it is sharp and well lit, and how large things in it are.

export const en = {
  warnings: {
    blurred: "This cell is blurred.",
    overexposed: "This cell is overexposed: parts of it are pure white.",
    underexposed: "This image is too dark.",
    thick: "The red cells overlap: the smear is too thick here.",
    thin: "There are hardly any red cells: the smear may be too thin here.",
    so: "The answer may be wrong for that reason. Take the image again if you can.",
  },
  heatmapOfOther: (model: string) =>
    `This answer came from ${model}. Load that model again to see its heatmap.`,
  labelSet: {
    title: "Labels of your own",
    detail: "Offered beside the classes that the model knows.",
    name: "Another label",
    add: "Add",
    done: "Done",
  },
  details: {
    title: "Timing and model",
    time: "Total time",
    decode: "Decode",
    notes: "File",
    locate: "Find cells",
    prepare: "Prepare",
    infer: "Infer",
    typicality: "Typicality",
    model: "Model",
    engine: "Engine",
  },
  beside: "Compare with the atlas",
  profile: (name: string) =>
    `The file's colour profile (${name}) was not applied: its colours were read as sRGB.`,
  pages: {
    title: "Pages",
    previous: "Previous page",
    next: "Next page",
    place: (page: string, pages: string) => `Page ${page} of ${pages}`,
  },
  scale: {
    title: "Scale",
    micrometres: (length: string) => `${length} µm`,
    none: "Scale…",
    bar: (length: string) => `Scale: ${length}. Set the scale or measure.`,
    from: {
      typed: "The scale is as you typed it.",
      redCells:
        "The scale is an estimate: it takes the red cells of this image as 7.2 µm wide (normal: 6.7 to 7.7 µm).",
    },
    unknown: "No red cells can be made out in this image. Type the scale to measure.",
    cell: (diameter: string) => `Diameter of the selected cell: ${diameter} µm`,
    redCells: (count: string) =>
      `About ${count} red cells are in this field, by the area that they cover: an estimate that may err by 40%. Platelets are not looked for.`,
    notCounted: "How many red cells are in this image cannot be estimated.",
    typed: "Micrometres per pixel",
    refused: (least: string, most: string) => `Type a number from ${least} to ${most}.`,
    measure: "Measure",
    keys: "Drag from one point to another to measure. Arrow keys move the end of the line, with Shift all of it; Escape ends.",
    length: (micrometres: string, pixels: string) => `${micrometres} µm (${pixels} px)`,
  },
  explainClass: (name: string) => `Show heatmap for ${name}`,
  speaksFor: (name: string) => `Evidence for ${name}`,
  speaksAgainst: "Evidence against",
  viewerKeys:
    "Arrow keys move between cells, digits correct the class, Backspace restores the model's answer. Plus and minus zoom, Shift with an arrow key pans, F shows the whole image.",
  deleteCell: "Delete this cell",
  frameKeys:
    "Drag or tap to frame a cell, drag a frame or its corners to change it. Arrow keys move the frame, with Shift they resize it; N frames a cell in the middle, Delete deletes the selected one.",
};

export type PictureWords = typeof en;
