// Offers to learn the microscope from the cells that were checked; says what that brings, and what is used now.
import { LeukolensError, type Profile } from "leukolens";
import { css, html, nothing, type TemplateResult } from "lit";
import { formatNumber, formatPercent, Localised, words } from "../i18n/index.js";
import { microscope as chapter } from "../i18n/microscope.js";
import { download } from "../persistence/download.js";
import { classifiers } from "../state/classifiers.js";
import { legible } from "../state/legible.js";
import { enough, enoughForStain, microscope } from "../state/microscope.js";
import { isStrange } from "../state/needs.js";
import { store } from "../state/store.js";
import { subscribe } from "../state/subscribe.js";
import { controls } from "../ui/controls.js";

/** What the engine allows a name. */
const longestName = 64;

class MicroscopePanel extends Localised {
  static override properties = { refused: { state: true } };

  /** Why a file was not taken. */
  declare private refused: LeukolensError | undefined;

  static override styles = [
    controls,
    css`
      :host {
        display: grid;
        gap: 12px;
      }
      h2,
      p {
        margin: 0;
      }
      h2 {
        font-size: 1.125rem;
        font-weight: 650;
      }
      p {
        font-size: 0.9375rem;
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        align-items: center;
      }
      .gain {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr) auto;
        gap: 6px 10px;
        align-items: center;
        font-size: 0.9375rem;
        font-variant-numeric: tabular-nums;
      }
      .bar {
        height: 12px;
        border-radius: 6px;
        background: var(--line);
        overflow: hidden;
        forced-color-adjust: none;
      }
      .bar span {
        display: block;
        height: 100%;
        background: var(--faint);
      }
      .bar .after {
        background: var(--accent);
      }
      label {
        display: grid;
        gap: 4px;
        font-size: 0.875rem;
        color: var(--quiet);
      }
      input:not([type="file"]) {
        min-height: 44px;
        padding-inline: 14px;
        border: 1px solid var(--edge);
        border-radius: 22px;
        background: var(--card);
        color: var(--ink);
        font: inherit;
      }
      .quiet {
        color: var(--quiet);
        font-size: 0.875rem;
      }
      .warning {
        color: var(--warning);
        font-weight: 600;
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
    subscribe(this, microscope, store, classifiers);
  }

  override render(): TemplateResult {
    const { words: say } = chapter;
    return html`
      <h2>${say.title}</h2>
      <div role="status">${this.said()}</div>
      ${microscope.offer ? this.offered(microscope.offer) : this.choices()}
      ${this.refused ? html`<p class="warning" role="alert">${this.refused.code === "unsupported_profile" ? say.otherModel : say.noProfile}</p>` : nothing}
      <p class="quiet">${words.researchOnly}</p>
      <input id="file" type="file" accept=".json" hidden aria-label=${say.open} @change=${this.onChosen} />
    `;
  }

  private said(): TemplateResult {
    const { words: say } = chapter;
    const { isLearning, error, offer, inUse } = microscope;
    if (isLearning) return html`<p>${say.learning}</p>`;
    if (error) return html`<p>${say.nothingGained}</p><p class="quiet" lang="en">${error.message}</p>`;
    if (offer && isOfStain(offer)) return html`<p>${say.evened(formatNumber(offer.stain?.cells ?? 0))}</p>`;
    if (offer) return html`<p>${say.judged(formatNumber(count(offer)))}</p>${this.gain(offer)}`;
    if (inUse && isOfStain(inUse)) return html`<p>${say.inUseEvened(legible(inUse.name))}</p>`;
    if (inUse) return html`<p>${say.inUse(legible(inUse.name), formatNumber(count(inUse)))}</p>`;
    const strange = isStrange(store.cells);
    const checked = microscope.examples.length;
    return html`
      ${strange === undefined ? nothing : html`<p class=${strange ? "warning" : ""}>${strange ? say.strange : say.known}</p>`}
      <p>${checked < enough ? say.tooFew(enough - checked) : say.offer(checked)}</p>
    `;
  }

  private gain({ before, after }: Profile): TemplateResult {
    const { words: say } = chapter;
    const line = (name: string, share: number, kind: string) => html`
      <span>${name}</span>
      <span class="bar"><span class=${kind} .style=${`width: ${100 * share}%`}></span></span>
      <span>${formatPercent(share, 0)}</span>
    `;
    return html`<div class="gain">${line(say.before, before.accuracy, "before")}${line(say.after, after.accuracy, "after")}</div>`;
  }

  private offered(offer: Profile): TemplateResult {
    const { words: say } = chapter;
    return html`
      <label>${say.name}<input id="name" value=${say.usualName} maxlength=${longestName / 4} /></label>
      <div class="row">
        <button class="main" @click=${() => this.use({ ...offer, name: this.name })}>${say.use}</button>
        <button @click=${() => microscope.cancel()}>${say.notNow}</button>
      </div>
    `;
  }

  private choices(): TemplateResult {
    const { words: say } = chapter;
    const { isLearning, inUse, canUndo, examples } = microscope;
    if (isLearning)
      return html`<div class="row"><button @click=${() => microscope.cancel()}>${say.cancel}</button></div>`;
    const canLearn = examples.length >= enough;
    const { anyCells } = microscope;
    const canEven = !inUse && anyCells.length >= enoughForStain && isStrange(store.cells);
    return html`
      <div class="row">
        ${canLearn ? html`<button class=${inUse ? "" : "main"} @click=${() => microscope.learn()}>${inUse ? say.again : say.learn}</button>` : nothing}
        ${canEven ? html`<button class=${canLearn ? "" : "main"} @click=${() => microscope.learn(anyCells)}>${say.even}</button>` : nothing}
        ${canUndo ? html`<button @click=${() => microscope.undo()}>${say.undo}</button>` : nothing}
        ${
          inUse
            ? html`
              <button @click=${() => this.save(inUse)}>${say.save}</button>
              ${canUndo ? nothing : html`<button @click=${() => this.use(null)}>${say.stop}</button>`}`
            : nothing
        }
        <button @click=${this.choose}>${say.open}</button>
      </div>
    `;
  }

  private get name(): string {
    const { value = "" } = this.renderRoot.querySelector<HTMLInputElement>("#name") ?? {};
    return value.trim() || chapter.words.usualName;
  }

  private save(profile: Profile): void {
    const name = profile.name.replace(/[^\p{L}\p{N} _-]+/gu, "-");
    download(new Blob([JSON.stringify(profile)], { type: "application/json" }), `${name}.microscope.json`);
  }

  private readonly choose = () => {
    this.renderRoot.querySelector<HTMLInputElement>("#file")?.click();
  };

  private onChosen(event: Event): void {
    const input = event.target as HTMLInputElement;
    const [file] = Array.from(input.files ?? []);
    input.value = "";
    if (file) this.use(file);
  }

  private async use(profile: Profile | File | null): Promise<void> {
    this.refused = undefined;
    try {
      await microscope.use(profile);
    } catch (error) {
      if (!(error instanceof LeukolensError)) throw error;
      this.refused = error;
    }
  }
}

const isOfStain = (profile: Profile): boolean => count(profile) === 0;

const count = ({ examples }: Profile): number => examples.reduce((sum, number) => sum + number, 0);

customElements.define("leuko-microscope", MicroscopePanel);
