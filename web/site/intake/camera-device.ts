// Controls a camera of this device: starts it, switches to another, turns its light on, and always stops it.
import type { onDemand } from "../i18n/on-demand.js";

/** Why there is no picture: a key of the words, or what the browser said. */
export type Trouble =
  | Exclude<keyof (typeof onDemand.words)["camera"]["errors"], "other">
  | { readonly other: string };

/** Torches are not among the constraints that TypeScript knows. */
type TorchCapabilities = MediaTrackCapabilities & { readonly torch?: boolean };
type TorchConstraints = MediaTrackConstraints & { readonly advanced: { torch: boolean }[] };

/** "change" tells of everything that is to be seen here. */
export class Device extends EventTarget {
  /** Runs until `stop`. */
  stream: MediaStream | undefined;
  trouble: Trouble | undefined;
  /** All that there are; named only once one was allowed. */
  all: readonly MediaDeviceInfo[] = [];
  /** Whether its light is on. */
  torch = false;
  #request = 0;

  get id(): string | undefined {
    return this.#track?.getSettings().deviceId;
  }

  get hasTorch(): boolean {
    // Firefox has no getCapabilities.
    return (this.#track?.getCapabilities?.() as TorchCapabilities | undefined)?.torch === true;
  }

  get #track(): MediaStreamTrack | undefined {
    return this.stream?.getVideoTracks()[0];
  }

  /** The rear camera, unless another is asked for. The last call wins; a stream that comes too late is stopped at once. */
  async start(id?: string): Promise<void> {
    this.stop();
    const request = this.#request;
    const devices = navigator.mediaDevices as MediaDevices | undefined;
    if (!devices) return this.#fail("insecure");
    const which = id ? { deviceId: { exact: id } } : { facingMode: "environment" };
    try {
      const size = { width: { ideal: 1280 }, height: { ideal: 960 } };
      const stream = await devices.getUserMedia({ video: { ...which, ...size } });
      if (request !== this.#request) return halt(stream);
      this.#show(stream);
      this.all = (await devices.enumerateDevices()).filter(({ kind }) => kind === "videoinput");
      this.#notify();
    } catch (error) {
      if (request === this.#request) this.#fail(troubleOf(error));
    }
  }

  stop(): void {
    this.#request += 1;
    if (this.stream) halt(this.stream);
    this.stream = undefined;
    this.trouble = undefined;
    this.torch = false;
    this.#notify();
  }

  async flipTorch(): Promise<void> {
    const torch = !this.torch;
    const constraints: TorchConstraints = { advanced: [{ torch }] };
    try {
      await this.#track?.applyConstraints(constraints);
      this.torch = torch;
      this.#notify();
    } catch {
      // It stays as it was, and so does what is shown of it.
    }
  }

  #show(stream: MediaStream): void {
    this.stream = stream;
    this.#track?.addEventListener("ended", () => {
      if (this.stream === stream) this.#fail("lost");
    });
    this.#notify();
  }

  #fail(trouble: Trouble): void {
    this.stop();
    this.trouble = trouble;
    this.#notify();
  }

  #notify(): void {
    this.dispatchEvent(new Event("change"));
  }
}

function halt(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

function troubleOf(error: unknown): Trouble {
  const name = error instanceof DOMException ? error.name : "";
  const known: Readonly<Record<string, Trouble>> = {
    NotAllowedError: "refused",
    SecurityError: "refused",
    NotFoundError: "missing",
    OverconstrainedError: "missing",
    NotReadableError: "busy",
    AbortError: "busy",
  };
  return known[name] ?? { other: error instanceof Error ? error.message : String(error) };
}
