// The scale of the picture as a bar over it. It opens what says where the scale is from, takes another, and measures between two points.
import { css, html, nothing, svg, type TemplateResult } from "lit";
import { formatNumber, Localised } from "../i18n/index.js";
import { picture as chapter } from "../i18n/picture.js";
import { directions, type PanZoom } from "../images/pan-zoom.js";
import { redCellsOf } from "../state/cell-quality.js";
import type { RedCells } from "../state/red-cells.js";
import { roundLength, scale, sensible } from "../state/scale.js";
import { type Findings, store } from "../state/store.js";
import { subscribe } from "../state/subscribe.js";
import { controls } from "../ui/controls.js";
import { textField } from "../ui/text-field.js";

/** In pixels of the screen. */
const longestBar = 100;

/** In pixels of the picture. */
type Point = readonly [x: number, y: number];

class ScaleBar extends Localised {
  static override properties = {
    view: { attribute: false },
    magnified: { type: Number },
    open: { state: true },
    ruler: { state: true },
    refused: { state: true },
    redCells: { state: true },
  };

  declare view: PanZoom;
  /** Pixels of the screen for one of the picture: what the viewer changes when it zooms. */
  declare magnified: number;
  declare private open: boolean;
  /** From where to where is measured; undefined while nothing is. */
  declare private ruler: readonly [Point, Point] | undefined;
  declare private refused: boolean;
  /** Of the selected picture; undefined until they were looked at. */
  declare private redCells: Pick<RedCells, "count"> | undefined;
  private counted: Findings | undefined;
  /** Of the picture that the ruler lies on, whichever page of it is shown. */
  private file: Blob | undefined;
  private pulling = false;

  static override styles = [
    controls,
    textField,
    css`
      .bar {
        position: absolute;
        inset-block-end: 12px;
        inset-inline-start: 12px;
        display: grid;
        justify-items: center;
        align-content: center;
        gap: 2px;
        padding: 0 12px;
        background: color-mix(in srgb, var(--card) 88%, transparent);
        font-size: 0.8125rem;
        line-height: 1.2;
      }
      .line {
        height: 6px;
        border: solid currentColor;
        border-width: 0 2px 2px;
      }
      section {
        position: absolute;
        z-index: 1;
        inset-block-end: 64px;
        inset-inline-start: 12px;
        display: grid;
        gap: 8px;
        width: min(320px, calc(100% - 24px));
        padding: 14px;
        border: 1px solid var(--line);
        border-radius: 16px;
        background: var(--card);
        box-shadow: var(--shadow);
        font-size: 0.875rem;
      }
      p {
        margin: 0;
      }
      label {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: 8px;
      }
      input {
        width: 110px;
      }
      .refused {
        color: var(--warning);
        font-weight: 600;
      }
      .measuring {
        position: absolute;
        inset: 0;
        overflow: hidden;
        border-radius: var(--radius);
        cursor: crosshair;
        touch-action: none;
      }
      .content {
        position: absolute;
        left: 0;
        top: 0;
        transform-origin: 0 0;
        pointer-events: none;
      }
      svg {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
        overflow: visible;
      }
      line {
        stroke: #251b31;
        stroke-width: 3px;
        vector-effect: non-scaling-stroke;
      }
      line.halo {
        stroke: #fff;
        stroke-width: 7px;
      }
      output {
        position: absolute;
        inset-block-start: 12px;
        inset-inline-start: 12px;
        padding: 6px 14px;
        border-radius: 16px;
        background: var(--card);
        font-weight: 650;
        font-variant-numeric: tabular-nums;
      }
      @media print {
        section,
        .measuring {
          display: none;
        }
      }
    `,
  ];

  constructor() {
    super();
    this.open = this.refused = false;
    subscribe(this, store, scale);
  }

  override willUpdate(): void {
    const { file, outcome } = store.picture ?? {};
    if (file !== this.file) this.ruler = undefined;
    this.file = file;
    if (!this.open || outcome?.kind !== "found" || outcome === this.counted) return;
    this.counted = outcome;
    this.redCells = undefined;
    void this.count(outcome);
  }

  override render(): TemplateResult | typeof nothing {
    if (store.picture?.outcome?.kind !== "found") return nothing;
    const say = chapter.words.scale;
    const { current } = scale;
    const length = current && roundLength((longestBar * current.micrometres) / this.magnified);
    const text = length === undefined ? say.none : say.micrometres(formatNumber(length, digitsOf(length)));
    return html`
      ${this.ruler ? this.measuring(this.ruler) : nothing}
      <button class="bar" aria-expanded=${this.open} aria-label=${say.bar(text)} @click=${this.toggle}>
        <span>${text}</span>
        ${current && length ? html`<span class="line" .style=${`width: ${(length * this.magnified) / current.micrometres}px`}></span>` : nothing}
      </button>
      ${this.open && !this.ruler ? this.settings() : nothing}
    `;
  }

