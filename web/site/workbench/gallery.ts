// All cells of all pictures, cut out: sorted by class or by need of review, chosen by arrows or a tap, corrected by a digit.
import { css, html, nothing, type TemplateResult } from "lit";
import { choicesOf, colourOf, type Labels, markOf } from "../state/classes.js";
import { classifiers } from "../state/classifiers.js";
import { inOrder, type Order, orders } from "../state/needs.js";
import { chosenLabels } from "../state/own-labels.js";
import { correctByKey, isCorrection } from "../state/shortcuts.js";
import { type CellKey, type Checked, store } from "../state/store.js";
import { controls } from "../ui/controls.js";
import { bringIntoView } from "../ui/into-view.js";
import { listPanel } from "../ui/list-panel.js";
import { stepTo, VirtualList } from "../ui/virtual-list.js";
import "../images/thumbnail.js";
import { counting } from "../i18n/count.js";
import { formatNumber, formatPercent, Localised, nameOf, words } from "../i18n/index.js";
import { nameOfAnswer } from "../i18n/summary.js";
import { subscribe } from "../state/subscribe.js";

class Gallery extends Localised {
  static override properties = { order: { state: true }, filter: { state: true } };

  declare private order: Order;
  /** A label's id or a group without a class; undefined: everything. */
  declare private filter: string | undefined;
  private readonly list = new VirtualList(this, { width: 112, height: 140 });
  /** Corrections do not move a cell: it stays under the eye until something else asks for a new order. */
  private sorted: { by: unknown[]; keys: readonly CellKey[] } = { by: [], keys: [] };

