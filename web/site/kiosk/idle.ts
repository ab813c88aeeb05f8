// Whether anybody is still there.
import type { ReactiveController, ReactiveControllerHost } from "lit";

interface Host extends ReactiveControllerHost {
  /** Nobody is there any more. */
  leave(): void;
}

const signs = ["pointerdown", "pointermove", "wheel", "keydown", "click"];

/** Only these take the warning away, and only when done: what lies below must not get the rest of a touch. */
const answers = new Set(["keydown", "click"]);

/** Warns for the last third of the time, ten seconds at most. */
export class Idle implements ReactiveController {
  /** Seconds until `leave`, while there is reason to warn. */
  secondsLeft: number | undefined;
  private readonly host: Host;
  private readonly limit: number;
  private last = 0;
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(host: Host, limit: number) {
    this.host = host;
    this.limit = limit;
    host.addController(this);
  }

  hostConnected(): void {
    for (const sign of signs) window.addEventListener(sign, this.onSign, { capture: true, passive: true });
  }

  hostDisconnected(): void {
    for (const sign of signs) window.removeEventListener(sign, this.onSign, { capture: true });
    this.stop();
  }

  start(): void {
    this.stop();
    this.last = Date.now();
    this.timer = setInterval(() => this.tick(), 1000);
  }

  stop(): void {
    clearInterval(this.timer);
    this.warn(undefined);
  }

  private tick(): void {
    const left = Math.ceil(this.limit - (Date.now() - this.last) / 1000);
    if (left <= 0) this.host.leave();
    else if (left <= Math.min(10, this.limit / 3)) this.warn(left);
    else if (left < this.limit) this.warn(undefined); // a mouse that only moved
  }

  private warn(seconds: number | undefined): void {
    if (seconds === this.secondsLeft) return;
    this.secondsLeft = seconds;
    this.host.requestUpdate();
  }

  private readonly onSign = ({ type }: Event) => {
    this.last = Date.now();
    if (answers.has(type)) this.warn(undefined);
  };
}
