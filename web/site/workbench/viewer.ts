// The selected picture, to be zoomed and moved, with a frame around each white cell and, if asked for, the heatmap of one.
import type { Region } from "leukolens";
import { html, nothing, type PropertyValues, svg, type TemplateResult } from "lit";
import { Localised, words } from "../i18n/index.js";
import { picture as chapter } from "../i18n/picture.js";
import { describeError } from "../i18n/summary.js";
import { cornersOf, FrameTool, type Framing } from "../images/frame-tool.js";
import { placeLabels } from "../images/label-placement.js";
import { outlinePath } from "../images/outline.js";
import { paintHeatmap } from "../images/paint-heatmap.js";
import { directions, PanZoom } from "../images/pan-zoom.js";
import { colourOf, type Labels, labelTextOf } from "../state/classes.js";
import { heatmapLayer } from "../state/heatmap.js";
import { notices } from "../state/notices.js";
import { pagesOf, turn } from "../state/page.js";
import { selectedPicture } from "../state/selected-picture.js";
import { correctByKey, isCorrection } from "../state/shortcuts.js";
import { type CellKey, type Checked, type Picture, store } from "../state/store.js";
import { subscribe } from "../state/subscribe.js";
import { controls } from "../ui/controls.js";
import { icon } from "../ui/icons.js";
import { bringIntoView } from "../ui/into-view.js";
import { style } from "./viewer-style.js";

/** How much of the window a cell fills that is shown alone. */
const cellShare = 0.45;

export class Viewer extends Localised {
  static override properties = {
    labels: { attribute: false },
    shows: { reflect: true },
    blind: { reflect: true },
    natural: { state: true },
  };

  declare labels: Labels;
  /** The picture with all its cells; the selected cell, large, with its surroundings; or where that lies, in small. */
  declare shows: "picture" | "cell" | "place";
  /** What is said of the picture where neither its name nor what its cells are may be known: frames are all alike, too. */
  declare blind: string | undefined;
  /** Size of the picture as the browser shows it, until the model has said it. */
  declare private natural: { readonly width: number; readonly height: number } | undefined;
  /** The picture as the engine sees it, where the browser cannot show its file. */
  private drawing: HTMLCanvasElement | undefined;
  private readonly frameTool = new FrameTool(this, {
    pointAt: (event) => this.panZoom.pointAt(event),
    selected: () => store.cell && { frame: store.cell.cell.box, of: Promise.resolve(store.cell.key) },
    scale: () => this.panZoom.scale,
    done: ({ frame, of }) => this.takeFrame(frame, of),
    tapped: ([x, y]) => this.tapped(x, y),
  });
  private readonly panZoom = new PanZoom(this, (x, y) => this.selectAt(x, y));
  /** The last frame that was taken. */
  private framing: Framing = Promise.resolve(undefined);
  /** The same with its picture, until the engine has answered. */
  private coming: { readonly picture: string | undefined; readonly made: Framing } | undefined;
  private picture: Picture | undefined;
  private shown: CellKey | undefined;
  private url: string | undefined;

  static override styles = [controls, style];

  constructor() {
    super();
    this.labels = [];
    this.shows = "picture";
    subscribe(this, store, heatmapLayer);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.picture = undefined;
    this.release();
  }

  override willUpdate(): void {
    const { picture } = store;
    if (picture?.id !== this.picture?.id) {
      this.release();
      // Of a TIFF, browsers that know it show the first page.
      if (picture?.page) this.drawDecoded(picture);
      else this.url = picture && URL.createObjectURL(picture.file);
      // Pages of one file are as large as each other, and are looked at in one place.
      const isPage = picture !== undefined && picture.file === this.picture?.file;
      this.natural = isPage ? this.panZoom.size : undefined;
      if (!isPage) this.panZoom.fit();
    }
    this.picture = picture;
    const outcome = picture?.outcome;
    this.panZoom.size = outcome?.kind === "found" ? outcome : (this.natural ?? { width: 0, height: 0 });
    if (this.shows === "cell") this.showCell();
    this.panZoom.keepInside();
  }

  private showCell(): void {
    const { cell } = store;
    if (cell?.key === this.shown) return;
    this.shown = cell?.key;
    if (cell) this.panZoom.show(cell.cell.box, cellShare);
  }

