// One cell of a quiz, with its surroundings and without a name: said by a key or a tap, within the time if that is limited.
import { css, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { Localised, nameOf, words } from "../i18n/index.js";
import { quiz } from "../i18n/quiz.js";
import { choicesOf, correctionFor, type Labels } from "../state/classes.js";
import type { Question } from "../state/quiz.js";
import { type Correction, store } from "../state/store.js";
import { controls } from "../ui/controls.js";
import "../workbench/viewer.js";

/** Says "answer" for each cell. */
class QuizQuestion extends Localised {
  static override properties = {
    labels: { attribute: false },
    questions: { attribute: false },
    place: { attribute: false },
    seconds: { attribute: false },
    left: { state: true },
  };

  declare labels: Labels;
  declare questions: readonly Question[];
  /** Of the cell that is asked for, among them. */
  declare place: number;
  /** For each cell; 0: no limit. */
  declare seconds: number;
  /** Whole seconds until the time is up. */
  declare private left: number;
  private asked = 0;
  private clock = 0;

  static override styles = [
    controls,
    css`
      :host {
        display: grid;
        grid-template-rows: auto minmax(180px, 1fr) auto;
        gap: 10px;
        height: 100%;
      }
      .progress {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px 14px;
        color: var(--quiet);
        font-size: 0.9375rem;
        font-variant-numeric: tabular-nums;
      }
      .progress:focus-visible {
        outline: none;
      }
      progress {
        flex: 1 1 80px;
        max-width: 320px;
        height: 8px;
        accent-color: var(--accent);
      }
      .left {
        min-width: 5em;
        color: var(--ink);
        font-weight: 650;
        text-align: end;
      }
      leuko-viewer {
        min-height: 0;
      }
      .choices {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(180px, 1fr));
        gap: 6px;
      }
      .choices button {
        padding-inline: 8px;
        font-size: 0.9375rem;
        font-weight: 500;
        line-height: 1.15;
        overflow-wrap: anywhere;
      }
      @media (max-width: 700px) {
        .choices {
          grid-template-columns: repeat(3, minmax(0, 1fr));
        }
        .choices button {
          padding-inline: 4px;
          font-size: 0.75rem;
        }
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("keydown", this.onKey, { capture: true });
    this.clock = window.setInterval(() => this.tick(), 200);
  }

  override disconnectedCallback(): void {
    window.removeEventListener("keydown", this.onKey, { capture: true });
    window.clearInterval(this.clock);
    super.disconnectedCallback();
  }

  override willUpdate(changes: PropertyValues): void {
    if (!changes.has("place") && !changes.has("questions")) return;
    const question = this.questions[this.place];
    if (question) store.select(question.picture.id, question.key);
    this.asked = performance.now();
    this.left = this.seconds;
  }

  /** Where a button was pressed for the last cell, the next answer begins anew. */
  override updated(changes: PropertyValues): void {
    if (changes.has("place")) this.renderRoot.querySelector<HTMLElement>(".progress")?.focus();
  }

  override render(): TemplateResult {
    const say = quiz.words;
    const { place, questions, labels, seconds } = this;
    const text = say.place(place + 1, questions.length);
    return html`
      <div class="progress" tabindex="-1">
        <progress max=${questions.length} .value=${place} aria-label=${text}></progress>
        <span role="status">${text}</span>
        ${seconds > 0 ? html`<span class="left" role="timer">${say.seconds(this.left)}</span>` : nothing}
        <span>${words.researchOnly}</span>
      </div>
      <leuko-viewer shows="cell" .blind=${text}></leuko-viewer>
      <div class="choices" role="group" aria-label=${say.which}>
        ${choicesOf(labels).map(({ id, key }) => this.choice(id, nameOf(id, labels), key))}
        ${this.choice(null, words.workbench.verdict.notWhite, "0")}
      </div>
    `;
  }

  private choice(label: Correction, name: string, key: string | undefined): TemplateResult {
    return html`<button @click=${() => this.answer(label)}>${name} ${key ? html`<kbd>${key.toUpperCase()}</kbd>` : nothing}</button>`;
  }

  private tick(): void {
    if (this.seconds === 0) return;
    const left = this.seconds - (performance.now() - this.asked) / 1000;
    this.left = Math.max(0, Math.ceil(left));
    if (left <= 0) this.answer(undefined);
  }

  private answer(given: Correction | undefined): void {
    const ms = performance.now() - this.asked;
    this.dispatchEvent(new CustomEvent("answer", { detail: { given, ms } }));
  }

  /** Before anybody else hears of it, wherever the focus is. */
  private readonly onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    const given = correctionFor(event.key, this.labels);
    if (given === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    this.answer(given);
  };
}

customElements.define("leuko-quiz-question", QuizQuestion);
