// What is drawn of a model: reliability, ROC and learning curves, each with its figures beside it. Without the plots the rest of the
// report stands all the same.
import { css, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { formatNumber, Localised, nameOf } from "../i18n/index.js";
import { onDemand } from "../i18n/on-demand.js";
import { type Bin, type History, type Report, range, share } from "./report-data.js";
import { type Column, shared, table } from "./style.js";

type Plots = typeof import("./plots.js");

class Curves extends Localised {
  static override properties = {
    report: { attribute: false },
    histories: { attribute: false },
    plots: { state: true },
  };

  declare report: Report | undefined;
  declare histories: readonly History[];
  declare private plots: Plots | undefined;

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

  override willUpdate(changes: PropertyValues): void {
    if (changes.has("histories")) this.fetchPlots();
  }

  private async fetchPlots(): Promise<void> {
    if (this.plots || (!this.report && this.histories.length === 0)) return;
    this.plots = await import("./plots.js").catch(() => undefined);
  }

  override render(): TemplateResult | typeof nothing {
    const { plots, report } = this;
    if (!plots) return nothing;
    return html`${report ? this.measured(report, plots) : nothing} ${this.learning(this.histories, plots)}`;
  }

  /** As wide as the page lets a drawing be now; a wider one would shrink, letters and all. */
  private get drawingWidth(): number {
    return Math.max(240, Math.min(440, this.clientWidth));
  }

  private measured(data: Report, plots: Plots): TemplateResult {
    const { report } = onDemand.words.model;
    const columns: Column<Bin>[] = [
      { heading: report.confidence, of: ({ confidence }) => share(confidence) },
      { heading: report.accuracy, of: ({ accuracy }) => share(accuracy), number: true },
      { heading: report.interval95, of: ({ accuracyInterval }) => range(accuracyInterval), number: true },
      { heading: report.images, of: ({ images }) => formatNumber(images), number: true },
    ];
    return html`
      <div class="pair">
        <figure>
          <figcaption><b>${report.reliability}</b>${report.reliabilityHint}</figcaption>
          ${plots.reliability(data.curves.reliability, this.drawingWidth)}
          <details>
            <summary>${report.asTable}</summary>
            ${table(report.reliability, columns, data.curves.reliability)}
          </details>
        </figure>
        <figure>
          <figcaption><b>${report.roc}</b></figcaption>
          ${plots.roc(data, this.drawingWidth)}
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

  private learning(histories: readonly History[], plots: Plots): TemplateResult | typeof nothing {
    if (histories.length === 0) return nothing;
    const { report } = onDemand.words.model;
    const rows = histories.flatMap(({ epochs }, run) => epochs.map((epoch) => ({ run, ...epoch })));
    const value = (number: number | null) => (number === null ? "" : share(number));
    const columns: Column<(typeof rows)[number]>[] = [
      { heading: report.run, of: ({ run }) => formatNumber(run + 1) },
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

customElements.define("leuko-curves", Curves);
