// Shows the toast at the lower edge, over the page.
import { css, html, nothing, type TemplateResult } from "lit";
import { Localised, words } from "../i18n/index.js";
import { subscribe } from "../state/subscribe.js";
import { type Toast, toasts } from "../state/toasts.js";
import { controls } from "./controls.js";
import { icon } from "./icons.js";

class ToastPanel extends Localised {
  static override styles = [
    controls,
    css`
      :host {
        position: fixed;
        inset-block-end: 16px;
        inset-inline: 16px;
        z-index: 9;
        display: grid;
        justify-items: center;
        pointer-events: none;
      }
      .toast {
        display: flex;
        align-items: center;
        gap: 4px 10px;
        max-width: 100%;
        padding: 4px 4px 4px 20px;
        border-radius: 26px;
        background: var(--ink);
        color: var(--paper);
        box-shadow: var(--shadow);
        font-weight: 600;
        pointer-events: auto;
        animation: rise 0.25s both;
      }
      @keyframes rise {
        from {
          transform: translateY(16px);
          opacity: 0;
        }
      }
      button,
      button:hover:not(:disabled) {
        border: 0;
        background: none;
        color: inherit;
      }
      .action {
        text-decoration: underline;
        text-underline-offset: 3px;
      }
      button:focus-visible {
        outline-color: var(--paper);
        outline-offset: -4px;
      }
      @media (prefers-reduced-motion: reduce) {
        .toast {
          animation: none;
        }
      }
      @media (forced-colors: active) {
        .toast {
          border: 1px solid;
        }
      }
      @media print {
        :host {
          display: none;
        }
      }
    `,
  ];

  constructor() {
    super();
    subscribe(this, toasts);
    const [keep, leave] = [() => toasts.current && toasts.keep(), () => toasts.current && toasts.leave()];
    this.addEventListener("pointerenter", keep);
    this.addEventListener("focusin", keep);
    this.addEventListener("pointerleave", leave);
    this.addEventListener("focusout", leave);
  }

  override render(): TemplateResult {
    return html`<div role="status">${toasts.current ? this.toast(toasts.current) : nothing}</div>`;
  }

  private toast({ text, action }: Toast): TemplateResult {
    const run = () => {
      toasts.drop();
      action?.run();
    };
    return html`
      <div class="toast">
        <span>${text()}</span>
        ${action ? html`<button class="action" @click=${run}>${action.name()}</button>` : nothing}
        <button class="icon" aria-label=${words.workbench.dismiss} @click=${() => toasts.drop()}>${icon("close")}</button>
      </div>
    `;
  }
}

customElements.define("leuko-toasts", ToastPanel);
