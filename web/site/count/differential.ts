// The differential count beside the picture: it follows every correction.
import { css, html, nothing, type TemplateResult } from "lit";
import { counting } from "../i18n/count.js";
import { formatNumber, Localised, words } from "../i18n/index.js";
import type { Labels } from "../state/classes.js";
import { classifiers } from "../state/classifiers.js";
import { type EdgeRule, edgeRules, enough } from "../state/count.js";
import { countSheet } from "../state/count-sheet.js";
import { mostCompared, type Repeat, repeatFinder } from "../state/repeat-finder.js";
import { store } from "../state/store.js";
import { subscribe } from "../state/subscribe.js";
import { type Tally, tally } from "../state/tally.js";
import { controls } from "../ui/controls.js";
import { icon } from "../ui/icons.js";
import "./progress.js";
import "./sample-form.js";
import "./second-count.js";
import { countTable, factsOf, tableStyle } from "./table.js";

/** Named in full up to this many, then by their number. */
const mostNamed = 4;

class DifferentialPanel extends Localised {
  static override properties = { one: { state: true } };

  /** Of the selected picture only. */
  declare private one: boolean;

  static override styles = [
    controls,
    tableStyle,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 12px;
      }
      header {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: 8px;
      }
      h2 {
        margin: 0;
        font-size: 1.125rem;
        font-weight: 650;
      }
      p,
      ul {
        margin: 0;
        color: var(--quiet);
        font-size: 0.875rem;
        overflow-wrap: anywhere;
      }
      ul {
        padding-inline-start: 1.2em;
      }
      label {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: 4px 12px;
        font-size: 0.9375rem;
      }
      a.button {
        text-decoration: none;
      }
      a:focus-visible {
        outline: 3px solid var(--accent);
        outline-offset: 2px;
      }
      @media print {
        select {
          border: 0;
          appearance: none;
        }
        label,
        a.button,
        leuko-sample-form,
        leuko-second-count {
          display: none;
        }
      }
    `,
  ];

  constructor() {
    super();
    this.one = false;
    subscribe(this, store, classifiers, countSheet, repeatFinder);
  }

  override render(): TemplateResult {
    const say = counting.words;
    const counted = tally(this.labels, this.one ? store.picture?.id : undefined);
    const { total } = counted.count;
    return html`
      <header><h2>${say.title}</h2>${store.pictures.length > 1 ? this.scope() : nothing}</header>
      <leuko-count-progress></leuko-count-progress>
      ${countTable(counted, this.labels)}
      <p>${say.total(formatNumber(total))}</p>
      <dl>${factsOf(counted, this.labels).map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
      ${this.repeats()} ${this.edges(counted)}
      <p>${total < enough ? say.tooFew : say.flags} ${say.source}</p>
      <leuko-sample-form></leuko-sample-form>
      <leuko-second-count></leuko-second-count>
      <div><a class="button" href=${"#report"}>${icon("print")}${say.report.open}</a></div>
      <p>${words.researchOnly}</p>
    `;
  }

  private get labels(): Labels {
    return classifiers.current?.model.labels ?? [];
  }

  private scope(): TemplateResult {
    const say = counting.words;
    const choose = ({ target }: Event) => {
      this.one = (target as HTMLSelectElement).value === "one";
    };
    return html`
      <select aria-label=${say.scope} @change=${choose}>
        <option value="all">${say.all}</option>
        <option value="one" ?selected=${this.one}>${say.one}</option>
      </select>
    `;
  }

  private repeats(): TemplateResult | typeof nothing {
    const say = counting.words;
    const { pictures } = repeatFinder;
    const isMany = store.pictures.length > mostCompared;
    if (pictures.length === 0 && !isMany) return nothing;
    return html`
      <ul aria-label=${say.repeats}>
        ${pictures.slice(0, mostNamed).map((repeat) => html`<li>${describeRepeat(repeat)}</li>`)}
        ${pictures.length > mostNamed ? html`<li>${say.report.more(pictures.length - mostNamed)}</li>` : nothing}
        ${isMany ? html`<li>${say.manyPictures(formatNumber(mostCompared))}</li>` : nothing}
      </ul>
    `;
  }

  /** Asked only where an edge cuts a cell. */
  private edges({ cut }: Tally): TemplateResult | typeof nothing {
    const { edges: say } = counting.words;
    const { edges } = countSheet.sheet;
    if (!cut) return nothing;
    const choose = ({ target }: Event) =>
      countSheet.set({ edges: (target as HTMLSelectElement).value as EdgeRule });
    return html`
      <label>
        ${say.label}
        <select @change=${choose}>
          ${edgeRules.map((rule) => html`<option value=${rule} ?selected=${rule === edges}>${say[rule]}</option>`)}
        </select>
      </label>
    `;
  }
}

export function describeRepeat({ picture, earlier, same }: Repeat): string {
  const nameOf = (id: string) => store.pictures.find((one) => one.id === id)?.name ?? "";
  const say = counting.words;
  return (same ? say.same : say.overlaps)(nameOf(picture), nameOf(earlier));
}

customElements.define("leuko-differential", DifferentialPanel);
