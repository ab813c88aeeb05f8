// The report of a count on one page, for paper or PDF: sample, count, second count, cells, images, method.
import { css, html, nothing, type TemplateResult } from "lit";
import { counting } from "../i18n/count.js";
import { formatNumber, Localised, language, nameOf, words } from "../i18n/index.js";
import { describeFailure } from "../i18n/summary.js";
import "../images/thumbnail.js";
import { redCellsIn } from "../state/cell-quality.js";
import { colourOf, type Labels } from "../state/classes.js";
import { classifiers } from "../state/classifiers.js";
import { countSheet } from "../state/count-sheet.js";
import { fingerprintOf } from "../state/fingerprint.js";
import { legible } from "../state/legible.js";
import { titleOf } from "../state/page.js";
import type { RedCells } from "../state/red-cells.js";
import { repeatFinder } from "../state/repeat-finder.js";
import { type Checked, type Picture, store } from "../state/store.js";
import { subscribe } from "../state/subscribe.js";
import { progressIn, type Tally, tally } from "../state/tally.js";
import { controls } from "../ui/controls.js";
import { icon } from "../ui/icons.js";
import { describeRepeat } from "./differential.js";
import { statusOf } from "./progress.js";
import { compareWith, comparisonTable, describeReading } from "./second-count.js";
import { countTable, factsOf, tableStyle } from "./table.js";

/** What fits on one page. */
const most = { cells: 12, images: 6 };

class Report extends Localised {
  static override properties = { fingerprints: { state: true }, redCells: { state: true } };

  /** Of the images that are named. */
  declare private fingerprints: ReadonlyMap<string, string | undefined>;
  /** Of the images in which it can be told. */
  declare private redCells: readonly RedCells[];
  /** Those that were looked at last. */
  private pictures: readonly Picture[] = [];

  static override styles = [
    controls,
    tableStyle,
    css`
      :host {
        display: grid;
        justify-items: center;
        gap: 16px;
      }
      .bar {
        display: flex;
        flex-wrap: wrap;
        justify-content: space-between;
        gap: 8px;
        width: min(100%, 210mm);
      }
      a.button {
        text-decoration: none;
      }
      a:focus-visible {
        outline: 3px solid var(--accent);
        outline-offset: 2px;
      }
      article {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 14px;
        width: min(100%, 210mm);
        padding: clamp(16px, 4vw, 14mm);
        border-radius: var(--radius);
        background: var(--card);
        box-shadow: var(--shadow);
        overflow-wrap: anywhere;
      }
      h2,
      h3 {
        margin: 0;
        font-weight: 650;
      }
      h2 {
        font-size: 1.375rem;
        letter-spacing: -0.01em;
      }
      h3 {
        font-size: 0.9375rem;
      }
      p,
      ul {
        margin: 0;
      }
      .small,
      ul {
        color: var(--quiet);
        font-size: 0.8125rem;
      }
      .sample {
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 9em), 1fr));
        gap: 8px 16px;
        padding-block: 10px;
        border-block: 1px solid var(--line);
      }
      .sample div.wide {
        grid-column: 1 / -1;
      }
      .sample dt {
        color: var(--quiet);
        font-size: 0.8125rem;
      }
      .sample dd {
        text-align: start;
        white-space: pre-line;
      }
      .facts {
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 17em), 1fr));
        gap: 0 28px;
        font-size: 0.875rem;
      }
      .facts div {
        display: flex;
        justify-content: space-between;
        gap: 12px;
      }
      .strip {
        display: grid;
        grid-template-columns: minmax(6em, auto) minmax(0, 1fr);
        align-items: center;
        gap: 4px 12px;
        font-size: 0.875rem;
      }
      .cells {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 3px;
      }
      .cells > span {
        width: 36px;
        height: 36px;
        overflow: hidden;
        border-radius: 6px;
      }
      leuko-thumbnail {
        transform: scale(0.375);
        transform-origin: 0 0;
        print-color-adjust: exact;
      }
      .cells small {
        margin-inline-start: 6px;
        color: var(--quiet);
      }
      ul {
        columns: 2 16em;
        column-gap: 28px;
        padding-inline-start: 1.2em;
      }
      .signature {
        display: flex;
        flex-wrap: wrap;
        justify-content: space-between;
        align-items: end;
        gap: 8px 24px;
      }
      .signature span {
        min-width: 60mm;
        padding-block-start: 4px;
        border-block-start: 1px solid var(--edge);
        font-size: 0.8125rem;
      }
      .notice {
        font-weight: 650;
      }
      .facts dd {
        white-space: nowrap;
      }
      @media print {
        .bar {
          display: none;
        }
        article {
          gap: 6px;
          width: 100%;
          padding: 0;
          border-radius: 0;
          box-shadow: none;
        }
        article,
        table,
        thead th,
        h3,
        .facts,
        .sample,
        .sample dt,
        .strip,
        .small,
        ul,
        .signature span {
          font-size: 10.5px;
          line-height: 1.3;
        }
        h2 {
          font-size: 18px;
        }
        .sample {
          padding-block: 5px;
        }
        th,
        td {
          padding-block: 1px;
        }
        .strip {
          gap: 2px 12px;
        }
        .cells > span {
          width: 24px;
          height: 24px;
          border-radius: 4px;
        }
        leuko-thumbnail {
          transform: scale(0.25);
        }
        section,
        tr {
          break-inside: avoid;
        }
      }
    `,
  ];

