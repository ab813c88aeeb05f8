// The atlas: each class drawn as a textbook would, with numbered signs, their sources, and what it is easily taken for.
import { css, html, nothing, svg, type TemplateResult } from "lit";
import { formatNumber, Localised, nameOf } from "../i18n/index.js";
import { onDemand } from "../i18n/on-demand.js";
import { callout, pallor } from "./shapes.js";
import "./contents.js";
import { type AtlasCell, atlasCells, type Sign, type SourceId, sources } from "./signs.js";

/**
 * With a label, that class alone, as a panel beside a result; without, the whole atlas as a section of the page. `brief`: the drawing
 * and what to look for, to be seen beside another.
 */
class Atlas extends Localised {
  static override properties = { label: {}, brief: { type: Boolean, reflect: true } };

  declare label: string | undefined;
  declare brief: boolean;

  static override styles = css`
    :host {
      display: block;
      container-type: inline-size;
    }
    h2,
    h3,
    h4,
    p,
    figure,
    ol,
    ul,
    dl,
    dd {
      margin: 0;
      padding: 0;
    }
    h2 {
      font-size: 1.5rem;
      letter-spacing: -0.02em;
    }
    h3 {
      font-size: 1.25rem;
      letter-spacing: -0.01em;
    }
    h4 {
      margin-block: 14px 6px;
      font-size: 0.9375rem;
    }
    .intro,
    figcaption {
      color: var(--quiet);
    }
    figcaption {
      margin-block-start: 8px;
      font-size: 0.875rem;
    }
    .cells {
      display: grid;
      gap: clamp(14px, 2cqi, 24px);
      margin-block: 18px;
    }
    article {
      display: grid;
      gap: 6px 28px;
    }
    article:focus {
      outline: none;
    }
    .cells article:focus-visible {
      outline: 3px solid var(--accent);
    }
    .cells article {
      padding: clamp(16px, 2.4cqi, 28px);
      border-radius: var(--radius);
      background: var(--card);
      box-shadow: var(--shadow);
      scroll-margin-block-start: 16px;
    }
    @container (min-width: 640px) {
      article {
        grid-template-columns: minmax(280px, 0.9fr) 1fr;
        align-items: start;
      }
    }
    :host([brief]) article {
      grid-template-columns: minmax(0, 1fr);
    }
    :host([brief]) :is(ol, li) {
      gap: 4px 8px;
    }
    :host([brief]) :is(h3, ol) {
      font-size: 0.875rem;
      line-height: 1.4;
    }
    svg.drawing {
      display: block;
      width: 100%;
      height: auto;
      border-radius: 14px;
      background: #fcf5f2;
      font-family: inherit;
    }
    ol,
    ul {
      display: grid;
      gap: 8px;
      list-style: none;
    }
    li {
      display: grid;
      grid-template-columns: 24px 1fr;
      gap: 10px;
    }
    .number {
      display: grid;
      place-items: center;
      width: 24px;
      height: 24px;
      border-radius: 12px;
      background: var(--accent);
      color: var(--on-accent);
      font-size: 0.8125rem;
      font-weight: 700;
    }
    .number.none {
      background: var(--tint);
      color: var(--ink);
    }
    .cite {
      color: var(--quiet);
      font-size: 0.8125rem;
      white-space: nowrap;
    }
    dt {
      font-weight: 600;
    }
    dd + dt {
      margin-block-start: 6px;
    }
    .sources {
      padding-block-start: 12px;
      font-size: 0.8125rem;
      color: var(--quiet);
    }
    .sources li {
      grid-template-columns: 20px 1fr;
      gap: 4px;
    }
    .sources h4 {
      margin-block-start: 0;
      color: var(--ink);
    }
  `;

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("hashchange", this.onHash);
  }

  override disconnectedCallback(): void {
    window.removeEventListener("hashchange", this.onHash);
    super.disconnectedCallback();
  }

  override firstUpdated(): void {
    this.onHash();
  }

  /** `#atlas/monocyte` leads to that class. */
  private readonly onHash = () => {
    const [part, label] = location.hash.slice(1).split("/");
    if (part !== "atlas" || this.label !== undefined || !label || !(label in atlasCells)) return;
    const entry = this.renderRoot.querySelector<HTMLElement>(`#${label}`);
    entry?.scrollIntoView();
    entry?.focus({ preventScroll: true });
  };

  override render(): TemplateResult | typeof nothing {
    if (this.label === undefined) return this.whole();
    const cell = atlasCells[this.label];
    if (!cell) return nothing;
    return this.brief
      ? this.summary(this.label, cell)
      : html`${this.article(this.label, cell)}${this.list(cited(cell))}`;
  }

  private summary(label: string, cell: AtlasCell): TemplateResult {
    return html`
      <article aria-label=${nameOf(label)}>
        ${this.drawing(label, cell)}
        <ol>${cell.signs.map((sign, index) => this.sign(label, sign, index, false))}</ol>
      </article>
    `;
  }

  private drawing(label: string, cell: AtlasCell): TemplateResult {
    return html`
      <svg class="drawing" viewBox="0 0 320 240" role="img" aria-label=${onDemand.words.atlas.drawingOf(nameOf(label))}>
        ${pallor}${cell.draw()}
        ${cell.signs.map(({ tip, label: at }, index) => (tip && at ? callout(index + 1, tip, at) : svg``))}
      </svg>
    `;
  }

  private sign(label: string, { tip, sources }: Sign, index: number, cited: boolean): TemplateResult {
    return html`
      <li>
        <span class="number ${tip ? "" : "none"}" aria-hidden="true">${tip ? index + 1 : "+"}</span>
        <span>${onDemand.words.atlas.cells[label]?.signs[index]} ${cited ? cite(sources) : nothing}</span>
      </li>
    `;
  }

  private whole(): TemplateResult {
    const { title, intro } = onDemand.words.atlas;
    return html`
      <h2>${title}</h2>
      <p class="intro">${intro}</p>
      <leuko-atlas-contents></leuko-atlas-contents>
      <div class="cells">${Object.entries(atlasCells).map(([label, cell]) => this.article(label, cell))}</div>
      ${this.list(sourceIds)}
    `;
  }

  private article(label: string, cell: AtlasCell): TemplateResult {
    const { atlas } = onDemand.words;
    const [least, most] = cell.size;
    const entry = atlas.cells[label];
    return html`
      <article id=${label} tabindex="-1" aria-label=${nameOf(label)}>
        <figure>
          ${this.drawing(label, cell)}
          <figcaption>
            ${atlas.scale(formatNumber(least), formatNumber(most))} ${cite([cell.sizeSource])}
          </figcaption>
        </figure>
        <div>
          ${this.label === undefined ? html`<h3>${nameOf(label)}</h3><h4>${atlas.signs}</h4>` : nothing}
          <ol>${cell.signs.map((sign, index) => this.sign(label, sign, index, true))}</ol>
          <h4>${atlas.confusions}</h4>
          <dl>
            ${Object.entries(entry?.confusions ?? {}).map(
              ([other, difference]) => html`<dt>${nameOf(other)}</dt><dd>${difference}</dd>`,
            )}
          </dl>
        </div>
      </article>
    `;
  }

  private list(ids: readonly SourceId[]): TemplateResult {
    return html`
      <section class="sources">
        <h4>${onDemand.words.atlas.sources}</h4>
        <ul>
          ${ids.map((id) => html`<li><span>${numberOf(id)}</span><span lang="en">${sources[id]}</span></li>`)}
        </ul>
      </section>
    `;
  }
}

const sourceIds = Object.keys(sources) as SourceId[];

const numberOf = (id: SourceId): number => sourceIds.indexOf(id) + 1;

const cited = ({ signs, sizeSource }: AtlasCell): SourceId[] =>
  sourceIds.filter((id) => id === sizeSource || signs.some((sign) => sign.sources.includes(id)));

const cite = (ids: readonly SourceId[]): TemplateResult => html`
  <span class="cite">[${ids.map(
    (id, index) =>
      html`${index > 0 ? ", " : ""}<span role="img" aria-label=${onDemand.words.atlas.source(numberOf(id))}>${numberOf(id)}</span>`,
  )}]</span>
`;

customElements.define("leuko-atlas", Atlas);
