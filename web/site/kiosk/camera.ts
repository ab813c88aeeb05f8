// The camera's picture, live, and one still of its middle. A camera that goes away is waited for.
import { css, html, type TemplateResult } from "lit";
import { Localised } from "../i18n/index.js";
import { kiosk } from "../i18n/kiosk.js";
import { controls } from "./style.js";
import "./eyepiece.js";

const side = 640;
const retryMs = 2000;

export const hasCamera = (): boolean => navigator.mediaDevices?.getUserMedia !== undefined;

/** Fires `picture` with a Blob, or `unavailable` where no camera answers at first. */
class Camera extends Localised {
  static override properties = { state: { state: true } };

  /** "lost": it was live, then unplugged, or the machine slept; its last frame is no picture of anything that is there now. */
  declare private state: "starting" | "live" | "lost";
  private stream: MediaStream | undefined;
  private retry: ReturnType<typeof setTimeout> | undefined;

  static override styles = [
    controls,
    css`
      :host {
        display: grid;
        justify-items: center;
        align-content: center;
        gap: 1.2em;
        height: 100%;
        text-align: center;
      }
      leuko-kiosk-eyepiece {
        max-inline-size: min(58vh, 84vw);
      }
      video {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
        object-fit: cover;
      }
      .lost {
        visibility: hidden;
      }
      @media (height <= 640px) and (orientation: landscape) {
        :host {
          gap: 0.7em;
        }
        leuko-kiosk-eyepiece {
          max-inline-size: 46vh;
        }
      }
    `,
  ];

  constructor() {
    super();
    this.state = "starting";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.open();
  }

  override disconnectedCallback(): void {
    this.close();
    super.disconnectedCallback();
  }

  override render(): TemplateResult {
    const { aim, shoot, cameraLost } = kiosk.words;
    const lost = this.state === "lost";
    return html`
      <leuko-kiosk-eyepiece>
        <video class=${this.state} autoplay muted playsinline @playing=${this.onPlaying}></video>
      </leuko-kiosk-eyepiece>
      <p role="status">${lost ? cameraLost : aim}</p>
      <button class="first" ?disabled=${this.state !== "live"} @click=${() => this.shoot()}>${shoot}</button>
    `;
  }

  private async open(): Promise<void> {
    try {
      const video = { width: { ideal: 1280 }, height: { ideal: 720 }, facingMode: "environment" };
      const stream = await navigator.mediaDevices.getUserMedia({ video, audio: false });
      this.stream = stream;
      if (!this.isConnected) return this.close();
      for (const track of stream.getTracks()) {
        track.addEventListener("ended", this.onEnded);
        track.addEventListener("mute", this.onMute);
        track.addEventListener("unmute", this.onPlaying);
      }
      this.video.srcObject = stream;
    } catch {
      if (!this.isConnected) return;
      if (this.state === "lost") this.retry = setTimeout(() => this.open(), retryMs);
      else this.dispatchEvent(new Event("unavailable"));
    }
  }

  private close(): void {
    clearTimeout(this.retry);
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = undefined;
  }

  private readonly onPlaying = () => {
    this.state = "live";
  };

  /** No frames come, though the camera is there. */
  private readonly onMute = () => {
    this.state = "lost";
  };

  private readonly onEnded = () => {
    this.close();
    this.state = "lost";
    void this.open();
  };

  private async shoot(): Promise<void> {
    if (!this.stream?.active) return this.onEnded();
    const { videoWidth: width, videoHeight: height } = this.video;
    const edge = Math.min(width, height);
    const canvas = new OffscreenCanvas(side, side);
    const context = canvas.getContext("2d");
    context?.drawImage(this.video, (width - edge) / 2, (height - edge) / 2, edge, edge, 0, 0, side, side);
    const picture = await canvas.convertToBlob({ type: "image/png" });
    this.dispatchEvent(new CustomEvent("picture", { detail: picture }));
  }

  private get video(): HTMLVideoElement {
    return this.renderRoot.querySelector("video") as HTMLVideoElement;
  }
}

customElements.define("leuko-kiosk-camera", Camera);
