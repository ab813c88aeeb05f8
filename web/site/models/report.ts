// How good a model is, as its report has it: figures, each class, confusions, reliability, ROC and learning curves.
import type { ModelDescription } from "leukolens";
import { css, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { formatNumber, formatPercent, Localised, nameOf, words } from "../i18n/index.js";
import { onDemand } from "../i18n/on-demand.js";
import "./curves.js";
import {
  type ClassMetrics,
  fetchReport,
  type History,
  historyOf,
  type Report,
  range,
  type Source,
  share,
} from "./report-data.js";
import { type Column, fact, shared, table } from "./style.js";

type Shown =
  | { readonly kind: "fetching" }
  | { readonly kind: "none" }
  | { readonly kind: "failed" }
  | { readonly kind: "here"; readonly report: Report };

class ModelReport extends Localised {
  static override properties = {
    url: { attribute: false },
    model: { attribute: false },
    shown: { state: true },
  };

  declare url: string | undefined;
  declare model: ModelDescription;
  declare private shown: Shown;
  private fetching = new AbortController();

  static override styles = [
    shared,
    css`
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
        background: color-mix(in srgb, var(--warning) calc(3% + 42% * var(--share)), transparent);
      }
      .confusion .right {
        background: color-mix(in srgb, var(--accent) calc(3% + 42% * var(--share)), transparent);
      }
      .confusion td small {
        display: block;
        font-size: 0.75rem;
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
  }

  private async fetch(): Promise<void> {
    this.fetching.abort();
    this.fetching = new AbortController();
    const { signal } = this.fetching;
    this.shown = { kind: this.url ? "fetching" : "none" };
    if (!this.url) return;
    try {
      this.shown = { kind: "here", report: await fetchReport(this.url, signal) };
    } catch {
      if (!signal.aborted) this.shown = { kind: "failed" };
    }
  }

  override render(): TemplateResult {
    const { report } = onDemand.words.model;
    const { shown } = this;
    return html`
      <h3>${report.title}</h3>
      ${shown.kind === "none" ? html`<p class="quiet">${report.missing}</p>` : nothing}
      ${shown.kind === "failed" ? html`<p role="alert">${report.failed}</p>` : nothing}
      ${shown.kind === "fetching" ? html`<p class="quiet">${report.loading}</p>` : nothing}
      ${shown.kind === "here" ? this.whole(shown.report) : this.curves(historyOf(this.model.training))}
      <p class="research">${words.researchOnly}</p>
    `;
  }

  private whole(report: Report): TemplateResult {
    const own = historyOf(this.model.training);
    return html`
      <p class="quiet" lang="en">${report.title}. ${report.about}</p>
      ${this.figures(report)} ${this.notes(report.notes)} ${this.sources(report.sources)} ${this.classes(report)} ${this.confusion(report)}
      ${this.curves(report.histories.length > 0 ? report.histories : own, report)}
    `;
  }

  private curves(histories: readonly History[], report?: Report): TemplateResult {
    return html`<leuko-curves .report=${report} .histories=${histories}></leuko-curves>`;
  }

  private figures({ metrics }: Report): TemplateResult {
    const { report } = onDemand.words.model;
    const right = report.right(formatNumber(metrics.correct), formatNumber(metrics.images));
    const figure = (term: string, value: number | null, detail = "") =>
      fact(term, html`<strong>${share(value)}</strong><span>${detail}</span>`);
    return html`
      <dl class="figures">
        ${figure(report.accuracy, metrics.accuracy, `${range(metrics.accuracyInterval)}; ${right}`)}
        ${figure(report.macroF1, metrics.macroF1)} ${figure(report.macroRecall, metrics.macroRecall)}
        ${figure(report.macroAuc, metrics.macroAuc)} ${figure(report.loss, metrics.loss)}
        ${figure(report.brier, metrics.brier)} ${figure(report.ece, metrics.ece, metrics.eceInterval ? range(metrics.eceInterval) : "")}
      </dl>
    `;
  }

  private notes(notes: readonly string[]): TemplateResult | typeof nothing {
    if (notes.length === 0) return nothing;
    const { report } = onDemand.words.model;
    return html`
      <details ?open=${notes.length <= 2}>
        <summary>${report.before} (${formatNumber(notes.length)})</summary>
        <p class="quiet">${report.original}</p>
        <ul class="notes" lang="en">${notes.map((note) => html`<li>${note}</li>`)}</ul>
      </details>
    `;
  }

  private sources(sources: readonly Source[] = []): TemplateResult | typeof nothing {
    if (sources.length === 0) return nothing;
    const { report } = onDemand.words.model;
    const columns: Column<Source>[] = [
      { heading: report.source, of: ({ name }) => name },
      { heading: report.images, of: ({ metrics }) => formatNumber(metrics.images), number: true },
      { heading: report.accuracy, of: ({ metrics }) => share(metrics.accuracy), number: true },
      { heading: report.interval95, of: ({ metrics }) => range(metrics.accuracyInterval), number: true },
      { heading: report.macroRecall, of: ({ metrics }) => share(metrics.macroRecall), number: true },
      { heading: report.macroF1, of: ({ metrics }) => share(metrics.macroF1), number: true },
      { heading: "ECE", of: ({ metrics }) => share(metrics.ece), number: true },
      { heading: report.interval95, of: ({ metrics }) => range(metrics.eceInterval), number: true },
    ];
    return table(report.perSource, columns, sources);
  }

  private classes({ labels, metrics }: Report): TemplateResult {
    const { report } = onDemand.words.model;
    const of = (figure: (one: ClassMetrics) => string) => (one: ClassMetrics) =>
      one.support > 0 ? figure(one) : "-"; // of no images there is none
    const ofAnswers = (figure: (one: ClassMetrics) => string) => (one: ClassMetrics) =>
      metrics.confusion.some((row) => row[metrics.classes.indexOf(one)]) ? figure(one) : "-"; // of no answers no precision
    const columns: Column<ClassMetrics>[] = [
      { heading: report.class, of: ({ label }) => nameOf(label, labels) },
      { heading: report.images, of: ({ support }) => formatNumber(support), number: true },
      { heading: report.precision, of: ofAnswers(({ precision }) => share(precision)), number: true },
      { heading: report.interval95, of: ofAnswers((one) => range(one.precisionInterval)), number: true },
      { heading: report.recall, of: of(({ recall }) => share(recall)), number: true },
      { heading: report.interval95, of: of(({ recallInterval }) => range(recallInterval)), number: true },
      { heading: report.f1, of: of(({ f1 }) => share(f1)), number: true },
      { heading: report.auc, of: of(({ auc }) => share(auc)), number: true },
    ];
    return table(report.perClass, columns, metrics.classes);
  }

  private confusion({ labels, metrics }: Report): TemplateResult {
    const { report } = onDemand.words.model;
    const name = (index: number) => nameOf(labels[index]?.id ?? "", labels);
    const cell = (images: number, support: number, right: boolean, told: string) => {
      const part = support > 0 ? images / support : 0;
      return html`<td class=${right ? "right" : ""} .style=${`--share: ${part}`} title=${told}>${formatPercent(part, 0)}<small>${formatNumber(images)}</small></td>`;
    };
    const missed = ({ support, notFound = 0 }: ClassMetrics, actual: number) =>
      metrics.notFound ? cell(notFound, support, false, report.missed(notFound, name(actual))) : nothing;
    return html`
      <div class="scroll" tabindex="0" role="region" aria-label=${report.confusion}>
        <table class="confusion">
          <caption>${report.confusion}</caption>
          <thead>
            <tr>
              <th scope="col">${report.actual}</th>${labels.map((_, index) => html`<th scope="col">${name(index)}</th>`)}
              ${metrics.notFound ? html`<th scope="col">${report.notFound}</th>` : nothing}
            </tr>
          </thead>
          <tbody>
            ${metrics.classes.map(
              (of, actual) => html`
                <tr>
                  <th scope="row">${name(actual)}</th>
                  ${metrics.confusion[actual]?.map((images, predicted) => cell(images, of.support, actual === predicted, report.confused(images, name(actual), name(predicted))))}
                  ${missed(of, actual)}
                </tr>
              `,
            )}
          </tbody>
        </table>
      </div>
    `;
  }
}

customElements.define("leuko-model-report", ModelReport);
