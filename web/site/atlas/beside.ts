// The selected cell, large, beside an entry of the atlas: of its own class first, then of any other.
import { css, html, type TemplateResult } from "lit";
import { Localised, nameOf, words } from "../i18n/index.js";
import { onDemand } from "../i18n/on-demand.js";
import { picture } from "../i18n/picture.js";
import { nameOfAnswer } from "../i18n/summary.js";
import { type Checked, store } from "../state/store.js";
import { subscribe } from "../state/subscribe.js";
import { controls } from "../ui/controls.js";
import { icon } from "../ui/icons.js";
import "../workbench/viewer.js";
import "./atlas.js";
import { atlasCells } from "./signs.js";

/** Says "close" when it is left. */
class Beside extends Localised {
  static override properties = { chosen: { state: true } };

  /** The class whose entry is shown; undefined: the cell's own. */
  declare private chosen: string | undefined;

  static override styles = [
    controls,
    css`
      dialog {
        width: min(1400px, 96vw);
        max-width: none;
        height: min(900px, 94dvh);
        max-height: none;
        padding: clamp(12px, 2vw, 24px);
      }
      dialog[open] {
        display: grid;
        grid-template: auto minmax(0, 1fr) auto / minmax(0, 1fr);
        gap: 12px;
      }
      header {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px 14px;
      }
      h2 {
        flex: 1 1 auto;
        margin: 0;
        font-size: 1.125rem;
      }
      .both {
        display: grid;
        grid-template-columns: repeat(2, minmax(0, 1fr));
        gap: clamp(12px, 2vw, 24px);
        min-height: 0;
      }
      figure {
        display: grid;
        grid-template-rows: minmax(0, 1fr) auto;
        gap: 6px;
        min-height: 0;
        margin: 0;
      }
      h3 {
        margin: 0;
        font-size: 1rem;
      }
      .entry {
        min-height: 0;
        overflow-y: auto;
        overscroll-behavior: contain;
      }
      small {
        color: var(--quiet);
      }
      @media (max-width: 700px), (orientation: portrait) {
        .both {
          grid-template: minmax(160px, 1fr) minmax(0, 1.2fr) / minmax(0, 1fr);
        }
      }
      @media (max-height: 500px) {
        dialog[open] {
          display: block;
        }
        leuko-viewer {
          height: 200px;
        }
      }
    `,
  ];

  constructor() {
    super();
    subscribe(this, store);
  }

  override firstUpdated(): void {
    this.renderRoot.querySelector("dialog")?.showModal();
  }

  override render(): TemplateResult {
    const { beside: say } = onDemand.words.atlas;
    const { cell } = store;
    const label = this.chosen ?? entryOf(cell);
    const choose = ({ target }: Event) => {
      this.chosen = (target as HTMLSelectElement).value;
    };
    return html`
      <dialog aria-labelledby="title" @close=${() => this.dispatchEvent(new Event("close"))}>
        <header>
          <h2 id="title">${picture.words.beside}</h2>
          <select aria-label=${say.choose} @change=${choose}>
            ${Object.keys(atlasCells).map((id) => html`<option value=${id} ?selected=${id === label}>${nameOf(id)}</option>`)}
          </select>
          <button class="icon" aria-label=${say.close} title=${say.close} @click=${this.close}>${icon("close")}</button>
        </header>
        <div class="both">
          <figure>
            <leuko-viewer shows="cell"></leuko-viewer>
            <figcaption><h3>${cell ? nameOfAnswer(cell) : ""}</h3></figcaption>
          </figure>
          <div class="entry" tabindex="0" role="group" aria-label=${nameOf(label)}><leuko-atlas .label=${label}></leuko-atlas></div>
        </div>
        <small>${words.researchOnly}</small>
      </dialog>
    `;
  }

  private close(): void {
    this.renderRoot.querySelector("dialog")?.close();
  }
}

/** Of the cell's own class, or of the likeliest that the atlas has. */
function entryOf(cell: Checked | undefined): string {
  const known = [cell?.label, ...(cell?.cell.predictions ?? []).map(({ label }) => label)];
  return known.find((label) => label && label in atlasCells) ?? "neutrophil";
}

customElements.define("leuko-beside", Beside);