  override updated(changes: PropertyValues): void {
    super.updated(changes);
    const canvas = this.renderRoot.querySelector<HTMLCanvasElement>(".over canvas");
    if (canvas && heatmapLayer.heatmap) paintHeatmap(canvas, heatmapLayer.heatmap);
  }

  override render(): TemplateResult {
    const { picture, panZoom } = this;
    const { workbench } = words;
    const cells = this.cells;
    const unreadable = picture?.outcome?.kind === "failed";
    if (this.shows === "place")
      return html`<div class="window" aria-hidden="true">${this.content(cells)}</div>`;
    return html`
      <div
        class="window ${panZoom.zoomed ? "zoomed" : ""} ${this.frameTool.active ? "framing" : ""}"
        role="application"
        tabindex="0"
        aria-label=${this.blind ?? (picture ? workbench.viewer(picture.name, cells.length) : "")}
        aria-describedby="keys"
        @keydown=${this.onKey}
      >
        ${this.content(cells)}
      </div>
      <p id="keys" class="hidden">${this.frameTool.active ? chapter.words.frameKeys : chapter.words.viewerKeys}</p>
      ${this.shows === "picture" ? html`<leuko-pages></leuko-pages><leuko-scale .view=${panZoom} .magnified=${panZoom.scale}></leuko-scale>` : nothing}
      <div class="zoom">
        ${this.shows === "picture" ? this.frameButtons() : nothing}
        <button class="icon" aria-label=${workbench.zoomOut} title=${workbench.zoomOut} ?disabled=${unreadable} @click=${() => panZoom.zoom(1 / 1.5)}>${icon("minus")}</button>
        <button class="icon" aria-label=${workbench.zoomIn} title=${workbench.zoomIn} ?disabled=${unreadable} @click=${() => panZoom.zoom(1.5)}>${icon("plus")}</button>
        <button class="icon" aria-label=${workbench.fit} title=${workbench.fit} ?disabled=${unreadable} @click=${() => panZoom.fit()}>${icon("fit")}</button>
      </div>
    `;
  }

  /** A model that sees whole pictures knows no cells. */
  private get canFrame(): boolean {
    const { outcome } = this.picture ?? {};
    return outcome?.kind === "found" && !outcome.whole;
  }

  private frameButtons(): TemplateResult {
    const { workbench } = words;
    if (!this.canFrame) this.frameTool.active = false;
    const { active } = this.frameTool;
    const turn = () => {
      this.frameTool.active = !active;
      this.frameTool.clear();
    };
    return html`
      ${
        active
          ? html`<button class="icon" aria-label=${chapter.words.deleteCell} title=${chapter.words.deleteCell} ?disabled=${!store.cell} @click=${() => this.deleteCell()}>${icon("bin")}</button>`
          : nothing
      }
      <button class="icon" ?disabled=${!this.canFrame} aria-pressed=${active} aria-label=${workbench.editCells} title=${workbench.editCells} @click=${turn}>${icon("frame")}</button>
    `;
  }

  private takeFrame(box: Region, of: Framing | undefined): Framing {
    const { picture } = this;
    return this.enqueue(async ({ frame }) => picture && frame(picture, box, await of), of);
  }

  /** One after another: what comes next may change what this one becomes. */
  private enqueue(
    job: (framing: typeof import("../state/framing.js")) => Framing,
    otherwise?: Framing,
  ): Framing {
    const fetched = this.framing.then(() => import("../state/framing.js"));
    const step = fetched.then(job);
    const made = step.catch(async (error) => {
      const isThere = await fetched.catch(() => undefined);
      notices.put(
        "frame",
        () => (isThere ? describeError(error) : words.workbench.errors.known.network).detail,
        true,
      );
      return otherwise;
    });
    this.framing = made;
    const coming = { picture: this.picture?.id, made };
    this.coming = coming;
    void made.then(() => {
      if (this.coming === coming) this.coming = undefined;
    });
    store.expect(step);
    return made;
  }

  /** That which is about to be one, if one is; whatever is selected meanwhile elsewhere stays. */
  private async deleteCell(): Promise<void> {
    const { coming } = this;
    const here = this.picture?.id;
    const made = coming?.picture === here ? await coming?.made : undefined;
    const key = made ?? (store.picture?.id === here ? store.cell?.key : undefined);
    if (key !== undefined && store.find(key)) store.delete(key);
  }

