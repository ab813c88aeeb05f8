// Of the workbench: its columns on wide screens, one below the other on narrow ones, and on paper.
import { type CSSResult, css } from "lit";

export const style: CSSResult = css`
  :host {
    display: grid;
    grid-template-columns: minmax(0, 1.06fr) minmax(0, 1fr);
    gap: clamp(12px, 2vw, 24px);
    align-items: start;
    max-width: 1240px;
    margin-inline: auto;
  }
  .picture,
  .side,
  .batch {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: inherit;
  }
  .picture {
    align-self: stretch;
    grid-template-rows: auto auto auto 1fr;
  }
  leuko-viewer {
    aspect-ratio: 4 / 3;
    width: 100%;
    max-height: 76vh;
    align-self: start; /* stretched, its ratio has Chromium lay out the whole page many times over: 60 ms for each change */
  }
  :host([dragging]) leuko-viewer {
    outline: 3px dashed var(--accent);
    outline-offset: 4px;
    border-radius: var(--radius);
  }
  .intake {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
    min-height: 48px;
  }
  .intake p {
    flex: 1 1 9em;
    margin: 0;
    margin-inline-start: 8px;
    color: var(--quiet);
  }
  leuko-toolbar {
    display: block;
    min-height: 44px;
  }
  :host(.empty) {
    grid-template-columns: minmax(0, 1fr);
    max-width: none;
  }
  .notices {
    grid-column: 1 / -1;
    display: grid;
    gap: 8px;
  }
  .notices:empty {
    display: none;
  }
  .notices p {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 12px;
    margin: 0;
    padding: 4px 4px 4px 18px;
    border-radius: 14px;
    background: var(--tint);
    overflow-wrap: anywhere;
  }
  .notices span {
    white-space: pre-line;
  }
  .notices .urgent {
    color: var(--warning);
    font-weight: 600;
  }
  .notices button {
    border: 0;
    background: none;
    color: inherit;
  }
  @media (min-width: 1500px) {
    :host(.many) {
      grid-template-columns: minmax(0, 1.5fr) minmax(340px, 0.7fr) minmax(360px, 0.8fr);
      max-width: none;
    }
    :host(.many) .side {
      display: contents;
    }
  }
  @media (max-width: 860px) {
    :host {
      grid-template-columns: minmax(0, 1fr);
    }
    .picture,
    .side {
      display: contents;
    }
    leuko-cell {
      order: 1;
    }
    .intake,
    .below {
      order: 2;
    }
    .batch {
      order: 3;
    }
    leuko-toolbar {
      min-height: 96px;
    }
    .intake .main {
      flex: 1 1 100%;
    }
    .intake p {
      display: none;
    }
  }
  .paper {
    display: none;
  }
  @media print {
    :host {
      display: flex;
      flex-direction: column;
      align-items: stretch;
      max-width: none;
    }
    .picture,
    .side {
      display: contents;
    }
    .paper {
      display: block;
      margin: 0;
    }
    .below {
      order: 1;
    }
    leuko-viewer {
      aspect-ratio: auto;
      max-height: none;
    }
    .panel {
      padding: 0;
      box-shadow: none;
    }
    .intake,
    leuko-toolbar,
    .notices,
    :host(.many) leuko-cell {
      display: none;
    }
  }
`;
