// What <leukolens-classifier> shows: built without markup strings or style elements, so that the strictest policy holds.
import type {
  Cell,
  Classification,
  FieldClassification,
  LocatedCell,
  ModelDescription,
  Pixels,
} from "../shared/results.js";

const noCell = "No white cell was found";

const researchOnly = "For research and education only. Not for use in diagnostic procedures.";

const styles = `
:host {
  --_accent: var(--leukolens-accent, light-dark(#5f35aa, #bd9cf8));
  --_track: var(--leukolens-track, color-mix(in srgb, currentColor 12%, transparent));
  --_radius: var(--leukolens-radius, 12px);
  display: block;
  font: 1rem / 1.5 system-ui, sans-serif;
}
:host([hidden]) { display: none }
* { box-sizing: border-box }
.drop {
  display: grid; gap: 0.75em; justify-items: center; padding: 1.25em; text-align: center;
  border: 2px dashed var(--_track); border-radius: var(--_radius);
}
.drop.over { border-color: var(--_accent) }
.picture { position: relative }
img, canvas { display: block; max-width: 100%; max-height: 16em; border-radius: calc(var(--_radius) / 2) }
:host([field]) :is(img, canvas) { max-height: 32em }
svg { position: absolute; inset: 0; width: 100%; height: 100%; pointer-events: none }
rect { fill: none; stroke: var(--_accent); stroke-width: 2px; vector-effect: non-scaling-stroke }
rect.doubtful { stroke-dasharray: 5 4 }
button {
  font: inherit; min-height: 44px; padding: 0.4em 1.2em; color: inherit; background: none;
  border: 1px solid currentColor; border-radius: var(--_radius); cursor: pointer;
}
button:focus-visible { outline: 3px solid var(--_accent); outline-offset: 2px }
button:disabled { opacity: 0.5; cursor: default }
.headline { margin: 0.75em 0 0.25em; font-size: 1.25em; font-weight: 650; overflow-wrap: anywhere }
ol { display: grid; grid-template-columns: auto 1fr auto; gap: 0.35em 0.75em; margin: 0; padding: 0; list-style: none }
li { display: grid; grid-column: 1 / -1; grid-template-columns: subgrid; align-items: center }
.track { height: 0.6em; overflow: hidden; border-radius: 1em; background: var(--_track) }
.bar { height: 100%; background: var(--_accent) }
.number { font-variant-numeric: tabular-nums; text-align: end }
.note { margin: 0.75em 0 0; font-size: 0.875em }
[hidden] { display: none }
@media (forced-colors: active) { .bar { background: Highlight } }
`;

export interface View {
  readonly drop: HTMLElement;
  readonly button: HTMLButtonElement;
  readonly chooser: HTMLInputElement;
  showPicture(url: string | undefined): void;
  /** Of what the browser does not show by itself. */
  showPixels(pixels: Pixels): void;
  /** One line; also what a screen reader announces. */
  showMessage(text: string): void;
  showResult(result: Classification, model: ModelDescription): void;
  showField(result: FieldClassification, model: ModelDescription): void;
}

