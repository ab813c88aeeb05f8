// The selected cell: what it is, how sure the model is of each class, and where that can be seen.
import type { Prediction } from "leukolens";
import { css, html, nothing, type TemplateResult } from "lit";
import type { Labels } from "../state/classes.js";
import { classifiers } from "../state/classifiers.js";
import { controls } from "../ui/controls.js";
import "./correction.js";
import { heatmapLayer } from "../state/heatmap.js";
import "./details.js";
import { en } from "../i18n/en/first-load.js";
import { formatPercent, Localised, nameOf, words } from "../i18n/index.js";
import { picture } from "../i18n/picture.js";
import { describeError, type Summary, summarise, summarisePicture } from "../i18n/summary.js";
import { notices } from "../state/notices.js";
import { ownLabels } from "../state/own-labels.js";
import { correctByKey, isCorrection } from "../state/shortcuts.js";
import { type Checked, store } from "../state/store.js";
import { subscribe } from "../state/subscribe.js";

const atlas = import.meta.glob(["../atlas/atlas.ts", "../atlas/beside.ts"]);

/** Until the model has said which classes it knows. */
const usual: Labels = Object.entries(en.classes)
  .map(([id, name]) => ({ id, name }))
  .filter(({ id }) => ownLabels.every((own) => own.id !== id));

/** Says "speak" before a key says something of the cell. */
export class CellPanel extends Localised {
  static override properties = {
    compact: { type: Boolean, reflect: true },
    beside: { state: true },
    failed: { state: true },
  };

  /** Beside other cells: details are folded away. */
  declare compact: boolean;
  /** The cell is seen beside the atlas, in a window over the page. */
  declare private beside: boolean;
  /** The atlas could not be fetched. */
  declare private failed: boolean;

  static override styles = [
    controls,
    css`
      :host {
        display: flex;
        flex-direction: column;
        gap: 18px;
      }
      .verdict {
        /* of a name, its probability and the warning, so that nothing below moves */
        min-height: 8.1rem;
      }
      h2:focus:not(:focus-visible) {
        outline: none;
      }
      h2 {
        margin: 0;
        font-size: clamp(1.375rem, 2.6vw, 2rem);
        font-weight: 650;
        line-height: 1.2;
        letter-spacing: -0.025em;
        text-wrap: balance;
        overflow-wrap: anywhere;
      }
      .failed h2 {
        color: var(--warning);
      }
      p {
        margin: 6px 0 0;
        color: var(--quiet);
        overflow-wrap: anywhere;
      }
      ul {
        display: grid;
        gap: 2px;
        margin: 0 -8px;
        padding: 0;
        list-style: none;
      }
      .bar {
        display: grid;
        grid-template-columns: 1fr auto;
        gap: 4px 12px;
        width: 100%;
        padding: 5px 8px 7px;
        border: 1px solid transparent;
        border-radius: 10px;
        background: none;
        font-weight: 400;
        text-align: start;
      }
      .bar:disabled {
        color: var(--ink);
      }
      .bar[aria-pressed="true"] {
        border-color: var(--accent);
        background: var(--tint);
      }
      .number {
        font-variant-numeric: tabular-nums;
        color: var(--quiet);
      }
      .track {
        grid-column: 1 / -1;
        width: 100%;
        height: 10px;
        border-radius: 5px;
        background: var(--tint);
      }
      .bar rect {
        fill: var(--accent);
        opacity: 0.45;
        transition: width 0.35s cubic-bezier(0.2, 0.8, 0.2, 1);
      }
      :host([compact]) .bar {
        grid-template-columns: minmax(6em, 42%) 1fr auto;
        align-items: center;
        min-height: 40px;
      }
      :host([compact]) .track {
        grid-area: 1 / 2;
      }
      .first {
        font-weight: 600;
      }
      .first .number {
        color: var(--ink);
      }
      .first rect {
        opacity: 1;
      }
      .heat {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 16px;
        min-height: 44px;
      }
      label {
        display: inline-flex;
        align-items: center;
        gap: 8px;
        min-height: 44px;
        cursor: pointer;
      }
      input {
        accent-color: var(--accent);
      }
      input[type="range"] {
        min-height: 44px;
      }
      input[type="checkbox"] {
        width: 20px;
        height: 20px;
      }
      .legend {
        flex-basis: 100%;
        margin: 0;
        font-size: 0.875rem;
      }
      .warm,
      .cold {
        display: inline-block;
        width: 0.8em;
        height: 0.8em;
        border-radius: 50%;
        background: #ffc400;
      }
      .cold {
        margin-inline-start: 1em;
        background: #0060ff;
      }
      small {
        font-size: 0.875rem;
        color: var(--quiet);
      }
      @media (prefers-reduced-motion: reduce) {
        .bar rect {
          transition: none;
        }
      }
      @media (forced-colors: active) {
        .bar rect {
          fill: Highlight;
        }
      }
      @media print {
        .heat,
        leuko-correction,
        leuko-details,
        details {
          display: none;
        }
      }
    `,
  ];

