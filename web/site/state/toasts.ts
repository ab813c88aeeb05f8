// What was just done, for a while, with what can be done about it; nothing that has to be read.

export interface Toast {
  /** Asked for at each rendering, so that it follows the language. */
  readonly text: () => string;
  readonly action?: { readonly name: () => string; readonly run: () => void };
}

const shownMs = 12_000;

class Toasts extends EventTarget {
  /** One at a time: a newer one takes the older one's place. */
  current: Toast | undefined;
  #timer = 0;

  show(toast: Toast): void {
    this.current = toast;
    this.keep();
    this.leave();
  }

  /** As long as somebody is at it, it stays. */
  keep(): void {
    clearTimeout(this.#timer);
    this.dispatchEvent(new Event("change"));
  }

  leave(): void {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.drop(), shownMs);
  }

  drop(): void {
    clearTimeout(this.#timer);
    this.current = undefined;
    this.dispatchEvent(new Event("change"));
  }
}

export const toasts: Toasts = new Toasts();
