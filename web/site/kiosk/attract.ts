// The attract screen: one drawn cell after the other, until somebody touches it.
import { css, html, type TemplateResult } from "lit";
import { Localised } from "../i18n/index.js";
import { kiosk } from "../i18n/kiosk.js";
import { allCells, ownText } from "./deck.js";
import { controls } from "./style.js";
import "./eyepiece.js";

const everyMs = 8000;

class Attract extends Localised {
  static override properties = { turn: { state: true } };

  declare private turn: number;
  private readonly cells = allCells();
  private timer: ReturnType<typeof setInterval> | undefined;

  static override styles = [
    controls,
    css`
      :host {
        display: grid;
        height: 100%;
      }
      .whole {
        display: grid;
        grid-template-columns: minmax(0, 1fr) minmax(0, 0.8fr);
        align-items: center;
        justify-items: center;
        gap: 1.5em 3em;
        padding: 0;
        border: 0;
        border-radius: 2em;
        background: none;
        font-weight: inherit;
      }
      .whole:active {
        transform: none;
      }
      leuko-kiosk-eyepiece {
        max-inline-size: min(64vh, 46vw);
      }
      .picture {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
        opacity: 0;
      }
      .picture.leaving {
        opacity: 1;
        animation: drift 16s -8s linear both;
      }
      .picture.shown {
        z-index: 1;
        opacity: 1;
        animation:
          appear 2s both,
          drift 16s linear both;
      }
      @keyframes appear {
        from {
          opacity: 0;
        }
      }
      @keyframes drift {
        from {
          scale: 1;
        }
        to {
          scale: 1.35;
          rotate: 8deg;
        }
      }
      .text {
        display: grid;
        justify-items: start;
        gap: 1.2em;
        text-align: start;
      }
      .question {
        font-size: 3.4em;
        font-weight: 650;
        line-height: 1.1;
        letter-spacing: -0.02em;
        text-wrap: balance;
      }
      .about {
        font-size: 1.2em;
      }
      .invitation {
        padding: 0.7em 1.6em;
        border-radius: 2em;
        background: var(--accent);
        color: var(--on-accent);
        font-size: 1.3em;
        font-weight: 650;
        animation: breathe 3.2s ease-in-out infinite alternate;
      }
      @keyframes breathe {
        to {
          scale: 1.04;
        }
      }
      @media (height <= 640px) and (orientation: landscape) {
        leuko-kiosk-eyepiece {
          max-inline-size: 52vh;
        }
        .text {
          gap: 0.8em;
        }
      }
      @media (orientation: portrait) {
        .whole {
          grid-template-columns: minmax(0, 1fr);
          align-content: center;
        }
        leuko-kiosk-eyepiece {
          max-inline-size: min(82vw, 46vh);
        }
        .text {
          justify-items: center;
          text-align: center;
        }
      }
      @media (prefers-reduced-motion: reduce) {
        .picture.shown,
        .picture.leaving,
        .invitation {
          animation: none;
        }
      }
    `,
  ];

  constructor() {
    super();
    this.turn = 0;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.timer = setInterval(() => {
      this.turn++;
    }, everyMs);
  }

  override disconnectedCallback(): void {
    clearInterval(this.timer);
    super.disconnectedCallback();
  }

  override render(): TemplateResult {
    const { question, about, invitation } = kiosk.words;
    return html`
      <button class="whole" @click=${() => this.dispatchEvent(new Event("begin"))}>
        <leuko-kiosk-eyepiece>${this.pictures()}</leuko-kiosk-eyepiece>
        <span class="text">
          <span class="question">${ownText("question") ?? question}</span>
          <span class="about quiet">${ownText("about") ?? about}</span>
          <span class="invitation">${ownText("invitation") ?? invitation}</span>
        </span>
      </button>
    `;
  }

  /** Two elements take turns, so that the one leaving stays below the one that comes; a third fetches ahead. */
  private pictures(): readonly TemplateResult[] {
    return [0, 1, 2].map((slot) => {
      const age = (this.turn - slot + 3) % 3;
      const cell =
        this.cells[(this.turn - age + (age === 2 ? 3 : 0) + this.cells.length) % this.cells.length];
      const role = ["shown", "leaving", "coming"][age];
      return html`<img class="picture ${role}" src=${cell?.url ?? ""} alt="" />`;
    });
  }
}

customElements.define("leuko-kiosk-attract", Attract);
