// The look of an eyepiece: what lies in it is round, and a dark ring holds it.
import { type CSSResult, css } from "lit";

export const ring: CSSResult = css`
  .glass {
    position: relative;
    width: 100%;
    height: 100%;
    overflow: hidden;
    border-radius: 50%;
    background: #f3e6e4;
    box-shadow:
      0 0 0 0.5em #0e0914,
      0 0 0 0.6em var(--line),
      0 0 2.4em rgb(205 176 255 / 30%);
  }
`;