  static override styles = [
    controls,
    listPanel,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        grid-template-rows: auto 1fr auto;
        gap: 10px;
        max-height: calc(var(--list) + 260px); /* no taller than all cells, however long what stands beside it */
      }
      .choices {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        max-width: 100%;
      }
      .scroller {
        contain: size;
        overflow-y: auto;
        overscroll-behavior: contain;
        scrollbar-gutter: stable;
      }
      .list {
        display: grid;
        grid-template-columns: repeat(var(--columns, 1), 112px);
        grid-auto-rows: 140px;
        align-content: start;
        justify-content: space-between;
      }
      .cell {
        display: grid;
        justify-items: center;
        align-content: start;
        padding: 7px 3px 0;
      }
      leuko-thumbnail {
        border-radius: 10px;
        border-block-end: 5px solid var(--class);
      }
      .unsure leuko-thumbnail {
        border-block-end-style: dashed;
      }
      .rejected leuko-thumbnail {
        border-block-end-style: dotted;
      }
      .name {
        max-width: 100%;
        overflow: hidden;
        font-size: 0.8125rem;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      p {
        margin: 0;
        color: var(--quiet);
        font-size: 0.875rem;
      }
      .paper {
        display: none;
      }
      @media print {
        :host {
          max-height: none;
        }
        .choices,
        p:not(.paper) {
          display: none;
        }
        .paper {
          display: block;
        }
        .scroller {
          contain: none;
          overflow: visible;
        }
        .list {
          grid-template-columns: repeat(6, 112px);
        }
        .cell {
          break-inside: avoid;
        }
      }
    `,
  ];

  constructor() {
    super();
    this.order = "need";
    subscribe(this, store, classifiers, chosenLabels);
  }

  override render(): TemplateResult {
    const { gallery } = counting.words;
    const keys = this.keys();
    const span = this.list.span(keys.length);
    const { cell: selected } = store;
    const place = selected ? keys.indexOf(selected.key) : -1;
    const inPage = place >= span.start && place < span.end;
    const shown = span.end - span.start;
    this.style.setProperty("--list", `${span.height || 44}px`);
    return html`
      <header>
        <h2 id="title">${gallery.title} <span>${formatNumber(keys.length)}</span></h2>
        <div class="choices">${this.orderPicker()} ${this.filterPicker()}</div>
      </header>
      <div class="scroller" .style=${`min-height: min(60vh, 460px, ${span.height || 44}px)`}>
        <div
          class="list"
          .style=${span.style}
          role="listbox"
          tabindex="0"
          aria-labelledby="title"
          aria-describedby="keys"
          aria-activedescendant=${selected && inPage ? `c${selected.key}` : nothing}
          @keydown=${(event: KeyboardEvent) => this.onKey(event, keys)}
          @focus=${() => this.list.show(place)}
        >
          ${keys.slice(span.start, span.end).map((key, i) => this.tile(key, span.start + i, keys.length))}
        </div>
        ${keys.length === 0 ? html`<p>${gallery.none}</p>` : nothing}
        ${shown < keys.length ? html`<p class="paper">${counting.words.report.stripPart(formatNumber(shown), formatNumber(keys.length))}</p>` : nothing}
      </div>
      <p id="keys">${gallery.keys}</p>
    `;
  }

  private get labels(): Labels {
    return classifiers.current?.model.labels ?? [];
  }

  private keys(): readonly CellKey[] {
    const by = [store.pictures, store.keys, this.order, this.filter, this.labels];
    if (by.some((value, index) => value !== this.sorted.by[index]))
      this.sorted = { by, keys: inOrder(this.chosen(), this.order, this.labels) };
    return this.sorted.keys;
  }

  private chosen(): readonly Checked[] {
    const { filter } = this;
    return filter === undefined ? store.cells : store.cells.filter((checked) => groupOf(checked) === filter);
  }

  private tile(key: CellKey, index: number, count: number): TemplateResult | typeof nothing {
    const checked = store.find(key);
    if (!checked) return nothing;
    const { gallery } = counting.words;
    const { picture, label, verdict, corrected, confirmed } = checked;
    const name = nameOfAnswer(checked, this.labels);
    const percent = formatPercent(checked.cell.confidence, 0);
    const doubt = verdict === "unsure" ? `, ${gallery.doubtful}` : "";
    const said = confirmed ? gallery.confirmed : corrected ? gallery.corrected : percent + doubt;
    const spoken = gallery.cell(name, said, picture.name);
    return html`
      <div
        id="c${key}"
        class="cell ${verdict}"
        role="option"
        aria-selected=${checked === store.cell}
        aria-setsize=${count}
        aria-posinset=${index + 1}
        aria-label=${spoken}
        title=${spoken}
        .style=${`--class: ${colourOf(label)}`}
        @click=${() => store.select(picture.id, key)}
      >
        <leuko-thumbnail .sheet=${checked.sheet} .index=${checked.tile}></leuko-thumbnail>
        <span class="name">${name}${markOf(checked)}</span>
      </div>
    `;
  }

  private orderPicker(): TemplateResult {
    const { gallery } = counting.words;
    const choose = ({ target }: Event) => {
      this.order = (target as HTMLSelectElement).value as Order;
    };
    return html`
      <select aria-label=${gallery.order} @change=${choose}>
        ${orders.map((order) => html`<option value=${order} ?selected=${order === this.order}>${gallery.orders[order]}</option>`)}
      </select>
    `;
  }

  private filterPicker(): TemplateResult {
    const { gallery } = counting.words;
    const { verdict } = words.workbench;
    const choose = ({ target }: Event) => {
      const { selectedIndex, value } = target as HTMLSelectElement;
      this.filter = selectedIndex === 0 ? undefined : value;
    };
    return html`
      <select aria-label=${gallery.filter} @change=${choose}>
        <option ?selected=${this.filter === undefined}>${gallery.everything}</option>
        ${choicesOf(this.labels).map(({ id }) => html`<option value=${id} ?selected=${id === this.filter}>${nameOf(id, this.labels)}</option>`)}
        ${withoutClass.map((group) => html`<option value=${group} ?selected=${group === this.filter}>${verdict[group]}</option>`)}
      </select>
    `;
  }

  private onKey(event: KeyboardEvent, keys: readonly CellKey[]): void {
    const current = store.cell ? keys.indexOf(store.cell.key) : -1;
    const tile = () => this.renderRoot.querySelector("[aria-selected=true]");
    // Nothing is said of a cell that nobody sees.
    if (isCorrection(event, this.labels) && (this.list.show(current) || bringIntoView(tile()))) return;
    if (correctByKey(event, this.labels)) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next = stepTo(event.key, current, keys.length, this.list.columns);
    const key = next === undefined ? undefined : keys[next];
    const checked = key && store.find(key);
    if (next === undefined || !checked) return;
    event.preventDefault();
    store.select(checked.picture.id, checked.key);
    this.list.show(next);
    this.updateComplete.then(() => bringIntoView(tile()));
  }
}

/** Of the model, and of a person. */
const withoutClass = ["notRecognised", "notWhite"] as const;

function groupOf({ label, corrected }: Checked): string {
  return label ?? (corrected ? "notWhite" : "notRecognised");
}

customElements.define("leuko-gallery", Gallery);