  private settings(): TemplateResult {
    const say = chapter.words.scale;
    const { current, typed } = scale;
    const cell = store.cell?.cell;
    return html`
      <section aria-label=${say.title} @keydown=${this.onSectionKey} @pointerdown=${stop} @dblclick=${stop}>
        <p>${current ? say.from[current.by] : say.unknown}</p>
        ${cell && current ? html`<p>${say.cell(formatNumber(cell.diameter * current.micrometres, 1))}</p>` : nothing}
        ${this.redCells ? html`<p>${this.redCells.count === undefined ? say.notCounted : say.redCells(formatNumber(roundCount(this.redCells.count)))}</p>` : nothing}
        <label>
          ${say.typed}
          <input type="number" inputmode="decimal" step="any" min=${sensible.least} max=${sensible.most} .value=${typed?.toString() ?? ""} @change=${this.onTyped} />
        </label>
        ${this.refused ? html`<p class="refused" role="alert">${say.refused(formatNumber(sensible.least, 3), formatNumber(sensible.most))}</p>` : nothing}
        <button ?disabled=${!current} @click=${this.measure}>${say.measure}</button>
      </section>
    `;
  }

  private measuring([from, to]: readonly [Point, Point]): TemplateResult {
    const say = chapter.words.scale;
    const { width, height } = this.view.size;
    const pixels = Math.hypot(to[0] - from[0], to[1] - from[1]);
    const micrometres = pixels * (scale.current?.micrometres ?? 0);
    const line = (name: string) =>
      svg`<line class=${name} x1=${from[0]} y1=${from[1]} x2=${to[0]} y2=${to[1]} />`;
    return html`
      <div
        class="measuring"
        role="application"
        tabindex="0"
        aria-label=${say.keys}
        @pointerdown=${this.onDown}
        @pointermove=${this.onMove}
        @pointerup=${this.onUp}
        @dblclick=${stop}
        @keydown=${this.onRulerKey}
      >
        <div class="content" .style=${this.view.style}>
          <svg viewBox=${`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">${line("halo")}${line("")}</svg>
        </div>
        <output>${say.length(formatNumber(micrometres, 1), formatNumber(pixels))}</output>
      </div>
    `;
  }

  private async count(found: Findings): Promise<void> {
    const redCells = await redCellsOf(found);
    if (found === this.counted) this.redCells = redCells ?? { count: undefined };
  }

  /** While something is measured, the settings are out of the way: the bar leads back to them. */
  private toggle(): void {
    this.open = !this.open || this.ruler !== undefined;
    this.ruler = undefined;
  }

  /** Begins in the middle of what is seen, a bar's length wide. */
  private async measure(): Promise<void> {
    const [x, y] = this.view.middle;
    const half = longestBar / 2 / this.magnified;
    this.ruler = [
      [x - half, y],
      [x + half, y],
    ];
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(".measuring")?.focus();
  }

  private onTyped({ target }: Event): void {
    const { value, valueAsNumber } = target as HTMLInputElement;
    this.refused = !scale.type(value === "" ? undefined : valueAsNumber || 0);
  }

  private onDown(event: PointerEvent): void {
    event.stopPropagation(); // the picture stays where it is
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    const point = this.view.pointAt(event);
    this.ruler = [point, point];
    this.pulling = true;
  }

  private onMove(event: PointerEvent): void {
    event.stopPropagation();
    if (this.pulling && this.ruler) this.ruler = [this.ruler[0], this.view.pointAt(event)];
  }

  private onUp(event: PointerEvent): void {
    event.stopPropagation();
    this.pulling = false;
  }

  /** Arrows move the end of the ruler, with Shift all of it. */
  private async onRulerKey(event: KeyboardEvent): Promise<void> {
    const direction = directions[event.key];
    if (event.key === "Escape") this.ruler = undefined;
    else if (direction && this.ruler) {
      const step = 4 / this.magnified;
      const moved = ([x, y]: Point): Point => [x + step * direction[0], y + step * direction[1]];
      const [from, to] = this.ruler;
      this.ruler = [event.shiftKey ? moved(from) : from, moved(to)];
    } else return;
    event.preventDefault();
    event.stopPropagation();
    if (this.ruler) return;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>("section button")?.focus();
  }

  private onSectionKey(event: KeyboardEvent): void {
    event.stopPropagation(); // what is typed here corrects no cell
    if (event.key !== "Escape") return;
    this.toggle();
    this.renderRoot.querySelector<HTMLElement>(".bar")?.focus();
  }
}

function stop(event: Event): void {
  event.stopPropagation();
}

/** To two digits: more would promise too much. */
function roundCount(count: number): number {
  return Number(count.toPrecision(2));
}

/** Those that a round length needs. */
function digitsOf(length: number): number {
  return Math.max(0, -Math.floor(Math.log10(length)));
}

customElements.define("leuko-scale", ScaleBar);
