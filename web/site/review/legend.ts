// The keys of review, always in view: each is a button too, for mouse and fingers.
import { css, html, nothing, type TemplateResult } from "lit";
import { Localised, nameOf, words } from "../i18n/index.js";
import { review } from "../i18n/review.js";
import { choicesOf, colourOf, type Labels } from "../state/classes.js";
import { heatmapLayer } from "../state/heatmap.js";
import { chosenLabels } from "../state/own-labels.js";
import { reviewQueue } from "../state/review-queue.js";
import { type Correction, isReviewed, store } from "../state/store.js";
import { subscribe } from "../state/subscribe.js";
import { controls } from "../ui/controls.js";
import "../workbench/label-set.js";
import type { LabelSet } from "../workbench/label-set.js";

class ReviewLegend extends Localised {
  static override properties = { labels: { attribute: false }, many: { type: Boolean } };

  declare labels: Labels;
  /** Many cells are seen: there is no one cell whose heatmap could be. */
  declare many: boolean;

  static override styles = [
    controls,
    css`
      :host {
        display: grid;
        grid-template-columns: repeat(8, minmax(0, 1fr));
        gap: 6px;
        max-width: 1640px;
        margin-inline: auto;
      }
      button {
        gap: 6px;
        padding-inline: 6px;
        font-size: clamp(0.8125rem, 0.95vw, 0.9375rem);
        font-weight: 500;
        line-height: 1.15;
        overflow-wrap: anywhere;
      }
      button.main {
        grid-column: span 2;
        min-height: 44px;
        padding-inline: 8px;
        font-size: 0.9375rem;
        font-weight: 650;
      }
      button.main:disabled {
        background: var(--tint);
        color: var(--quiet);
      }
      .class[aria-pressed="true"] {
        border-color: var(--class);
        background: var(--class);
        color: #fff;
      }
      .dot {
        width: 12px;
        height: 12px;
        flex: none;
        border-radius: 50%;
        background: var(--class);
      }
      [aria-pressed="true"] .dot {
        background: #fff;
      }
      @media (max-width: 1100px) {
        :host {
          grid-template-columns: repeat(6, minmax(0, 1fr));
        }
      }
      @media (max-width: 850px) {
        :host {
          grid-template-columns: repeat(5, minmax(0, 1fr));
        }
      }
      @media (min-width: 701px) and (max-height: 500px) {
        :host {
          grid-template-columns: repeat(8, minmax(0, 1fr));
        }
        button {
          flex-direction: column;
          gap: 0;
          padding-inline: 4px;
          font-size: 0.75rem;
        }
        button.main {
          flex-direction: row;
        }
        .class {
          border-block-end: 4px solid var(--class);
        }
        .dot {
          display: none;
        }
      }
      @media (max-width: 700px) {
        :host {
          grid-template-columns: repeat(4, minmax(0, 1fr));
        }
        button {
          padding-inline: 4px;
          font-size: 0.75rem;
        }
        button.main {
          order: -1;
          padding-inline: 4px;
        }
        .back {
          order: -2;
        }
        .next {
          order: -1;
        }
        .class {
          border-block-end: 4px solid var(--class);
        }
        .dot {
          display: none;
        }
      }
    `,
  ];

  constructor() {
    super();
    this.labels = [];
    this.many = false;
    subscribe(this, store, reviewQueue, heatmapLayer, chosenLabels);
  }

  override render(): TemplateResult {
    const say = review.words;
    const { place, keys } = reviewQueue;
    const spoken = store.cell && isReviewed(store.cell);
    return html`
      <button class="main" ?disabled=${!reviewQueue.canConfirm} @click=${() => reviewQueue.confirm()}>
        ${this.consent()} <kbd>${say.space}</kbd>
      </button>
      ${choicesOf(this.labels).map(({ id, key }) => this.choice(id, nameOf(id, this.labels), key))}
      ${this.choice(null, words.workbench.verdict.notWhite, "0")}
      <button ?disabled=${!spoken} @click=${() => reviewQueue.takeBack()}>${say.takeBack} <kbd>⌫</kbd></button>
      ${
        this.many
          ? nothing
          : html`<button aria-pressed=${heatmapLayer.shown} @click=${() => heatmapLayer.toggle()}>${say.heatmap} <kbd>H</kbd></button>`
      }
      <button @click=${() => this.chooseLabels()}>${words.workbench.moreLabels}</button>
      <button class="back" ?disabled=${place <= 0} @click=${() => reviewQueue.goTo(place - 1)}>${say.back} <kbd>←</kbd></button>
      <button class="next" ?disabled=${place + 1 >= keys.length} @click=${() => reviewQueue.goTo(place + 1)}>${say.skip} <kbd>→</kbd></button>
      <leuko-label-set></leuko-label-set>
    `;
  }

  private chooseLabels(): void {
    this.renderRoot.querySelector<LabelSet>("leuko-label-set")?.show();
  }

  /** What confirming would say. */
  private consent(): string {
    const say = review.words;
    const { marked } = reviewQueue;
    if (marked.size > 0) return say.confirmMany(marked.size);
    const label = store.cell?.label;
    return label ? say.confirmAs(nameOf(label, this.labels)) : say.confirm;
  }

  private choice(correction: Correction, name: string, key: string | undefined): TemplateResult {
    const { cell } = store;
    const said = cell !== undefined && isReviewed(cell) && cell.label === correction;
    return html`
      <button
        class="class"
        aria-pressed=${said}
        .style=${`--class: ${colourOf(correction)}`}
        @click=${() => reviewQueue.label(correction)}
      >
        <span class="dot"></span>${name} ${key ? html`<kbd>${key.toUpperCase()}</kbd>` : nothing}
      </button>
    `;
  }
}

customElements.define("leuko-review-legend", ReviewLegend);
