// The cells of one class, cut out; only those that can be seen are in the page.
import { css, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { counting } from "../i18n/count.js";
import { Localised } from "../i18n/index.js";
import { reasonOf } from "../i18n/review.js";
import "../images/thumbnail.js";
import { nameOfAnswer } from "../i18n/summary.js";
import { type Labels, markOf } from "../state/classes.js";
import { needOf } from "../state/needs.js";
import { reviewQueue } from "../state/review-queue.js";
import { type CellKey, store } from "../state/store.js";
import { subscribe } from "../state/subscribe.js";
import { controls } from "../ui/controls.js";
import { VirtualList } from "../ui/virtual-list.js";

const tile = { width: 104, height: 112 };

class ReviewColumn extends Localised {
  static override properties = {
    keys: { attribute: false },
    name: { attribute: false },
    labels: { attribute: false },
  };

  declare keys: readonly CellKey[];
  declare name: string;
  declare labels: Labels;
  private readonly list = new VirtualList(this, tile);
  private shown: CellKey | undefined;

  static override styles = [
    controls,
    css`
      :host {
        display: block;
        min-height: 0;
        min-width: 0;
      }
      .scroller {
        height: 100%;
        overflow-y: auto;
        overscroll-behavior: contain;
      }
      .list {
        display: grid;
        grid-template-columns: repeat(var(--columns, 1), ${tile.width}px);
        grid-auto-rows: ${tile.height}px;
        align-content: start;
        justify-content: center;
        outline-offset: -3px;
      }
      .cell {
        position: relative;
        display: grid;
        place-items: center;
        border: 3px solid transparent;
        border-radius: 12px;
        cursor: grab;
        user-select: none;
        -webkit-touch-callout: none;
      }
      .cell[aria-current] {
        border-color: var(--accent);
      }
      .cell[aria-selected="true"] {
        border-color: var(--accent);
        background: var(--accent);
      }
      leuko-thumbnail {
        border-radius: 8px;
      }
      .need leuko-thumbnail {
        outline: 2px dashed var(--warning);
        outline-offset: -2px;
      }
      .mark {
        position: absolute;
        inset-block-end: 6px;
        inset-inline-end: 6px;
        min-width: 22px;
        border-radius: 11px;
        background: var(--ink);
        color: var(--card);
        font-size: 0.8125rem;
        font-weight: 700;
        line-height: 22px;
        text-align: center;
      }
    `,
  ];

  constructor() {
    super();
    this.keys = [];
    this.name = "";
    this.labels = [];
    subscribe(this, store, reviewQueue);
  }

  override updated(changes: PropertyValues): void {
    super.updated(changes);
    const { cell } = store;
    if (cell?.key === this.shown) return;
    this.shown = cell?.key;
    if (cell) this.list.show(this.keys.indexOf(cell.key));
  }

  override render(): TemplateResult {
    const span = this.list.span(this.keys.length);
    const place = store.cell ? this.keys.indexOf(store.cell.key) : -1;
    const inPage = place >= span.start && place < span.end;
    return html`
      <div class="scroller">
        <div
          class="list"
          .style=${span.style}
          role="listbox"
          aria-multiselectable="true"
          aria-label=${this.name}
          tabindex=${this.keys.length > 0 ? 0 : -1}
          aria-activedescendant=${inPage ? `c${place}` : nothing}
          @focus=${() => this.onFocus(place)}
        >
          ${this.keys.slice(span.start, span.end).map((key, i) => this.tile(key, span.start + i))}
        </div>
      </div>
    `;
  }

  private tile(key: CellKey, index: number): TemplateResult | typeof nothing {
    const checked = store.find(key);
    if (!checked) return nothing;
    const { picture, confirmed, corrected } = checked;
    const { gallery } = counting.words;
    const need = needOf(checked);
    const state = confirmed ? gallery.confirmed : corrected ? gallery.corrected : need ? reasonOf(need) : "";
    const spoken = gallery.cell(nameOfAnswer(checked, this.labels), state, picture.name);
    const mark = confirmed || corrected ? markOf(checked).trim() : need ? "?" : "";
    return html`
      <div
        id=${`c${index}`}
        class="cell ${need ? "need" : ""}"
        role="option"
        data-key=${key}
        aria-current=${checked === store.cell ? "true" : nothing}
        aria-selected=${reviewQueue.marked.has(key)}
        aria-setsize=${this.keys.length}
        aria-posinset=${index + 1}
        aria-label=${spoken}
        title=${spoken}
        @click=${(event: MouseEvent) => this.onClick(event, key)}
      >
        <leuko-thumbnail .sheet=${checked.sheet} .index=${checked.tile}></leuko-thumbnail>
        ${mark ? html`<span class="mark" aria-hidden="true">${mark}</span>` : nothing}
      </div>
    `;
  }

  /** With Ctrl a cell joins or leaves those that are marked; with Shift all up to it do. */
  private onClick(event: MouseEvent, key: CellKey): void {
    const checked = store.find(key);
    if (!checked) return;
    if (event.ctrlKey || event.metaKey || reviewQueue.marking) reviewQueue.toggle(key);
    else if (event.shiftKey) reviewQueue.mark([...reviewQueue.marked, ...this.between(key)]);
    else reviewQueue.mark([]);
    store.select(checked.picture.id, key);
  }

  private between(key: CellKey): readonly CellKey[] {
    const ends = [this.keys.indexOf(key), store.cell ? this.keys.indexOf(store.cell.key) : -1];
    const known = ends.filter((end) => end >= 0);
    return this.keys.slice(Math.min(...known), Math.max(...known) + 1);
  }

  private onFocus(place: number): void {
    const key = this.keys[Math.max(0, place)];
    const checked = place < 0 && key ? store.find(key) : undefined;
    if (checked) store.select(checked.picture.id, checked.key);
    this.list.show(Math.max(0, place));
  }
}

customElements.define("leuko-review-column", ReviewColumn);
