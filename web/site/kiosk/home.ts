// What a visitor can do here, and in which language.
import { css, html, type TemplateResult } from "lit";
import { type Language, Localised, language, languages, setLanguage } from "../i18n/index.js";
import { kiosk } from "../i18n/kiosk.js";
import { ownText } from "./deck.js";
import { controls } from "./style.js";

export type Choice = "quiz" | "ask";

class Home extends Localised {
  static override styles = [
    controls,
    css`
      :host {
        display: grid;
        align-content: center;
        gap: 2em;
        height: 100%;
      }
      h1 {
        text-align: center;
      }
      .choices {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: 1.6em;
      }
      .choices button {
        display: grid;
        align-content: center;
        justify-items: center;
        gap: 0.8em;
        min-height: 38vmin;
        padding: 1.5em;
        border-radius: 2em;
      }
      .choices svg {
        width: 7em;
        height: 7em;
      }
      .name {
        font-size: 1.9em;
      }
      .hint {
        font-weight: 400;
      }
      .first .hint {
        color: inherit;
      }
      @media (height <= 640px) and (orientation: landscape) {
        :host {
          gap: 0.8em;
        }
        .choices button {
          gap: 0.5em;
          min-height: 34vh;
          padding: 0.8em;
        }
        .choices svg {
          width: 5em;
          height: 5em;
        }
      }
      @media (orientation: portrait) {
        .choices {
          grid-template-columns: 1fr;
        }
      }
    `,
  ];

  override render(): TemplateResult {
    const { question, quiz, quizHint, ask, askHint } = kiosk.words;
    return html`
      <h1>${ownText("question") ?? question}</h1>
      <div class="choices">
        ${this.choice("quiz", "first", guess, quiz, quizHint)}
        ${this.choice("ask", "", magnifier, ask, askHint)}
      </div>
    `;
  }

  private choice(
    choice: Choice,
    rank: string,
    sign: TemplateResult,
    name: string,
    hint: string,
  ): TemplateResult {
    const choose = () => this.dispatchEvent(new CustomEvent("choose", { detail: choice }));
    return html`
      <button class=${rank} @click=${choose}>
        ${sign}<span class="name">${name}</span><span class="hint quiet">${hint}</span>
      </button>
    `;
  }
}

class Languages extends Localised {
  static override styles = [
    controls,
    css`
      div {
        display: flex;
        flex-wrap: wrap;
        justify-content: center;
        gap: 0.6em;
      }
      button[aria-pressed="true"] {
        border-color: var(--accent);
        color: var(--accent);
      }
    `,
  ];

  override render(): TemplateResult {
    const all = Object.entries(languages) as [Language, { readonly name: string }][];
    return html`
      <div role="group" aria-label=${kiosk.words.languages}>
        ${all.map(
          ([tag, { name }]) => html`
            <button lang=${tag} aria-pressed=${tag === language} @click=${() => setLanguage(tag)}>${name}</button>
          `,
        )}
      </div>
    `;
  }
}

const guess = html`
  <svg viewBox="0 0 64 64" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="4" stroke-linecap="round">
    <circle cx="32" cy="32" r="28" />
    <path d="M24 26c0-12 17-11 17-1 0 7-9 7-9 14M32 48v.5" />
  </svg>
`;

const magnifier = html`
  <svg viewBox="0 0 64 64" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="4" stroke-linecap="round">
    <circle cx="27" cy="27" r="21" />
    <path d="M43 43 58 58" />
    <path d="M19 24l12-3 5 12-9 4" stroke-linejoin="round" />
  </svg>
`;

customElements.define("leuko-kiosk-home", Home);
customElements.define("leuko-kiosk-languages", Languages);
