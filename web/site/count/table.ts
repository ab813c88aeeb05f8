// The table of a differential count, on the page and in the report, and what is said below it.
import { type CSSResult, css, html, nothing, type TemplateResult } from "lit";
import { counting } from "../i18n/count.js";
import { formatNumber, formatPercent, nameOf, words } from "../i18n/index.js";
import type { Interval } from "../state/agreement.js";
import { colourOf, type Labels, shortNameOf } from "../state/classes.js";
import {
  absolute,
  type Count,
  correctedTotal,
  type Exclusion,
  type Line,
  type Part,
} from "../state/count.js";
import { countSheet } from "../state/count-sheet.js";
import type { Tally } from "../state/tally.js";

export const tableStyle: CSSResult = css`
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
  :is(th, td):first-child {
    text-align: start;
  }
  .part :is(th, td) {
    color: var(--quiet);
  }
  .part th {
    padding-inline-start: 1.6em;
  }
  .dot {
    display: inline-block;
    width: 0.75em;
    height: 0.75em;
    margin-inline-end: 0.5em;
    border-radius: 50%;
    background: var(--class);
    print-color-adjust: exact;
  }
  .table {
    container-type: inline-size;
  }
  .name {
    display: inline-block;
    max-width: 14em;
    overflow-wrap: break-word; /* names that somebody made up may be long */
    white-space: normal;
    vertical-align: middle;
  }
  .short {
    display: none;
  }
  @container (max-width: 400px) {
    .long {
      display: none;
    }
    .short {
      display: inline-block;
      max-width: 7.5em;
    }
    th,
    td {
      padding-inline: 2px;
      font-size: 0.8125rem;
    }
    thead th {
      font-size: 0.6875rem;
    }
    th:has(.dot) {
      white-space: nowrap;
    }
  }
  @container (max-width: 280px) {
    th,
    td {
      white-space: normal;
      overflow-wrap: anywhere;
    }
  }
  .count {
    font-weight: 650;
  }
  .flag {
    color: var(--warning);
    font-weight: 650;
  }
  .quiet {
    color: var(--quiet);
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
    text-align: end;
  }
`;

const none = "\u2013";

export function countTable({ count, practice }: Tally, labels: Labels): TemplateResult {
  const say = counting.words;
  const leukocytes = leukocytesOf(count);
  return html`
    <div class="table">
      <table>
        <thead>
          <tr>
            <th scope="col">${say.class}</th><th scope="col">${say.number}</th><th scope="col">${say.share}</th>
            <th scope="col">${say.interval}</th>
            ${leukocytes === undefined ? nothing : html`<th scope="col">${say.absolute}</th>`}
            <th scope="col">${say.reference}</th>
          </tr>
        </thead>
        <tbody>
          ${count.lines.map((line) => [
            row(line, count, leukocytes, {
              name: html`<span class="dot" .style=${`--class: ${colourOf(line.label)}`}></span><span class="name long">${nameOf(line.label, labels)}</span><span class="name short">${shortNameOf(line.label)}</span>`,
              reference: reference(line, practice),
            }),
            ...line.parts.map((part) => row(part, count, leukocytes, { name: nameOf(part.label, labels) })),
          ])}
        </tbody>
      </table>
    </div>
  `;
}

function row(
  { count, percent, interval }: Part,
  { total }: Count,
  leukocytes: number | undefined,
  cells: { readonly name: unknown; readonly reference?: unknown },
): TemplateResult {
  return html`
    <tr class=${cells.reference === undefined ? "part" : nothing}>
      <th scope="row">${cells.name}</th>
      <td class="count">${formatNumber(count)}</td>
      <td>${total > 0 ? formatPercent(percent / 100, 1) : none}</td>
      <td class="quiet">${total > 0 ? formatRange(interval) : none}</td>
      ${leukocytes === undefined ? nothing : html`<td>${total > 0 ? formatNumber(absolute(leukocytes, percent), 2) : none}</td>`}
      <td class="quiet">${cells.reference ?? nothing}</td>
    </tr>
  `;
}

function reference({ range, flag }: Line, practice: boolean): TemplateResult | string {
  if (!range) return none;
  const { low, high } = counting.words;
  const said = practice ? undefined : flag;
  const digits = range.every(Number.isInteger) ? 0 : 1;
  return html`${formatRange(range, digits)}
    ${said ? html`<br /><span class="flag">${said === "low" ? low : high}</span>` : nothing}`;
}

function formatRange([low, high]: Interval, digits = 0): string {
  return counting.words.range(formatNumber(low, Number.isInteger(low) ? 0 : digits), formatNumber(high));
}

/** By the counter, less the erythroblasts that it took for leukocytes; undefined where no total was entered. */
function leukocytesOf({ erythroblasts }: Count): number | undefined {
  const { total, includesErythroblasts } = countSheet.sheet;
  if (total === undefined) return undefined;
  return includesErythroblasts ? correctedTotal(total, erythroblasts?.per100 ?? 0) : total;
}

/** What else was counted, what was not, and why: names with their numbers. */
export function factsOf(
  { count, cells, excluded }: Tally,
  labels: Labels,
): readonly (readonly [string, string])[] {
  const say = counting.words;
  const { verdict } = words.workbench;
  const left = (reason: Exclusion) => [...excluded.values()].filter((one) => one === reason).length;
  const reasons = (["drawn", "repeated", "edge"] as const)
    .map((reason) => [say.excluded[reason], left(reason)] as const)
    .filter(([, number]) => number > 0);
  const numbers: readonly (readonly [string, number])[] = [
    ...count.apart.map(({ label, count }) => [`${nameOf(label, labels)} (${say.others})`, count] as const),
    [say.unsure, count.unsure],
    [verdict.notRecognised, count.notRecognised],
    [verdict.notWhite, count.notWhite],
    ...reasons,
    [say.confirmed, cells.filter(({ confirmed }) => confirmed).length],
    [say.corrected, cells.filter(({ corrected }) => corrected).length],
  ];
  return [...erythroblastsOf(count), ...numbers.map(([name, value]) => [name, formatNumber(value)] as const)];
}

function erythroblastsOf(count: Count): readonly (readonly [string, string])[] {
  const say = counting.words;
  const { erythroblasts } = count;
  if (!erythroblasts || erythroblasts.per100 === 0) return [];
  const [low, high] = erythroblasts.interval.map((bound) => formatNumber(bound, 1));
  const ratio = `${formatNumber(erythroblasts.per100, 1)} (${say.span(low ?? "", high ?? "")})`;
  const leukocytes = leukocytesOf(count);
  const total: (readonly [string, string])[] =
    leukocytes === undefined ? [] : [[say.correctedTotal, formatNumber(leukocytes, 2)]];
  return [[say.erythroblasts, ratio], ...total];
}
