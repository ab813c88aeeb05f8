// What the network says of a picture, and how sure it is.
import type { Prediction } from "leukolens";
import { css, html, type TemplateResult } from "lit";
import { formatPercent, Localised, nameOf } from "../i18n/index.js";
import { kiosk } from "../i18n/kiosk.js";
import type { Recognition } from "./recogniser.js";
import { controls } from "./style.js";

const shown = 3;

class Answer extends Localised {
  static override properties = { recognition: { attribute: false } };

  /** Undefined while the network is still at work. */
  declare recognition: Recognition | undefined;

  static override styles = [
    controls,
    css`
      :host {
        display: grid;
        gap: 0.7em;
        padding: 1.1em 1.4em;
        border-radius: 1.4em;
        background: var(--panel);
      }
      .headline {
        min-height: 1.4em;
        font-size: 1.25em;
        font-weight: 650;
      }
      ul {
        display: grid;
        gap: 0.5em;
        min-height: 6.6em;
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li {
        display: grid;
        grid-template-columns: 1fr auto;
        align-content: start;
        gap: 0.15em 1em;
      }
      .number {
        font-variant-numeric: tabular-nums;
      }
      svg {
        grid-column: 1 / -1;
        width: 100%;
        height: 0.5em;
        border-radius: 0.25em;
        background: var(--ground);
      }
      rect {
        fill: var(--accent);
      }
      li:not(:first-child) {
        color: var(--quiet);
      }
      li:not(:first-child) rect {
        opacity: 0.6;
      }
      @media (height <= 640px) and (orientation: landscape) {
        :host {
          gap: 0.3em;
          padding: 0.7em 1.2em;
        }
        ul {
          gap: 0.3em;
          min-height: 5.6em;
        }
      }
      @media (forced-colors: active) {
        rect {
          fill: Highlight;
        }
      }
    `,
  ];

  override render(): TemplateResult {
    const { network, heatmap } = kiosk.words;
    return html`
      <p class="quiet">${network}</p>
      <p class="headline">${this.headline()}</p>
      <ul>
        ${this.recognition?.result.predictions.slice(0, shown).map(bar)}
      </ul>
      <p class="quiet">${this.recognition?.heatmap ? heatmap : "\u00a0"}</p>
    `;
  }

  private headline(): string {
    const { waiting, notRecognised, unsure } = kiosk.words;
    if (!this.recognition) return waiting;
    const { verdict, predictions } = this.recognition.result;
    const [first = "", second = ""] = predictions.map(({ label }) => nameOf(label));
    if (verdict === "rejected" || predictions.length === 0) return notRecognised;
    return verdict === "unsure" ? unsure(first, second) : first;
  }
}

const bar = ({ label, probability }: Prediction) => html`
  <li>
    <span>${nameOf(label)}</span><span class="number">${formatPercent(probability)}</span>
    <svg aria-hidden="true"><rect width="${100 * probability}%" height="100%" rx="4" /></svg>
  </li>
`;

customElements.define("leuko-kiosk-answer", Answer);
