// A first count, kept, and how the present one agrees with it.
import { css, html, nothing, type TemplateResult } from "lit";
import { counting } from "../i18n/count.js";
import { formatNumber, formatPercent, Localised, nameOf, words } from "../i18n/index.js";
import type { Labels } from "../state/classes.js";
import { classifiers } from "../state/classifiers.js";
import { type Comparison, compareCounts } from "../state/compare-counts.js";
import { countSheet, type Reading } from "../state/count-sheet.js";
import { nameOfPicture, repeatFinder } from "../state/repeat-finder.js";
import { type CellKey, isReviewed, store } from "../state/store.js";
import { subscribe } from "../state/subscribe.js";
import { readingOf, tally } from "../state/tally.js";
import { toasts } from "../state/toasts.js";
import { controls } from "../ui/controls.js";
import { tableStyle } from "./table.js";

class SecondCount extends Localised {
  static override styles = [
    controls,
    tableStyle,
    css`
      .content {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 10px;
      }
      .buttons {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }
      p {
        margin: 0;
        font-size: 0.875rem;
      }
    `,
  ];

  constructor() {
    super();
    subscribe(this, store, classifiers, countSheet, repeatFinder);
  }

  override render(): TemplateResult {
    const { second: say } = counting.words;
    const { first } = countSheet.sheet;
    return html`
      <details class="fold">
        <summary>${say.title}</summary>
        <div class="content">${first ? this.comparison(first) : this.invitation()}</div>
      </details>
    `;
  }

  private invitation(): TemplateResult {
    const { second: say } = counting.words;
    const present = tally(this.labels);
    const keep = async () => {
      const reading = readingOf(present);
      const files: string[] = [];
      for (const picture of store.pictures) {
        const name = await nameOfPicture(picture);
        if (name) files.push(name);
      }
      countSheet.set({ first: { ...reading, files } });
    };
    return html`
      <p>${say.intro}</p>
      <div class="buttons">
        <button ?disabled=${present.practice || present.count.total === 0} @click=${keep}>${say.keep}</button>
      </div>
    `;
  }

  private comparison(first: Reading): TemplateResult {
    const { second: say } = counting.words;
    const comparison = compareWith(first, this.labels);
    const forget = () =>
      store.correctAll(Array.from(store.edits.corrections.keys(), (key) => [key, undefined] as const));
    return html`
      <p>${describeReading(first, comparison)}</p>
      <div class="buttons">
        <button @click=${forget}>${say.again}</button>
        <button @click=${() => store.remove(store.pictures.map(({ id }) => id))}>${say.other}</button>
        <button @click=${() => this.discard(first)}>${say.discard}</button>
      </div>
      ${comparisonTable(comparison, this.labels)}
    `;
  }

  private discard(first: Reading): void {
    countSheet.set({ first: undefined });
    toasts.show({
      text: () => counting.words.second.discarded,
      action: { name: () => words.workbench.toolbar.undo, run: () => countSheet.set({ first }) },
    });
  }

  private get labels(): Labels {
    return classifiers.current?.model.labels ?? [];
  }
}

interface Held extends Comparison {
  /** Of the cells that both counts have, those whose label in the second one is the model's alone. */
  readonly unreviewed: number;
}

/** The present count with a kept one. */
export function compareWith(first: Reading, labels: Labels): Held {
  const present = tally(labels);
  const second = readingOf(present);
  const isInBoth = (key: CellKey) => first.cells.has(key) && second.cells.has(key);
  return {
    ...compareCounts(first, second, labels, (id) => repeatFinder.isInFirstCount(id)),
    unreviewed: present.cells.filter((cell) => isInBoth(cell.key) && !isReviewed(cell)).length,
  };
}

export function describeReading({ operator }: Reading, { firstTotal }: Comparison): string {
  return counting.words.second.kept(firstTotal, operator);
}

export function comparisonTable(
  { lines, kappa, again, joined, unreviewed }: Held,
  labels: Labels,
): TemplateResult {
  const say = counting.words;
  const percent = (value: number | undefined) =>
    value === undefined ? "\u2013" : formatPercent(value / 100, 1);
  return html`
    <div class="table">
      <table>
        <thead>
          <tr>
            <th scope="col">${say.class}</th><th scope="col">${say.second.first}</th>
            <th scope="col">${say.second.second}</th><th scope="col">${say.second.limits}</th>
            ${joined ? html`<th scope="col">${say.second.together}</th>` : nothing}
          </tr>
        </thead>
        <tbody>
          ${lines.map(
            ({ label, first, second, limits, differs, together }) => html`
              <tr>
                <th scope="row"><span class="name">${nameOf(label, labels)}</span></th><td>${percent(first)}</td><td>${percent(second)}</td>
                <td class="quiet">
                  ${limits ? say.range(formatNumber(limits[0]), formatNumber(limits[1])) : "\u2013"}
                  ${differs ? html`<br /><span class="flag">${say.second.outside}</span>` : nothing}
                </td>
                ${joined ? html`<td>${percent(together)}</td>` : nothing}
              </tr>
            `,
          )}
        </tbody>
      </table>
    </div>
    ${joined ? html`<p>${say.second.joined(formatNumber(joined.total))}</p>` : nothing}
    ${again ? html`<p class="flag">${say.second.counted}</p>` : nothing}
    ${kappa ? kappaOf(kappa) : nothing}
    ${unreviewed > 0 ? html`<p class="flag">${say.second.unreviewed(unreviewed)}</p>` : nothing}
    <p class="quiet">${say.second.method}</p>
  `;
}

function kappaOf({ cells, agreement, kappa, interval }: NonNullable<Comparison["kappa"]>): TemplateResult {
  const { second: say } = counting.words;
  const said =
    kappa === undefined || !interval
      ? say.noKappa
      : say.kappa(formatNumber(kappa, 2), formatNumber(interval[0], 2), formatNumber(interval[1], 2));
  return html`<p>${say.agreed(formatPercent(agreement, 1), cells)} ${said}</p>`;
}

customElements.define("leuko-second-count", SecondCount);
