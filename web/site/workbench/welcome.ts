// The first screen: what the page does, a sample in the eyepiece, and every way to bring in a picture, in one view.
import { css, html, nothing, type TemplateResult } from "lit";
import { Localised, words } from "../i18n/index.js";
import { describeError } from "../i18n/summary.js";
import { chooseSample, firstSample, firstView } from "../intake/samples.js";
import { installation } from "../shell/installation.js";
import { classifiers } from "../state/classifiers.js";
import { subscribe } from "../state/subscribe.js";
import { controls } from "../ui/controls.js";
import { icon } from "../ui/icons.js";
import { ring } from "../ui/ring.js";
import { engineLine, modelLine } from "./in-force.js";

/** Its slots take the buttons ("intake") and the samples. Says "choose" where the zone itself is clicked. */
class Welcome extends Localised {
  static override styles = [
    controls,
    ring,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: clamp(12px, 2vw, 24px);
      }
      .zone {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        align-items: center;
        gap: clamp(20px, 4vw, 88px);
        padding: clamp(16px, 3vw, 56px);
        border: 2px dashed var(--line);
        border-radius: calc(1.4 * var(--radius));
        background: radial-gradient(ellipse at 22% 50%, var(--card), var(--rose) 130%);
        cursor: pointer;
        transition: border-color 0.2s;
      }
      .zone:hover,
      :host([dragging]) .zone {
        border-color: var(--accent);
      }
      .eyepiece {
        position: relative;
        display: block;
        width: clamp(150px, min(41vh, 32vw), 900px);
        height: auto;
        aspect-ratio: 1;
        margin: 0.6em;
        padding: 0;
        border: 0;
        border-radius: 50%;
        background: none;
      }
      .glass {
        display: block;
      }
      .eyepiece img {
        width: 100%;
        height: 100%;
        object-fit: cover;
        animation: drift 40s ease-in-out infinite alternate;
      }
      @keyframes drift {
        from {
          transform: scale(1.15) translate(-5%, -3%);
        }
        to {
          transform: scale(1.4) translate(7%, 4%) rotate(6deg);
        }
      }
      .try {
        position: absolute;
        inset-block-end: 6%;
        inset-inline: 0;
        width: fit-content;
        margin-inline: auto;
        padding: 6px 16px;
        border-radius: 20px;
        background: #0e0914;
        color: #fff;
        font-size: 0.875rem;
        font-weight: 600;
      }
      .text {
        display: grid;
        justify-items: start;
        gap: clamp(10px, 1.5vw, 22px);
        max-width: 52em;
      }
      h2 {
        margin: 0;
        font-size: clamp(1.625rem, 3.5vw, 4.5rem);
        font-weight: 680;
        line-height: 1.08;
        letter-spacing: -0.035em;
        text-wrap: balance;
      }
      p {
        margin: 0;
        text-wrap: pretty;
      }
      .lead {
        color: var(--quiet);
        font-size: clamp(0.9375rem, 1.25vw, 1.5rem);
        line-height: 1.45;
      }
      .lead strong {
        color: var(--ink);
        font-weight: 600;
      }
      .failed {
        color: var(--warning);
      }
      .promises {
        display: grid;
        gap: 4px;
        font-size: 0.9375rem;
      }
      .promises p {
        display: flex;
        align-items: center;
        gap: 10px;
      }
      .promises svg {
        flex: none;
        color: var(--accent);
      }
      .last {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: 0 16px;
        min-height: 24px;
        color: var(--quiet);
        font-size: 0.8125rem;
      }
      .last button {
        border: 0;
        background: none;
        color: var(--accent);
        font-size: inherit;
      }
      @media (max-width: 860px) {
        :host {
          gap: 10px;
        }
        .zone {
          grid-template-columns: minmax(0, 1fr);
          justify-items: center;
          gap: 10px;
          padding: 10px 12px 12px;
        }
        .eyepiece {
          width: clamp(110px, min(38vw, 16vh), 320px);
        }
        .try {
          width: max-content;
          padding-inline: 10px;
          font-size: 0.75rem;
          inset-inline: -20px;
        }
        .text {
          justify-items: center;
          gap: 8px;
          text-align: center;
        }
        .promises {
          justify-self: stretch;
          gap: 2px;
          font-size: 0.75rem;
          line-height: 1.35;
          text-align: start;
        }
        .last {
          font-size: 0.75rem;
        }
      }
      @media (prefers-reduced-motion: reduce) {
        .eyepiece img {
          animation: none;
        }
        .zone {
          transition: none;
        }
      }
    `,
  ];

  constructor() {
    super();
    subscribe(this, classifiers, installation);
  }

  override render(): TemplateResult {
    const { welcome } = words.workbench;
    return html`
      <section class="zone" aria-labelledby="promise" @click=${this.onZone}>
        ${this.eyepiece()}
        <div class="text">
          <h2 id="promise">${welcome.promise}</h2>
          ${classifiers.error ? this.failure() : html`<p class="lead"><strong>${welcome.drop}</strong> ${welcome.detail}</p>`}
          <slot name="intake"></slot>
          <div class="promises">
            <p>${icon("lock")}${words.shell.onDevice}</p>
            <p>${icon("flask")}${words.researchOnly}</p>
          </div>
        </div>
      </section>
      <slot name="samples"></slot>
      <div class="last">${this.engine()} ${this.install()}</div>
    `;
  }

  private eyepiece(): TemplateResult | typeof nothing {
    if (!firstSample) return nothing;
    const sample = firstSample;
    return html`
      <button class="eyepiece" @click=${() => chooseSample(this, sample)}>
        <span class="glass"><img src=${firstView ?? sample.url} alt="" width="640" height="480" /></span>
        <span class="try">${words.workbench.welcome.try}</span>
      </button>
    `;
  }

  private failure(): TemplateResult {
    const { headline, detail } = describeError(classifiers.error);
    return html`<p class="lead failed" role="alert"><strong>${headline}.</strong> ${detail}</p>`;
  }

  private engine(): TemplateResult {
    const { current } = classifiers;
    if (!current) return html`<p></p>`;
    return html`<p><span>${modelLine(current.model.name)}</span>; <span>${engineLine()}</span></p>`;
  }

  private install(): TemplateResult | typeof nothing {
    if (!installation.possible) return nothing;
    return html`<button @click=${() => installation.ask()}>${icon("save")}${words.workbench.welcome.install}</button>`;
  }

  /** What is a control of its own does its own. */
  private onZone(event: Event): void {
    const isControl = event.composedPath().some((target) => target instanceof HTMLButtonElement);
    if (!isControl) this.dispatchEvent(new Event("choose"));
  }
}

customElements.define("leuko-welcome", Welcome);
