// A panel with a list of what can be chosen: its title with a number, and how what is chosen shows.
import { type CSSResult, css } from "lit";

export const listPanel: CSSResult = css`
  header {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 6px 16px;
  }
  h2 {
    margin: 0;
    font-size: 1.125rem;
    font-weight: 650;
  }
  h2 span {
    color: var(--quiet);
    font-weight: 400;
  }
  .list {
    outline-offset: -3px;
  }
  [role="option"] {
    border: 2px solid transparent;
    border-radius: 14px;
    cursor: pointer;
  }
  [role="option"]:is(:hover, [aria-selected="true"]) {
    background: var(--tint);
  }
  [role="option"][aria-selected="true"] {
    border-color: var(--accent);
  }
`;
