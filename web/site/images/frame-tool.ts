// Drawing, moving and resizing frames over a picture, by pointer and by keys.
import type { Region } from "leukolens";
import type { ReactiveController, ReactiveControllerHost } from "lit";

type Host = ReactiveControllerHost & HTMLElement;
type Point = readonly [x: number, y: number];

export interface Surroundings {
  /** In the picture's pixels. */
  pointAt(event: PointerEvent): Point;
  /** The frame that can be moved and resized. */
  selected(): Region | undefined;
  /** Pixels of the screen for one of the picture. */
  scale(): number;
  /** A frame was drawn (`isNew`), or the selected one changed. */
  done(frame: Region, isNew: boolean): void;
  tapped(point: Point): void;
}

/** What a pointer has hold of: a corner, the frame, or nothing yet. `fixed`: the corner that stays where it is. */
interface Grip {
  readonly pointer: number;
  readonly from: Point;
  readonly frame: Region | undefined;
  readonly fixed: Point | undefined;
}

/** How near a corner must be, and how far a pointer must move, in pixels of the screen. */
const reach = { mouse: 10, touch: 22 };
const least = 6;
/** Keys change a frame in steps; what they made of it is taken once they rest. */
const restMs = 500;

export class FrameTool implements ReactiveController {
  active = false;
  /** While it is being drawn or changed. */
  draft: Region | undefined;
  #grip: Grip | undefined;
  #timer = 0;
  readonly #host: Host;
  readonly #around: Surroundings;

  /** To be made before whatever else listens to the host's pointers, which is then kept from them. */
  constructor(host: Host, around: Surroundings) {
    this.#host = host;
    this.#around = around;
    host.addController(this);
  }

  hostConnected(): void {
    this.#host.addEventListener("dblclick", this.#onDouble);
    this.#host.addEventListener("pointerdown", this.#onDown);
    this.#host.addEventListener("pointermove", this.#onMove);
    this.#host.addEventListener("pointerup", this.#onUp);
    this.#host.addEventListener("pointercancel", this.#onCancel);
  }

  hostDisconnected(): void {
    clearTimeout(this.#timer);
    this.#host.removeEventListener("dblclick", this.#onDouble);
    this.#host.removeEventListener("pointerdown", this.#onDown);
    this.#host.removeEventListener("pointermove", this.#onMove);
    this.#host.removeEventListener("pointerup", this.#onUp);
    this.#host.removeEventListener("pointercancel", this.#onCancel);
  }

  /** What was drawn has become a cell, or nothing. */
  clear(): void {
    this.draft = undefined;
    this.#host.requestUpdate();
  }

  /** Arrows move the selected frame, with Shift they resize it. True if the key meant something. */
  onKey(event: KeyboardEvent): boolean {
    const direction = directions[event.key];
    const frame = this.draft ?? this.#around.selected();
    if (!this.active || !direction || !frame || event.ctrlKey || event.metaKey || event.altKey) return false;
    const step = Math.max(1, Math.round(3 / this.#around.scale()));
    const [right, down] = [step * direction[0], step * direction[1]];
    const { x, y, width, height } = frame;
    event.preventDefault();
    this.draft = event.shiftKey
      ? { x, y, width: Math.max(step, width + right), height: Math.max(step, height + down) }
      : { x: x + right, y: y + down, width, height };
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.draft && this.#around.done(this.draft, false), restMs);
    this.#host.requestUpdate();
    return true;
  }

  readonly #onDouble = (event: Event) => {
    if (this.active) event.stopImmediatePropagation(); // two clicks here are two frames
  };

  readonly #onDown = (event: PointerEvent) => {
    if (!this.active || event.button !== 0 || this.#grip || isButton(event)) return;
    event.stopImmediatePropagation();
    const from = this.#around.pointAt(event);
    const frame = this.#around.selected();
    const near = (event.pointerType === "mouse" ? reach.mouse : reach.touch) / this.#around.scale();
    const corner = frame && cornersOf(frame).find((one) => distance(one, from) < near);
    const fixed = corner && frame && opposite(frame, corner);
    const holds = corner !== undefined || (frame !== undefined && contains(frame, from));
    this.#grip = { pointer: event.pointerId, from, frame: holds ? frame : undefined, fixed };
    this.#host.setPointerCapture(event.pointerId);
  };

  readonly #onMove = (event: PointerEvent) => {
    if (event.pointerId !== this.#grip?.pointer) return;
    event.stopImmediatePropagation();
    const { from, frame, fixed } = this.#grip;
    const to = this.#around.pointAt(event);
    if (!this.draft && distance(from, to) * this.#around.scale() < least) return;
    if (!frame) this.draft = between(from, to);
    else if (fixed) this.draft = between(fixed, to);
    else this.draft = { ...frame, x: frame.x + to[0] - from[0], y: frame.y + to[1] - from[1] };
    this.#host.requestUpdate();
  };

  readonly #onUp = (event: PointerEvent) => {
    if (event.pointerId !== this.#grip?.pointer) return;
    event.stopImmediatePropagation();
    const { frame, from } = this.#grip;
    this.#grip = undefined;
    if (this.draft) this.#around.done(this.draft, frame === undefined);
    else this.#around.tapped(from);
  };

  readonly #onCancel = (event: PointerEvent) => {
    if (event.pointerId !== this.#grip?.pointer) return;
    this.#grip = undefined;
    this.clear();
  };
}

const directions: Readonly<Record<string, Point>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export function cornersOf({ x, y, width, height }: Region): readonly Point[] {
  return [
    [x, y],
    [x + width, y],
    [x, y + height],
    [x + width, y + height],
  ];
}

function opposite({ x, y, width, height }: Region, [cornerX, cornerY]: Point): Point {
  return [cornerX === x ? x + width : x, cornerY === y ? y + height : y];
}

function between([x0, y0]: Point, [x1, y1]: Point): Region {
  return {
    x: Math.min(x0, x1),
    y: Math.min(y0, y1),
    width: Math.max(1, Math.abs(x1 - x0)),
    height: Math.max(1, Math.abs(y1 - y0)),
  };
}

function contains({ x, y, width, height }: Region, [pointX, pointY]: Point): boolean {
  return pointX >= x && pointY >= y && pointX <= x + width && pointY <= y + height;
}

function distance([x0, y0]: Point, [x1, y1]: Point): number {
  return Math.hypot(x1 - x0, y1 - y0);
}

function isButton(event: Event): boolean {
  return event.composedPath().some((target) => target instanceof HTMLButtonElement);
}
