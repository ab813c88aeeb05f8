// Dragging cells by pointer: a mouse drags at once, a finger after a moment's hold, so that it can scroll otherwise.
import type { ReactiveController, ReactiveControllerHost } from "lit";
import { reviewQueue } from "../state/review-queue.js";
import type { CellKey } from "../state/store.js";

const holdMs = 350;
/** In pixels: less is a click with an unsteady hand. */
const least = 6;

/** Tiles carry their cell's key as `data-key`. */
export class Drag implements ReactiveController {
  /** What is being dragged; none while nothing is. */
  keys: readonly CellKey[] = [];
  /** Of the pointer, in the window. */
  x = 0;
  y = 0;
  #from: PointerEvent | undefined;
  #key: CellKey | undefined;
  #hold = 0;
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #onDrop: (keys: readonly CellKey[]) => void;

  constructor(host: ReactiveControllerHost & HTMLElement, onDrop: (keys: readonly CellKey[]) => void) {
    this.#host = host;
    this.#onDrop = onDrop;
    host.addController(this);
  }

  hostConnected(): void {
    this.#host.addEventListener("pointerdown", this.#onDown);
    this.#host.addEventListener("pointermove", this.#onMove);
    this.#host.addEventListener("pointerup", this.#onUp);
    this.#host.addEventListener("pointercancel", this.#onEnd);
    this.#host.addEventListener("touchmove", this.#onTouch, { passive: false });
    this.#host.addEventListener("contextmenu", this.#onTouch);
  }

  hostDisconnected(): void {
    this.#onEnd();
  }

  readonly #onDown = (event: PointerEvent) => {
    if (event.button !== 0 || !event.isPrimary) return;
    this.#key = event.composedPath().flatMap(keyOf)[0];
    if (!this.#key) return;
    this.#from = event;
    if (event.pointerType !== "mouse") this.#hold = window.setTimeout(() => this.#begin(event), holdMs);
  };

  readonly #onMove = (event: PointerEvent) => {
    if (!this.#from || event.pointerId !== this.#from.pointerId) return;
    const moved = Math.hypot(event.clientX - this.#from.clientX, event.clientY - this.#from.clientY);
    if (this.keys.length === 0) {
      if (moved < least) return;
      if (event.pointerType !== "mouse") return this.#onEnd(); // it scrolls
      this.#begin(event);
    }
    this.#moveTo(event);
  };

  readonly #onUp = (event: PointerEvent) => {
    if (event.pointerId !== this.#from?.pointerId) return;
    const { keys } = this;
    if (keys.length > 0) {
      this.#moveTo(event);
      this.#onDrop(keys);
    }
    this.#onEnd();
  };

  readonly #onEnd = () => {
    clearTimeout(this.#hold);
    this.#from = this.#key = undefined;
    this.keys = [];
    this.#host.requestUpdate();
  };

  /** While a finger drags, nothing scrolls and no menu opens. */
  readonly #onTouch = (event: Event) => {
    if (this.keys.length > 0) event.preventDefault();
  };

  #begin(event: PointerEvent): void {
    if (!this.#key) return;
    const { marked } = reviewQueue;
    this.keys = marked.has(this.#key) ? [...marked] : [this.#key];
    this.#host.setPointerCapture(event.pointerId);
    this.#moveTo(event);
  }

  #moveTo({ clientX, clientY }: PointerEvent): void {
    this.x = clientX;
    this.y = clientY;
    this.#host.requestUpdate();
  }
}

function keyOf(target: EventTarget): CellKey[] {
  const key = target instanceof HTMLElement ? target.dataset.key : undefined;
  return key ? [key as CellKey] : [];
}
