// What is drawn of a model: reliability, ROC and learning curves, with their figures as tables. Without the plots the rest of the
// report stands all the same.
import { css, html, nothing, type PropertyValues, type TemplateResult, unsafeCSS } from "lit";
import { formatNumber, Localised, language, nameOf } from "../i18n/index.js";
import { onDemand } from "../i18n/on-demand.js";
import plotStyle from "./plots.css?inline";
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
    unsafeCSS(plotStyle),
    css`
      :host {
        --plot-background: var(--card);
      }
      .pair {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr));
        gap: 20px 32px;
        margin-block-start: 22px;
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
  private get setting() {
    const width = Math.max(240, Math.min(440, this.clientWidth));
    return { width, words: onDemand.words.model.report, language };
  }

  private measured({ curves, labels, metrics }: Report, plots: Plots): TemplateResult {
    const { report } = onDemand.words.model;
    const columns: Column<Bin>[] = [
      { heading: report.confidence, of: ({ confidence }) => share(confidence) },
      { heading: report.accuracy, of: ({ accuracy }) => share(accuracy), number: true },
      { heading: report.interval95, of: ({ accuracyInterval }) => range(accuracyInterval), number: true },
      { heading: report.images, of: ({ images }) => formatNumber(images), number: true },
    ];
    return html`
      <div class="pair">
        <div>
          ${plots.reliability(curves.reliability, this.setting)}
          <details>
            <summary>${report.asTable}</summary>
            ${table(report.reliability, columns, curves.reliability)}
          </details>
        </div>
        ${plots.roc(curves.roc, metrics.classes, (label) => nameOf(label, labels), this.setting)}
      </div>
    `;
  }

  private learning(histories: readonly History[], plots: Plots): TemplateResult | typeof nothing {
    if (histories.length === 0) return nothing;
    const { report } = onDemand.words.model;
    const rows = histories.flatMap(({ epochs }, run) => epochs.map((epoch) => ({ run, ...epoch })));
    type Row = (typeof rows)[number];
    const quantity = (heading: string, of: (row: Row) => number | null): Column<Row> => ({
      heading,
      of: (row) => {
        const value = of(row);
        return value === null ? "" : share(value);
      },
      number: true,
    });
    const columns: Column<Row>[] = [
      { heading: report.run, of: ({ run }) => formatNumber(run + 1) },
      { heading: report.epoch, of: ({ epoch }) => formatNumber(epoch), number: true },
      quantity(`${report.trainingOf}: ${report.loss}`, ({ loss }) => loss),
      quantity(`${report.validationOf}: ${report.loss}`, ({ validationLoss }) => validationLoss),
      quantity(`${report.trainingOf}: ${report.accuracy}`, ({ accuracy }) => accuracy),
      quantity(`${report.validationOf}: ${report.accuracy}`, ({ validationAccuracy }) => validationAccuracy),
    ];
    return html`
      <h4>${report.learning}</h4>
      <div class="pair">
        ${plots.learningCurve(histories, "loss", this.setting)}
        ${plots.learningCurve(histories, "accuracy", this.setting)}
      </div>
      <details>
        <summary>${report.asTable}</summary>
        ${table(report.learning, columns, rows)}
      </details>
    `;
  }
}

customElements.define("leuko-curves", Curves);
