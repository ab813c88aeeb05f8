// What a person says of the sample; everything is optional.
import { css, html, type TemplateResult } from "lit";
import { counting } from "../i18n/count.js";
import { Localised, language } from "../i18n/index.js";
import { countSheet, isDay, longest, type Sample } from "../state/count-sheet.js";
import { legible } from "../state/legible.js";
import { subscribe } from "../state/subscribe.js";
import { controls } from "../ui/controls.js";

class SampleForm extends Localised {
  static override styles = [
    controls,
    css`
      .fields {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 150px), 1fr));
        gap: 10px 12px;
        align-items: end;
      }
      label {
        display: grid;
        gap: 2px;
        font-size: 0.875rem;
      }
      .wide {
        grid-column: 1 / -1;
      }
      input,
      textarea {
        width: 100%;
        min-height: 44px;
        padding: 8px 12px;
        border: 1px solid var(--edge);
        border-radius: 12px;
        background: var(--card);
        color: inherit;
        font: inherit;
      }
      [aria-invalid="true"] {
        border-color: var(--warning);
      }
      textarea:focus-visible {
        outline: 3px solid var(--accent);
        outline-offset: 2px;
      }
      .choice {
        grid-template-columns: auto 1fr;
        align-items: center;
        gap: 8px;
        min-height: 44px;
      }
      .choice input {
        width: 20px;
        min-height: 20px;
        margin: 0;
        accent-color: var(--accent);
      }
      p {
        margin: 8px 0 0;
        color: var(--quiet);
        font-size: 0.875rem;
      }
    `,
  ];

  constructor() {
    super();
    subscribe(this, countSheet);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("pagehide", this.onLeave);
  }

  override disconnectedCallback(): void {
    window.removeEventListener("pagehide", this.onLeave);
    super.disconnectedCallback();
  }

  override render(): TemplateResult {
    const { sample: say } = counting.words;
    const { sample, total, includesErythroblasts } = countSheet.sheet;
    const known = [sample.id, sample.operator].filter((text) => text !== "").join(", ");
    return html`
      <details class="fold">
        <summary>${say.title}${known ? `: ${known}` : ""}</summary>
        <div class="fields">
          <label>${say.id}<input name="id" autocomplete="off" maxlength=${longest.id} .value=${sample.id} @change=${this.onChange} /></label>
          <label>${say.date}<input name="date" type="date" max="9999-12-31" .value=${sample.date} @change=${this.onDate} /></label>
          <label>${say.operator}<input name="operator" autocomplete="off" maxlength=${longest.operator} .value=${sample.operator} @change=${this.onChange} /></label>
          <label class="wide">${say.note}<textarea name="note" rows="2" maxlength=${longest.note} .value=${sample.note} @change=${this.onChange}></textarea></label>
          <label>${say.total}<input name="total" inputmode="decimal" autocomplete="off" maxlength="10" .value=${total === undefined ? "" : total.toLocaleString(language, { useGrouping: false, maximumFractionDigits: 6 })} @change=${this.onTotal} /></label>
          <label class="choice"><input name="includes" type="checkbox" .checked=${includesErythroblasts} @change=${this.onIncludes} />${say.includes}</label>
        </div>
        <p>${say.kept}</p>
      </details>
    `;
  }

  /** What is being typed is taken. */
  private readonly onLeave = () => (this.shadowRoot?.activeElement as HTMLElement | null)?.blur();

  private onChange({ target }: Event): void {
    const { name, value } = target as HTMLInputElement;
    const text = legible(value.trim()).slice(0, longest[name as keyof typeof longest]);
    countSheet.set({ sample: { ...countSheet.sheet.sample, [name as keyof Sample]: text } });
  }

  private onDate({ target }: Event): void {
    const { value } = target as HTMLInputElement;
    countSheet.set({ sample: { ...countSheet.sheet.sample, date: isDay(value) ? value : "" } });
  }

  /** With a point or a comma, whatever the language: of a number field, browsers leave a comma out that they do not expect. */
  private async onTotal({ target }: Event): Promise<void> {
    const input = target as HTMLInputElement;
    const text = input.value.trim();
    const value = /^\d+([.,]\d+)?$/.test(text) ? Number(text.replace(",", ".")) : 0;
    const total = value > 0 && value <= 1000 ? value : undefined;
    input.ariaInvalid = String(text !== "" && total === undefined);
    countSheet.set({ total });
    if (total !== undefined) return;
    await this.updateComplete;
    input.value = text; // what is not understood stays there to be mended
  }

  private onIncludes({ target }: Event): void {
    countSheet.set({ includesErythroblasts: (target as HTMLInputElement).checked });
  }
}

customElements.define("leuko-sample-form", SampleForm);
