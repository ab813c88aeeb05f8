// The camera: a dialog with its live picture, what the model in force says of it, and a still at the press of a button.
import type { Classification, Classifier } from "leukolens";
import { css, html, nothing, svg, type TemplateResult } from "lit";
import { classifiers } from "./classifiers.js";
import { controls } from "./controls.js";
import { formatPercent, Localised, nameOf, words } from "./words/index.js";
import { more } from "./words/more.js";

/** Shows the dialog and resolves with the picture that was taken; undefined when it was closed without one. */
export function openCamera(): Promise<File | undefined> {
  const camera = new Camera();
  document.body.append(camera);
  return new Promise((resolve) => {
    camera.addEventListener("taken", (event) => {
      camera.remove();
      resolve((event as CustomEvent<File | undefined>).detail);
    });
  });
}

type Trouble = Exclude<keyof (typeof more.words)["camera"]["errors"], "other"> | { readonly other: string };

/** Between two looks at the picture: often enough to follow a hand, seldom enough to leave the device cool. */
const pauseMs = 150;

/** Torches are not among the constraints that TypeScript knows. */
type TorchCapabilities = MediaTrackCapabilities & { readonly torch?: boolean };

class Camera extends Localised {
  static override properties = {
    stream: { state: true },
    cameras: { state: true },
    seen: { state: true },
    trouble: { state: true },
    torch: { state: true },
  };

  declare private stream: MediaStream | undefined;
  declare private cameras: readonly MediaDeviceInfo[];
  declare private seen: { readonly result: Classification; readonly model: Classifier["model"] } | undefined;
  declare private trouble: Trouble | undefined;
  declare private torch: boolean;
  private open = true;
  private request = 0;

  static override styles = [
    controls,
    css`
    dialog {
      box-sizing: border-box;
      width: min(56rem, 100vw - 16px);
      max-width: none;
      max-height: calc(100dvh - 16px);
      padding: clamp(12px, 2vw, 22px);
      border: 0;
      border-radius: var(--radius);
      background: var(--card);
      color: var(--ink);
      box-shadow: var(--shadow);
    }
    dialog::backdrop {
      background: rgb(15 8 24 / 70%);
    }
    .row {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 8px 14px;
    }
    h2:focus {
      outline: none;
    }
    h2 {
      margin: 0;
      margin-inline-end: auto;
      font-size: 1.25rem;
    }
    p {
      margin: 0;
    }
    @media (hover: none) {
        .space {
          display: none;
        }
      }
      .quiet,
    small {
      color: var(--quiet);
    }
    small {
      font-size: 0.875rem;
    }
    .picture {
      position: relative;
      display: grid;
      margin-block: 10px;
      aspect-ratio: 4 / 3;
      max-height: 58dvh;
      width: 100%;
      border-radius: 14px;
      background: #140d1c;
      overflow: hidden;
    }
    .picture > * {
      grid-area: 1 / 1;
      width: 100%;
      height: 100%;
      min-height: 0;
      object-fit: contain;
    }
    rect {
      fill: none;
      stroke: #ffffff;
      stroke-width: 3;
      vector-effect: non-scaling-stroke;
    }
    rect.under {
      stroke: #2b1845;
      stroke-width: 6;
    }
    .answer {
      min-height: 2.25rem;
      font-size: 1.25rem;
      font-weight: 600;
    }
    .trouble {
      margin-block: 14px;
      padding: 14px 16px;
      border-inline-start: 4px solid var(--warning);
      background: var(--tint);
    }
    select {
      min-height: 44px;
      max-width: 100%;
      padding-inline: 14px;
      border: 1px solid var(--edge);
      border-radius: 22px;
      background: var(--card);
      color: inherit;
      font: inherit;
    }
    button[aria-pressed="true"] {
      border-color: var(--accent);
      background: var(--tint);
      color: var(--accent);
    }
  `,
  ];

  constructor() {
    super();
    this.cameras = [];
    this.torch = false;
  }

  override disconnectedCallback(): void {
    this.stop();
    super.disconnectedCallback();
  }

  override firstUpdated(): void {
    this.renderRoot.querySelector("dialog")?.showModal();
    this.start();
    this.watch();
  }

  override render(): TemplateResult {
    const { camera } = more.words;
    return html`
      <dialog aria-labelledby="title" @close=${() => this.finish()} @keydown=${this.onKey}>
        <div class="row">
          <h2 id="title" tabindex="-1" autofocus>${camera.title}</h2>
          <button @click=${() => this.finish()}>${camera.close}</button>
        </div>
        <p class="quiet">${camera.intro}</p>
        ${this.trouble ? this.troubled(this.trouble) : this.live()}
        <small>${words.researchOnly}</small>
      </dialog>
    `;
  }

  private live(): TemplateResult {
    const { camera } = more.words;
    return html`
      <div class="picture">
        <video autoplay playsinline muted aria-label=${camera.live} .srcObject=${this.stream ?? null}></video>
        ${this.frame()}
      </div>
      <p class="answer">${this.answer()}</p>
      <p class="hidden" role="status">${this.name() || this.answer()}</p>
      <div class="row">
        <button class="main" ?disabled=${!this.stream} @click=${this.take}>${camera.take}</button>
        <span class="quiet space">${camera.space}</span>
        ${this.picker()}
        ${
          this.hasTorch
            ? html`<button aria-pressed=${this.torch ? "true" : "false"} @click=${this.flipTorch}>${camera.torch}</button>`
            : nothing
        }
      </div>
    `;
  }

