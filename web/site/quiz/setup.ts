// Before a quiz: how many cells, how long for each, and who answers; or why there is none yet.
import { css, html, type TemplateResult } from "lit";
import { formatNumber, Localised } from "../i18n/index.js";
import { quiz } from "../i18n/quiz.js";
import { questionsOf, type Rules } from "../state/quiz.js";
import { store } from "../state/store.js";
import { subscribe } from "../state/subscribe.js";
import { controls } from "../ui/controls.js";
import { textField } from "../ui/text-field.js";

const lengths = [10, 20, 50, 100];
const limits = [0, 5, 10, 20, 30];
const longestName = 40;

/** Says "begin", with the rules. */
class QuizSetup extends Localised {
  static override properties = { rules: { attribute: false } };

  declare rules: Rules;

  static override styles = [
    controls,
    textField,
    css`
      form {
        display: grid;
        gap: 14px;
        width: min(520px, 100%);
        margin: clamp(8px, 6vh, 80px) auto 0;
      }
      p {
        margin: 0;
      }
      .none {
        color: var(--warning);
        font-weight: 600;
      }
      .quiet {
        color: var(--quiet);
        font-size: 0.9375rem;
      }
      label {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: 4px 12px;
      }
      select,
      input {
        flex: 0 1 220px;
      }
      button {
        justify-self: start;
      }
      button.main:disabled {
        background: var(--tint);
        color: var(--quiet);
      }
    `,
  ];

  constructor() {
    super();
    subscribe(this, store);
  }

  override firstUpdated(): void {
    this.renderRoot.querySelector<HTMLElement>("select:enabled")?.focus();
  }

  override render(): TemplateResult {
    const say = quiz.words;
    const { length } = questionsOf(store.cells);
    const none = length === 0;
    const choices = [...lengths.filter((few) => few < length), length];
    const chosen = choices.find((few) => few >= this.rules.length) ?? length;
    return html`
      <form @submit=${this.onSubmit}>
        <p>${say.intro}</p>
        <p class=${none ? "none" : "quiet"} role="status">${none ? say.noKey : say.key(length)}</p>
        <label>
          ${say.length}
          <select name="length" ?disabled=${none}>
            ${choices.map((few) => html`<option value=${few} ?selected=${few === chosen}>${few === length ? say.all(length) : formatNumber(few)}</option>`)}
          </select>
        </label>
        <label>
          ${say.limit}
          <select name="seconds" ?disabled=${none}>
            ${limits.map((limit) => html`<option value=${limit} ?selected=${limit === this.rules.seconds}>${limit === 0 ? say.noLimit : say.seconds(limit)}</option>`)}
          </select>
        </label>
        <label>
          ${say.player}
          <input name="player" type="text" autocomplete="off" maxlength=${longestName} .value=${this.rules.player} ?disabled=${none} />
        </label>
        <p class="quiet">${say.kept}</p>
        <button class="main" ?disabled=${none}>${say.begin}</button>
      </form>
    `;
  }

  private onSubmit(event: SubmitEvent): void {
    event.preventDefault();
    const entered = new FormData(event.target as HTMLFormElement);
    const detail: Rules = {
      length: Number(entered.get("length")),
      seconds: Number(entered.get("seconds")),
      player: String(entered.get("player") ?? "").trim(),
    };
    this.dispatchEvent(new CustomEvent<Rules>("begin", { detail }));
  }
}

customElements.define("leuko-quiz-setup", QuizSetup);
