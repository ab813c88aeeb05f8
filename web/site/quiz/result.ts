// After a quiz: the score, by class too, every cell with its answer and its key, and all of that as a table to keep.
import { css, html, nothing, type TemplateResult } from "lit";
import { formatNumber, formatPercent, Localised, nameOf, words } from "../i18n/index.js";
import { quiz } from "../i18n/quiz.js";
import "../images/thumbnail.js";
import { csvOf } from "../persistence/csv.js";
import { download, fileName } from "../persistence/download.js";
import type { Labels } from "../state/classes.js";
import { type Answer, columns, isRight, linesOf, type Rules, scoreOf } from "../state/quiz.js";
import type { Correction } from "../state/store.js";
import { controls } from "../ui/controls.js";
import { icon } from "../ui/icons.js";

/** Says "again". */
class QuizResult extends Localised {
  static override properties = {
    labels: { attribute: false },
    answers: { attribute: false },
    rules: { attribute: false },
  };

  declare labels: Labels;
  declare answers: readonly Answer[];
  declare rules: Rules;
  private readonly time = new Date();

  static override styles = [
    controls,
    css`
      .all {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 16px;
        max-width: 1100px;
        margin-inline: auto;
      }
      h3 {
        margin: 0;
        font-size: clamp(1.5rem, 3vw, 2.25rem);
        letter-spacing: -0.02em;
      }
      .all h3:focus-visible {
        outline: none;
      }
      p {
        margin: 0;
        color: var(--quiet);
        font-size: 0.875rem;
      }
      .buttons {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }
      table {
        width: min(460px, 100%);
        border-collapse: collapse;
        font-variant-numeric: tabular-nums;
      }
      th,
      td {
        padding: 5px 8px 5px 0;
        border-block-end: 1px solid var(--line);
        font-weight: 400;
        text-align: start;
      }
      thead th {
        color: var(--quiet);
        font-size: 0.875rem;
      }
      td,
      th + th {
        text-align: end;
      }
      ol {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(270px, 1fr));
        gap: 10px;
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li {
        display: grid;
        grid-template-columns: 96px minmax(0, 1fr);
        gap: 12px;
        align-items: center;
        padding: 8px;
        border: 1px solid var(--line);
        border-radius: 14px;
        background: var(--card);
        font-size: 0.9375rem;
        overflow-wrap: anywhere;
      }
      li.wrong {
        border-color: var(--warning);
      }
      leuko-thumbnail {
        border-radius: 8px;
      }
      .wrong .given {
        color: var(--warning);
      }
      li strong,
      li span {
        display: block;
      }
      small {
        color: var(--quiet);
        font-size: 0.8125rem;
      }
    `,
  ];

  override firstUpdated(): void {
    this.renderRoot.querySelector("h3")?.focus();
  }

  override render(): TemplateResult {
    const say = quiz.words;
    const { right, all, classes } = scoreOf(this.answers);
    const seconds = this.answers.reduce((sum, { ms }) => sum + ms, 0) / 1000 / all;
    return html`
      <div class="all">
        <h3 tabindex="-1">${say.score(formatNumber(right), formatNumber(all), formatPercent(right / all, 0))}</h3>
        <p>${say.pace(formatNumber(seconds, 1))} ${say.keyIsYours} ${words.researchOnly}</p>
        <div class="buttons">
          <button class="main" @click=${this.save}>${icon("save")}${say.save}</button>
          <button @click=${() => this.dispatchEvent(new Event("again"))}>${say.again}</button>
        </div>
        <table>
          <thead><tr><th scope="col">${say.keyColumn}</th><th scope="col">${say.rightColumn}</th></tr></thead>
          <tbody>
            ${classes.map((one) => html`<tr><th scope="row">${this.named(one.label)}</th><td>${say.of(formatNumber(one.right), formatNumber(one.all))}</td></tr>`)}
          </tbody>
        </table>
        <ol aria-label=${say.answers}>${this.answers.map((answer) => this.line(answer))}</ol>
      </div>
    `;
  }

  private line(answer: Answer): TemplateResult {
    const say = quiz.words;
    const { question, given } = answer;
    const right = isRight(answer);
    return html`
      <li class=${right ? "" : "wrong"}>
        <leuko-thumbnail .sheet=${question.sheet} .index=${question.tile}></leuko-thumbnail>
        <div>
          <strong>${right ? "\u2713" : "\u2717"} ${this.named(question.label)}</strong>
          ${right ? nothing : html`<span class="given">${given === undefined ? say.late : say.given(this.named(given))}</span>`}
          <small>${question.picture.name}</small>
        </div>
      </li>
    `;
  }

  private named(label: Correction): string {
    return label === null ? words.workbench.verdict.notWhite : nameOf(label, this.labels);
  }

  private save(): void {
    const lines = linesOf(this.answers, this.rules, { time: this.time, note: words.researchOnly });
    download(new Blob([csvOf(columns, lines)], { type: "text/csv" }), fileName("quiz.csv"));
  }
}

customElements.define("leuko-quiz-result", QuizResult);
