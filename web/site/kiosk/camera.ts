// The camera's picture, live, and one still of its middle.
import { css, html, type TemplateResult } from "lit";
import { Localised } from "../i18n/index.js";
import { kiosk } from "../i18n/kiosk.js";
import { controls } from "./style.js";
import "./eyepiece.js";

const side = 640;

export const hasCamera = (): boolean => navigator.mediaDevices?.getUserMedia !== undefined;

/** Fires `picture` with a Blob, or `blind` where no camera answers. */
class Camera extends Localised {
  private stream: MediaStream | undefined;

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
        width: 100%;
        height: 100%;
        object-fit: cover;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    void this.open();
  }

  override disconnectedCallback(): void {
    this.close();
    super.disconnectedCallback();
  }

  override render(): TemplateResult {
    const { aim, shoot } = kiosk.words;
    return html`
      <leuko-kiosk-eyepiece><video autoplay muted playsinline></video></leuko-kiosk-eyepiece>
      <p>${aim}</p>
      <button class="first" @click=${() => this.shoot()}>${shoot}</button>
    `;
  }

  private async open(): Promise<void> {
    try {
      const video = { width: { ideal: 1280 }, height: { ideal: 720 }, facingMode: "environment" };
      const stream = await navigator.mediaDevices.getUserMedia({ video, audio: false });
      this.stream = stream;
      if (!this.isConnected) return this.close();
      this.video.srcObject = stream;
    } catch {
      this.dispatchEvent(new Event("blind"));
    }
  }

  private close(): void {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = undefined;
  }

  private async shoot(): Promise<void> {
    const { videoWidth: width, videoHeight: height } = this.video;
    const edge = Math.min(width, height);
    if (edge === 0) return; // no frame has come yet
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
