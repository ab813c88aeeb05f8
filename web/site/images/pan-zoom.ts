// Zooming and moving by wheel, fingers, keys and buttons: the arithmetic of the viewer.
import type { Region } from "leukolens";
import type { ReactiveController, ReactiveControllerHost } from "lit";

type Host = ReactiveControllerHost & HTMLElement;
interface Size {
  readonly width: number;
  readonly height: number;
}

/** A part of the picture, and which share of the window it is to fill. */
interface Target {
  readonly part: Region;
  readonly share: number;
}

const largest = 40;

export class PanZoom implements ReactiveController {
  /** Of the picture, in its pixels. */
  size: Size = { width: 0, height: 0 };
  /** 1: the whole picture fits. */
  #zoom = 1;
  #left = 0;
  #top = 0;
  #window: Size = { width: 0, height: 0 };
  /** Kept in place until somebody zooms or moves. */
  #target: Target | undefined;
  readonly #fingers = new Map<number, PointerEvent>();
  #moved = 0;
  readonly #host: Host;
  readonly #onTap: (x: number, y: number) => void;
  readonly #resizeObserver = new ResizeObserver(([entry]) => {
    if (!entry) return;
    this.#window = entry.contentRect;
    this.#aim();
    this.#change();
  });

  /** `onTap` is given the place in the picture's pixels. */
  constructor(host: Host, onTap: (x: number, y: number) => void) {
    this.#host = host;
    this.#onTap = onTap;
    host.addController(this);
  }

  hostConnected(): void {
    this.#resizeObserver.observe(this.#host);
    this.#host.addEventListener("wheel", this.#onWheel, { passive: false });
    this.#host.addEventListener("dblclick", this.#onDouble);
    this.#host.addEventListener("pointerdown", this.#onDown);
    this.#host.addEventListener("pointermove", this.#onMove);
    for (const end of ["pointerup", "pointercancel"] as const) this.#host.addEventListener(end, this.#onUp);
  }

  hostDisconnected(): void {
    this.#resizeObserver.disconnect();
    this.#host.removeEventListener("wheel", this.#onWheel);
    this.#host.removeEventListener("dblclick", this.#onDouble);
    this.#host.removeEventListener("pointerdown", this.#onDown);
    this.#host.removeEventListener("pointermove", this.#onMove);
    for (const end of ["pointerup", "pointercancel"] as const)
      this.#host.removeEventListener(end, this.#onUp);
  }

  get zoomed(): boolean {
    return this.#zoom > 1;
  }

  /** Pixels of the screen for one of the picture. */
  get scale(): number {
    const { size } = this;
    const fitting = Math.min(this.#window.width / size.width, this.#window.height / size.height);
    return fitting > 0 && Number.isFinite(fitting) ? this.#zoom * fitting : 1; // either may not be known yet
  }

  /** Of the window, in the picture's pixels. */
  get middle(): [x: number, y: number] {
    const { width, height } = this.#window;
    return [(width / 2 - this.#left) / this.scale, (height / 2 - this.#top) / this.scale];
  }

  /** Places the picture. */
  get style(): string {
    const { scale, size } = this;
    const place = `transform: translate(${this.#left}px, ${this.#top}px)`;
    return `width: ${size.width * scale}px; height: ${size.height * scale}px; ${place}`;
  }

  fit(): void {
    this.#target = undefined;
    this.#zoom = 1;
    this.#change();
  }

  /** Brings a part of the picture to the middle of the window; it fills `share` of it, and its surroundings the rest. */
  show(part: Region, share: number): void {
    this.#target = { part, share };
    this.#aim();
    this.#change();
  }

  /** Moves a part of the picture that is not all in the window to its middle. False if it is, or as much of it as there is room for. */
  reveal(part: Region): boolean {
    const { scale } = this;
    const [left, top] = [this.#left + part.x * scale, this.#top + part.y * scale];
    const [right, bottom] = [left + part.width * scale, top + part.height * scale];
    const { width, height } = this.#window;
    const slack = 1;
    if (left >= -slack && top >= -slack && right <= width + slack && bottom <= height + slack) return false;
    const before = [this.#left, this.#top];
    this.move(width / 2 - (left + right) / 2, height / 2 - (top + bottom) / 2);
    return Math.hypot(this.#left - (before[0] ?? 0), this.#top - (before[1] ?? 0)) > slack;
  }

  #aim(): void {
    if (!this.#target) return;
    const { part, share } = this.#target;
    const [window, whole] = [this.#window, this.size];
    const fitting = Math.min(window.width / whole.width, window.height / whole.height);
    const wanted = share * Math.min(window.width / part.width, window.height / part.height);
    if (!(fitting > 0 && Number.isFinite(fitting) && wanted > 0)) return; // not known yet
    this.#zoom = Math.min(largest, Math.max(1, wanted / fitting));
    this.#left = window.width / 2 - (part.x + part.width / 2) * this.scale;
    this.#top = window.height / 2 - (part.y + part.height / 2) * this.scale;
  }

  /** About a point of the window; its middle if none is given. */
  zoom(factor: number, x: number = this.#window.width / 2, y: number = this.#window.height / 2): boolean {
    this.#target = undefined;
    const before = this.scale;
    this.#zoom = Math.min(largest, Math.max(1, this.#zoom * factor));
    const ratio = this.scale / before;
    if (ratio === 1) return false;
    this.#left = x - (x - this.#left) * ratio;
    this.#top = y - (y - this.#top) * ratio;
    this.#change();
    return true;
  }

  move(right: number, down: number): void {
    this.#target = undefined;
    this.#left += right;
    this.#top += down;
    this.#change();
  }

  /** + and - zoom, F shows all, Shift with an arrow moves. True if the key meant something. */
  onKey(event: KeyboardEvent): boolean {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    const step = 60;
    const moves: Record<string, () => void> = {
      ArrowLeft: () => this.move(step, 0),
      ArrowRight: () => this.move(-step, 0),
      ArrowUp: () => this.move(0, step),
      ArrowDown: () => this.move(0, -step),
    };
    const others: Record<string, () => void> = {
      "+": () => this.zoom(1.5),
      "=": () => this.zoom(1.5),
      "-": () => this.zoom(1 / 1.5),
      f: () => this.fit(),
    };
    const action = event.shiftKey ? (moves[event.key] ?? others[event.key]) : others[event.key];
    if (!action) return false;
    event.preventDefault();
    action();
    return true;
  }

  /** A picture smaller than the window stands in its middle, a larger one leaves no gap at its edges. */
  keepInside(): void {
    const inside = (offset: number, picture: number, window: number) =>
      picture <= window ? (window - picture) / 2 : Math.min(0, Math.max(window - picture, offset));
    this.#left = inside(this.#left, this.size.width * this.scale, this.#window.width);
    this.#top = inside(this.#top, this.size.height * this.scale, this.#window.height);
  }

  #change(): void {
    this.keepInside();
    this.#host.requestUpdate();
  }

  /** In the picture's pixels. */
  pointAt(event: MouseEvent): [x: number, y: number] {
    const [x, y] = this.#place(event);
    return [(x - this.#left) / this.scale, (y - this.#top) / this.scale];
  }

  #place({ clientX, clientY }: MouseEvent): [x: number, y: number] {
    const { left, top } = this.#host.getBoundingClientRect();
    return [clientX - left, clientY - top];
  }

  /** At either end of the zoom the page scrolls instead. */
  readonly #onWheel = (event: WheelEvent) => {
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 30 : 1;
    const factor = Math.exp(-event.deltaY * lines * (event.ctrlKey ? 0.01 : 0.0015));
    if (this.zoom(factor, ...this.#place(event))) event.preventDefault();
  };

  /** In to that place; and out again where it is large already. */
  readonly #onDouble = (event: MouseEvent) => {
    if (isButton(event)) return;
    if (this.#zoom > 3) this.fit();
    else this.zoom(2.5, ...this.#place(event));
  };

  readonly #onDown = (event: PointerEvent) => {
    if (event.button !== 0 || isButton(event)) return;
    if (this.#fingers.size === 0) this.#moved = 0;
    this.#fingers.set(event.pointerId, event);
    this.#host.setPointerCapture(event.pointerId);
  };

  readonly #onMove = (event: PointerEvent) => {
    const before = this.#fingers.get(event.pointerId);
    if (!before) return;
    const [dx, dy] = [event.clientX - before.clientX, event.clientY - before.clientY];
    this.#moved += Math.abs(dx) + Math.abs(dy);
    const other = [...this.#fingers.values()].find(({ pointerId }) => pointerId !== event.pointerId);
    this.#fingers.set(event.pointerId, event);
    if (other) {
      const factor = distance(event, other) / Math.max(1, distance(before, other));
      const [x, y] = this.#place(event);
      const [otherX, otherY] = this.#place(other);
      this.zoom(factor, (x + otherX) / 2, (y + otherY) / 2);
      this.move(dx / 2, dy / 2);
    } else if (this.zoomed) this.move(dx, dy);
  };

  readonly #onUp = (event: PointerEvent) => {
    const known = this.#fingers.delete(event.pointerId);
    if (!known || event.type === "pointercancel" || this.#moved > 6 || this.#fingers.size > 0) return;
    this.#onTap(...this.pointAt(event));
  };
}

function distance(one: PointerEvent, other: PointerEvent): number {
  return Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
}

/** Along each axis, by the arrow keys. */
export const directions: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export function isButton(event: Event): boolean {
  return event.composedPath().some((target) => target instanceof HTMLButtonElement);
}
