// All keys, in a window of their own: shown by the question mark.
import { css, html, type TemplateResult } from "lit";
import { Localised } from "../i18n/index.js";
import { review } from "../i18n/review.js";
import { controls } from "../ui/controls.js";
import { icon } from "../ui/icons.js";

/** What stands on the keys; what they do is said in the page's language, in the same order. */
const keys = {
  everywhere: [["?"], ["Ctrl", "Z"], ["Ctrl", "Y"]],
  picture: [
    ["←", "→", "↑", "↓"],
    ["1", "–", "9"],
    ["0"],
    ["⌫"],
    ["+", "–"],
    ["Shift", "←"],
    ["F"],
    ["PgUp", "PgDn"],
  ],
  review: [["␣"], ["1", "–", "9"], ["0"], ["⌫"], ["←", "→"], ["H"], ["C"], ["Esc"]],
  columns: [
    ["←", "→", "↑", "↓"],
    ["Shift", "↓"],
    ["Ctrl", "␣"],
    ["Ctrl", "A"],
  ],
} as const;

type Group = keyof typeof keys;

/** Says "close" when it is left. */
class Keys extends Localised {
  static override styles = [
    controls,
    css`
      dialog {
        width: min(760px, 94vw);
        max-height: 88dvh;
        padding: clamp(16px, 3vw, 32px);
      }
      header {
        display: flex;
        align-items: center;
        justify-content: space-between;
      }
      h2 {
        margin: 0;
        font-size: 1.375rem;
        letter-spacing: -0.02em;
      }
      .groups {
        columns: 2 300px;
        column-gap: 36px;
      }
      section {
        break-inside: avoid;
      }
      h3 {
        margin: 16px 0 4px;
        font-size: 1rem;
      }
      dl {
        display: grid;
        grid-template-columns: minmax(104px, auto) 1fr;
        gap: 4px 12px;
        margin: 0;
        font-size: 0.9375rem;
      }
      dd {
        margin: 0;
      }
      kbd {
        display: inline-block;
      }
      @media (hover: none) {
        kbd {
          display: inline-block;
        }
      }
    `,
  ];

  override firstUpdated(): void {
    this.dialog?.showModal();
  }

  override render(): TemplateResult {
    const say = review.words.keys;
    return html`
      <dialog aria-labelledby="title" @close=${() => this.dispatchEvent(new Event("close"))}>
        <header>
          <h2 id="title">${say.title}</h2>
          <button class="icon" autofocus aria-label=${say.close} title=${say.close} @click=${() => this.dialog?.close()}>${icon("close")}</button>
        </header>
        <div class="groups">${(Object.keys(keys) as Group[]).map((group) => this.group(group))}</div>
      </dialog>
    `;
  }

  private get dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector("dialog");
  }

  private group(group: Group): TemplateResult {
    const { name, does } = review.words.keys.groups[group];
    return html`
      <section>
        <h3>${name}</h3>
        <dl>
          ${keys[group].map(
            (caps, index) =>
              html`<dt>${caps.map((cap) => html`<kbd>${cap}</kbd> `)}</dt><dd>${does[index]}</dd>`,
          )}
        </dl>
      </section>
    `;
  }
}

customElements.define("leuko-keys", Keys);
