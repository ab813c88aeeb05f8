// The look that all buttons, choices and panels share.
import { type CSSResult, css } from "lit";

export const controls: CSSResult = css`
  *,
  ::before,
  ::after {
    box-sizing: border-box;
  }
  button,
  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 8px;
    min-height: 44px;
    min-width: 44px;
    padding: 0 16px;
    border: 1px solid var(--edge);
    border-radius: 22px;
    background: var(--card);
    color: var(--ink);
    font: inherit;
    font-weight: 600;
    cursor: pointer;
  }
  button.icon {
    padding: 0;
  }
  button.main {
    min-height: 48px;
    padding-inline: 24px;
    border-color: transparent;
    border-radius: 24px;
    background: var(--accent);
    color: var(--on-accent);
  }
  button:hover:not(:disabled) {
    background: var(--tint);
  }
  button.main:hover:not(:disabled) {
    background: color-mix(in srgb, var(--accent) 88%, var(--ink));
  }
  button:disabled {
    border-color: var(--line);
    color: var(--faint);
    cursor: default;
  }
  select {
    min-height: 44px;
    max-width: 100%;
    padding-inline: 10px;
    border: 1px solid var(--edge);
    border-radius: 22px;
    background: var(--card);
    color: inherit;
    font: inherit;
    font-size: 0.9375rem;
    cursor: pointer;
  }
  button svg {
    flex: none;
  }
  :is(button, input, select, summary, [tabindex]):focus-visible {
    outline: 3px solid var(--accent);
    outline-offset: 2px;
  }
  kbd {
    flex: none;
    min-width: 1.6em;
    padding: 0 0.35em;
    border: 1px solid currentColor;
    border-radius: 5px;
    font: inherit;
    font-size: 0.75rem;
    line-height: 1.5;
    text-align: center;
    white-space: nowrap;
    opacity: 0.75;
  }
  @media (hover: none) {
    kbd {
      display: none;
    }
  }
  .panel {
    padding: clamp(16px, 2vw, 26px);
    border-radius: var(--radius);
    background: var(--card);
    box-shadow: var(--shadow);
  }
  dialog {
    border: 0;
    border-radius: var(--radius);
    background: var(--card);
    color: var(--ink);
    box-shadow: var(--shadow);
  }
  dialog::backdrop {
    background: rgb(20 10 30 / 50%);
  }
  .fold {
    border-block-start: 1px solid var(--line);
    padding-block-start: 8px;
  }
  .fold > summary {
    display: flex;
    align-items: center;
    min-height: 44px;
    font-weight: 600;
    overflow-wrap: anywhere;
    cursor: pointer;
  }
  .fold > summary::before {
    content: "";
    width: 0.5em;
    height: 0.5em;
    margin-inline-end: 0.8em;
    border: solid currentColor;
    border-width: 0 2px 2px 0;
    transform: rotate(-45deg);
  }
  .fold[open] > summary::before {
    transform: rotate(45deg);
  }
  .hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  @media (forced-colors: active) {
    [aria-pressed="true"],
    [aria-selected="true"],
    [aria-current] {
      outline: 3px solid Highlight;
      outline-offset: -3px;
    }
    .dot {
      forced-color-adjust: none;
    }
  }
  @media print {
    button {
      display: none;
    }
  }
`;
