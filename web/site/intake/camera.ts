// The camera: a dialog with its live picture, what the model in force says of it, and a still at the press of a button.
import type { Classification, Classifier } from "leukolens";
import { css, html, nothing, svg, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { formatPercent, Localised, nameOf, words } from "../i18n/index.js";
import { onDemand } from "../i18n/on-demand.js";
import { nameOfAnswer } from "../i18n/summary.js";
import { classifiers } from "../state/classifiers.js";
import { subscribe } from "../state/subscribe.js";
import { controls } from "../ui/controls.js";
import { Device, type Trouble } from "./camera-device.js";

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

/** Between two looks at the picture: often enough to follow a hand, seldom enough to leave the device cool. */
const pauseMs = 150;

class Camera extends Localised {
  static override properties = { seen: { state: true } };

  /** What the model in force says of the newest frame that it has looked at. */
  declare private seen: { readonly result: Classification; readonly model: Classifier["model"] } | undefined;
  private readonly device = new Device();
  private open = true;

  static override styles = [
    controls,
    css`
    dialog {
      box-sizing: border-box;
      width: min(56rem, 100vw - 16px);
      max-width: none;
      max-height: calc(100dvh - 16px);
      padding: clamp(12px, 2vw, 22px);
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
      display: block;
      margin-block-start: 8px;
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
    button[aria-pressed="true"] {
      border-color: var(--accent);
      background: var(--tint);
      color: var(--accent);
    }
  `,
  ];

  constructor() {
    super();
    subscribe(this, this.device);
  }

  override disconnectedCallback(): void {
    this.finish();
    super.disconnectedCallback();
  }

  override firstUpdated(): void {
    this.renderRoot.querySelector("dialog")?.showModal();
    this.device.start();
    this.look();
  }

  override render(): TemplateResult {
    const { camera } = onDemand.words;
    return html`
      <dialog aria-labelledby="title" @close=${() => this.finish()} @keydown=${this.onKey}>
        <div class="row">
          <h2 id="title" tabindex="-1" autofocus>${camera.title}</h2>
          <button @click=${() => this.finish()}>${camera.close}</button>
        </div>
        <p class="quiet">${camera.intro}</p>
        ${this.device.trouble ? this.troubled(this.device.trouble) : this.live()}
        <small>${words.researchOnly}</small>
      </dialog>
    `;
  }

  private live(): TemplateResult {
    const { camera } = onDemand.words;
    // Without `live` every answer would hand the stream over again, and the video begin anew.
    return html`
      <div class="picture">
        <video autoplay playsinline muted aria-label=${camera.live} .srcObject=${live(this.device.stream ?? null)}></video>
        ${this.frame()}
      </div>
      <p class="answer">${this.answer()}</p>
      <p class="hidden" role="status">${this.name() || this.answer()}</p>
      <div class="row">
        <button class="main" ?disabled=${!this.device.stream} @click=${this.take}>${camera.take}</button>
        <span class="quiet space">${camera.space}</span>
        ${this.picker()}
        ${
          this.device.hasTorch
            ? html`<button aria-pressed=${this.device.torch ? "true" : "false"} @click=${() => this.device.flipTorch()}>${camera.torch}</button>`
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
    const { camera } = onDemand.words;
    if (!this.seen) return this.device.stream ? camera.looking : camera.starting;
    const { result, model } = this.seen;
    const { verdict, label, confidence, cells } = result;
    if (label === null && cells.length === 0 && model.input.region === "cell") return camera.none;
    if (label === null) return nameOfAnswer({ label, corrected: false });
    const tell = verdict === "unsure" ? camera.unsure : camera.sure;
    return tell(this.name(), formatPercent(confidence, 0));
  }

  /** Alone it is also what a screen reader says, which would never come to an end of percentages. */
  private name(): string {
    const { result, model } = this.seen ?? {};
    return result?.label ? nameOf(result.label, model?.labels) : "";
  }

  private picker(): TemplateResult | typeof nothing {
    const { camera } = onDemand.words;
    if (this.device.all.length < 2) return nothing;
    const choose = (event: Event) => this.device.start((event.target as HTMLSelectElement).value);
    return html`
      <select aria-label=${camera.choose} @change=${choose}>
        ${this.device.all.map(
          ({ deviceId, label }, index) => html`
            <option value=${deviceId} ?selected=${deviceId === this.device.id}>${label || camera.numbered(index + 1)}</option>
          `,
        )}
      </select>
    `;
  }

  private troubled(trouble: Trouble): TemplateResult {
    const { errors, retry } = onDemand.words.camera;
    const told = typeof trouble === "string" ? errors[trouble] : errors.other(trouble.other);
    return html`
      <p class="trouble" role="alert">${told}</p>
      ${trouble === "insecure" ? nothing : html`<button class="main" @click=${() => this.device.start()}>${retry}</button>`}
    `;
  }

  private get video(): HTMLVideoElement | null {
    return this.renderRoot.querySelector("video");
  }

  /** One frame at a time through the model in force, for as long as the dialog is open. */
  private async look(): Promise<void> {
    while (this.open) {
      const { video } = this;
      const { stream } = this.device;
      if (!stream) this.seen = undefined;
      else if (video && video.readyState >= video.HAVE_CURRENT_DATA && !document.hidden) {
        const seen = await judge(video);
        if (this.device.stream === stream) this.seen = seen;
      }
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }

  private async take(): Promise<void> {
    const { video } = this;
    if (!this.device.stream || !video || video.videoWidth === 0) return;
    video.pause(); // it shows what was taken
    const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
    canvas.getContext("2d")?.drawImage(video, 0, 0);
    const blob = await canvas.convertToBlob({ type: "image/png" });
    const time = new Date().toISOString().slice(0, 19).replaceAll(":", "-");
    this.finish(new File([blob], `camera-${time}.png`, { type: blob.type }));
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
    this.device.stop();
    this.renderRoot.querySelector("dialog")?.close(); // which gives the focus back
    this.dispatchEvent(new CustomEvent("taken", { detail: file }));
  }
}

/** A frame that cannot be classified is passed over: the next one comes at once. */
async function judge(video: HTMLVideoElement) {
  const classifier = classifiers.current;
  try {
    return classifier && { result: await classifier.classify(video), model: classifier.model };
  } catch {
    return undefined;
  }
}

customElements.define("leuko-camera-dialog", Camera);
