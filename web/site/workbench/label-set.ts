// Which labels are offered beside the model's.
import { css, html, type TemplateResult } from "lit";
import { Localised, nameOf } from "../i18n/index.js";
import { picture } from "../i18n/picture.js";
import { colourOf } from "../state/classes.js";
import { classifiers } from "../state/classifiers.js";
import { chosenLabels, ownLabels } from "../state/own-labels.js";
import { subscribe } from "../state/subscribe.js";
import { controls } from "../ui/controls.js";
import { textField } from "../ui/text-field.js";

class LabelSet extends Localised {
  static override styles = [
    controls,
    textField,
    css`
      dialog {
        max-width: min(460px, 94vw);
        padding: 26px;
      }
      h2 {
        margin: 0 0 4px;
        font-size: 1.25rem;
      }
      p {
        margin: 0 0 10px;
        color: var(--quiet);
      }
      label {
        display: flex;
        align-items: center;
        gap: 10px;
        min-height: 40px;
        cursor: pointer;
      }
      input[type="checkbox"] {
        width: 20px;
        height: 20px;
        accent-color: var(--accent);
      }
      .dot {
        width: 12px;
        height: 12px;
        border-radius: 50%;
        background: var(--class);
      }
      form {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        margin-block-start: 10px;
      }
      input[type="text"] {
        flex: 1 1 160px;
        background: var(--paper);
      }
      .end {
        justify-content: end;
      }
    `,
  ];

  constructor() {
    super();
    subscribe(this, chosenLabels);
  }

  show(): void {
    this.renderRoot.querySelector("dialog")?.showModal();
  }

  override render(): TemplateResult {
    const { labelSet: say } = picture.words;
    const known = ownLabels.map(({ id }): string => id);
    const others = chosenLabels.chosen.filter((id) => !known.includes(id));
    return html`
      <dialog aria-labelledby="title" @keydown=${(event: Event) => event.stopPropagation()}>
        <h2 id="title">${say.title}</h2>
        <p>${say.detail}</p>
        ${ownLabels.map(({ id, key }) => this.choice(id, key))} ${others.map((id) => this.choice(id))}
        <form @submit=${this.onAdd}>
          <input type="text" maxlength="40" aria-label=${say.name} placeholder=${say.name} /><button>${say.add}</button>
        </form>
        <form class="end" method="dialog" @submit=${this.add}><button class="main">${say.done}</button></form>
      </dialog>
    `;
  }

  private choice(id: string, key?: string): TemplateResult {
    const choose = ({ target }: Event) => chosenLabels.choose(id, (target as HTMLInputElement).checked);
    return html`
      <label .style=${`--class: ${colourOf(id)}`}>
        <input type="checkbox" .checked=${chosenLabels.chosen.includes(id)} @change=${choose} />
        <span class="dot"></span>${nameOf(id)} ${key ? html`<kbd>${key.toUpperCase()}</kbd>` : ""}
      </label>
    `;
  }

  private onAdd(event: Event): void {
    event.preventDefault();
    this.add();
  }

  /** Also what was typed and not added when all is done. */
  private add(): void {
    const input = this.renderRoot.querySelector<HTMLInputElement>("input[type=text]");
    if (!input) return;
    const name = input.value.trim();
    input.value = "";
    // Two labels of one name would be two lines of a count.
    const { labels } = classifiers.current?.model ?? {};
    const known = [...(labels ?? []), ...ownLabels, ...chosenLabels.chosen.map((id) => ({ id }))].map(
      ({ id }) => id,
    );
    const same = known.find((id) =>
      [id, nameOf(id, labels)].some((one) => one.toLowerCase() === name.toLowerCase()),
    );
    if (same === undefined) chosenLabels.add(name);
    else if (!labels?.some(({ id }) => id === same)) chosenLabels.choose(same, true);
  }
}

customElements.define("leuko-label-set", LabelSet);

export type { LabelSet };
