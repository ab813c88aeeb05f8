// The network asked directly: of a drawn cell, or of what the camera sees.
import { css, html, nothing, type TemplateResult } from "lit";
import { Localised, nameOf } from "../i18n/index.js";
import { kiosk } from "../i18n/kiosk.js";
import { hasCamera } from "./camera.js";
import { credit, dealOfEachClass, fetchCell, type KnownCell } from "./deck.js";
import type { Recogniser, Recognition } from "./recogniser.js";
import { controls, sideBySide } from "./style.js";
import "./answer.js";
import "./eyepiece.js";

/** What is asked about; from the camera its class is not known, and its URL is to be revoked. */
interface Slide {
  readonly url: string;
  readonly label: string | undefined;
}

class Ask extends Localised {
  static override properties = {
    recogniser: { attribute: false },
    step: { state: true },
    slide: { state: true },
    recognition: { state: true },
  };

  declare recogniser: Recogniser;
  declare private step: "pick" | "camera" | "noCamera" | "slide";
  declare private slide: Slide | undefined;
  declare private recognition: Recognition | undefined;
  private cells = dealOfEachClass();

  static override styles = [
    controls,
    sideBySide,
    css`
      :host {
        display: block;
        height: 100%;
      }
      .pick {
        display: grid;
        align-content: center;
        justify-items: center;
        gap: 1.4em;
        min-height: 100%;
        text-align: center;
      }
      .cells {
        display: grid;
        grid-template-columns: repeat(4, auto);
        gap: 1.2em;
      }
      .cells button {
        inline-size: min(20vh, 19vw);
        aspect-ratio: 1;
        padding: 0;
        overflow: hidden;
        border-radius: 50%;
      }
      .cells img {
        display: block;
        width: 100%;
        height: 100%;
        object-fit: cover;
      }
      .slide {
        max-inline-size: min(70vh, 44vw);
      }
      @media (height <= 640px) and (orientation: landscape) {
        .pick {
          gap: 0.6em;
        }
        .cells {
          gap: 0.8em;
        }
        .slide {
          max-inline-size: min(66vh, 44vw);
        }
      }
      @media (orientation: portrait) {
        .cells {
          grid-template-columns: repeat(2, auto);
        }
        .cells button {
          inline-size: min(36vw, 13vh);
        }
        .slide {
          max-inline-size: min(78vw, 34vh);
        }
        .said {
          text-align: center;
        }
        leuko-kiosk-answer {
          text-align: start;
        }
      }
    `,
  ];

  constructor() {
    super();
    this.step = "pick";
  }

  override disconnectedCallback(): void {
    this.forget();
    super.disconnectedCallback();
  }

  override render(): TemplateResult {
    if (this.step === "slide" && this.slide) return this.answered(this.slide);
    if (this.step !== "camera") return this.picking();
    return html`
      <leuko-kiosk-camera
        @picture=${(event: CustomEvent<Blob>) => this.askAboutPicture(event.detail)}
        @unavailable=${() => this.go("noCamera")}
      ></leuko-kiosk-camera>
    `;
  }

  private picking(): TemplateResult {
    const { pick, drawn, camera, noCamera } = kiosk.words;
    const missing = this.step === "noCamera";
    return html`
      <div class="pick">
        <h2>${pick}</h2>
        <div class="cells">
          ${this.cells.map(
            (cell, index) => html`
              <button aria-label="${pick} ${index + 1}" @click=${() => this.askAboutCell(cell)}>
                <img src=${cell.url} alt="" />
              </button>
            `,
          )}
        </div>
        <p class="quiet" role="status">${missing ? noCamera : (credit() ?? drawn)}</p>
        ${hasCamera() && !missing ? html`<button @click=${() => this.go("camera")}>${camera}</button>` : nothing}
      </div>
    `;
  }

  private answered({ url, label }: Slide): TemplateResult {
    const { answer, shown, signs, drawn, cameraPicture, another, middle } = kiosk.words;
    const truth = credit() ? shown : answer;
    return html`
      <div class="sides">
        <leuko-kiosk-eyepiece
          class="slide"
          .src=${url}
          .label=${middle}
          .size=${this.recognition?.result.width ?? 1}
          .heatmap=${this.recognition?.heatmap}
        ></leuko-kiosk-eyepiece>
        <div class="said">
          <leuko-kiosk-answer role="status" .recognition=${this.recognition}></leuko-kiosk-answer>
          ${label ? html`<p><strong>${truth(nameOf(label))}</strong></p><p>${signs[label]}</p>` : nothing}
          <p class="quiet">${label ? (credit() ?? drawn) : cameraPicture}</p>
          <button class="first" @click=${() => this.go("pick")}>${another}</button>
        </div>
      </div>
    `;
  }

  private async askAboutCell(cell: KnownCell): Promise<void> {
    await this.put({ url: cell.url, label: cell.label }, fetchCell(cell));
  }

  private async askAboutPicture(picture: Blob): Promise<void> {
    await this.put({ url: URL.createObjectURL(picture), label: undefined }, picture);
  }

  private async put(slide: Slide, picture: Blob | Promise<Blob>): Promise<void> {
    this.go("slide");
    this.slide = slide;
    const recognition = await this.recogniser.recognise(await picture, () =>
      this.dispatchEvent(new Event("trouble")),
    );
    if (this.slide === slide) this.recognition = recognition;
  }

  private go(step: Ask["step"]): void {
    this.forget();
    if (step === "pick") this.cells = dealOfEachClass();
    this.step = step;
  }

  private forget(): void {
    if (this.slide && this.slide.label === undefined) URL.revokeObjectURL(this.slide.url);
    this.slide = undefined;
    this.recognition = undefined;
  }
}

customElements.define("leuko-kiosk-ask", Ask);