  constructor() {
    super();
    this.fingerprints = new Map();
    this.redCells = [];
    subscribe(this, store, classifiers, countSheet, repeatFinder);
  }

  /** A batch may still be at work. */
  override willUpdate(): void {
    const { pictures } = store;
    if (pictures === this.pictures) return;
    this.pictures = pictures;
    void this.hash(pictures);
    void this.estimate(pictures);
  }

  override render(): TemplateResult {
    const { report: say } = counting.words;
    const isEmpty = store.cells.length === 0;
    return html`
      <div class="bar">
        <a class="button" href=${"#cells"}>${say.back}</a>
        ${isEmpty ? nothing : html`<button class="main" @click=${() => window.print()}>${icon("print")}${say.print}</button>`}
      </div>
      ${isEmpty ? html`<p>${say.none}</p>` : this.sheet(tally(this.labels))}
    `;
  }

  private get labels(): Labels {
    return classifiers.current?.model.labels ?? [];
  }

  private sheet(counted: Tally): TemplateResult {
    const say = counting.words;
    const { first } = countSheet.sheet;
    const comparison = first && compareWith(first, this.labels);
    return html`
      <article>
        <h2>${say.report.title}</h2>
        ${this.sample()}
        <section>${this.status(counted)} ${countTable(counted, this.labels)}</section>
        <p>${say.total(formatNumber(counted.count.total))}</p>
        <dl class="facts">
          ${factsOf(counted, this.labels).map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}
        </dl>
        ${
          first && comparison
            ? html`<section><h3>${say.second.title}</h3><p>${describeReading(first, comparison)}</p>${comparisonTable(comparison, this.labels)}</section>`
            : nothing
        }
        <section><h3>${say.report.strip}</h3>${this.strip(counted)}</section>
        <section><h3>${say.report.images(store.pictures.length)}</h3>${this.images(counted)}</section>
        ${this.field()}
        <p class="small">${say.report.method} ${say.flags} ${say.source}</p>
        <div class="signature">
          <p class="small">${say.report.created(new Date().toLocaleString(language), this.models())}</p>
          <span>${say.report.signature}</span>
        </div>
        <p class="notice">${words.researchOnly}</p>
      </article>
    `;
  }

  private sample(): TemplateResult {
    const { sample: say, report } = counting.words;
    const { sample, total } = countSheet.sheet;
    const date = sample.date && new Date(`${sample.date}T00:00`).toLocaleDateString(language);
    const entries: (readonly [string, string])[] = [
      [say.id, sample.id],
      [say.date, date],
      [say.operator, sample.operator],
    ];
    if (total !== undefined) entries.push([say.total, formatNumber(total, 2)]);
    return html`
      <dl class="sample">
        ${entries.map(([name, text]) => html`<div><dt>${name}</dt><dd>${text || report.unnamed}</dd></div>`)}
        ${sample.note ? html`<div class="wide"><dt>${say.note}</dt><dd>${sample.note}</dd></div>` : nothing}
      </dl>
    `;
  }

