// One cell, large and with its surroundings, beside the drawings of the two classes that it most likely has, and its place in the field.
import { css, html, nothing, type TemplateResult } from "lit";
import "../atlas/atlas.js";
import { formatPercent, Localised, nameOf, words } from "../i18n/index.js";
import { reasonOf, review } from "../i18n/review.js";
import { summarise } from "../i18n/summary.js";
import { colourOf, type Labels, markOf } from "../state/classes.js";
import { heatmapLayer } from "../state/heatmap.js";
import { needOf } from "../state/needs.js";
import { reviewQueue } from "../state/review-queue.js";
import { type Checked, isReviewed, store } from "../state/store.js";
import { subscribe } from "../state/subscribe.js";
import "../workbench/quality.js";
import "../workbench/viewer.js";

class ReviewCell extends Localised {
  static override properties = { labels: { attribute: false } };

  declare labels: Labels;
  private readonly drawn = new Set<string>();

  static override styles = css`
    :host {
      display: grid;
      grid-template-columns: minmax(0, 1.1fr) minmax(0, 1fr);
      grid-template-rows: minmax(0, 1fr);
      gap: clamp(10px, 1.4vw, 24px);
      padding-block-end: 10px;
    }
    .large {
      min-width: 0;
      height: 100%;
    }
    .side {
      display: grid;
      grid-template-rows: auto minmax(0, 1fr);
      gap: 10px;
      min-height: 0;
    }
    .said {
      display: grid;
      grid-template-columns: minmax(0, 1fr) auto;
      gap: 0 16px;
      align-items: start;
      min-height: 148px; /* whatever is said, what is below does not move */
    }
    h3 {
      margin: 0;
      padding-inline-start: 12px;
      border-inline-start: 6px solid var(--class);
      font-size: clamp(1.25rem, 2vw, 1.75rem);
      font-weight: 650;
      line-height: 1.2;
      letter-spacing: -0.02em;
    }
    p {
      margin: 4px 0 0;
      color: var(--quiet);
      font-size: 0.9375rem;
      overflow-wrap: anywhere;
    }
    .need {
      color: var(--warning);
    }
    .place {
      width: 148px;
      height: 111px;
      --radius: 10px;
    }
    .pair {
      display: grid;
      grid-template-columns: repeat(2, minmax(0, 1fr));
      gap: 14px;
      overflow-y: auto;
      overscroll-behavior: contain;
    }
    h4 {
      display: flex;
      justify-content: space-between;
      gap: 8px;
      margin: 0 0 6px;
      font-size: 0.9375rem;
    }
    h4 span {
      color: var(--quiet);
      font-weight: 400;
      font-variant-numeric: tabular-nums;
    }
    .research {
      font-size: 0.8125rem;
    }
    @media (max-width: 700px), (orientation: portrait) {
      :host {
        grid-template-columns: minmax(0, 1fr);
        grid-template-rows: minmax(150px, 1fr) minmax(0, 1.1fr);
      }
      .said {
        min-height: 128px;
      }
      p {
        font-size: 0.875rem;
        line-height: 1.35;
      }
      .place {
        width: 104px;
        height: 78px;
      }
    }
    @media (max-height: 500px) {
      .large {
        height: 200px;
      }
    }
  `;

  constructor() {
    super();
    this.labels = [];
    subscribe(this, store, reviewQueue, heatmapLayer);
  }

  override render(): TemplateResult | typeof nothing {
    const { cell } = store;
    if (!cell) return nothing;
    return html`
      <leuko-viewer class="large" shows="cell" .labels=${this.labels}></leuko-viewer>
      <div class="side">
        <div class="said">${this.said(cell)}<leuko-viewer class="place" shows="place"></leuko-viewer></div>
        <div class="pair" tabindex="0" role="group" aria-label=${review.words.compare}>
          ${this.drawings(cell)}
        </div>
      </div>
    `;
  }

  private said(checked: Checked): TemplateResult {
    const say = review.words;
    const need = needOf(checked);
    const { headline, detail } = summarise(checked, this.labels);
    const place = say.place(reviewQueue.place + 1, reviewQueue.keys.length, checked.picture.name);
    return html`
      <div role="status">
        <h3 .style=${`--class: ${colourOf(checked.label)}`}>${headline}${isReviewed(checked) ? markOf(checked) : nothing}</h3>
        <p class=${need ? "need" : ""}>${need ? reasonOf(need) : detail}</p>
        <leuko-quality></leuko-quality>
        <p>${place}</p>
        <p class="research">${words.researchOnly}</p>
      </div>
    `;
  }

  /** What it is said to be, and what the model would say next. */
  private likeliest({ label, cell }: Checked): readonly string[] {
    const byModel = cell.predictions.map((prediction) => prediction.label);
    return [...new Set(label === null ? byModel : [label, ...byModel])].slice(0, 2);
  }

  /** What was drawn once stays in the page, unseen until it is wanted again: drawings take longer than all else. */
  private drawings(checked: Checked): readonly TemplateResult[] {
    const wanted = this.likeliest(checked);
    for (const label of wanted) this.drawn.add(label);
    return [...this.drawn].map((label) => this.drawing(label, wanted.indexOf(label), checked));
  }

  private drawing(label: string, place: number, { cell }: Checked): TemplateResult {
    const probability = cell.predictions.find((prediction) => prediction.label === label)?.probability;
    return html`
      <section ?hidden=${place < 0} .style=${`order: ${place}`}>
        <h4>${nameOf(label, this.labels)} ${probability === undefined ? nothing : html`<span>${formatPercent(probability, 0)}</span>`}</h4>
        <leuko-atlas brief .label=${label}></leuko-atlas>
      </section>
    `;
  }
}

customElements.define("leuko-review-cell", ReviewCell);
