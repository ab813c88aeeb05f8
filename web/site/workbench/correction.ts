// What a person says of the selected cell instead of the model: a button a class, each with its key.
import { css, html, nothing, type TemplateResult } from "lit";
import { Localised, nameOf, words } from "../i18n/index.js";
import { choicesOf, colourOf, type Labels } from "../state/classes.js";
import { notices } from "../state/notices.js";
import { chosenLabels } from "../state/own-labels.js";
import { type Checked, type Correction, isReviewed, store } from "../state/store.js";
import { subscribe } from "../state/subscribe.js";
import { controls } from "../ui/controls.js";
import type { LabelSet } from "./label-set.js";

class CorrectionPanel extends Localised {
  static override properties = { labels: { attribute: false } };

  declare labels: Labels;

  static override styles = [
    controls,
    css`
      h3 {
        margin: 0 0 8px;
        font-size: 1rem;
        font-weight: 600;
      }
      .choices {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
      }
      .choices button {
        padding-inline: 12px;
        font-size: 0.9375rem;
        font-weight: 500;
      }
      .choices button[aria-pressed="true"] {
        border-color: var(--class);
        background: var(--class);
        color: #fff;
      }
      .dot {
        width: 12px;
        height: 12px;
        border-radius: 50%;
        background: var(--class);
      }
      [aria-pressed="true"] .dot {
        background: #fff;
      }
    `,
  ];

  constructor() {
    super();
    this.labels = [];
    subscribe(this, store, chosenLabels);
  }

  override render(): TemplateResult {
    const { workbench } = words;
    const { cell } = store;
    const takeBack = () => cell && store.correct(cell.key, undefined);
    return html`
      <section aria-label=${workbench.correct}>
        <h3>${workbench.correct}</h3>
        <div class="choices">
          ${choicesOf(this.labels).map(({ id, key }) => this.choice(id, nameOf(id, this.labels), key))}
          ${this.choice(null, workbench.verdict.notWhite, "0")}
          <button ?disabled=${!cell || !isReviewed(cell)} @click=${takeBack}>${workbench.restore} <kbd>⌫</kbd></button>
          <button @click=${() => this.chooseLabels()}>${workbench.moreLabels}</button>
        </div>
        <leuko-label-set></leuko-label-set>
      </section>
    `;
  }

  private async chooseLabels(): Promise<void> {
    try {
      await import("./label-set.js");
      this.renderRoot.querySelector<LabelSet>("leuko-label-set")?.show();
    } catch {
      notices.put("overlay", () => words.workbench.errors.known.network.detail, true);
    }
  }

  private choice(correction: Correction, name: string, key: string | undefined): TemplateResult {
    const { cell } = store;
    return html`
      <button
        aria-pressed=${cell !== undefined && isSaid(cell, correction)}
        ?disabled=${!cell}
        .style=${`--class: ${colourOf(correction)}`}
        @click=${() => cell && store.correct(cell.key, correction)}
      >
        <span class="dot"></span>${name} ${key ? html`<kbd>${key.toUpperCase()}</kbd>` : nothing}
      </button>
    `;
  }
}

function isSaid({ label, verdict, corrected }: Checked, correction: Correction): boolean {
  return correction === null ? corrected && label === null : label === correction && verdict === "classified";
}

customElements.define("leuko-correction", CorrectionPanel);
