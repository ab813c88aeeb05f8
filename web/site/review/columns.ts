// Review in columns: the cells by class, with their counts. A cell is dragged to the column where it belongs, or several at once;
// with fingers, after a moment's hold.
import { css, html, nothing, type TemplateResult } from "lit";
import { formatNumber, Localised, nameOf, words } from "../i18n/index.js";
import { review } from "../i18n/review.js";
import { colourOf, type Labels } from "../state/classes.js";
import { reviewQueue } from "../state/review-queue.js";
import { type CellKey, type Checked, type Correction, store } from "../state/store.js";
import { subscribe } from "../state/subscribe.js";
import { controls } from "../ui/controls.js";
import "./column.js";
import { stepTo } from "../ui/virtual-list.js";
import { Drag } from "./drag.js";

/** Cells that the model could not name have a column, but nothing is dragged into it: that is not for a person to say. */
const unnamed = "unnamed";

class ReviewColumns extends Localised {
  static override properties = { labels: { attribute: false } };

  declare labels: Labels;
  private order: readonly ColumnOfCells[] = [];
  private readonly drag = new Drag(this, (keys) => this.drop(keys));

  static override styles = [
    controls,
    css`
      :host {
        display: flex;
        gap: 8px;
        overflow-x: auto;
        padding-block-end: 10px;
      }
      section {
        display: grid;
        grid-template-rows: auto minmax(0, 1fr);
        flex: var(--grow) 0 118px;
        min-width: 118px;
        border-radius: 14px;
        background: var(--card);
        box-shadow: inset 0 4px var(--class);
      }
      section.over {
        outline: 3px solid var(--accent);
        outline-offset: -3px;
      }
      .head {
        flex-direction: column;
        align-items: start;
        justify-content: start;
        gap: 2px;
        min-height: 72px;
        padding: 10px 8px 4px 12px;
        border: 0;
        border-radius: 14px 14px 0 0;
        background: none;
        font-size: 0.8125rem;
        line-height: 1.2;
        text-align: start;
        overflow-wrap: anywhere;
      }
      .head:disabled {
        color: var(--quiet);
      }
      .head span {
        font-size: 1.25rem;
        line-height: 1;
        font-variant-numeric: tabular-nums;
      }
      .ghost {
        position: fixed;
        z-index: 1;
        left: 0;
        top: 0;
        padding: 6px 14px;
        border-radius: 20px;
        background: var(--accent);
        color: var(--on-accent);
        font-weight: 650;
        pointer-events: none;
      }
      @media (max-height: 500px) {
        :host {
          height: 320px;
        }
      }
    `,
  ];

  constructor() {
    super();
    this.labels = [];
    subscribe(this, store, reviewQueue);
    this.addEventListener("keydown", this.onKey);
  }

  override render(): TemplateResult {
    const { verdict } = words.workbench;
    const groups = new Map<string | null, CellKey[]>(this.labels.map(({ id }) => [id, []]));
    for (const key of reviewQueue.keys) {
      const checked = store.find(key);
      if (!checked) continue;
      const column = columnOf(checked);
      groups.set(column, [...(groups.get(column) ?? []), key]);
    }
    const named = [...groups.keys()].filter((id): id is string => id !== null && id !== unnamed);
    this.order = [...named, ...(groups.has(unnamed) ? [unnamed] : []), null].map((id) => ({
      id,
      name: id === null ? verdict.notWhite : id === unnamed ? verdict.notRecognised : nameOf(id, this.labels),
      keys: groups.get(id) ?? [],
    }));
    return html`${this.order.map((column) => this.column(column))} ${this.ghost()}`;
  }

  private column({ id, name, keys }: ColumnOfCells): TemplateResult {
    const say = review.words;
    const over = this.drag.keys.length > 0 && this.target === id;
    const all = keys.length > 0 && keys.every((key) => reviewQueue.marked.has(key));
    return html`
      <section class=${over ? "over" : ""} .style=${`--class: ${colourOf(id)}; --grow: ${keys.length}`}>
        <button
          class="head"
          aria-pressed=${all}
          title=${say.markAll(name, keys.length)}
          ?disabled=${keys.length === 0}
          @click=${() => reviewQueue.mark(all ? [] : keys)}
        ><span>${formatNumber(keys.length)}</span> ${name}</button>
        <leuko-review-column .keys=${keys} .name=${name} .labels=${this.labels}></leuko-review-column>
      </section>
    `;
  }

  private ghost(): TemplateResult | typeof nothing {
    const { keys, x, y } = this.drag;
    if (keys.length === 0) return nothing;
    const style = `transform: translate(${x + 12}px, ${y + 12}px)`;
    return html`<div class="ghost" .style=${style}>${review.words.moving(keys.length)}</div>`;
  }

  /** The class that the pointer is over; undefined beside the columns and over the one that nothing is dragged into. */
  private get target(): Correction | undefined {
    const { x } = this.drag;
    const sections = [...this.renderRoot.querySelectorAll("section")];
    const place = sections.findIndex((section) => {
      const { left, right } = section.getBoundingClientRect();
      return x >= left && x < right;
    });
    const id = this.order[place]?.id;
    return id === unnamed ? undefined : id;
  }

  private drop(keys: readonly CellKey[]): void {
    const { target } = this;
    if (target !== undefined) reviewQueue.move(keys, target);
  }

  /** Up and down within a column, left and right to the next with cells; with Shift, what is passed is marked. */
  private onKey(event: KeyboardEvent): void {
    const { cell } = store;
    if (!cell || event.altKey) return;
    const columns = this.order.filter(({ keys }) => keys.length > 0).map(({ keys }) => keys);
    const across = columns.findIndex((keys) => keys.includes(cell.key));
    const down = columns[across]?.indexOf(cell.key) ?? 0;
    if (event.ctrlKey || event.metaKey) {
      if (event.key === "a") reviewQueue.mark(columns[across] ?? []);
      else if (event.key === " ") reviewQueue.toggle(cell.key);
      else return;
      event.preventDefault();
      return;
    }
    const within = stepTo(event.key, down, columns[across]?.length ?? 0, 1);
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const beside = step === undefined ? undefined : columns[across + step];
    const next =
      step === undefined ? columns[across]?.[within ?? -1] : beside?.[Math.min(down, beside.length - 1)];
    if (!next) return;
    event.preventDefault();
    if (event.shiftKey) reviewQueue.mark([...reviewQueue.marked, cell.key, next]);
    const checked = store.find(next);
    if (checked) store.select(checked.picture.id, next);
  }
}

interface ColumnOfCells {
  readonly id: string | null;
  readonly name: string;
  readonly keys: readonly CellKey[];
}

function columnOf({ label, corrected }: Checked): string | null {
  return label ?? (corrected ? null : unnamed);
}

customElements.define("leuko-review-columns", ReviewColumns);
