// A dialog that takes the whole window, with a line at its top: review and quiz.
import { css } from "lit";

export const fullWindow = css`
  dialog {
    width: 100vw;
    max-width: none;
    height: 100dvh;
    max-height: none;
    padding: 0;
    border-radius: 0;
    background: var(--paper);
  }
  dialog[open] {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    grid-template-rows: auto minmax(0, 1fr) auto;
  }
  dialog:focus {
    outline: none;
  }
  header {
    display: flex;
    align-items: center;
    padding: 8px clamp(8px, 1.4vw, 20px);
  }
  h2 {
    margin: 0;
    font-size: 1.125rem;
    font-weight: 650;
  }
`;
