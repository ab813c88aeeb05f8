// The pictures of a batch, a row each: what was found in it, or why it could not be read.
import { css, html, nothing, type TemplateResult } from "lit";
import { titleOf } from "../state/page.js";
import { type Picture, store } from "../state/store.js";
import { toasts } from "../state/toasts.js";
import { controls } from "../ui/controls.js";
import { icon } from "../ui/icons.js";
import { listPanel } from "../ui/list-panel.js";
import { stepTo, VirtualList } from "../ui/virtual-list.js";
import "../images/thumbnail.js";
import { formatNumber, Localised, words } from "../i18n/index.js";
import { describeFailure } from "../i18n/summary.js";
import { subscribe } from "../state/subscribe.js";

class PictureList extends Localised {
  private readonly list = new VirtualList(this, { height: 64 });

  static override styles = [
    controls,
    listPanel,
    css`
      :host {
        display: grid;
        gap: 10px;
      }
      .scroller {
        max-height: 384px;
        overflow-y: auto;
        overscroll-behavior: contain;
      }
      .row {
        display: grid;
        grid-template-columns: 48px minmax(0, 1fr);
        align-items: center;
        gap: 12px;
        height: 64px;
        padding-inline: 8px;
      }
      .thumb {
        width: 48px;
        height: 48px;
        overflow: hidden;
        border-radius: 8px;
        background: var(--rose);
      }
      leuko-thumbnail {
        transform: scale(0.5);
        transform-origin: 0 0;
      }
      .name,
      .state {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
        line-height: 1.35;
      }
      /* of a long name, what tells it from the others: its end */
      .name {
        display: flex;
      }
      .name span {
        overflow: hidden;
        text-overflow: ellipsis;
      }
      .state {
        color: var(--quiet);
        font-size: 0.875rem;
      }
      .failed .state {
        color: var(--warning);
      }
      @media print {
        :host {
          display: none;
        }
      }
    `,
  ];

  constructor() {
    super();
    subscribe(this, store);
  }

  override render(): TemplateResult {
    const { pictures: say } = words.workbench;
    const { pictures, picture: selected } = store;
    const span = this.list.span(pictures.length);
    const place = selected ? pictures.indexOf(selected) : -1;
    const inPage = place >= span.start && place < span.end;
    return html`
      <header>
        <h2 id="title">${say.title} <span>${formatNumber(pictures.length)}</span></h2>
        <button
          class="icon"
          ?disabled=${!selected}
          aria-label=${say.remove(selected?.name ?? "")}
          title=${say.remove(selected?.name ?? "")}
          @click=${() => this.takeAway()}
        >${icon("bin")}</button>
      </header>
      <div class="scroller">
        <div
          class="list"
          .style=${span.style}
          role="listbox"
          tabindex="0"
          aria-labelledby="title"
          aria-activedescendant=${selected && inPage ? `p${selected.id}` : nothing}
          @keydown=${this.onKey}
          @focus=${() => this.list.show(place)}
        >
          ${pictures.slice(span.start, span.end).map((picture, i) => this.row(picture, span.start + i))}
        </div>
      </div>
    `;
  }

  private row(picture: Picture, index: number): TemplateResult {
    const { outcome } = picture;
    const reason = outcome?.kind === "failed" ? describeFailure(outcome) : undefined;
    const title = titleOf(picture);
    const end = picture.name.lastIndexOf("/") + 1;
    const [folder, file] = [title.slice(0, end), title.slice(end)];
    return html`
      <div
        id="p${picture.id}"
        class="row ${reason ? "failed" : ""}"
        role="option"
        aria-selected=${picture === store.picture}
        aria-setsize=${store.pictures.length}
        aria-posinset=${index + 1}
        title=${reason ? `${reason.headline}. ${reason.detail}` : title}
        @click=${() => store.select(picture.id)}
      >
        <div class="thumb"><leuko-thumbnail .sheet=${outcome?.kind === "found" ? outcome.spriteSheet : undefined} .index=${0}></leuko-thumbnail></div>
        <div>
          <div class="name"><span>${folder}</span>${file}</div>
          <div class="state">${reason ? `${reason.headline}. ${reason.detail}` : stateOf(picture)}</div>
        </div>
      </div>
    `;
  }

  private takeAway(): void {
    const { picture, pictures } = store;
    if (!picture) return;
    const index = pictures.indexOf(picture);
    const next = pictures[index + 1] ?? pictures[index - 1];
    store.remove([picture.id]);
    if (next) store.select(next.id);
    const toast = {
      text: () => words.workbench.pictures.removed(picture.name),
      action: { name: () => words.workbench.toolbar.undo, run: () => store.undo() },
    };
    toasts.show(toast);
    const removed = store.edits;
    // It undoes what it says, and goes with the next step.
    const onChange = () => {
      if (store.edits === removed) return;
      store.removeEventListener("change", onChange);
      if (toasts.current === toast) toasts.drop();
    };
    store.addEventListener("change", onChange);
  }

  private onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { pictures, picture } = store;
    if (event.key === "Delete") this.takeAway();
    const next = stepTo(event.key, picture ? pictures.indexOf(picture) : -1, pictures.length, 1);
    const there = next === undefined ? undefined : pictures[next];
    if (next === undefined || !there) return;
    event.preventDefault();
    store.select(there.id);
    this.list.show(next);
  }
}

/** Cells with those that a person framed, and without those that a person took out. */
function stateOf(picture: Picture): string {
  const { outcome, waiting, drawn } = picture;
  const { pictures } = words.workbench;
  const cells = store.cells.filter((checked) => checked.picture === picture).length;
  const state = waiting || outcome?.kind !== "found" ? pictures.waiting : pictures.cells(cells);
  return drawn ? `${state}, ${pictures.drawn}` : state;
}

customElements.define("leuko-picture-list", PictureList);
