// Of the viewer: frames over the picture, and what they are in each of its three uses.
import { type CSSResult, css } from "lit";

export const style: CSSResult = css`
  :host {
    display: block;
    position: relative;
  }
  .window {
    position: relative;
    height: 100%;
    overflow: hidden;
    border-radius: var(--radius);
    background: var(--rose);
    box-shadow: var(--shadow);
    cursor: grab;
    touch-action: pan-y;
    user-select: none;
  }
  .window.zoomed {
    touch-action: none;
  }
  .window:active {
    cursor: grabbing;
  }
  .content {
    position: absolute;
    left: 0;
    top: 0;
    transform-origin: 0 0;
  }
  img,
  .content svg,
  canvas {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
  }
  .over {
    position: absolute;
    inset: 0;
    overflow: hidden;
  }
  .zoom {
    position: absolute;
    inset-block-end: 12px;
    inset-inline-end: 12px;
    display: flex;
    gap: 6px;
  }
  .zoom button {
    background: color-mix(in srgb, var(--card) 88%, transparent);
  }
  rect,
  .outline {
    fill: none;
    vector-effect: non-scaling-stroke;
  }
  .halo {
    stroke: #fff;
    stroke-width: 5px;
    opacity: 0.8;
  }
  .frame {
    stroke-width: 2.5px;
  }
  .selected .frame {
    stroke-width: 5px;
  }
  .selected .halo {
    stroke-width: 9px;
    opacity: 1;
  }
  .unsure .frame {
    stroke-dasharray: 7 5;
  }
  .rejected .frame {
    stroke-dasharray: 2 5;
  }
  .outline {
    stroke: #fff;
    stroke-width: 1.5px;
    opacity: 0.9;
  }
  .framing {
    cursor: crosshair;
    touch-action: none;
  }
  .grip {
    fill: #fff;
    stroke: #251b31;
    stroke-width: 1.5px;
  }
  .draft {
    stroke: #251b31;
    stroke-width: 2px;
    stroke-dasharray: 5 4;
  }
  .zoom button[aria-pressed="true"] {
    background: var(--accent);
    color: var(--on-accent);
  }
  /* what is looked at closely is not covered; what is small shows one frame alone */
  :host([shows="cell"]) .halo,
  :host([shows="place"]) g:not(.selected) {
    display: none;
  }
  :host([shows="cell"]) .frame {
    stroke-width: 1.5px;
    opacity: 0.35;
  }
  :host([shows="cell"]) .selected .frame {
    stroke-width: 2px;
    opacity: 0.8;
  }
  :host([shows="place"]) .frame,
  :host([blind]) .frame {
    stroke: #251b31;
    stroke-width: 2px;
    stroke-dasharray: none;
  }
  :host([shows="place"]) .halo {
    stroke-width: 5px;
  }
  text {
    font-weight: 650;
    fill: #fff;
  }
  @media print {
    .window {
      height: auto;
      background: none;
      box-shadow: none;
    }
    .content {
      position: relative;
      width: 100% !important;
      height: auto !important;
      transform: none !important;
    }
    .content > :is(img, canvas) {
      position: static;
      height: auto;
    }
    .zoom {
      display: none;
    }
  }
`;
