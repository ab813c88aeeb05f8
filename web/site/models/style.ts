// Styles that the parts of the model page share.
import { type CSSResultGroup, css, html, type TemplateResult } from "lit";
import { controls } from "../ui/controls.js";

const own = css`
  :host {
    display: block;
  }
  h2,
  h3,
  h4,
  p,
  dl,
  dd,
  figure {
    margin: 0;
  }
  h2 {
    font-size: 1.5rem;
    letter-spacing: -0.02em;
  }
  h3 {
    font-size: 1.25rem;
    letter-spacing: -0.01em;
  }
  h4 {
    margin-block: 20px 8px;
    font-size: 1rem;
  }
  .quiet,
  dt,
  figcaption {
    color: var(--quiet);
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 10px 14px;
  }
  .scroll {
    container-type: inline-size;
    overflow-x: auto;
  }
  .scroll > table {
    min-width: min(100%, 34rem);
  }
  table {
    border-collapse: collapse;
    font-size: 0.9375rem;
    font-variant-numeric: tabular-nums;
  }
  caption {
    position: sticky;
    inset-inline-start: 0;
    max-inline-size: 100cqi; /* of what is seen, not of a table that is wider */
    padding-block: 20px 6px;
    color: var(--ink);
    font-size: 1rem;
    font-weight: 600;
    text-align: start;
  }
  th,
  td {
    padding: 6px 14px 6px 0;
    border-block-end: 1px solid var(--line);
    text-align: start;
    vertical-align: top;
  }
  thead th {
    color: var(--quiet);
    font-weight: 500;
  }
  .scroll tbody th {
    font-weight: 600;
    white-space: nowrap;
  }
  .number {
    text-align: end;
    white-space: nowrap;
  }
  .facts {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 13rem), 1fr));
    gap: 12px 24px;
  }
  dt {
    font-size: 0.875rem;
  }
  dd {
    overflow-wrap: anywhere;
    font-variant-numeric: tabular-nums;
  }
  summary {
    padding-block: 10px;
    cursor: pointer;
    font-weight: 600;
  }
  pre {
    margin: 0;
    padding: 12px 14px;
    border-radius: 12px;
    background: var(--tint);
    font-size: 0.8125rem;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }
  .research {
    margin-block-start: 16px;
    font-size: 0.875rem;
    color: var(--quiet);
  }
`;

export const shared: CSSResultGroup = [controls, own];

/** One fact of a list. */
export const fact = (term: string, value: unknown): TemplateResult =>
  html`<div><dt>${term}</dt><dd>${value}</dd></div>`;

export interface Column<Row> {
  readonly heading: string;
  readonly of: (row: Row) => unknown;
  readonly number?: boolean;
}

/** The first column heads its row. Scrolls in itself where it is too wide, by keyboard too. */
export function table<Row>(
  caption: string,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
): TemplateResult {
  const style = ({ number }: Column<Row>) => (number ? "number" : "");
  const cell = (column: Column<Row>, index: number, row: Row) =>
    index === 0
      ? html`<th scope="row" class=${style(column)}>${column.of(row)}</th>`
      : html`<td class=${style(column)}>${column.of(row)}</td>`;
  return html`
    <div class="scroll" tabindex="0" role="region" aria-label=${caption}>
      <table>
        <caption>${caption}</caption>
        <thead><tr>${columns.map((column) => html`<th scope="col" class=${style(column)}>${column.heading}</th>`)}</tr></thead>
        <tbody>
          ${rows.map((row) => html`<tr>${columns.map((column, index) => cell(column, index, row))}</tr>`)}
        </tbody>
      </table>
    </div>
  `;
}
