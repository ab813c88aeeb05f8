// Over the selected picture: which page of its file it is, where there are several, and the way to the others.
import { css, html, nothing, type TemplateResult } from "lit";
import { formatNumber, Localised } from "../i18n/index.js";
import { picture as chapter } from "../i18n/picture.js";
import { pagesOf, turn } from "../state/page.js";
import { store } from "../state/store.js";
import { subscribe } from "../state/subscribe.js";
import { controls } from "../ui/controls.js";

class Pages extends Localised {
  static override styles = [
    controls,
    css`
      :host {
        position: absolute;
        inset-block-start: 12px;
        inset-inline-start: 12px;
      }
      div {
        display: flex;
        align-items: center;
        gap: 6px;
        border-radius: 22px;
        background: color-mix(in srgb, var(--card) 88%, transparent);
      }
      button {
        font-size: 1.5rem;
      }
      span {
        font-size: 0.9375rem;
        font-variant-numeric: tabular-nums;
      }
      @media print {
        :host {
          position: static;
        }
      }
    `,
  ];

  constructor() {
    super();
    subscribe(this, store);
  }

  override render(): TemplateResult | typeof nothing {
    const { picture } = store;
    const pages = picture ? pagesOf(picture) : 1;
    if (!picture || pages === 1) return nothing;
    const { pages: say } = chapter.words;
    const { page = 1 } = picture;
    return html`
      <div role="group" aria-label=${say.title}>
        <button class="icon" aria-label=${say.previous} title=${say.previous} aria-keyshortcuts="PageUp" ?disabled=${page === 1} @click=${() => turn(picture, -1)}>‹</button>
        <span role="status">${say.place(formatNumber(page), formatNumber(pages))}</span>
        <button class="icon" aria-label=${say.next} title=${say.next} aria-keyshortcuts="PageDown" ?disabled=${page === pages} @click=${() => turn(picture, 1)}>›</button>
      </div>
    `;
  }
}

customElements.define("leuko-pages", Pages);
