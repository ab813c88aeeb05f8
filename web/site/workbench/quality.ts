// A warning beside the answer where the selected cell is blurred or badly exposed, or lies where the smear is too thick or too thin, so that
// the answer may be another than of a good picture.
import { css, html, nothing, type TemplateResult } from "lit";
import type { PictureWords } from "../i18n/en/picture.js";
import { Localised } from "../i18n/index.js";
import { picture as chapter } from "../i18n/picture.js";
import { qualityOf, redCellsOf } from "../state/cell-quality.js";
import { warningsOf } from "../state/quality.js";
import { type Checked, store } from "../state/store.js";
import { subscribe } from "../state/subscribe.js";

class QualityWarning extends Localised {
  static override properties = { warnings: { state: true } };

  /** Undefined while they are being looked for. */
  declare private warnings: readonly Exclude<keyof PictureWords["warnings"], "so">[] | undefined;
  private cell: Checked["cell"] | undefined;

  static override styles = css`
    p {
      margin: 4px 0 0;
      color: var(--warning);
      font-size: 0.9375rem;
      font-weight: 600;
    }
  `;

  constructor() {
    super();
    subscribe(this, store);
  }

  override willUpdate(): void {
    const { cell: checked } = store;
    if (checked?.cell === this.cell) return;
    this.cell = checked?.cell;
    this.warnings = undefined;
    if (checked) void this.look(checked);
  }

  override updated(): void {
    this.ariaBusy = String(this.cell !== undefined && !this.warnings);
  }

  override render(): TemplateResult | typeof nothing {
    const { warnings: say } = chapter.words;
    const { warnings = [] } = this;
    if (warnings.length === 0) return nothing;
    return html`<p>${warnings.map((warning) => say[warning]).join(" ")} ${say.so}</p>`;
  }

  private async look(checked: Checked): Promise<void> {
    const { outcome } = checked.picture;
    const quality = await qualityOf(checked);
    const area = outcome?.kind === "found" && (await redCellsOf(outcome))?.area;
    if (checked.cell !== this.cell) return;
    this.warnings = [...(quality ? warningsOf(quality) : []), ...(area ? [area] : [])];
  }
}

customElements.define("leuko-quality", QualityWarning);
