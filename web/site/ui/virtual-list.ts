// A window on a long list: only the rows that can be seen are in the page, the rest is room above and below them.
import type { ReactiveController, ReactiveControllerHost } from "lit";

export interface Span {
  readonly columns: number;
  /** Of the items, `end` not included. */
  readonly start: number;
  readonly end: number;
  /** Of all items, in pixels. */
  readonly height: number;
  /** Puts the list's visible part in its place. */
  readonly style: string;
}

/** All items have the same size. The element with class "scroller" scrolls; its first element child is the list. */
export class VirtualList implements ReactiveController {
  readonly #host: ReactiveControllerHost & { readonly renderRoot: HTMLElement | DocumentFragment };
  readonly #size: { readonly width?: number; readonly height: number };
  #scroller: Element | undefined;
  /** Of the scroller, as it was last laid out: to ask while rendering would have the page laid out at once. */
  #view = { top: 0, width: 0, height: 600 };
  #columns = 1;
  #printing = false;
  readonly #onMove = () => {
    this.#measure();
    this.#host.requestUpdate();
  };
  readonly #resizeObserver = new ResizeObserver(this.#onMove);

  /** `size` is an item's, gaps included; without a width there is one in each row. */
  constructor(
    host: ReactiveControllerHost & { readonly renderRoot: HTMLElement | DocumentFragment },
    size: { readonly width?: number; readonly height: number },
  ) {
    this.#host = host;
    this.#size = size;
    host.addController(this);
  }

  hostConnected(): void {
    window.addEventListener("beforeprint", this.#onPrint);
    window.addEventListener("afterprint", this.#onPrint);
  }

  hostUpdated(): void {
    const scroller = this.#host.renderRoot.querySelector(".scroller") ?? undefined;
    if (scroller === this.#scroller) return;
    this.#release();
    this.#scroller = scroller;
    scroller?.addEventListener("scroll", this.#onMove, { passive: true });
    if (scroller) this.#resizeObserver.observe(scroller);
  }

  hostDisconnected(): void {
    window.removeEventListener("beforeprint", this.#onPrint);
    window.removeEventListener("afterprint", this.#onPrint);
    this.#release();
    this.#scroller = undefined;
  }

  get columns(): number {
    return this.#columns;
  }

  /** What of `count` items is to be rendered. On paper everything is, up to a few hundred. */
  span(count: number): Span {
    const { width, height } = this.#size;
    const view = this.#view;
    this.#columns = width ? Math.max(1, Math.floor(view.width / width)) : 1;
    const columns = this.#columns;
    const rows = Math.ceil(count / columns);
    if (this.#printing) return { columns, start: 0, end: Math.min(count, 400), height: 0, style: "" };
    const first = Math.max(0, Math.min(Math.floor(view.top / height) - 2, rows - 1));
    const last = first + Math.ceil(view.height / height) + 5;
    const style = `height: ${rows * height}px; padding-block-start: ${first * height}px; --columns: ${columns}`;
    return {
      columns,
      start: first * columns,
      end: Math.min(count, last * columns),
      height: rows * height,
      style,
    };
  }

  /** Scrolls as little as needed for an item to be seen. True if it was not. */
  show(index: number): boolean {
    const view = this.#scroller;
    if (!view || index < 0) return false;
    const before = view.scrollTop;
    const top = Math.floor(index / this.#columns) * this.#size.height;
    const bottom = top + this.#size.height - view.clientHeight;
    if (view.scrollTop > top) view.scrollTop = top;
    else if (view.scrollTop < bottom) view.scrollTop = bottom;
    this.#measure();
    return view.scrollTop !== before;
  }

  readonly #onPrint = (event: Event) => {
    this.#printing = event.type === "beforeprint";
    this.#host.requestUpdate();
    (this.#host as { performUpdate?(): void }).performUpdate?.(); // the paper does not wait
  };

  #measure(): void {
    const view = this.#scroller;
    if (view) this.#view = { top: view.scrollTop, width: view.clientWidth, height: view.clientHeight };
  }

  #release(): void {
    this.#resizeObserver.disconnect();
    this.#scroller?.removeEventListener("scroll", this.#onMove);
  }
}

/** Where a key leads from item `index` of `count`; undefined if it leads nowhere. */
export function stepTo(key: string, index: number, count: number, columns: number): number | undefined {
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: index - 1,
    ArrowRight: index + 1,
    ArrowUp: index - columns,
    ArrowDown: index + columns,
    PageUp: index - 4 * columns,
    PageDown: index + 4 * columns,
    Home: 0,
    End: count - 1,
  };
  const to = steps[key];
  if (to === undefined || count === 0) return undefined;
  return Math.min(count - 1, Math.max(0, to));
}
