// What a model's file says of the model: what goes in, how large it is, how it was trained, and its layers.
import type { LayerDescription, ModelDescription } from "leukolens";
import { html, nothing, type TemplateResult } from "lit";
import { formatNumber, formatPercent, Localised, nameOf } from "../i18n/index.js";
import { onDemand } from "../i18n/on-demand.js";
import { legible } from "../state/legible.js";
import { type Column, fact, shared, table } from "./style.js";

class ModelFacts extends Localised {
  static override properties = { model: { attribute: false } };

  declare model: ModelDescription;

  static override styles = shared;

  override render(): TemplateResult {
    const { details } = onDemand.words.model;
    return html`
      <h3>${details.title}</h3>
      <h4>${legible(this.model.name)}</h4>
      <dl class="facts">${this.basics()}</dl>
      ${this.training()}
      <details>
        <summary>${details.layers} (${formatNumber(this.model.layers.length)})</summary>
        ${this.layers()}
      </details>
    `;
  }

  private basics(): TemplateResult {
    const { details } = onDemand.words.model;
    const { labels, input, parameters, macs, calibration, rejection } = this.model;
    const describeInput = input.region === "cell" ? details.ofCell : details.ofWhole;
    const threshold = (value = 0) => (value > 0 ? formatPercent(value) : details.never);
    return html`
      ${fact(details.classes, labels.map(({ id }) => nameOf(id, labels)).join(", "))}
      ${fact(details.input, describeInput(input.width, input.height))}
      ${fact(details.parameters, formatNumber(parameters))}
      ${fact(details.macs, details.millions(formatNumber(macs / 1e6, 1)))}
      ${fact(details.testTimeAugmentation, input.tta_margin ? details.whereCloserThan(formatNumber(input.tta_margin, 1)) : details.never)}
      ${fact(details.calibration, details.temperature(formatNumber(calibration.temperature, 2)))}
      ${fact(details.unsureBelow, threshold(rejection.min_confidence))}
      ${fact(details.rejectedBelow, threshold(rejection.reject_confidence))}
      ${fact(details.atypicalBelow, threshold(rejection.min_typicality))}
    `;
  }

  private training(): TemplateResult | typeof nothing {
    const { details } = onDemand.words.model;
    const { training } = this.model;
    const known = Object.entries(details.trained).filter(([key]) => isPlain(training[key]));
    if (known.length === 0) return nothing;
    return html`
      <details>
        <summary>${details.training}</summary>
        <dl class="facts">${known.map(([key, term]) => fact(term, plain(training[key])))}</dl>
        ${typeof training.command === "string" ? html`<h4>${details.command}</h4><pre>${training.command}</pre>` : nothing}
        ${typeof training.recipeText === "string" ? html`<h4>${details.recipe}</h4><pre>${training.recipeText}</pre>` : nothing}
      </details>
    `;
  }

  private layers(): TemplateResult {
    const { details } = onDemand.words.model;
    const columns: Column<LayerDescription>[] = [
      { heading: details.layer, of: ({ name }) => name },
      { heading: details.kind, of: ({ type }) => html`<code>${type}</code>` },
      { heading: details.settings, of: settings },
    ];
    return table(details.layers, columns, this.model.layers);
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
