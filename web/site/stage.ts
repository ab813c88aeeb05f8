// Where the picture goes in, and where it is then seen. Both have the same size, so that nothing on the page moves.
import { css, html, LitElement, svg, type TemplateResult } from "lit";
import type { Picture } from "./bench.js";

class Stage extends LitElement {
  static override properties = { picture: { attribute: false }, dragging: { type: Boolean, reflect: true } };

  declare picture: Picture | undefined;
  declare dragging: boolean;

  static override styles = css`
    .frame {
      position: relative;
      aspect-ratio: 4 / 3;
      display: grid;
      place-items: center;
      overflow: hidden;
      border-radius: var(--radius);
      border: 2px dashed var(--line);
      background: radial-gradient(circle at 50% 45%, var(--card) 20%, var(--rose) 85%);
      transition: border-color 0.2s;
    }
    .frame.filled {
      border: 2px solid transparent;
      background: var(--rose);
      box-shadow: var(--shadow);
    }
    :host([dragging]) .frame {
      border: 2px dashed var(--accent);
    }
    img {
      position: absolute;
      inset: 0;
      width: 100%;
      height: 100%;
      object-fit: contain;
    }
    .invitation {
      text-align: center;
      padding: 16px;
    }
    .invitation svg {
      width: 260px;
      max-width: 60vw;
      height: auto;
    }
    h2 {
      margin: 8px 0 0;
      font-size: 1.25rem;
      font-weight: 600;
      letter-spacing: -0.01em;
    }
    .bar {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 8px 16px;
      margin-top: 14px;
      min-height: 48px;
    }
    button {
      font: inherit;
      font-weight: 600;
      min-height: 48px;
      padding: 0 24px;
      border: 0;
      border-radius: 24px;
      background: var(--accent);
      color: var(--on-accent);
      cursor: pointer;
    }
    button:hover {
      filter: brightness(1.08);
    }
    button:focus-visible {
      outline: 3px solid var(--accent);
      outline-offset: 3px;
    }
    p {
      margin: 0;
      color: var(--quiet);
      overflow: hidden;
      text-overflow: ellipsis;
    }
    @media (max-width: 480px) {
      button {
        width: 100%;
      }
      .bar p {
        display: none;
      }
    }
    @media (prefers-reduced-motion: reduce) {
      .frame {
        transition: none;
      }
    }
  `;

  override render(): TemplateResult {
    const { picture } = this;
    return html`
      <div class="frame ${picture ? "filled" : ""}">
        ${
          picture
            ? html`<img src=${picture.url} alt="The picture that you chose: ${picture.name}" @error=${this.clear} />`
            : invitation
        }
      </div>
      <div class="bar">
        <button @click=${this.choose}>Choose a picture</button>
        <p>or drop one anywhere, or paste it</p>
        <input type="file" accept="image/*" hidden aria-label="Picture" @change=${this.onChange} />
      </div>
    `;
  }

  /** What the browser cannot show leaves no broken frame behind. */
  private clear(): void {
    this.picture = undefined;
  }

  private choose(): void {
    this.renderRoot.querySelector("input")?.click();
  }

  private onChange(event: Event): void {
    const input = event.target as HTMLInputElement;
    const file = input.files?.[0];
    if (file) this.dispatchEvent(new CustomEvent("picture", { detail: file }));
    input.value = ""; // so that choosing the same file again counts as a choice
  }
}

const redCell = (x: number, y: number, r: number) => svg`
  <circle cx=${x} cy=${y} r=${r} fill="#e7a9ae" opacity="0.5" />
  <circle cx=${x + 1} cy=${y} r=${r * 0.45} fill="#fbeceb" opacity="0.75" />`;

const invitation = html`
  <div class="invitation">
    <svg viewBox="0 0 260 150" aria-hidden="true">
      ${redCell(36, 44, 24)} ${redCell(58, 112, 26)} ${redCell(214, 36, 25)} ${redCell(226, 106, 24)}
      <circle cx="130" cy="75" r="54" fill="#dfcbf0" />
      <g fill="none" stroke="#6b3fb4" stroke-linecap="round" stroke-linejoin="round">
        <path d="M108 62 143 54 152 91 122 102" stroke-width="9" />
        <path d="M106 61l6 3M140 52l6 5M153 88l-2 7M124 104l-6-3" stroke-width="25" />
      </g>
    </svg>
    <h2>Show it a white blood cell</h2>
    <p>in a picture of a stained blood smear</p>
  </div>
`;

customElements.define("leuko-stage", Stage);