  /** Selects the cell that is there, or is about to be, or frames one. */
  private tapped(x: number, y: number): void {
    const { picture } = this;
    if (!picture || this.selectAt(x, y)) return;
    this.enqueue(async ({ frame, usualSide }) => {
      if (store.picture?.id !== picture.id || this.selectAt(x, y)) return undefined;
      const side = usualSide(picture);
      return frame(picture, { x: x - side / 2, y: y - side / 2, width: side, height: side });
    });
  }

  /** While frames are edited: Delete takes the cell out, N frames one in the middle of the window. */
  private onFrameKey(event: KeyboardEvent): boolean {
    if (!this.frameTool.active) return false;
    if (this.frameTool.onKey(event)) return true;
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    if (event.key === "Delete") this.deleteCell();
    else if (event.key === "n") this.tapped(...this.panZoom.middle);
    else return false;
    event.preventDefault();
    return true;
  }

  private content(cells: readonly Checked[]): TemplateResult {
    return html`
      <div class="content" .style=${this.panZoom.style}>
        ${this.url ? html`<img src=${this.url} alt="" draggable="false" @load=${this.onLoad} @error=${this.onError} />` : this.drawing}
        <div class="over">${this.shows === "place" ? nothing : this.heat()}</div>
        ${this.panZoom.size.width > 0 ? this.frames(cells) : nothing}
      </div>
    `;
  }

  private get cells(): readonly Checked[] {
    return store.cells.filter(({ picture }) => picture.id === this.picture?.id);
  }

