// The invitation that stands where the first picture will be. Both have the same size, so that nothing on the page moves.
import { css, html, svg, type TemplateResult } from "lit";
import { Localised, words } from "../i18n/index.js";

class EmptyState extends Localised {
  static override styles = css`
    :host {
      display: grid;
      place-items: center;
      overflow: hidden;
      border: 2px dashed var(--line);
      border-radius: var(--radius);
      background: radial-gradient(circle at 50% 45%, var(--card) 20%, var(--rose) 85%);
    }
    div {
      text-align: center;
      padding: 16px;
    }
    svg {
      width: 260px;
      max-width: 60%;
      height: auto;
    }
    h2 {
      margin: 8px 0 0;
      font-size: 1.25rem;
      font-weight: 600;
      letter-spacing: -0.01em;
    }
    p {
      margin: 0;
      color: var(--quiet);
    }
  `;

  override render(): TemplateResult {
    return html`
      <div>
        ${drawing}
        <h2>${words.workbench.emptyState.title}</h2>
        <p>${words.workbench.emptyState.detail}</p>
      </div>
    `;
  }
}

const redCell = (x: number, y: number, r: number) => svg`
  <circle cx=${x} cy=${y} r=${r} fill="#e7a9ae" opacity="0.5" />
  <circle cx=${x + 1} cy=${y} r=${r * 0.45} fill="#fbeceb" opacity="0.75" />`;

const drawing = html`
  <svg viewBox="0 0 260 150" aria-hidden="true">
    ${redCell(36, 44, 24)} ${redCell(58, 112, 26)} ${redCell(214, 36, 25)} ${redCell(226, 106, 24)}
    <circle cx="130" cy="75" r="54" fill="#dfcbf0" />
    <g fill="none" stroke="#6b3fb4" stroke-linecap="round" stroke-linejoin="round">
      <path d="M108 62 143 54 152 91 122 102" stroke-width="9" />
      <path d="M106 61l6 3M140 52l6 5M153 88l-2 7M124 104l-6-3" stroke-width="25" />
    </g>
  </svg>
`;

customElements.define("leuko-empty-state", EmptyState);
