// Cells and fields drawn by our own renderer, for those who have no picture at hand. `leukolens-smear` makes the files at build time.
import { css, html, type TemplateResult } from "lit";
import { Localised, nameOf, words } from "../i18n/index.js";
import { controls } from "../ui/controls.js";

const urls: Record<string, string> = import.meta.glob("../../../build/samples/*/*.jpg", {
  eager: true,
  query: "?url",
  import: "default",
});

const previews: Record<string, string> = import.meta.glob("../../../build/previews/*/*.jpg", {
  eager: true,
  query: "?url",
  import: "default",
});

const previewOf = (path: string): string | undefined => previews[path.replace("/samples/", "/previews/")];

/** Each class has its folder; `field` is the folder of whole fields, which come last. */
const samples = Object.entries(urls)
  .map(([path, url]) => ({
    url,
    preview: previewOf(path) ?? url,
    kind: /(\w+)\/[^/]*$/.exec(path)?.[1] ?? "",
  }))
  .sort((one, other) => Number(one.kind === "field") - Number(other.kind === "field"));

/** Detail of the event "sample". */
export interface Sample {
  readonly file: Blob;
  readonly name: string;
}

/** One of them, to be looked at before anything else is. */
export const firstSample = samples.find(({ kind }) => kind === "field") ?? samples[0];

/** What lies in the eyepiece until then. */
export const firstView = Object.entries(previews).find(([path]) => path.includes("/eyepiece/"))?.[1];

/** Fetches a sample and hands it on as the event "sample" of `host`. */
export async function chooseSample(
  host: HTMLElement,
  { url, kind }: (typeof samples)[number],
): Promise<void> {
  const response = await fetch(url).catch(() => undefined);
  const name = words.workbench.samples.nameOf(nameOfSample(kind));
  const detail = response?.ok ? { file: await response.blob(), name } : undefined;
  const options = { detail, bubbles: true, composed: true };
  host.dispatchEvent(new CustomEvent<Sample | undefined>("sample", options));
}

function nameOfSample(kind: string): string {
  return kind === "field" ? words.workbench.samples.field : nameOf(kind);
}

class Samples extends Localised {
  static override properties = { strip: { type: Boolean, reflect: true } };

  /** In one row, round, as under a microscope. */
  declare strip: boolean;

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
        :host([strip]) h2 {
          margin: 0 0 4px;
          font-size: 0.8125rem;
        }
        ul {
          grid-template-columns: 1fr 1fr;
        }
      }
      @media (prefers-reduced-motion: reduce) {
        img {
          transition: none;
        }
      }
      :host([strip]) ul {
        grid-template-columns: none;
        grid-auto-flow: column;
        grid-auto-columns: minmax(86px, 1fr);
        gap: 8px;
        padding: 6px;
        margin: -6px;
        overflow-x: auto;
        scrollbar-width: thin;
      }
      :host([strip]) button {
        display: grid;
        justify-items: center;
        border-radius: 14px;
        background: none;
        box-shadow: none;
        font-size: 0.8125rem;
        line-height: 1.2;
      }
      :host([strip]) img {
        width: 64px;
        aspect-ratio: 1;
        border: 4px solid #0e0914;
        border-radius: 50%;
      }
      :host([strip]) span.name {
        padding: 6px 2px;
      }
      @media print {
        :host {
          display: none;
        }
      }
    `,
  ];

  constructor() {
    super();
    this.strip = false;
  }

  override render(): TemplateResult {
    const { samples: say } = words.workbench;
    return html`
      <h2>${say.title} <span>${say.drawn}</span></h2>
      <ul>
        ${samples.map((sample) => {
          const name = nameOfSample(sample.kind);
          return html`
            <li>
              <button @click=${() => chooseSample(this, sample)}>
                <img src=${sample.preview} alt="" width="160" height="120" loading="lazy" /><span class="name">${name}</span>
              </button>
            </li>
          `;
        })}
      </ul>
    `;
  }
}

customElements.define("leuko-samples", Samples);