  private frames(cells: readonly Checked[]): TemplateResult {
    const { width, height } = this.panZoom.size;
    // The selected one last, so that it lies above the others.
    const ordered = [...cells].sort((one, other) => Number(isSelected(one)) - Number(isSelected(other)));
    return html`
      <svg viewBox=${`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
        ${ordered.map((checked) => this.frame(checked, cells.length))}
        ${cells.length > 1 && this.shows === "picture" ? this.labelsOf(cells) : nothing}
        ${this.frameTool.active ? this.grips() : nothing}
      </svg>
    `;
  }

  private frame(checked: Checked, count: number): TemplateResult {
    const { cell, label, verdict } = checked;
    const { x, y, width, height } = cell.box;
    const selected = isSelected(checked) && (count > 1 || this.shows !== "picture");
    return svg`
      <g class="${verdict} ${selected ? "selected" : ""}">
        <rect class="halo" x=${x} y=${y} width=${width} height=${height} />
        <rect class="frame" x=${x} y=${y} width=${width} height=${height} stroke=${colourOf(label)} />
        ${isSelected(checked) && this.shows === "picture" && !heatmapLayer.heatmap ? svg`<path class="outline" d=${outlinePath(cell)} />` : nothing}
      </g>`;
  }

  /** The corners that can be pulled, and what is being drawn. */
  private grips(): TemplateResult {
    const { draft } = this.frameTool;
    const frame = draft ?? store.cell?.cell.box;
    const size = 10 / this.panZoom.scale;
    return svg`
      ${draft ? svg`<rect class="draft" x=${draft.x} y=${draft.y} width=${draft.width} height=${draft.height} />` : nothing}
      ${(frame ? cornersOf(frame) : []).map(
        ([x, y]) =>
          svg`<rect class="grip" x=${x - size / 2} y=${y - size / 2} width=${size} height=${size} />`,
      )}`;
  }

  /** Above all frames, so that none is crossed out. */
  private labelsOf(cells: readonly Checked[]): TemplateResult[] {
    const size = 12 / this.panZoom.scale;
    const texts = cells.map(labelTextOf);
    const widths = this.widthsOf(new Set(texts));
    const plates = texts.map((text) => ({ width: size * ((widths.get(text) ?? 0) + 1), height: size * 1.6 }));
    const boxes = cells.map(({ cell }) => cell.box);
    return placeLabels(boxes, plates, this.panZoom.size).map(
      ({ x, y, width, height }, index) => svg`
        <g>
          <rect class="label" x=${x} y=${y} width=${width} height=${height} .style=${`fill:${colourOf(cells[index]?.label ?? null)}`} />
          <text x=${x + 0.5 * size} y=${y + 1.15 * size} font-size=${size}>${texts[index]}</text>
        </g>`,
    );
  }

  /** Of texts as they are drawn here, in heights of their letters. */
  private widthsOf(texts: ReadonlySet<string>): ReadonlyMap<string, number> {
    if (pen) pen.font = `650 100px ${getComputedStyle(this).fontFamily}`;
    return new Map(
      [...texts].map((text) => [text, pen ? pen.measureText(text).width / 100 : 0.74 * text.length]),
    );
  }

  private heat(): TemplateResult | typeof nothing {
    const { shown, heatmap, opacity } = heatmapLayer;
    if (!shown || !heatmap) return nothing;
    const { region } = heatmap;
    const { width, height } = this.panZoom.size;
    const percent = (value: number, of: number) => `${(100 * value) / of}%`;
    const style = [
      `inset: auto; opacity: ${opacity}`,
      `left: ${percent(region.x, width)}; top: ${percent(region.y, height)}`,
      `width: ${percent(region.width, width)}; height: ${percent(region.height, height)}`,
    ].join(";");
    return html`<canvas .style=${style}></canvas>`;
  }

  private selectAt(x: number, y: number): boolean {
    const hit = this.cells
      .filter(
        ({ cell: { box } }) => x >= box.x && y >= box.y && x <= box.x + box.width && y <= box.y + box.height,
      )
      .sort((one, other) => one.cell.diameter - other.cell.diameter)[0];
    if (hit) store.select(hit.picture.id, hit.key);
    return hit !== undefined;
  }

  private onKey(event: KeyboardEvent): void {
    if (this.onFrameKey(event) || this.panZoom.onKey(event) || this.shows === "cell") return;
    if (this.onPageKey(event)) return;
    if (isCorrection(event, this.labels) && this.reveal()) return;
    if (correctByKey(event, this.labels)) return;
    const direction = directions[event.key];
    if (!direction || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    const next = neighbour(store.cell, this.cells, direction);
    if (!next) return;
    store.select(next.picture.id, next.key);
    this.reveal();
  }

  private onPageKey(event: KeyboardEvent): boolean {
    const by = { PageUp: -1, PageDown: 1 }[event.key];
    if (!by || !this.picture || this.shows !== "picture" || pagesOf(this.picture) === 1) return false;
    event.preventDefault();
    turn(this.picture, by);
    return true;
  }

  /** Brings the selected cell into view: nothing is said of a cell that nobody sees. True if it was not. */
  reveal(): boolean {
    const { cell } = store;
    if (!cell) return false;
    const shown =
      this.renderRoot.querySelector(".selected .frame") ?? this.renderRoot.querySelector(".window");
    return this.panZoom.reveal(cell.cell.box) || bringIntoView(shown);
  }

  private onLoad({ target }: Event): void {
    if (target instanceof HTMLImageElement)
      this.natural = { width: target.naturalWidth, height: target.naturalHeight };
  }

  /** What the engine cannot decode either leaves no broken frame behind. */
  private onError(): void {
    this.release();
    this.requestUpdate();
    if (this.picture) this.drawDecoded(this.picture);
  }

  private async drawDecoded(picture: Picture): Promise<void> {
    const pixels = await pixelsOf(picture).catch(() => undefined);
    if (!pixels || picture.id !== this.picture?.id) return;
    this.drawing = draw(pixels);
    this.natural = pixels;
  }

  private release(): void {
    if (this.url) URL.revokeObjectURL(this.url);
    this.url = this.drawing = undefined;
  }
}

function draw(pixels: ImageData): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = pixels.width;
  canvas.height = pixels.height;
  canvas.getContext("2d")?.putImageData(pixels, 0, 0);
  return canvas;
}

async function pixelsOf(picture: Picture): Promise<ImageData> {
  const opened = await selectedPicture.open(picture);
  const { rgba, width, height } = await opened.pixels();
  return new ImageData(rgba, width, height);
}

/** To measure letters with. */
const pen = document.createElement("canvas").getContext("2d");

function isSelected({ key }: Checked): boolean {
  return store.selection?.cell === key;
}

/** The nearest cell in that direction, what lies aside counting twice. */
function neighbour(
  from: Checked | undefined,
  cells: readonly Checked[],
  [right, down]: readonly [number, number],
): Checked | undefined {
  if (!from) return cells[0];
  const distances = cells.flatMap((checked) => {
    const [x, y] = [checked.cell.x - from.cell.x, checked.cell.y - from.cell.y];
    const ahead = x * right + y * down;
    const aside = Math.abs(x * down) + Math.abs(y * right);
    return ahead > 0 ? [{ checked, distance: ahead + 2 * aside }] : [];
  });
  return distances.sort((one, other) => one.distance - other.distance)[0]?.checked;
}

customElements.define("leuko-viewer", Viewer);
