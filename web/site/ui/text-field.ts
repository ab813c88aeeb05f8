// A field of one line to type in, as round as the buttons beside it.
import { css } from "lit";

export const textField = css`
  input:not([type="checkbox"]) {
    min-width: 0;
    min-height: 44px;
    padding-inline: 14px;
    border: 1px solid var(--edge);
    border-radius: 22px;
    background: var(--card);
    color: inherit;
    font: inherit;
  }
`;