  constructor() {
    super();
    this.compact = this.beside = this.failed = false;
    subscribe(this, store, classifiers, heatmapLayer);
    this.addEventListener("keydown", this.onKey);
  }

  /** The parts are there before the first answer too, so that nothing moves when it comes. */
  override render(): TemplateResult {
    const { cell, picture: shown } = store;
    const { headline, detail } = this.summary();
    const failed = shown?.outcome?.kind === "failed";
    const correct = html`<leuko-correction .labels=${this.labels}></leuko-correction>`;
    return html`
      <div class="verdict ${failed ? "failed" : ""}" role="status"><h2 tabindex="-1">${headline}</h2><p>${detail}</p><leuko-quality></leuko-quality></div>
      ${this.compact ? correct : nothing} ${this.bars(cell)} ${this.heat(cell)}
      ${this.compact ? nothing : correct} <leuko-details ?compact=${this.compact}></leuko-details>
      ${this.atlas(cell?.label ?? undefined)}
      <small>${words.researchOnly}</small>
    `;
  }

  /** Nothing is said of a cell that nobody sees: who hears "speak" shows it first, and prevents that. */
  private onKey(event: KeyboardEvent): void {
    const speak = new Event("speak", { cancelable: true });
    if (isCorrection(event, this.labels) && !this.dispatchEvent(speak)) return;
    correctByKey(event, this.labels);
  }

  /** Brings the answer under the eye and the keyboard to it. */
  async showAnswer(): Promise<void> {
    await this.updateComplete;
    const headline = this.renderRoot.querySelector("h2");
    if (!headline) return;
    const { top, bottom } = headline.getBoundingClientRect();
    if (top < 0 || bottom > window.innerHeight) window.scrollTo(0, 0); // where picture and answer are seen together
    headline.focus({ preventScroll: true });
  }

  private get labels(): Labels {
    return classifiers.current?.model.labels ?? usual;
  }

  private summary(): Summary {
    const { cell, picture: shown } = store;
    if (cell) return summarise(cell, this.labels);
    return shown ? summarisePicture(shown) : { headline: "", detail: "" };
  }

  private bars(cell: Checked | undefined): TemplateResult {
    const known: readonly Partial<Prediction>[] = this.labels.map(({ id }) => ({ label: id }));
    const predictions = cell && cell.cell.predictions.length > 0 ? cell.cell.predictions : known;
    return html`
      <ul aria-label=${words.workbench.probabilities}>
        ${predictions.map((prediction, index) => this.bar(prediction, index === 0))}
      </ul>
    `;
  }

