// Styles that the kiosk's screens share: large touch targets.
import { css } from "lit";

export const controls = css`
  button {
    min-width: 64px;
    min-height: max(64px, 3.2em);
    padding: 0.5em 1.4em;
    border: 2px solid var(--line);
    border-radius: 1.6em;
    background: var(--panel);
    color: var(--ink);
    font: inherit;
    font-weight: 600;
    cursor: pointer;
    touch-action: manipulation;
  }
  button.first {
    border-color: var(--accent);
    background: var(--accent);
    color: var(--on-accent);
  }
  button:active {
    transform: scale(0.97);
  }
  button:disabled {
    opacity: 0.5;
    cursor: default;
  }
  button:focus-visible {
    outline: 4px solid var(--accent);
    outline-offset: 4px;
  }
  h1,
  h2,
  p {
    margin: 0;
    text-wrap: balance;
  }
  h1 {
    font-size: 2.4em;
    font-weight: 650;
    line-height: 1.15;
    letter-spacing: -0.02em;
  }
  h2 {
    font-size: 1.6em;
    font-weight: 650;
    line-height: 1.2;
  }
  .quiet {
    color: var(--quiet);
  }
`;

/** A picture beside what is said of it; above it on an upright screen. */
export const sideBySide = css`
  .sides {
    display: grid;
    grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
    align-items: center;
    gap: 3em;
    height: 100%;
  }
  .said {
    display: grid;
    align-content: center;
    gap: 1.1em;
  }
  @media (height <= 640px) and (orientation: landscape) {
    .said {
      gap: 0.5em;
    }
  }
  @media (orientation: portrait) {
    .sides {
      grid-template-columns: minmax(0, 1fr);
      grid-template-rows: auto 1fr;
      align-items: start;
      gap: 1.4em;
    }
    .said {
      align-content: start;
    }
  }
  @media (orientation: portrait) and (width < 700px) {
    .sides {
      gap: 0.8em;
    }
    .said {
      gap: 0.7em;
    }
  }
`;
