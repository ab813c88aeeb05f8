// The index of the atlas: by class, and by sign, where what the classes have of one sign stands together.
import { css, html, type TemplateResult } from "lit";
import { formatNumber, Localised, nameOf } from "../i18n/index.js";
import { onDemand } from "../i18n/on-demand.js";
import { controls } from "../ui/controls.js";
import { atlasCells, type Topic, topics } from "./signs.js";

class AtlasContents extends Localised {
  static override styles = [
    controls,
    css`
      nav {
        margin-block-start: 12px;
      }
      ul,
      dl,
      dd,
      h3 {
        margin: 0;
        padding: 0;
      }
      ul {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
        list-style: none;
      }
      a {
        color: var(--accent);
        font-weight: 600;
      }
      a.button {
        font-size: 0.9375rem;
        text-decoration: none;
      }
      a:focus-visible {
        outline: 3px solid var(--accent);
        outline-offset: 2px;
      }
      details {
        margin-block-start: 10px;
      }
      .topics {
        columns: 3 300px;
        column-gap: 36px;
      }
      section {
        break-inside: avoid;
        padding-block-end: 14px;
      }
      h3 {
        font-size: 1rem;
      }
      dl {
        font-size: 0.9375rem;
      }
      dt {
        margin-block-start: 4px;
      }
      dt a {
        display: inline-block;
        min-height: 24px;
      }
    `,
  ];

  override render(): TemplateResult {
    const { contents: say } = onDemand.words.atlas;
    return html`
      <nav aria-label=${say.byClass}>
        <ul>${Object.keys(atlasCells).map((label) => html`<li><a class="button" href=${`#atlas/${label}`}>${nameOf(label)}</a></li>`)}</ul>
        <details class="fold">
          <summary>${say.bySign}</summary>
          <div class="topics">
            ${topics.map((topic) => html`<section><h3>${say.topics[topic]}</h3><dl>${this.entries(topic)}</dl></section>`)}
          </div>
        </details>
      </nav>
    `;
  }

  private entries(topic: Topic): readonly TemplateResult[] {
    return Object.keys(atlasCells)
      .map((label) => ({ label, lines: linesOf(label, topic) }))
      .filter(({ lines }) => lines.length > 0)
      .map(
        ({ label, lines }) => html`
          <dt><a href=${`#atlas/${label}`}>${nameOf(label)}</a></dt>
          ${lines.map((line) => html`<dd>${line}</dd>`)}
        `,
      );
  }
}

/** What a class has of a sign; every class has a size. */
function linesOf(label: string, topic: Topic): readonly string[] {
  const { cells, contents } = onDemand.words.atlas;
  const cell = atlasCells[label];
  if (!cell) return [];
  const [least, most] = cell.size;
  const size = topic === "size" ? [contents.size(formatNumber(least), formatNumber(most))] : [];
  const signs = cell.signs.flatMap(({ about }, index) =>
    about === topic ? (cells[label]?.signs[index] ?? []) : [],
  );
  return [...size, ...signs];
}

customElements.define("leuko-atlas-contents", AtlasContents);