  private frame(): TemplateResult | typeof nothing {
    if (!this.seen) return nothing;
    const { cells, width, height } = this.seen.result;
    const box = ({ x, y, width, height }: Classification["cells"][number]["box"], name: string) =>
      svg`<rect class=${name} x=${x} y=${y} width=${width} height=${height} rx="6" />`;
    return html`
      <svg viewBox="0 0 ${width} ${height}" aria-hidden="true">
        ${cells.map((cell) => svg`${box(cell.box, "under")}${box(cell.box, "")}`)}
      </svg>
    `;
  }

  private answer(): string {
    const { camera } = more.words;
    if (!this.seen) return this.stream ? camera.looking : camera.starting;
    const { verdict, confidence } = this.seen.result;
    const tell = verdict === "unsure" ? camera.unsure : camera.sure;
    return this.name() ? tell(this.name(), formatPercent(confidence, 0)) : camera.none;
  }

  /** Alone it is also what a screen reader says, which would never come to an end of percentages. */
  private name(): string {
    const { result, model } = this.seen ?? {};
    return result?.label ? nameOf(result.label, model?.labels) : "";
  }

  private picker(): TemplateResult | typeof nothing {
    const { camera } = more.words;
    if (this.cameras.length < 2) return nothing;
    const current = this.track?.getSettings().deviceId;
    const choose = (event: Event) => this.start((event.target as HTMLSelectElement).value);
    return html`
      <select aria-label=${camera.choose} @change=${choose}>
        ${this.cameras.map(
          ({ deviceId, label }, index) => html`
            <option value=${deviceId} ?selected=${deviceId === current}>${label || camera.numbered(index + 1)}</option>
          `,
        )}
      </select>
    `;
  }

  private troubled(trouble: Trouble): TemplateResult {
    const { errors, retry } = more.words.camera;
    const told = typeof trouble === "string" ? errors[trouble] : errors.other(trouble.other);
    return html`
      <p class="trouble" role="alert">${told}</p>
      ${trouble === "insecure" ? nothing : html`<button class="main" @click=${() => this.start()}>${retry}</button>`}
    `;
  }

  private get track(): MediaStreamTrack | undefined {
    return this.stream?.getVideoTracks()[0];
  }

  private get video(): HTMLVideoElement | null {
    return this.renderRoot.querySelector("video");
  }

  private get hasTorch(): boolean {
    // Firefox has no getCapabilities.
    return (this.track?.getCapabilities?.() as TorchCapabilities | undefined)?.torch === true;
  }

  /** The last call wins; a stream that comes too late is stopped at once. */
  private async start(deviceId?: string): Promise<void> {
    this.stop();
    this.request += 1;
    const { request } = this;
    this.trouble = undefined;
    const devices = navigator.mediaDevices as MediaDevices | undefined;
    if (!devices) {
      this.trouble = "insecure";
      return;
    }
    const which = deviceId ? { deviceId: { exact: deviceId } } : { facingMode: "environment" };
    try {
      const stream = await devices.getUserMedia({
        video: { ...which, width: { ideal: 1280 }, height: { ideal: 960 } },
      });
      if (!this.open || request !== this.request) return halt(stream);
      stream.getVideoTracks()[0]?.addEventListener("ended", () => {
        if (this.stream === stream) this.fail("lost");
      });
      this.stream = stream;
      // Names are told only after the permission was given.
      this.cameras = (await devices.enumerateDevices()).filter(({ kind }) => kind === "videoinput");
    } catch (error) {
      if (request === this.request) this.fail(troubleOf(error));
    }
  }

  private fail(trouble: Trouble): void {
    this.stop();
    this.trouble = trouble;
  }

  private stop(): void {
    if (this.stream) halt(this.stream);
    this.stream = undefined;
    this.seen = undefined;
    this.torch = false;
  }

  /** One frame at a time through the model in force, for as long as the dialog is open. */
  private async watch(): Promise<void> {
    while (this.open) {
      const { stream, video } = this;
      if (stream && video && video.readyState >= video.HAVE_CURRENT_DATA && !document.hidden) {
        const seen = await look(video);
        if (this.stream === stream) this.seen = seen;
      }
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }

  private async take(): Promise<void> {
    const { video } = this;
    if (!this.stream || !video || video.videoWidth === 0) return;
    const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
    canvas.getContext("2d")?.drawImage(video, 0, 0);
    const blob = await canvas.convertToBlob({ type: "image/png" });
    const time = new Date().toISOString().slice(0, 19).replaceAll(":", "-");
    this.finish(new File([blob], `camera-${time}.png`, { type: blob.type }));
  }

  private async flipTorch(): Promise<void> {
    const torch = !this.torch;
    const constraints: MediaTrackConstraints & { advanced: { torch: boolean }[] } = { advanced: [{ torch }] };
    await this.track?.applyConstraints(constraints).then(
      () => {
        this.torch = torch;
      },
      () => undefined, // the button then stays as it was
    );
  }

  /** Space takes the picture wherever the focus is, but on what space has a meaning for. */
  private onKey(event: KeyboardEvent): void {
    const focused = event.composedPath()[0];
    if (event.key !== " " || focused instanceof HTMLButtonElement || focused instanceof HTMLSelectElement)
      return;
    event.preventDefault();
    this.take();
  }

  private finish(file?: File): void {
    if (!this.open) return;
    this.open = false;
    this.stop();
    this.dispatchEvent(new CustomEvent("taken", { detail: file }));
  }
}

function halt(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

/** A frame that cannot be classified is passed over: the next one comes at once. */
async function look(video: HTMLVideoElement) {
  try {
    const classifier = await classifiers.ready();
    return { result: await classifier.classify(video), model: classifier.model };
  } catch {
    return undefined;
  }
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

customElements.define("leuko-camera-dialog", Camera);