  private status(counted: Tally): TemplateResult {
    return counted.practice
      ? html`<p class="notice">${counting.words.report.practice}</p>`
      : html`${progressIn(counted).complete ? nothing : html`<p class="notice">${counting.words.report.incomplete}</p>`}${statusOf(counted)}`;
  }

  /** A row for each label that was counted, in the count's order. */
  private strip({ cells, count }: Tally): TemplateResult {
    const { report: say } = counting.words;
    const labels = [
      ...count.lines.flatMap(({ label, parts }) => [label, ...parts.map((part) => part.label)]),
      ...count.apart.map(({ label }) => label),
    ];
    const rows = labels.map((name) => ({
      name,
      row: cells.filter(({ verdict, label }) => verdict === "classified" && label === name),
    }));
    return html`
      <div class="strip">
        ${rows
          .filter(({ row }) => row.length > 0)
          .map(
            ({ name: label, row }) => html`
            <div><span class="dot" .style=${`--class: ${colourOf(label)}`}></span>${nameOf(label, this.labels)}</div>
            <div class="cells">
              ${row.slice(0, most.cells).map((checked) => thumbnail(checked))}
              ${row.length > most.cells ? html`<small>${say.stripPart(formatNumber(most.cells), formatNumber(row.length))}</small>` : nothing}
            </div>
          `,
          )}
      </div>
    `;
  }

  private images({ cells }: Tally): TemplateResult {
    const { report: say } = counting.words;
    const { pictures } = store;
    const counted = (id: string) => cells.filter(({ picture }) => picture.id === id).length;
    return html`
      <ul>
        ${pictures.slice(0, most.images).map((picture) => {
          const { id } = picture;
          const hash = this.fingerprints.get(id)?.slice(0, 12);
          const { outcome } = picture;
          const told =
            outcome?.kind === "failed"
              ? describeFailure(outcome).headline
              : words.workbench.pictures.cells(counted(id));
          return html`<li>${titleOf(picture)}: ${told}${hash ? html` · ${say.fingerprint} ${hash}` : nothing}</li>`;
        })}
        ${pictures.length > most.images ? html`<li>${say.more(pictures.length - most.images)}</li>` : nothing}
        ${repeatFinder.pictures.slice(0, most.images).map((repeat) => html`<li>${describeRepeat(repeat)}</li>`)}
      </ul>
    `;
  }

  /** How many red cells a field shows, and where they lie too densely or too thinly to judge white ones. */
  private field(): TemplateResult | typeof nothing {
    const { report: say } = counting.words;
    const counts = this.redCells.flatMap(({ count }) => count ?? []).sort((one, other) => one - other);
    const median = counts[Math.floor(counts.length / 2)];
    const images = (area: RedCells["area"]) => this.redCells.filter((field) => field.area === area).length;
    const [thick, thin] = [images("thick"), images("thin")];
    const sentences = [
      ...(median === undefined ? [] : [say.redCells(formatNumber(Math.round(median)), counts.length)]),
      ...(thick > 0 ? [say.thick(thick)] : []),
      ...(thin > 0 ? [say.thin(thin)] : []),
    ];
    return sentences.length > 0 ? html`<p class="small">${sentences.join(" ")}</p>` : nothing;
  }

  private async estimate(pictures: readonly Picture[]): Promise<void> {
    const redCells = await redCellsIn(pictures);
    if (pictures === this.pictures) this.redCells = [...redCells.values()];
  }

  private async hash(pictures: readonly Picture[]): Promise<void> {
    const named = pictures.slice(0, most.images);
    const entries = named.map(async ({ id, file }) => [id, await fingerprintOf(file)] as const);
    this.fingerprints = new Map(await Promise.all(entries));
  }

  /** Those that the answers came from, with the microscopes that they had learnt. */
  private models(): string {
    const { learnt } = counting.words.report;
    const names = store.pictures.flatMap(({ outcome }) => {
      if (outcome?.kind !== "found") return [];
      const { model, microscope } = outcome;
      return [legible(microscope ? learnt(model, microscope.name) : model)];
    });
    return [...new Set(names)].join(", ");
  }
}

function thumbnail({ sheet, tile }: Checked): TemplateResult {
  return html`<span><leuko-thumbnail .sheet=${sheet} .index=${tile}></leuko-thumbnail></span>`;
}

customElements.define("leuko-report", Report);
