// What a model's file says of the model: what goes in, how large it is, how it was trained, and its layers.
import type { LayerDescription, ModelDescription } from "leukolens";
import { html, nothing, type TemplateResult } from "lit";
import { formatNumber, formatPercent, Localised, nameOf } from "../i18n/index.js";
import { more } from "../i18n/more.js";
import { type Column, fact, shared, table } from "./style.js";

class ModelFacts extends Localised {
  static override properties = { model: { attribute: false } };

  declare model: ModelDescription;

  static override styles = shared;

  override render(): TemplateResult {
    const { facts } = more.words.model;
    return html`
      <h3>${facts.title}</h3>
      <h4>${this.model.name}</h4>
      <dl class="facts">${this.basics()}</dl>
      ${this.training()}
      <details>
        <summary>${facts.layers} (${formatNumber(this.model.layers.length)})</summary>
        ${this.layers()}
      </details>
    `;
  }

  private basics(): TemplateResult {
    const { facts } = more.words.model;
    const { labels, input, parameters, macs, calibration, rejection } = this.model;
    const describeInput = input.region === "cell" ? facts.ofCell : facts.ofWhole;
    const threshold = (value = 0) => (value > 0 ? formatPercent(value) : facts.never);
    return html`
      ${fact(facts.classes, labels.map(({ id }) => nameOf(id, labels)).join(", "))}
      ${fact(facts.input, describeInput(input.width, input.height))}
      ${fact(facts.parameters, formatNumber(parameters))}
      ${fact(facts.macs, facts.millions(formatNumber(macs / 1e6, 1)))}
      ${fact(facts.secondLook, input.second_look ? facts.turned(formatNumber(input.second_look, 1)) : facts.never)}
      ${fact(facts.calibration, facts.temperature(formatNumber(calibration.temperature, 2)))}
      ${fact(facts.unsureBelow, threshold(rejection.min_confidence))}
      ${fact(facts.rejectedBelow, threshold(rejection.reject_confidence))}
      ${fact(facts.strangeBelow, threshold(rejection.min_familiarity))}
    `;
  }

  private training(): TemplateResult | typeof nothing {
    const { facts } = more.words.model;
    const { training } = this.model;
    const known = Object.entries(facts.trained).filter(([key]) => isPlain(training[key]));
    if (known.length === 0) return nothing;
    return html`
      <details>
        <summary>${facts.training}</summary>
        <dl class="facts">${known.map(([key, term]) => fact(term, plain(training[key])))}</dl>
        ${typeof training.command === "string" ? html`<h4>${facts.command}</h4><pre>${training.command}</pre>` : nothing}
        ${typeof training.recipeText === "string" ? html`<h4>${facts.recipe}</h4><pre>${training.recipeText}</pre>` : nothing}
      </details>
    `;
  }

  private layers(): TemplateResult {
    const { facts } = more.words.model;
    const columns: Column<LayerDescription>[] = [
      { heading: facts.layer, of: ({ name }) => name },
      { heading: facts.kind, of: ({ type }) => html`<code>${type}</code>` },
      { heading: facts.settings, of: settings },
    ];
    return table(facts.layers, columns, this.model.layers);
  }
}

const settings = ({ type, name, ...others }: LayerDescription): string =>
  Object.entries(others)
    .map(([setting, value]) => `${setting} ${value}`)
    .join(", ");

/** A file may say anything of its training; only what can be read as one line is shown. */
const isPlain = (value: unknown): boolean =>
  typeof value === "number" ||
  (typeof value === "string" && value !== "") ||
  (Array.isArray(value) && value.every((part) => typeof part === "string"));

const plain = (value: unknown): string => {
  if (typeof value === "number") return formatNumber(value, Number.isInteger(value) ? 0 : 1);
  return Array.isArray(value) ? value.join(", ") : String(value);
};

customElements.define("leuko-model-facts", ModelFacts);
