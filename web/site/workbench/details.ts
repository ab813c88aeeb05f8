// Details of an answer: the time that each step took, the model, the engine.
import { css, html, type TemplateResult } from "lit";
import { formatPercent, Localised } from "../i18n/index.js";
import { picture } from "../i18n/picture.js";
import { describeDecoder, formatMs, totalMs } from "../i18n/summary.js";
import { classifiers } from "../state/classifiers.js";
import { type Findings, store } from "../state/store.js";
import { subscribe } from "../state/subscribe.js";
import { controls } from "../ui/controls.js";
import { engineLine, modelLine, none } from "./in-force.js";

class Details extends Localised {
  static override properties = { compact: { type: Boolean } };

  /** Folded away. */
  declare compact: boolean;

  static override styles = [
    controls,
    css`
      dl {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 4px 16px;
        margin: 0;
        font-size: 0.875rem;
      }
      dt {
        color: var(--quiet);
      }
      dd {
        margin: 0;
        font-variant-numeric: tabular-nums;
        overflow-wrap: anywhere;
      }
    `,
  ];

  constructor() {
    super();
    this.compact = false;
    subscribe(this, store, classifiers);
  }

  override render(): TemplateResult {
    const { outcome, note } = store.picture ?? {};
    const details = list(outcome?.kind === "found" ? outcome : undefined, note);
    return html`
      <details class="fold" ?open=${!this.compact}>
        <summary>${picture.words.details.title}</summary>
        <dl>${details.map(([term, value]) => html`<dt>${term}</dt><dd>${value}</dd>`)}</dl>
        <leuko-profile></leuko-profile>
      </details>
    `;
  }
}

function list(found: Findings | undefined, note: string | undefined): readonly (readonly [string, string])[] {
  const { details } = picture.words;
  const { timings } = found ?? {};
  const ms = (value: number | undefined) => (value === undefined ? none : formatMs(value));
  const typicality = store.cell?.cell.typicality ?? undefined;
  return [
    [details.time, ms(timings && totalMs(timings))],
    [details.decode, found ? `${ms(timings?.decodeMs)}, ${describeDecoder(found.decoder)}` : none],
    ...[note ?? [], found?.notes ?? []].flat().map((note) => [details.notes, note] as const),
    [details.locate, ms(timings?.locateMs)],
    [details.prepare, ms(timings?.prepareMs)],
    [details.infer, ms(timings?.inferMs)],
    [details.typicality, typicality === undefined ? none : formatPercent(typicality)],
    [details.model, modelLine(found?.model)],
    [details.engine, engineLine()],
  ];
}

customElements.define("leuko-details", Details);
