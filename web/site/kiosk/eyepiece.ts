// The round picture, as through a microscope. With a heatmap, what did not speak for the answer lies in the dark.
import type { Heatmap } from "leukolens";
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { ring } from "../ui/ring.js";

/** Sides of the drawn darkness; the browser smooths it. */
const grain = 96;
const darkest = 0.7;

class Eyepiece extends LitElement {
  static override properties = {
    src: { attribute: false },
    heatmap: { attribute: false },
    size: { attribute: false },
    label: { attribute: false },
  };

  declare src: string | undefined;
  declare heatmap: Heatmap | undefined;
  /** Of the picture in pixels: the heatmap's places are told in them. Pictures are square. */
  declare size: number;
  declare label: string;

  static override styles = [
    ring,
    css`
    :host {
      display: block;
      aspect-ratio: 1;
      inline-size: 100%;
      margin-inline: auto;
    }
    img,
    canvas {
      position: absolute;
      width: 100%;
      height: 100%;
      object-fit: cover;
    }
    canvas {
      animation: appear 1.2s both;
    }
    @keyframes appear {
      from {
        opacity: 0;
      }
    }
    @media (prefers-reduced-motion: reduce) {
      canvas {
        animation: none;
      }
    }
  `,
  ];

  override render(): TemplateResult {
    return html`
      <div class="glass">
        ${this.src ? html`<img src=${this.src} alt=${this.label} />` : nothing}
        ${this.heatmap ? html`<canvas width=${grain} height=${grain} aria-hidden="true"></canvas>` : nothing}
        <slot></slot>
      </div>
    `;
  }

  override updated(): void {
    const context = this.renderRoot.querySelector("canvas")?.getContext("2d");
    if (context && this.heatmap) context.putImageData(darkness(this.heatmap, this.size), 0, 0);
  }
}

function darkness(heatmap: Heatmap, size: number): ImageData {
  const image = new ImageData(grain, grain);
  for (let row = 0; row < grain; row++) {
    for (let column = 0; column < grain; column++) {
      const light = Math.max(
        0,
        sample(heatmap, ((column + 0.5) * size) / grain, ((row + 0.5) * size) / grain),
      );
      image.data.set([14, 9, 20, 255 * darkest * (1 - light)], 4 * (row * grain + column));
    }
  }
  return image;
}

/** The map's value at a place of the picture, between its four nearest cells; 0 outside of it. */
function sample({ values, width, height, region }: Heatmap, x: number, y: number): number {
  const u = ((x - region.x) / region.width) * width - 0.5;
  const v = ((y - region.y) / region.height) * height - 0.5;
  const left = Math.floor(u);
  const top = Math.floor(v);
  const at = (column: number, row: number) =>
    column < 0 || row < 0 || column >= width || row >= height ? 0 : (values[row * width + column] ?? 0);
  const mix = (from: number, to: number, share: number) => from + (to - from) * share;
  const upper = mix(at(left, top), at(left + 1, top), u - left);
  const lower = mix(at(left, top + 1), at(left + 1, top + 1), u - left);
  return mix(upper, lower, v - top);
}

customElements.define("leuko-kiosk-eyepiece", Eyepiece);