export function createView(root: ShadowRoot): View {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync?.(styles); // jsdom has no layout, and no need of it
  root.adoptedStyleSheets = [sheet];

  const alt = "The picture that is classified";
  const image = make("img", { part: "picture", alt });
  const canvas = make("canvas", { part: "picture", role: "img", ariaLabel: alt, hidden: true });
  const frames = document.createElementNS(svgNamespace, "svg");
  frames.ariaHidden = "true";
  const picture = make("div", { className: "picture", hidden: true }, image, canvas, frames);
  const button = make("button", { part: "button", type: "button", textContent: "Choose a picture" });
  const chooser = make("input", { type: "file", accept: "image/*", hidden: true, tabIndex: -1 });
  const prompt = make("slot", { name: "prompt", textContent: "Drop or paste a picture of a blood cell, or" });
  const drop = make("div", { part: "drop", className: "drop" }, picture, prompt, button, chooser);
  const headline = make("p", { part: "headline", className: "headline" });
  const list = make("ol", { part: "list" });
  const status = make("div", { part: "result", role: "status" }, headline, list);
  root.append(drop, status, make("p", { part: "note", className: "note", textContent: researchOnly }));

  const showMessage = (text: string) => {
    headline.textContent = text;
    list.replaceChildren();
    frames.replaceChildren();
  };
  const showFrames = (size: { width: number; height: number }, cells: readonly (LocatedCell | Cell)[]) => {
    frames.setAttribute("viewBox", `0 0 ${size.width} ${size.height}`);
    frames.replaceChildren(...cells.map(frame));
  };
  return {
    drop,
    button,
    chooser,
    showMessage,
    showPicture(url) {
      picture.hidden = url === undefined;
      image.hidden = false;
      Object.assign(canvas, { hidden: true, width: 0 }); // frees its memory
      if (url === undefined) image.removeAttribute("src");
      else image.src = url;
    },
    showPixels({ width, height, rgba }) {
      picture.hidden = false;
      image.hidden = true;
      Object.assign(canvas, { hidden: false, width, height });
      canvas.getContext("2d")?.putImageData(new ImageData(rgba, width), 0, 0);
    },
    showResult(result, model) {
      showMessage(summarise(result, model));
      showFrames(result, result.cells);
      list.append(
        ...result.predictions.map(({ label, probability }) => row(nameOf(label, model), probability)),
      );
    },
    showField(result, model) {
      const { classes, others } = result.differential;
      showMessage(summariseField(result));
      showFrames(result, result.cells);
      list.append(
        ...classes.map(({ label, count, percent, percentInterval: [low, high] }) => {
          const interval = `${count}: ${percent.toFixed(0)} % (${low.toFixed(0)} to ${high.toFixed(0)})`;
          return row(nameOf(label, model), percent / 100, interval);
        }),
        ...others.map(({ label, count }) => row(nameOf(label, model), 0, String(count))),
      );
    },
  };
}

const svgNamespace = "http://www.w3.org/2000/svg";

/** Dashed where the model is not sure. */
function frame(cell: LocatedCell | Cell): SVGRectElement {
  const rect = document.createElementNS(svgNamespace, "rect");
  for (const [name, value] of Object.entries({ ...cell.box, rx: 4 })) rect.setAttribute(name, String(value));
  rect.setAttribute("part", "cell");
  rect.classList.toggle("doubtful", "verdict" in cell && cell.verdict !== "classified");
  return rect;
}

function row(name: string, share: number, number = percent(share)): HTMLLIElement {
  const bar = make("div", { part: "bar", className: "bar" });
  bar.style.width = `${100 * share}%`;
  return make(
    "li",
    { part: "row" },
    make("span", { part: "label", textContent: name }),
    make("div", { part: "track", className: "track", ariaHidden: "true" }, bar),
    make("span", { part: "number", className: "number", textContent: number }),
  );
}

function summarise({ verdict, predictions, confidence }: Classification, model: ModelDescription): string {
  const [first = "", second = ""] = predictions.map(({ label }) => nameOf(label, model));
  if (verdict === "rejected") return predictions.length === 0 ? noCell : "Not recognised";
  if (verdict === "unsure") return `Unsure: ${first} or ${second}`;
  return `${first}, ${percent(confidence)}`;
}

function summariseField({ cells, differential: { total, unsure, rejected } }: FieldClassification): string {
  if (cells.length === 0) return noCell;
  const rest = unsure + rejected > 0 ? `, ${unsure} unsure, ${rejected} not recognised` : "";
  return `${total} white ${total === 1 ? "cell" : "cells"} classified${rest}`;
}

function nameOf(id: string, model: ModelDescription): string {
  return model.labels.find((label) => label.id === id)?.name ?? id;
}

function percent(probability: number): string {
  return `${(100 * probability).toFixed(1)} %`;
}

type Settings<Tag extends keyof HTMLElementTagNameMap> = Partial<
  Omit<HTMLElementTagNameMap[Tag], "part" | "role">
> & { part?: string; role?: string };

function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  { part, role, ...settings }: Settings<Tag>,
  ...children: Node[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  Object.assign(element, settings);
  if (part) element.setAttribute("part", part);
  if (role) element.setAttribute("role", role);
  element.append(...children);
  return element;
}
