// Labelled cells as lists that programs learn from: the CSV of leukolens-train, COCO, YOLO, and what is cut out for a crop
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { load } from "./source.mjs";

const formats = await load("persistence/training-formats.ts");

const images = [
  {
    ...{ file: "images/000001.jpg", group: "000001", width: 640, height: 480 },
    examples: [
      { label: "band", box: { x: 100, y: 50, width: 64, height: 48 }, by: "corrected" },
      { label: "background", box: { x: 0, y: 0, width: 20, height: 20 }, by: "corrected" },
    ],
  },
  {
    ...{ file: "images/000002.jpg", group: "000002", width: 320, height: 240 },
    examples: [{ label: "neutrophil", box: { x: 0, y: 0, width: 32, height: 24 }, by: "model" }],
  },
];
const categories = formats.categoriesOf(images, [{ id: "neutrophil" }, { id: "monocyte" }]);

describe("training data", () => {
  test("is a list of boxes by their corners, background included", () => {
    assert.equal(
      formats.listOf(images),
      `image,label,group,xmin,ymin,xmax,ymax,by
images/000001.jpg,band,000001,100,50,164,98,corrected
images/000001.jpg,background,000001,0,0,20,20,corrected
images/000002.jpg,neutrophil,000002,0,0,32,24,model
`,
    );
  });

  test("has labels that can be folders and need no quotes, whatever somebody called a cell", () => {
    assert.equal(formats.plainLabel("reactive_lymphocyte"), "reactive_lymphocyte");
    assert.equal(formats.plainLabel('other:Hairy cell, "b"'), "hairy_cell_b_");
    assert.equal(formats.plainLabel("other:../../etc"), "_etc");
    assert.equal(formats.plainLabel("other:毛细胞"), "毛细胞");
    assert.equal(formats.plainLabel("other:Éosinophile".normalize("NFD")), "éosinophile");
    assert.equal(formats.plainLabel("other:लिम्फोसाइट"), "लिम्फोसाइट");
  });

  test("numbers the model's labels first, then others, and background not at all", () => {
    assert.deepEqual(categories, ["neutrophil", "monocyte", "band"]);
  });

  test("is COCO, whose numbers begin at one and whose boxes have a size", () => {
    const coco = JSON.parse(formats.cocoOf(images, categories, "for research"));
    assert.equal(coco.info.description, "for research");
    assert.deepEqual(
      coco.annotations.map(({ id, image_id, category_id, bbox, area }) => [
        id,
        image_id,
        category_id,
        bbox,
        area,
      ]),
      [
        [1, 1, 3, [100, 50, 64, 48], 3072],
        [2, 2, 1, [0, 0, 32, 24], 768],
      ],
    );
    assert.deepEqual(coco.images[1], { id: 2, file_name: "images/000002.jpg", width: 320, height: 240 });
  });

  test("is YOLO, whose numbers begin at zero and whose boxes are shares around their centre", () => {
    assert.equal(formats.yoloOf(images[0], categories), "2 0.206250 0.154167 0.100000 0.100000\n");
    assert.equal(formats.yoloOf(images[1], categories), "0 0.050000 0.050000 0.100000 0.100000\n");
    assert.match(
      formats.yoloDescription(categories),
      /names:\n {2}0: neutrophil\n {2}1: monocyte\n {2}2: band\n$/,
    );
  });

  test("is cut out three times as wide as the cell, as far as the image goes", () => {
    const image = { width: 640, height: 480 };
    const crop = (x, y) => formats.cropAround({ x, y, width: 60, height: 50 }, image);
    assert.deepEqual(crop(200, 200), { x: 140, y: 135, width: 180, height: 180 });
    assert.deepEqual(crop(0, 0), { x: 0, y: 0, width: 180, height: 180 });
    assert.deepEqual(crop(580, 430), { x: 520, y: 365, width: 120, height: 115 });
  });
});
