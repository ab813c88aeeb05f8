// What the model says about the picture: a headline, a bar for each class, and how it was found.
import type { Classification, Classifier, Prediction, Timings } from "leukolens";
import { css, html, LitElement, type TemplateResult } from "lit";
import { describeDecoder, formatMs, nameOf, padPercent, researchOnly } from "./words.js";

export type Outcome =
  | { readonly kind: "empty"; readonly classifier?: Classifier }
  | { readonly kind: "failed"; readonly headline: string; readonly detail: string }
  | {
      readonly kind: "done";
      readonly classifier: Classifier;
      readonly result: Classification;
      readonly headline: string;
      readonly detail: string;
    };

class Result extends LitElement {
  static override properties = { outcome: { attribute: false } };

  declare outcome: Outcome;
  /** The last classifier seen: its classes stay in place when a picture fails. */
  private classifier: Classifier | undefined;

  static override styles = css`
    :host {
      display: flex;
      flex-direction: column;
      gap: 20px;
      padding: clamp(18px, 2.4vw, 30px);
      border-radius: var(--radius);
      background: var(--card);
      box-shadow: var(--shadow);
    }
    .verdict {
      min-height: 6.5rem;
    }
    h2 {
      margin: 0;
      font-size: clamp(1.5rem, 3vw, 2rem);
      font-weight: 650;
      line-height: 1.2;
      letter-spacing: -0.025em;
      text-wrap: balance;
    }
    .failed h2 {
      color: var(--warning);
    }
    p {
      margin: 6px 0 0;
      color: var(--quiet);
      overflow-wrap: anywhere;
    }
    ul {
      display: grid;
      gap: 14px;
      margin: 0;
      padding: 0;
      list-style: none;
    }
    li {
      display: grid;
      grid-template-columns: 1fr auto;
      gap: 5px 12px;
    }
    .number {
      font-variant-numeric: tabular-nums;
      font-weight: 400;
      color: var(--quiet);
    }
    .track {
      grid-column: 1 / -1;
      width: 100%;
      height: 10px;
      border-radius: 5px;
      background: var(--tint);
    }
    rect {
      fill: var(--accent);
      opacity: 0.45;
      transition: width 0.35s cubic-bezier(0.2, 0.8, 0.2, 1);
    }
    li.first {
      font-weight: 600;
    }
    li.first .number {
      color: var(--ink);
    }
    li.first rect {
      opacity: 1;
    }
    dl {
      display: grid;
      grid-template-columns: auto 1fr;
      gap: 4px 16px;
      margin: 0;
      padding-top: 18px;
      border-top: 1px solid var(--line);
      font-size: 0.875rem;
    }
    dt {
      color: var(--quiet);
    }
    dd {
      margin: 0;
      font-variant-numeric: tabular-nums;
    }
    small {
      font-size: 0.875rem;
      color: var(--quiet);
    }
    @media (prefers-reduced-motion: reduce) {
      rect {
        transition: none;
      }
    }
  `;

  override willUpdate(): void {
    if (this.outcome.kind !== "failed") this.classifier = this.outcome.classifier ?? this.classifier;
  }

  override render(): TemplateResult {
    return html`
      <div class="verdict ${this.outcome.kind}" role="status">${this.verdict()}</div>
      <ul aria-label="Probability of each class">
        ${this.predictions().map((prediction, index) => this.bar(prediction, index === 0))}
      </ul>
      <dl>
        ${this.facts().map(([term, fact]) => html`<dt>${term}</dt><dd>${fact}</dd>`)}
      </dl>
      <small>${researchOnly}</small>
    `;
  }

  private verdict(): TemplateResult {
    const { outcome } = this;
    if (outcome.kind === "empty") {
      return html`<h2>Which cell is it?</h2><p>The answer appears here, with how sure the model is.</p>`;
    }
    return html`<h2>${outcome.headline}</h2><p>${outcome.detail}</p>`;
  }

  private predictions(): readonly Partial<Prediction>[] {
    if (this.outcome.kind === "done") return this.outcome.result.predictions;
    return this.classifier?.model.labels.map(({ id }) => ({ label: id })) ?? [{}, {}, {}, {}];
  }

  private bar({ label, probability }: Partial<Prediction>, first: boolean): TemplateResult {
    const name = label && this.classifier ? nameOf(label, this.classifier.model) : "\u00a0";
    return html`
      <li class=${first && probability !== undefined ? "first" : ""}>
        <span>${name}</span>
        <span class="number">${probability === undefined ? "" : padPercent(probability)}</span>
        <svg class="track" aria-hidden="true"><rect width="${100 * (probability ?? 0)}%" height="100%" rx="5" /></svg>
      </li>
    `;
  }

  private facts(): readonly (readonly [string, string])[] {
    const { model, build } = this.classifier ?? {};
    const { decoder, timings } = this.outcome.kind === "done" ? this.outcome.result : {};
    const dash = "\u2013";
    const ms = (of: (timings: Timings) => number) => (timings ? formatMs(of(timings)) : dash);
    return [
      ["Time", ms(({ decodeMs, locateMs, prepareMs, inferMs }) => decodeMs + locateMs + prepareMs + inferMs)],
      ["Decode", ms(({ decodeMs }) => decodeMs) + (decoder ? `, by ${describeDecoder(decoder)}` : "")],
      ["Prepare", ms(({ prepareMs }) => prepareMs)],
      ["Infer", ms(({ inferMs }) => inferMs)],
      ["Model", model ? `${model.name}, ${model.parameters.toLocaleString("en")} parameters` : dash],
      ["Engine", build ? `WebAssembly, ${build === "relaxed" ? "relaxed SIMD" : "128-bit SIMD"}` : dash],
    ];
  }
}

customElements.define("leuko-result", Result);
