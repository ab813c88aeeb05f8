// The differential count beside the picture: it follows every correction.
import { type Differential, differential } from "leukolens";
import { css, html, nothing, type TemplateResult } from "lit";
import { formatNumber, formatPercent, Localised, nameOf, words } from "../i18n/index.js";
import { colourOf, type Labels, shortNameOf } from "../state/classes.js";
import { classifiers } from "../state/classifiers.js";
import { type Checked, store } from "../state/store.js";
import { subscribe } from "../state/subscribe.js";
import { controls } from "../ui/controls.js";

/** Percent of leukocytes in adults, as quoted from MedlinePlus. */
const reference: Readonly<Record<string, readonly [low: number, high: number]>> = {
  neutrophil: [40, 60],
  lymphocyte: [20, 40],
  monocyte: [2, 8],
  eosinophil: [1, 4],
  basophil: [0.5, 1],
};

/** Under this many cells nothing is held against the reference ranges. */
const enough = 100;

class DifferentialPanel extends Localised {
  static override properties = { one: { state: true } };

  /** Of the selected picture only. */
  declare private one: boolean;

  static override styles = [
    controls,
    css`
      :host {
        display: grid;
        gap: 12px;
      }
      header {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: 8px;
      }
      h2 {
        margin: 0;
        font-size: 1.125rem;
        font-weight: 650;
      }
      table {
        width: 100%;
        border-collapse: collapse;
        font-size: 0.9375rem;
        font-variant-numeric: tabular-nums;
      }
      th,
      td {
        padding: 5px 4px;
        border-block-end: 1px solid var(--line);
        text-align: end;
        font-weight: 400;
      }
      thead th {
        color: var(--quiet);
        font-size: 0.8125rem;
      }
      td {
        white-space: nowrap;
      }
      @media (max-width: 400px) {
        th,
        td {
          padding-inline: 2px;
          font-size: 0.8125rem;
          white-space: normal;
          overflow-wrap: anywhere;
        }
      }
      :is(th, td):first-child {
        text-align: start;
      }
      .dot {
        display: inline-block;
        width: 0.75em;
        height: 0.75em;
        margin-inline-end: 0.5em;
        border-radius: 50%;
        background: var(--class);
      }
      .table {
        container-type: inline-size;
      }
      .short {
        display: none;
      }
      @container (max-width: 380px) {
        .long {
          display: none;
        }
        .short {
          display: inline;
        }
        th,
        td {
          padding-inline: 2px;
          font-size: 0.8125rem;
        }
        .flag {
          white-space: normal;
        }
      }
      .count {
        font-weight: 650;
      }
      .flag {
        color: var(--warning);
        font-weight: 650;
      }
      .quiet,
      p {
        color: var(--quiet);
      }
      p {
        margin: 0;
        font-size: 0.875rem;
      }
      dl {
        display: grid;
        grid-template-columns: 1fr auto;
        gap: 2px 12px;
        margin: 0;
        font-size: 0.9375rem;
      }
      dd {
        margin: 0;
        font-variant-numeric: tabular-nums;
      }
      @media print {
        select {
          border: 0;
          appearance: none;
        }
      }
    `,
  ];

  constructor() {
    super();
    this.one = false;
    subscribe(this, store, classifiers);
  }

  override render(): TemplateResult {
    const { differential: say } = words.workbench;
    const cells = this.one
      ? store.cells.filter(({ picture }) => picture.id === store.picture?.id)
      : store.cells;
    const counted = differential(cells, this.labels);
    const corrected = cells.filter((checked) => checked.corrected);
    const confirmed = cells.filter((checked) => checked.confirmed).length;
    return html`
      <header><h2>${say.title}</h2>${store.pictures.length > 1 ? this.scope() : nothing}</header>
      <div class="table">${this.table(counted)}</div>
      <p>${say.total(formatNumber(counted.total))}</p>
      ${this.apart(counted, corrected, confirmed)}
      <p>${counted.total < enough ? say.tooFew : nothing} ${say.source}</p>
      <p>${words.researchOnly}</p>
    `;
  }

  private get labels(): Labels {
    return classifiers.current?.model.labels ?? [];
  }

  private scope(): TemplateResult {
    const { differential: say } = words.workbench;
    const choose = ({ target }: Event) => {
      this.one = (target as HTMLSelectElement).value === "one";
    };
    return html`
      <select aria-label=${say.scope} @change=${choose}>
        <option value="all">${say.all}</option>
        <option value="one" ?selected=${this.one}>${say.one}</option>
      </select>
    `;
  }

  private table({ classes, total }: Differential): TemplateResult {
    const { differential: say } = words.workbench;
    return html`
      <table>
        <thead>
          <tr>
            <th scope="col">${say.class}</th><th scope="col">${say.number}</th><th scope="col">${say.share}</th>
            <th scope="col">${say.interval}</th><th scope="col">${say.reference}</th>
          </tr>
        </thead>
        <tbody>${classes.map((line) => this.line(line, total))}</tbody>
      </table>
    `;
  }

  private line(line: Differential["classes"][number], total: number): TemplateResult {
    const { differential: say } = words.workbench;
    const { label, count, percent, percentInterval } = line;
    const [low, high] = percentInterval.map((bound) => formatNumber(bound));
    const range = reference[label];
    return html`
      <tr>
        <th scope="row"><span class="dot" .style=${`--class: ${colourOf(label)}`}></span><span class="long">${nameOf(label, this.labels)}</span><span class="short">${shortNameOf(label)}</span></th>
        <td class="count">${formatNumber(count)}</td>
        <td>${total > 0 ? formatPercent(percent / 100, 1) : "\u2013"}</td>
        <td class="quiet">${total > 0 ? say.range(low ?? "", high ?? "") : "\u2013"}</td>
        <td class="quiet">
          ${range ? say.range(formatNumber(range[0], digits(range[0])), formatNumber(range[1])) : "\u2013"}
          ${range && total >= enough ? flag(percent, range) : nothing}
        </td>
      </tr>
    `;
  }

  private apart(
    { others, unsure, rejected }: Differential,
    corrected: readonly Checked[],
    confirmed: number,
  ): TemplateResult {
    const { differential: say, verdict } = words.workbench;
    const notWhite = corrected.filter(({ label }) => label === null).length;
    const lines: readonly (readonly [string, number])[] = [
      ...others.map(({ label, count }) => [`${nameOf(label, this.labels)} (${say.others})`, count] as const),
      [say.unsure, unsure],
      [verdict.notRecognised, rejected - notWhite],
      [verdict.notWhite, notWhite],
      [say.confirmed, confirmed],
      [say.corrected, corrected.length],
    ];
    return html`<dl>${lines.map(([term, number]) => html`<dt>${term}</dt><dd>${formatNumber(number)}</dd>`)}</dl>`;
  }
}

function flag(percent: number, [low, high]: readonly [number, number]): TemplateResult | typeof nothing {
  const { differential: say } = words.workbench;
  if (percent >= low && percent <= high) return nothing;
  return html`<br /><span class="flag">${percent < low ? say.low : say.high}</span>`;
}

function digits(value: number): number {
  return Number.isInteger(value) ? 0 : 1;
}

customElements.define("leuko-differential", DifferentialPanel);
