// The answers of two models picture by picture, with those marked in which they differ.
import { css, html, nothing, type TemplateResult } from "lit";
import { formatNumber, formatPercent, Localised, nameOf } from "../i18n/index.js";
import { onDemand } from "../i18n/on-demand.js";
import "../images/thumbnail.js";
import { type Answer, agree, type Compared } from "./pair.js";
import { shared } from "./style.js";

class Answers extends Localised {
  static override properties = {
    rows: { attribute: false },
    names: { attribute: false },
    onlyDifferent: { state: true },
  };

  declare rows: readonly Compared[];
  /** Of the two models. */
  declare names: readonly string[];
  declare private onlyDifferent: boolean;

  static override styles = [
    shared,
    css`
      .answers {
        width: 100%;
        table-layout: fixed;
        margin-block-start: 12px;
      }
      .answers :is(th, td) {
        overflow-wrap: anywhere;
        hyphens: auto;
      }
      .answers th:first-child {
        width: 30%;
      }
      .answers th {
        font-weight: 500;
      }
      .answers leuko-thumbnail {
        max-width: 100%;
        border-radius: 10px;
      }
      .answers tr.differ :is(td, th) {
        background: color-mix(in srgb, var(--warning) 12%, transparent);
      }
      .answers tr.differ th {
        border-inline-start: 4px solid var(--warning);
        padding-inline-start: 8px;
      }
      td b {
        display: block;
      }
      @media (max-width: 480px) {
        .answers {
          font-size: 0.8125rem;
        }
        .answers th:first-child {
          width: 34%;
        }
      }
      .verdict {
        color: var(--warning);
        font-size: 0.875rem;
      }
      small {
        font-size: 0.8125rem;
      }
      th small {
        display: block;
      }
      .check {
        display: inline-flex;
        align-items: center;
        gap: 8px;
        min-height: 44px;
        cursor: pointer;
      }
      .check input {
        width: 24px;
        height: 24px;
        accent-color: var(--accent);
      }
    `,
  ];

  constructor() {
    super();
    this.onlyDifferent = false;
  }

  override render(): TemplateResult {
    const { compare } = onDemand.words.model;
    const rows = this.onlyDifferent ? this.rows.filter((row) => !agree(row)) : this.rows;
    const flip = (event: Event) => {
      this.onlyDifferent = (event.target as HTMLInputElement).checked;
    };
    return html`
      <label class="check">
        <input type="checkbox" .checked=${this.onlyDifferent} @change=${flip} /> ${compare.onlyDifferent}
      </label>
      ${
        rows.length === 0
          ? html`<p class="quiet">${compare.noneDiffers}</p>`
          : html`
              <table class="answers" aria-label=${compare.title}>
                <thead>
                  <tr><th scope="col">${compare.image}</th>${this.names.map((name) => html`<th scope="col">${name}</th>`)}</tr>
                </thead>
                <tbody>${rows.map((row) => this.row(row))}</tbody>
              </table>
            `
      }
    `;
  }

  private row(compared: Compared): TemplateResult {
    const { compare } = onDemand.words.model;
    const { picture, sheet, answers } = compared;
    const same = agree(compared);
    return html`
      <tr class=${same ? "" : "differ"}>
        <th scope="row">
          <leuko-thumbnail .sheet=${sheet} .index=${0}></leuko-thumbnail>
          ${picture.drawn ? compare.drawn(nameOf(picture.drawn)) : picture.name}
          <small class="quiet">${same ? compare.agree : html`≠ ${compare.differ}`}</small>
        </th>
        ${answers.map((answer) => html`<td>${this.answer(answer)}</td>`)}
      </tr>
    `;
  }

  private answer(answer: Answer): TemplateResult {
    const { compare } = onDemand.words.model;
    if ("error" in answer) return html`<b>${compare.failed}</b><small>${answer.error}</small>`;
    const { verdict, label, confidence, ms } = answer;
    return html`
      <b>${label === null ? compare.rejected : nameOf(label)}</b>
      ${verdict === "unsure" ? html`<span class="verdict">${compare.unsure}</span>` : nothing}
      ${label === null ? nothing : html`<span>${formatPercent(confidence)}</span>`}
      <small class="quiet">${compare.milliseconds(formatNumber(ms, 1))}</small>
    `;
  }
}

customElements.define("leuko-answers", Answers);
