// How far a count has come, and what it still lacks.
import { css, html, nothing, type TemplateResult } from "lit";
import { counting } from "../i18n/count.js";
import { formatNumber, Localised } from "../i18n/index.js";
import { classifiers } from "../state/classifiers.js";
import { type Target, targets } from "../state/count.js";
import { countSheet } from "../state/count-sheet.js";
import { getPreference, setPreference } from "../state/preferences.js";
import { repeatFinder } from "../state/repeat-finder.js";
import { store } from "../state/store.js";
import { subscribe } from "../state/subscribe.js";
import { progressIn, type Tally, tally } from "../state/tally.js";
import { controls } from "../ui/controls.js";
import { chime } from "./chime.js";

class CountProgress extends Localised {
  static override styles = [
    controls,
    css`
      :host {
        display: grid;
        gap: 6px;
      }
      .bar {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px 12px;
      }
      progress {
        flex: 1 1 90px;
        height: 10px;
        accent-color: var(--accent);
      }
      .done {
        font-variant-numeric: tabular-nums;
      }
      label {
        display: flex;
        align-items: center;
        gap: 8px;
        min-height: 32px;
        font-size: 0.875rem;
      }
      input {
        width: 20px;
        height: 20px;
        margin: 0;
        accent-color: var(--accent);
      }
      p {
        margin: 0;
        font-size: 0.9375rem;
      }
      .complete {
        font-weight: 650;
      }
      @media print {
        label,
        select {
          display: none;
        }
      }
    `,
  ];
  /** White cells at the last rendering; undefined before the first. */
  private lastDone: number | undefined;

  constructor() {
    super();
    subscribe(this, store, classifiers, countSheet, repeatFinder);
  }

  override render(): TemplateResult {
    const { progress: say } = counting.words;
    const counted = tally(classifiers.current?.model.labels ?? []);
    if (counted.practice) return html`<p>${say.practice}</p>`;
    const { target } = countSheet.sheet;
    const { done } = progressIn(counted);
    const text = say.of(formatNumber(done), formatNumber(target));
    this.ring(done, target);
    return html`
      <div class="bar">
        <progress max=${target} .value=${Math.min(done, target)} aria-label=${say.target}></progress>
        <span class="done">${text}</span>
        <select aria-label=${say.target} @change=${this.onTarget}>
          ${targets.map((one) => html`<option value=${one} ?selected=${one === target}>${formatNumber(one)}</option>`)}
        </select>
      </div>
      ${statusOf(counted)}
      <label><input type="checkbox" .checked=${hasSound()} @change=${this.onSound} />${say.sound}</label>
    `;
  }

  private ring(done: number, target: Target): void {
    if (this.lastDone !== undefined && this.lastDone < target && done >= target && hasSound()) chime();
    this.lastDone = done;
  }

  private onTarget({ target }: Event): void {
    countSheet.set({ target: Number((target as HTMLSelectElement).value) as Target });
  }

  private onSound({ target }: Event): void {
    setPreference("sound", (target as HTMLInputElement).checked ? undefined : "off");
  }
}

function hasSound(): boolean {
  return getPreference("sound") !== "off";
}

/** Complete, or what is missing. */
export function statusOf(counted: Tally): TemplateResult {
  const { progress: say } = counting.words;
  const { done, target, unidentified, complete } = progressIn(counted);
  if (complete) return html`<p class="complete" role="status">${say.complete}</p>`;
  return html`
    <p role="status">
      ${done < target ? say.missing(target - done) : nothing}
      ${unidentified > 0 ? say.unidentified(unidentified) : nothing}
      ${counted.unsettled ? say.unsettled : nothing}
    </p>
  `;
}

customElements.define("leuko-count-progress", CountProgress);
