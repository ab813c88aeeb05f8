// How good a model is, as its report has it: figures, each class, confusions, reliability, ROC and learning curves.
import type { ModelDescription } from "leukolens";
import { css, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { formatNumber, formatPercent, Localised, nameOf, words } from "../words/index.js";
import { more } from "../words/more.js";
import {
  type Bin,
  type ClassMetrics,
  fetchReport,
  type History,
  historyOf,
  type Interval,
  type Report,
} from "./report-data.js";
import { type Column, fact, shared, table } from "./style.js";

type Plots = typeof import("./plots.js");

type Shown =
  | { readonly kind: "fetching" }
  | { readonly kind: "none" }
  | { readonly kind: "failed" }
  | { readonly kind: "here"; readonly report: Report };

const share = (value: number) => formatNumber(value, 3);
const range = ([low, high]: Interval) => more.words.model.report.interval(share(low), share(high));

class ModelReport extends Localised {
  static override properties = {
    url: { attribute: false },
    model: { attribute: false },
    shown: { state: true },
    plots: { state: true },
  };

  declare url: string | undefined;
  declare model: ModelDescription;
  declare private shown: Shown;
  declare private plots: Plots | undefined;
  private fetching = new AbortController();

  static override styles = [
    shared,
    css`
      :host {
        --series-0: light-dark(#0b62c4, #6cb1ff);
        --series-1: light-dark(#b8500a, #f2a65a);
        --series-2: light-dark(#0f766e, #45c7b8);
        --series-3: light-dark(#a21caf, #e08be8);
        --series-4: light-dark(#4d7c0f, #a5cf5b);
        --series-5: light-dark(#be123c, #ff8ba0);
        --series-6: light-dark(#4338ca, #a5a8ff);
        --series-7: light-dark(#713f12, #d6b37a);
      }
      .figures {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 9.5rem), 1fr));
        gap: 10px;
        margin-block: 14px;
      }
      .figures > div {
        padding: 10px 14px;
        border-radius: 14px;
        background: var(--tint);
      }
      .figures strong {
        display: block;
        font-size: 1.375rem;
      }
      .figures span {
        color: var(--quiet);
        font-size: 0.8125rem;
      }
      .notes {
        margin-block: 6px 0;
        padding-inline-start: 20px;
      }
      .confusion td,
      .confusion thead th {
        padding-inline: 10px;
        text-align: end;
      }
      .confusion td {
        background: color-mix(in srgb, var(--accent) calc(3% + 42% * var(--share)), transparent);
      }
      .confusion td small {
        display: block;
        font-size: 0.75rem;
      }
      .pair {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr));
        gap: 20px 32px;
        margin-block-start: 22px;
      }
      figcaption {
        margin-block-end: 6px;
      }
      figcaption b {
        display: block;
        color: var(--ink);
      }
      .plot {
        --plot-background: var(--card);
        display: block;
        max-width: 100%;
        height: auto;
        color: var(--ink);
        font-family: inherit;
        font-size: 12px;
      }
      .plot text {
        white-space: pre;
      }
      .legend {
        display: flex;
        flex-wrap: wrap;
        gap: 2px 16px;
        margin: 8px 0 0;
        padding: 0;
        list-style: none;
        font-size: 0.875rem;
      }
      .legend li::before {
        content: "";
        display: inline-block;
        width: 22px;
        margin-inline-end: 6px;
        border-block-start: 3px solid var(--of);
        vertical-align: middle;
      }
      .legend li:nth-child(n + 5)::before {
        border-block-start-style: dashed;
      }
    `,
  ];

  constructor() {
    super();
    this.shown = { kind: "none" };
  }

  override disconnectedCallback(): void {
    this.fetching.abort();
    super.disconnectedCallback();
  }

  override willUpdate(changes: PropertyValues): void {
    if (changes.has("url")) this.fetch();
    else if (changes.has("model")) this.fetchPlots();
  }

  private async fetch(): Promise<void> {
    this.fetching.abort();
    this.fetching = new AbortController();
    const { signal } = this.fetching;
    this.shown = { kind: this.url ? "fetching" : "none" };
    this.fetchPlots();
    if (!this.url) return;
    try {
      this.shown = { kind: "here", report: await fetchReport(this.url, signal) };
    } catch {
      if (!signal.aborted) this.shown = { kind: "failed" };
    }
  }

  /** The figures stand without them. */
  private async fetchPlots(): Promise<void> {
    if (this.plots || (!this.url && historyOf(this.model.training).length === 0)) return;
    this.plots = await import("./plots.js").catch(() => undefined);
  }

  override render(): TemplateResult {
    const { report } = more.words.model;
    const { shown } = this;
    return html`
      <h3>${report.title}</h3>
      ${shown.kind === "none" ? html`<p class="quiet">${report.missing}</p>` : nothing}
      ${shown.kind === "failed" ? html`<p role="alert">${report.failed}</p>` : nothing}
      ${shown.kind === "fetching" ? html`<p class="quiet">${report.drawing}</p>` : nothing}
      ${shown.kind === "here" ? this.whole(shown.report) : this.learning(historyOf(this.model.training))}
      <p class="research">${words.researchOnly}</p>
    `;
  }

  private whole(report: Report): TemplateResult {
    const own = historyOf(this.model.training);
    return html`
      <p class="quiet" lang="en">${report.title}. ${report.about}</p>
      ${this.figures(report)} ${this.notes(report.notes)} ${this.classes(report)} ${this.confusion(report)}
      ${this.curves(report)} ${this.learning(report.histories.length > 0 ? report.histories : own)}
    `;
  }

  private figures({ metrics }: Report): TemplateResult {
    const { report } = more.words.model;
    const right = report.right(formatNumber(metrics.correct), formatNumber(metrics.images));
    const figure = (term: string, value: number, detail = "") =>
      fact(term, html`<strong>${share(value)}</strong><span>${detail}</span>`);
    return html`
      <dl class="figures">
        ${figure(report.accuracy, metrics.accuracy, `${range(metrics.accuracyInterval)}; ${right}`)}
        ${figure(report.macroF1, metrics.macroF1)} ${figure(report.macroRecall, metrics.macroRecall)}
        ${figure(report.macroAuc, metrics.macroAuc)} ${figure(report.loss, metrics.loss)}
        ${figure(report.brier, metrics.brier)} ${figure(report.ece, metrics.ece, range(metrics.eceInterval))}
      </dl>
    `;
  }

  private notes(notes: readonly string[]): TemplateResult | typeof nothing {
    if (notes.length === 0) return nothing;
    const { report } = more.words.model;
    return html`
      <details>
        <summary>${report.before} (${formatNumber(notes.length)})</summary>
        <p class="quiet">${report.original}</p>
        <ul class="notes" lang="en">${notes.map((note) => html`<li>${note}</li>`)}</ul>
      </details>
    `;
  }

  private classes({ labels, metrics }: Report): TemplateResult {
    const { report } = more.words.model;
    const columns: Column<ClassMetrics>[] = [
      { heading: report.class, of: ({ label }) => nameOf(label, labels) },
      { heading: report.images, of: ({ support }) => formatNumber(support), number: true },
      { heading: report.precision, of: ({ precision }) => share(precision), number: true },
      { heading: "95 %", of: ({ precisionInterval }) => range(precisionInterval), number: true },
      { heading: report.recall, of: ({ recall }) => share(recall), number: true },
      { heading: "95 %", of: ({ recallInterval }) => range(recallInterval), number: true },
      { heading: report.f1, of: ({ f1 }) => share(f1), number: true },
      { heading: report.auc, of: ({ auc }) => share(auc), number: true },
    ];
    return table(report.perClass, columns, metrics.classes);
  }

  private confusion({ labels, metrics }: Report): TemplateResult {
    const { report } = more.words.model;
    const name = (index: number) => nameOf(labels[index]?.id ?? "", labels);
    const cell = (images: number, total: number, actual: number, answer: number) => {
      const part = total > 0 ? images / total : 0;
      const told = report.confused(formatNumber(images), name(actual), name(answer));
      return html`<td .style=${`--share: ${part}`} title=${told}>${formatPercent(part, 0)}<small>${formatNumber(images)}</small></td>`;
    };
    return html`
      <div class="scroll" tabindex="0" role="region" aria-label=${report.confusion}>
        <table class="confusion">
          <caption>${report.confusion}</caption>
          <thead>
            <tr><th scope="col">${report.actual}</th>${labels.map((_, index) => html`<th scope="col">${name(index)}</th>`)}</tr>
          </thead>
          <tbody>
            ${metrics.confusion.map((row, actual) => {
              const total = row.reduce((sum, images) => sum + images, 0);
              return html`<tr><th scope="row">${name(actual)}</th>${row.map((images, answer) => cell(images, total, actual, answer))}</tr>`;
            })}
          </tbody>
        </table>
      </div>
    `;
  }

  /** As wide as the page lets a drawing be now; a wider one would shrink, letters and all. */
  private get drawingWidth(): number {
    return Math.max(240, Math.min(440, this.clientWidth));
  }

  private curves(data: Report): TemplateResult | typeof nothing {
    if (!this.plots) return nothing;
    const { report } = more.words.model;
    const columns: Column<Bin>[] = [
      { heading: report.confidence, of: ({ confidence }) => share(confidence) },
      { heading: report.accuracy, of: ({ accuracy }) => share(accuracy), number: true },
      { heading: "95 %", of: ({ accuracyInterval }) => range(accuracyInterval), number: true },
      { heading: report.images, of: ({ images }) => formatNumber(images), number: true },
    ];
    return html`
      <div class="pair">
        <figure>
          <figcaption><b>${report.reliability}</b>${report.reliabilityHint}</figcaption>
          ${this.plots.reliability(data.curves.reliability, this.drawingWidth)}
          <details>
            <summary>${report.asTable}</summary>
            ${table(report.reliability, columns, data.curves.reliability)}
          </details>
        </figure>
        <figure>
          <figcaption><b>${report.roc}</b></figcaption>
          ${this.plots.roc(data, this.drawingWidth)}
          <ul class="legend">
            ${data.metrics.classes.map(
              ({ label, auc }, index) =>
                html`<li .style=${`--of: var(--series-${index % 8})`}>${nameOf(label, data.labels)}: ${report.auc} ${share(auc)}</li>`,
            )}
          </ul>
        </figure>
      </div>
    `;
  }

  private learning(histories: readonly History[]): TemplateResult | typeof nothing {
    const { plots } = this;
    if (!plots || histories.length === 0) return nothing;
    const { report } = more.words.model;
    const rows = histories.flatMap(({ epochs }, run) => epochs.map((epoch) => ({ run, ...epoch })));
    const value = (number: number | null) => (number === null ? "" : share(number));
    const columns: Column<(typeof rows)[number]>[] = [
      { heading: report.fold, of: ({ run }) => formatNumber(run + 1) },
      { heading: report.epoch, of: ({ epoch }) => formatNumber(epoch), number: true },
      { heading: `${report.trainingOf}: ${report.loss}`, of: ({ loss }) => value(loss), number: true },
      {
        heading: `${report.validationOf}: ${report.loss}`,
        of: ({ validationLoss }) => value(validationLoss),
        number: true,
      },
      {
        heading: `${report.trainingOf}: ${report.accuracy}`,
        of: ({ accuracy }) => value(accuracy),
        number: true,
      },
      {
        heading: `${report.validationOf}: ${report.accuracy}`,
        of: ({ validationAccuracy }) => value(validationAccuracy),
        number: true,
      },
    ];
    return html`
      <h4>${report.learning}</h4>
      <p class="quiet">${report.learningHint}</p>
      <div class="pair">
        ${(["loss", "accuracy"] as const).map(
          (name) => html`
            <figure>
              <figcaption><b>${report[name]}</b></figcaption>
              ${plots.curve(histories, name, this.drawingWidth)}
            </figure>
          `,
        )}
      </div>
      <details>
        <summary>${report.asTable}</summary>
        ${table(report.learning, columns, rows)}
      </details>
    `;
  }
}

customElements.define("leuko-model-report", ModelReport);
