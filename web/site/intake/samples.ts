// Cells and fields drawn by our own renderer, for those who have no picture at hand. `leukolens-smear` makes the files at build time.
import { css, html, type TemplateResult } from "lit";
import { Localised, nameOf, words } from "../i18n/index.js";
import { controls } from "../ui/controls.js";

const urls: Record<string, string> = import.meta.glob("../../../build/samples/*/*.jpg", {
  eager: true,
  query: "?url",
  import: "default",
});

/** Each class has its folder; `field` is the folder of whole fields, which come last. */
const samples = Object.entries(urls)
  .map(([path, url]) => ({ url, kind: /(\w+)\/[^/]*$/.exec(path)?.[1] ?? "" }))
  .sort((one, other) => Number(one.kind === "field") - Number(other.kind === "field"));

/** Detail of the event "sample". */
export interface Sample {
  readonly file: Blob;
  readonly name: string;
}

class Samples extends Localised {
  static override styles = [
    controls,
    css`
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
        grid-template-columns: repeat(auto-fill, minmax(104px, 1fr));
        gap: 12px;
        margin: 0;
        padding: 0;
        list-style: none;
      }
      button {
        display: block;
        width: 100%;
        padding: 0;
        border: 0;
        border-radius: 14px;
        font-size: 0.875rem;
        font-weight: 400;
        overflow: hidden;
        box-shadow: var(--shadow);
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
      @media print {
        :host {
          display: none;
        }
      }
    `,
  ];

  override render(): TemplateResult {
    const { samples: say } = words.workbench;
    return html`
      <h2>${say.title} <span>${say.drawn}</span></h2>
      <ul>
        ${samples.map(({ url, kind }) => {
          const name = kind === "field" ? say.field : nameOf(kind);
          return html`
            <li>
              <button @click=${() => this.choose(url, say.nameOf(name))}>
                <img src=${url} alt="" width="160" height="120" loading="lazy" /><span class="name">${name}</span>
              </button>
            </li>
          `;
        })}
      </ul>
    `;
  }

  private async choose(url: string, name: string): Promise<void> {
    const response = await fetch(url).catch(() => undefined);
    const detail = response?.ok ? { file: await response.blob(), name } : undefined;
    this.dispatchEvent(new CustomEvent<Sample | undefined>("sample", { detail }));
  }
}

customElements.define("leuko-samples", Samples);
