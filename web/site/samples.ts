// Cells drawn by our own renderer, for those who have no picture at hand. `leukolens-smear` makes the files at build time.
import { css, html, LitElement, type TemplateResult } from "lit";

const urls: Record<string, string> = import.meta.glob("../../build/samples/*/*.jpg", {
  eager: true,
  query: "?url",
  import: "default",
});

/** Each class has its folder. */
const samples = Object.entries(urls).map(([path, url]) => ({
  url,
  cell: /(\w+)\/[^/]*$/.exec(path)?.[1] ?? "cell",
}));

class Samples extends LitElement {
  static override styles = css`
    h2 {
      margin: 0 0 10px;
      font-size: 1rem;
      font-weight: 600;
    }
    h2 span {
      font-weight: 400;
      color: var(--quiet);
    }
    ul {
      display: grid;
      grid-template-columns: repeat(auto-fill, minmax(118px, 1fr));
      gap: 12px;
      margin: 0;
      padding: 0;
      list-style: none;
    }
    button {
      width: 100%;
      padding: 0;
      border: 0;
      border-radius: 14px;
      background: var(--card);
      color: inherit;
      font: inherit;
      font-size: 0.875rem;
      overflow: hidden;
      box-shadow: var(--shadow);
      cursor: pointer;
    }
    button:focus-visible {
      outline: 3px solid var(--accent);
      outline-offset: 3px;
    }
    img {
      display: block;
      width: 100%;
      height: auto;
      aspect-ratio: 4 / 3;
      object-fit: cover;
      transition: transform 0.25s;
    }
    button:hover img {
      transform: scale(1.05);
    }
    span.name {
      display: block;
      padding: 6px 8px 8px;
      text-transform: capitalize;
    }
    @media (max-width: 480px) {
      ul {
        grid-template-columns: 1fr 1fr;
      }
    }
    @media (prefers-reduced-motion: reduce) {
      img {
        transition: none;
      }
    }
  `;

  override render(): TemplateResult {
    return html`
      <h2>Try a drawn cell <span>Drawn by a program, not photographed.</span></h2>
      <ul>
        ${samples.map(
          ({ url, cell }) => html`
            <li>
              <button @click=${() => this.choose(url, cell)}>
                <img src=${url} alt="" width="160" height="120" /><span class="name">${cell}</span>
              </button>
            </li>
          `,
        )}
      </ul>
    `;
  }

  private async choose(url: string, cell: string): Promise<void> {
    const blob = await (await fetch(url)).blob();
    this.dispatchEvent(
      new CustomEvent("picture", { detail: new File([blob], `drawn ${cell}`, { type: blob.type }) }),
    );
  }
}

customElements.define("leuko-samples", Samples);
