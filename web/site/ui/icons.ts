// Line drawings of 24 x 24 for buttons; the buttons say in words what they do.
import { html, svg, type TemplateResult } from "lit";

const paths = {
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  fit: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
  undo: "M4 10h10a5 5 0 0 1 0 10h-3M4 10l5-5M4 10l5 5",
  redo: "M20 10H10a5 5 0 0 0 0 10h3M20 10l-5-5M20 10l-5 5",
  frame: "M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4M12 9v6M9 12h6",
  keys: "M3 7h18v11H3zM7 11v.01M10.5 11v.01M14 11v.01M17 11v.01M8 14.5h8",
  lock: "M6 11h12v9H6zM9 11V8a3 3 0 0 1 6 0v3",
  flask: "M10 4h4M11 4v6l-5 8a1.5 1.5 0 0 0 1.3 2h9.4a1.5 1.5 0 0 0 1.3-2l-5-8V4M8.5 15h7",
  columns: "M4 5h4v14H4zM10 5h4v9h-4zM16 5h4v12h-4z",
  several: "M4 5h7v7H4zM13 12h7v7h-7zM15 6l2 2 3-4M5 17l2 2 3-4",
  check: "M5 13l4 4L19 7",
  close: "M6 6l12 12M18 6 6 18",
  pause: "M9 6v12M15 6v12",
  play: "M8 5l11 7-11 7z",
  picture: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9.5v.01",
  folder: "M4 6h6l2 2h8v11H4z",
  camera: "M4 8h4l2-3h4l2 3h4v11H4zM12 16a3 3 0 1 0 0-6 3 3 0 0 0 0 6z",
  save: "M12 4v11M8 11l4 4 4-4M5 19h14",
  share: "M12 15V4M8 8l4-4 4 4M6 11H4v9h16v-9h-2",
  print: "M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7z",
  bin: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
} as const;

export type Icon = keyof typeof paths;

export function icon(name: Icon): TemplateResult {
  return html`<svg viewBox="0 0 24 24" width="22" height="22" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${svg`<path d=${paths[name]} />`}</svg>`;
}