  private bar({ label, probability }: Partial<Prediction>, first: boolean): TemplateResult {
    const shown =
      heatmapLayer.shown && (heatmapLayer.label ?? store.cell?.cell.predictions[0]?.label) === label;
    const known = probability !== undefined && label !== undefined;
    return html`
      <li>
        <button
          class="bar ${first && known ? "first" : ""}"
          ?disabled=${!known}
          aria-pressed=${known ? String(shown) : nothing}
          title=${known ? picture.words.explainClass(nameOf(label, this.labels)) : nothing}
          @click=${() => label && (shown ? heatmapLayer.toggle(false) : heatmapLayer.choose(label))}
        >
          <span>${label ? nameOf(label, this.labels) : "\u00a0"}</span>
          <span class="number">${known ? formatPercent(probability).padStart(6, "\u2007") : ""}</span>
          <svg class="track" aria-hidden="true"><rect width="${100 * (probability ?? 0)}%" height="100%" rx="5" /></svg>
        </button>
      </li>
    `;
  }

  private heat(checked: Checked | undefined): TemplateResult {
    const { workbench } = words;
    const { shown } = heatmapLayer;
    const [likeliest] = checked?.cell.predictions ?? [];
    return html`
      <div class="heat">
        <label><input type="checkbox" .checked=${shown} ?disabled=${!likeliest} @change=${() => heatmapLayer.toggle()} />${workbench.heatmap}</label>
        ${shown && likeliest ? this.legend(heatmapLayer.label ?? likeliest.label) : nothing}
      </div>
    `;
  }

  /** Of the heatmap, or why there is none. */
  private legend(label: string): TemplateResult {
    const { workbench } = words;
    const { opacity, failure, otherModel } = heatmapLayer;
    if (otherModel !== undefined)
      return html`<p class="legend">${picture.words.heatmapOfOther(otherModel)}</p>`;
    if (failure) return html`<p class="legend">${describeError(failure).detail}</p>`;
    const onFade = (event: Event) =>
      heatmapLayer.fade(Number((event.target as HTMLInputElement).value) / 100);
    return html`
      <label>${workbench.opacity} <input type="range" min="0" max="100" .value=${String(100 * opacity)} @input=${onFade} /></label>
      <p class="legend">
        <span class="warm"></span> ${picture.words.speaksFor(nameOf(label, this.labels))}
        <span class="cold"></span> ${picture.words.speaksAgainst}
      </p>
    `;
  }

  private atlas(label: string | undefined): TemplateResult | typeof nothing {
    if (!label || !("../atlas/atlas.ts" in atlas)) return nothing;
    const { errors, lookFor, toolbar } = words.workbench;
    const onToggle = ({ target }: Event) =>
      target instanceof HTMLDetailsElement && target.open && this.fetchAtlas();
    return html`
      <details class="fold" ?open=${!this.compact} @toggle=${onToggle}>
        <summary>${lookFor(nameOf(label, this.labels))}</summary>
        ${
          this.failed
            ? html`<p role="alert">${errors.known.network.detail}</p><button @click=${this.retryAtlas}>${toolbar.again}</button>`
            : html`
              <button class="beside" @click=${this.openBeside}>${picture.words.beside}</button>
              <leuko-atlas .label=${label}></leuko-atlas>`
        }
        ${this.beside ? html`<leuko-beside @close=${this.closeBeside}></leuko-beside>` : nothing}
      </details>
    `;
  }

  private async fetchAtlas(): Promise<void> {
    try {
      await atlas["../atlas/atlas.ts"]?.();
      this.failed = false;
    } catch {
      this.failed = true;
    }
  }

  private async retryAtlas(): Promise<void> {
    await this.fetchAtlas();
    if (!this.failed) await this.focusBeside();
  }

  private async openBeside(): Promise<void> {
    try {
      await atlas["../atlas/beside.ts"]?.();
      this.beside = true;
    } catch {
      notices.put("overlay", () => words.workbench.errors.known.network.detail, true);
    }
  }

  private async closeBeside(): Promise<void> {
    this.beside = false;
    await this.focusBeside();
  }

  private async focusBeside(): Promise<void> {
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(".beside")?.focus();
  }
}

customElements.define("leuko-cell", CellPanel);
