// Drawing, moving and resizing frames over a picture, by pointer and by keys.
import type { Region } from "leukolens";
import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { CellKey } from "../state/store.js";
import { directions, isButton } from "./pan-zoom.js";

type Host = ReactiveControllerHost & HTMLElement;
type Point = readonly [x: number, y: number];

/** The cell that a frame is of, once it is one; undefined where nothing came of it. */
export type Framing = Promise<CellKey | undefined>;

/** A frame, and the cell that it is of; undefined while it is being drawn. */
export interface Held {
  readonly frame: Region;
  readonly of: Framing | undefined;
}

export interface Surroundings {
  /** In the picture's pixels. */
  pointAt(event: PointerEvent): Point;
  /** The frame that can be moved and resized. */
  selected(): Held | undefined;
  /** Pixels of the screen for one of the picture. */
  scale(): number;
  /** A frame was drawn, or that of a cell changed. */
  done(held: Held): Framing;
  tapped(point: Point): void;
}

/** What a pointer has hold of: a corner, the frame, or nothing yet. `fixed`: the corner that stays where it is. */
interface Grip {
  readonly pointer: number;
  readonly from: Point;
  readonly held: Held | undefined;
  readonly fixed: Point | undefined;
  moved: boolean;
}

/** How near a corner must be, and how far a pointer must move, in pixels of the screen. */
const reach = { mouse: 10, touch: 22 };
const least = 6;
/** Keys change a frame in steps; what they made of it is taken once they rest. */
const restMs = 500;

export class FrameTool implements ReactiveController {
  active = false;
  /** While it is being drawn or changed, and until the cell is there. */
  draft: Region | undefined;
  #of: Framing | undefined;
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

  clear(): void {
    this.draft = this.#of = undefined;
    this.#host.requestUpdate();
  }

  /** Arrows move the selected frame, with Shift they resize it. True if the key meant something. */
  onKey(event: KeyboardEvent): boolean {
    const direction = directions[event.key];
    const held = this.#held;
    // Any other key is meant for what the arrows made.
    if (this.#timer !== 0 && !direction && event.key !== "Shift") this.#take();
    if (!this.active || this.#grip || !direction || !held) return false;
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    const step = Math.max(1, Math.round(3 / this.#around.scale()));
    const [right, down] = [step * direction[0], step * direction[1]];
    const { x, y, width, height } = held.frame;
    event.preventDefault();
    this.#of = held.of;
    this.draft = event.shiftKey
      ? { x, y, width: Math.max(step, width + right), height: Math.max(step, height + down) }
      : { x: x + right, y: y + down, width, height };
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#take(), restMs);
    this.#host.requestUpdate();
    return true;
  }

  /** What is changed next: what is on its way to a cell before the selected one. */
  get #held(): Held | undefined {
    return this.draft ? { frame: this.draft, of: this.#of } : this.#around.selected();
  }

  /** Whatever is made of the draft before it is a cell changes that cell. */
  async #take(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = 0;
    const { draft } = this;
    if (!draft) return;
    this.#of = this.#around.done({ frame: draft, of: this.#of });
    await this.#of;
    if (this.draft === draft) this.clear();
  }

  readonly #onDouble = (event: Event) => {
    if (this.active) event.stopImmediatePropagation(); // two clicks here are two frames
  };

  readonly #onDown = (event: PointerEvent) => {
    if (!this.active || event.button !== 0 || this.#grip || isButton(event)) return;
    event.stopImmediatePropagation();
    if (this.#timer !== 0) this.#take();
    const from = this.#around.pointAt(event);
    const held = this.#held;
    const near = (event.pointerType === "mouse" ? reach.mouse : reach.touch) / this.#around.scale();
    const corner = held && cornersOf(held.frame).find((one) => distance(one, from) < near);
    const fixed = corner && held && opposite(held.frame, corner);
    const holds = corner !== undefined || (held !== undefined && contains(held.frame, from));
    this.#grip = { pointer: event.pointerId, from, held: holds ? held : undefined, fixed, moved: false };
    this.#host.setPointerCapture(event.pointerId);
  };

  readonly #onMove = (event: PointerEvent) => {
    if (event.pointerId !== this.#grip?.pointer) return;
    event.stopImmediatePropagation();
    const { from, held, fixed } = this.#grip;
    const to = this.#around.pointAt(event);
    if (!this.#grip.moved && distance(from, to) * this.#around.scale() < least) return;
    this.#grip.moved = true;
    this.#of = held?.of;
    if (!held) this.draft = between(from, to);
    else if (fixed) this.draft = between(fixed, to);
    else this.draft = { ...held.frame, x: held.frame.x + to[0] - from[0], y: held.frame.y + to[1] - from[1] };
    this.#host.requestUpdate();
  };

  readonly #onUp = (event: PointerEvent) => {
    if (event.pointerId !== this.#grip?.pointer) return;
    event.stopImmediatePropagation();
    const { moved, from } = this.#grip;
    this.#grip = undefined;
    if (moved) this.#take();
    else this.#around.tapped(from);
  };

  readonly #onCancel = (event: PointerEvent) => {
    if (event.pointerId !== this.#grip?.pointer) return;
    this.#grip = undefined;
    this.clear();
  };
}

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
