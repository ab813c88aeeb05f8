// The model page: choose a shipped model or open one's own, see what it is and how good, and compare two.
import type { ModelDescription } from "leukolens";
import { css, html, nothing, type TemplateResult } from "lit";
import { Localised } from "../i18n/index.js";
import { onDemand } from "../i18n/on-demand.js";
import { classifiers } from "../state/classifiers.js";
import { legible } from "../state/legible.js";
import { subscribe } from "../state/subscribe.js";
import { icon } from "../ui/icons.js";
import "./compare.js";
import "./details.js";
import "./report.js";
import { type Choice, mostMegabytes, nameOfChoice, reasonOf, shelf } from "./shelf.js";
import { shared } from "./style.js";

class ModelPage extends Localised {
  static override properties = {
    chosen: { state: true },
    model: { state: true },
    failure: { state: true },
    news: { state: true },
    dragging: { type: Boolean, reflect: true },
  };

  declare private chosen: Choice | undefined;
  declare private model: ModelDescription | undefined;
  declare private failure: { readonly headline: string; readonly detail: string } | undefined;
  declare private news: string;
  declare private dragging: boolean;

  static override styles = [
    shared,
    css`
      :host {
        max-width: 1180px;
        margin-inline: auto;
      }
      .parts {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: clamp(14px, 2vw, 24px);
      }
      :host([dragging]) .choices {
        outline: 3px dashed var(--accent);
        outline-offset: -10px;
      }
      fieldset {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 17rem), 1fr));
        gap: 10px;
        margin: 14px 0;
        padding: 0;
        border: 0;
        min-width: 0;
      }
      legend {
        padding: 0;
        margin-block-end: 8px;
        font-weight: 600;
      }
      .choice {
        position: relative;
        display: grid;
        grid-template-columns: 24px 1fr auto;
        align-items: start;
        gap: 10px;
        padding: 14px 16px;
        border: 1px solid var(--edge);
        border-radius: 16px;
      }
      .choice:has(input:checked) {
        border-color: var(--accent);
        background: var(--tint);
      }
      .choice label {
        cursor: pointer;
        overflow-wrap: anywhere;
      }
      .choice label::before {
        content: "";
        position: absolute;
        inset: 0;
      }
      .choice input {
        position: relative;
        z-index: 1;
        width: 24px;
        height: 24px;
        margin: 0;
        accent-color: var(--accent);
      }
      .choice b,
      .badge {
        display: block;
      }
      .badge {
        color: var(--accent);
        font-size: 0.875rem;
        font-weight: 600;
      }
      .choice button {
        position: relative;
        margin: -8px;
      }
      [role="alert"] {
        margin-block-start: 14px;
        padding: 12px 16px;
        border-inline-start: 4px solid var(--warning);
        border-radius: 4px 12px 12px 4px;
        background: var(--tint);
        overflow-wrap: anywhere;
      }
      [role="alert"] b {
        display: block;
        color: var(--warning);
      }
    `,
  ];

  constructor() {
    super();
    this.news = "";
    this.dragging = false;
    subscribe(this, shelf, classifiers);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("dragover", this.onDragOver);
    window.addEventListener("dragleave", this.onDragLeave);
    window.addEventListener("drop", this.onDrop);
    const first = shelf.find(shelf.used ?? "") ?? shelf.choices[0];
    if (first) this.show(first);
  }

  override disconnectedCallback(): void {
    window.removeEventListener("dragover", this.onDragOver);
    window.removeEventListener("dragleave", this.onDragLeave);
    window.removeEventListener("drop", this.onDrop);
    shelf.rest();
    super.disconnectedCallback();
  }

  override render(): TemplateResult {
    const { model } = onDemand.words;
    return html`
      <div class="parts">
        <div><h2>${model.title}</h2><p class="quiet">${model.intro}</p></div>
        <section class="panel choices">
          <fieldset>
            <legend>${model.choose}</legend>
            ${shelf.choices.map((choice) => this.choice(choice))}
          </fieldset>
          <div class="row">
            <button @click=${this.choose}>${model.open}</button>
            <span class="quiet">${model.openHint}</span>
            <input type="file" accept=".safetensors" hidden aria-label=${model.open} @change=${this.onFile} />
          </div>
          <p class="quiet" role="status">${this.news}</p>
          ${
            this.failure
              ? html`<div role="alert"><b>${this.failure.headline}</b>${this.failure.detail}</div>`
              : nothing
          }
        </section>
        ${this.details()}
        <section class="panel"><leuko-compare></leuko-compare></section>
      </div>
    `;
  }

