// The quiz, in a window of its own over the page: set up, asked cell by cell, and scored at the end.
import { css, html, type TemplateResult } from "lit";
import { Localised } from "../i18n/index.js";
import { quiz } from "../i18n/quiz.js";
import type { Labels } from "../state/classes.js";
import { classifiers } from "../state/classifiers.js";
import { heatmapLayer } from "../state/heatmap.js";
import { type Answer, deal, type Question, questionsOf, type Rules } from "../state/quiz.js";
import { type Correction, store } from "../state/store.js";
import { controls } from "../ui/controls.js";
import { fullWindow } from "../ui/full-window.js";
import { icon } from "../ui/icons.js";
import "./question.js";
import "./result.js";
import "./setup.js";

/** Says "close" when it is left. */
class Quiz extends Localised {
  static override properties = { questions: { state: true }, answers: { state: true } };

  /** None before it has begun. */
  declare private questions: readonly Question[];
  declare private answers: readonly Answer[];
  private rules: Rules = { length: 20, seconds: 0, player: "" };

  static override styles = [
    controls,
    fullWindow,
    css`
      header {
        justify-content: space-between;
        gap: 10px;
      }
      .part {
        min-height: 0;
        padding: 0 clamp(8px, 1.4vw, 20px) 10px;
        overflow-y: auto;
      }
      @media (max-height: 500px) {
        dialog[open] {
          display: block;
        }
        .part {
          overflow: visible;
        }
      }
    `,
  ];

  constructor() {
    super();
    this.questions = [];
    this.answers = [];
    // What is typed here is for the quiz alone: nothing behind it is undone or corrected.
    this.addEventListener("keydown", (event) => event.stopPropagation());
  }

  override connectedCallback(): void {
    super.connectedCallback();
    heatmapLayer.toggle(false); // it would tell
  }

  override firstUpdated(): void {
    this.dialog?.showModal();
  }

  override render(): TemplateResult {
    const say = quiz.words;
    return html`
      <dialog aria-labelledby="title" tabindex="-1" @cancel=${this.onLeave} @close=${() => this.dispatchEvent(new Event("close"))}>
        <header>
          <h2 id="title">${say.title}</h2>
          <button class="icon" aria-label=${say.close} title=${say.close} @click=${(event: Event) => this.onLeave(event) || this.dialog?.close()}>${icon("close")}</button>
        </header>
        ${this.view()}
      </dialog>
    `;
  }

  private view(): TemplateResult {
    const { questions, answers, rules } = this;
    const question = questions[answers.length];
    if (questions.length === 0)
      return html`<leuko-quiz-setup class="part" .rules=${rules} @begin=${this.onBegin}></leuko-quiz-setup>`;
    if (!question)
      return html`
        <leuko-quiz-result class="part" .answers=${answers} .rules=${rules} .labels=${this.labels} @again=${this.onAgain}></leuko-quiz-result>
      `;
    return html`
      <leuko-quiz-question
        class="part"
        .labels=${this.labels}
        .questions=${questions}
        .place=${answers.length}
        .seconds=${rules.seconds}
        @answer=${this.onAnswer}
      ></leuko-quiz-question>
    `;
  }

  /** A quiz that is left in the middle ends there, and its answers are shown: true where there are any. */
  private onLeave(event: Event): boolean {
    const { length } = this.answers;
    if (length === 0 || length >= this.questions.length) return false;
    event.preventDefault();
    this.questions = this.questions.slice(0, length);
    return true;
  }

  private get dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector("dialog");
  }

  private get labels(): Labels {
    return classifiers.current?.model.labels ?? [];
  }

  private onBegin({ detail }: CustomEvent<Rules>): void {
    this.rules = detail;
    this.answers = [];
    this.questions = deal(questionsOf(store.cells), detail.length);
  }

  private onAnswer({ detail }: CustomEvent<{ given: Correction | undefined; ms: number }>): void {
    const question = this.questions[this.answers.length];
    if (question) this.answers = [...this.answers, { question, ...detail }];
  }

  private onAgain(): void {
    this.questions = this.answers = [];
  }
}

customElements.define("leuko-quiz", Quiz);
