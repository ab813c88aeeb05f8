// Review: all cells are gone through, one by one or in columns by class, in a window of their own over the page.
import { css, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { counting } from "../i18n/count.js";
import { formatNumber, Localised } from "../i18n/index.js";
import { review } from "../i18n/review.js";
import { correctionFor, type Labels } from "../state/classes.js";
import { classifiers } from "../state/classifiers.js";
import { heatmapLayer } from "../state/heatmap.js";
import { needOf, type Order, orders } from "../state/needs.js";
import { reviewQueue } from "../state/review-queue.js";
import { isReviewed, store } from "../state/store.js";
import { subscribe } from "../state/subscribe.js";
import { toasts } from "../state/toasts.js";
import { controls } from "../ui/controls.js";
import { fullWindow } from "../ui/full-window.js";
import { type Icon, icon } from "../ui/icons.js";
import "./columns.js";
import "./legend.js";
import "./one-cell.js";

/** Says "close" when it is left. */
class Review extends Localised {
  static override properties = { view: { state: true } };

  declare private view: "cell" | "columns";

  static override styles = [
    controls,
    fullWindow,
    css`
      header {
        flex-wrap: wrap;
        gap: 6px 10px;
      }
      .progress {
        display: flex;
        flex: 1 1 200px;
        align-items: center;
        gap: 12px;
        color: var(--quiet);
        font-size: 0.875rem;
        font-variant-numeric: tabular-nums;
      }
      button[aria-pressed="true"] {
        border-color: var(--accent);
        background: var(--tint);
        color: var(--accent);
      }
      progress {
        flex: 1 1 60px;
        max-width: 260px;
        height: 8px;
        accent-color: var(--accent);
      }
      leuko-review-cell,
      leuko-review-columns {
        min-height: 0;
        padding-inline: clamp(8px, 1.4vw, 20px);
      }
      footer {
        padding: 8px clamp(8px, 1.4vw, 20px);
        border-block-start: 1px solid var(--line);
        background: var(--card);
      }
      @media (max-width: 700px) {
        h2 {
          position: absolute;
          clip-path: inset(50%);
        }
        .progress {
          order: 1;
          flex-basis: 100%;
        }
        header {
          flex-wrap: wrap;
        }
        header select {
          flex: 1 1 80px;
          min-width: 0;
        }
        header button {
          padding: 0;
        }
        header button span {
          position: absolute;
          clip-path: inset(50%);
        }
      }
      @media (max-height: 500px) {
        dialog[open] {
          display: block;
        }
        h2 {
          position: absolute;
          clip-path: inset(50%);
        }
      }
      /* a telephone on its side: the cell is looked at and named without scrolling */
      @media (min-width: 701px) and (min-height: 360px) and (max-height: 500px) {
        footer {
          position: sticky;
          z-index: 1;
          inset-block-end: 0;
        }
      }
    `,
  ];

  constructor() {
    super();
    this.view = "cell";
    subscribe(this, store, reviewQueue, classifiers);
    this.addEventListener("keydown", this.onKey);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    toasts.drop(); // what it said is to review is no longer true in a moment
    reviewQueue.begin(this.labels);
  }

  override firstUpdated(): void {
    this.dialog?.showModal();
    this.dialog?.focus();
  }

  override updated(changes: PropertyValues): void {
    super.updated(changes);
    if (store.cells.length === 0) this.close();
    if (changes.has("view")) this.dialog?.focus();
  }

  override render(): TemplateResult {
    const say = review.words;
    return html`
      <dialog aria-labelledby="title" tabindex="-1" @close=${() => this.dispatchEvent(new Event("close"))}>
        <header>
          <h2 id="title">${say.title}</h2>
          ${this.progress()} ${this.orderPicker()}
          ${this.view === "columns" ? this.severalButton() : nothing}
          <button aria-pressed=${this.view === "columns"} title=${say.columns} @click=${() => this.turn()}>${icon("columns")}<span>${say.columns}</span> <kbd>C</kbd></button>
          ${this.button("undo", say.undo, () => store.undo(), !store.canUndo)}
          ${this.button("redo", say.redo, () => store.redo(), !store.canRedo)}
          ${this.button("close", say.close, () => this.close())}
        </header>
        ${
          this.view === "cell"
            ? html`<leuko-review-cell .labels=${this.labels}></leuko-review-cell>`
            : html`<leuko-review-columns .labels=${this.labels}></leuko-review-columns>`
        }
        <footer @click=${this.onFooter}>
          <leuko-review-legend .labels=${this.labels} ?many=${this.view === "columns"}></leuko-review-legend>
        </footer>
      </dialog>
    `;
  }

  private get dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector("dialog");
  }

  private get labels(): Labels {
    return classifiers.current?.model.labels ?? [];
  }

  private progress(): TemplateResult {
    const say = review.words;
    const { length } = store.cells;
    const reviewed = store.cells.filter(isReviewed).length;
    const needing = store.cells.filter((checked) => needOf(checked) !== undefined).length;
    const text = say.progress(formatNumber(reviewed), formatNumber(length));
    return html`
      <div class="progress">
        <progress max=${length} .value=${reviewed} aria-label=${text}></progress>
        <span role="status">${text}, ${reviewed === length ? say.done : say.needing(needing)}</span>
      </div>
    `;
  }

  private orderPicker(): TemplateResult {
    const { gallery } = counting.words;
    const choose = ({ target }: Event) =>
      reviewQueue.begin(this.labels, (target as HTMLSelectElement).value as Order);
    return html`
      <select aria-label=${gallery.order} @change=${choose}>
        ${orders.map((order) => html`<option value=${order} ?selected=${order === reviewQueue.order}>${gallery.orders[order]}</option>`)}
      </select>
    `;
  }

  private button(name: Icon, label: string, action: () => void, disabled = false): TemplateResult {
    return html`<button class="icon" aria-label=${label} title=${label} ?disabled=${disabled} @click=${action}>${icon(name)}</button>`;
  }

  private severalButton(): TemplateResult {
    const { marking } = reviewQueue;
    const { several } = review.words;
    const turn = () => reviewQueue.markByTap(!marking);
    return html`<button aria-pressed=${marking} title=${several} @click=${turn}>${icon("several")}<span>${several}</span></button>`;
  }

  private turn(): void {
    reviewQueue.markByTap(false);
    this.view = this.view === "cell" ? "columns" : "cell";
  }

  private close(): void {
    this.dialog?.close();
  }

  /** What was pressed has answered for a cell that is gone: the next Space is for the next cell, not for the button. */
  private onFooter(): void {
    this.dialog?.focus();
  }

  private readonly onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isControl(event)) return;
    const correction = correctionFor(event.key, this.labels);
    const actions: Readonly<Record<string, () => void>> = {
      " ": () => reviewQueue.confirm(),
      Enter: () => reviewQueue.confirm(),
      Backspace: () => reviewQueue.takeBack(),
      ArrowRight: () => reviewQueue.goTo(reviewQueue.place + 1),
      ArrowLeft: () => reviewQueue.goTo(reviewQueue.place - 1),
      Home: () => reviewQueue.goTo(0),
      End: () => reviewQueue.goTo(reviewQueue.keys.length - 1),
      h: () => heatmapLayer.toggle(),
      c: () => this.turn(),
    };
    const action = correction === undefined ? actions[event.key] : () => reviewQueue.label(correction);
    if (!action) return;
    event.preventDefault();
    action();
  };
}

/** Keys that a focused control has a use for itself. */
function isControl(event: KeyboardEvent): boolean {
  const [target] = event.composedPath();
  if (target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLButtonElement && (event.key === " " || event.key === "Enter");
}

customElements.define("leuko-review", Review);