  private choice(choice: Choice): TemplateResult {
    const { model } = onDemand.words;
    const about = choice.file ? model.own(legible(choice.file.name)) : (model.shipped[choice.id] ?? "");
    return html`
      <div class="choice">
        <input
          type="radio" name="model" id=${choice.id}
          .checked=${this.chosen?.id === choice.id}
          @change=${() => this.show(choice)}
        />
        <label for=${choice.id}>
          <b>${nameOfChoice(choice)}</b><span class="quiet">${about}</span>
          ${shelf.used === choice.id ? html`<span class="badge">${model.inUse}</span>` : nothing}
        </label>
        ${
          choice.file && shelf.used !== choice.id
            ? html`<button class="icon" aria-label=${model.forget(nameOfChoice(choice))} @click=${() => this.forget(choice)}>${icon("close")}</button>`
            : nothing
        }
      </div>
    `;
  }

  private details(): TemplateResult | typeof nothing {
    const { chosen, model } = this;
    if (!chosen || !model) return nothing;
    const used = shelf.used === chosen.id;
    return html`
      <section class="panel">
        <leuko-model-facts .model=${model}></leuko-model-facts>
        <div class="row">
          <button class="main" ?disabled=${used} @click=${() => this.use(chosen)}>
            ${used ? onDemand.words.model.inUse : onDemand.words.model.use}
          </button>
        </div>
      </section>
      <section class="panel">
        <leuko-model-report .model=${model} .url=${chosen.report}></leuko-model-report>
      </section>
    `;
  }

  /** The last choice wins. */
  private async show(choice: Choice): Promise<void> {
    const { loading } = onDemand.words.model;
    this.chosen = choice;
    this.failure = undefined;
    this.news = loading(nameOfChoice(choice));
    try {
      const { model } = await shelf.load(choice);
      if (this.chosen !== choice) return;
      this.model = model;
      this.news = "";
    } catch (error) {
      if (this.chosen !== choice) return;
      this.model = undefined; // what is shown is of the one before
      this.fail(nameOfChoice(choice), reasonOf(error));
    }
  }

  private async use(choice: Choice): Promise<void> {
    this.failure = undefined;
    try {
      await shelf.use(choice);
    } catch (error) {
      this.fail(nameOfChoice(choice), reasonOf(error));
    }
  }

  private async open(file: File): Promise<void> {
    const { model } = onDemand.words;
    this.failure = undefined;
    this.news = "";
    const name = legible(file.name);
    if (!/\.safetensors$/i.test(name)) return this.fail(name, model.wrongFile(name));
    if (file.size > mostMegabytes * 1e6) return this.fail(name, model.tooLarge(name, `${mostMegabytes}`));
    this.news = model.loading(name);
    try {
      await this.show(await shelf.open(file));
      this.news = model.opened(name);
    } catch (error) {
      this.fail(name, reasonOf(error));
    }
  }

  private fail(name: string, detail: string): void {
    this.news = "";
    this.failure = { headline: onDemand.words.model.refused(name), detail };
  }

  private forget(choice: Choice): void {
    shelf.remove(choice);
    const [first] = shelf.choices;
    if (this.chosen?.id === choice.id && first) this.show(first);
  }

  private choose(): void {
    this.renderRoot.querySelector<HTMLInputElement>("input[type=file]")?.click();
  }

  private onFile(event: Event): void {
    const input = event.target as HTMLInputElement;
    const file = input.files?.[0];
    if (file) this.open(file);
    input.value = ""; // so that choosing the same file again counts as a choice
  }

  private readonly onDragOver = (event: DragEvent) => {
    event.preventDefault();
    this.dragging = true;
  };

  private readonly onDragLeave = (event: DragEvent) => {
    if (!event.relatedTarget) this.dragging = false;
  };

  private readonly onDrop = (event: DragEvent) => {
    event.preventDefault();
    this.dragging = false;
    const files = [...(event.dataTransfer?.files ?? [])];
    const pictures = files.filter(({ type }) => type.startsWith("image/"));
    const file = files.find(({ type }) => !type.startsWith("image/"));
    if (pictures.length > 0) this.renderRoot.querySelector("leuko-compare")?.add(pictures);
    if (file) this.open(file);
    if (files.length === 0) this.failure = { headline: onDemand.words.model.nothingDropped, detail: "" };
  };
}

customElements.define("leuko-model", ModelPage);
