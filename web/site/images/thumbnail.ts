// Shows one thumbnail of a sprite sheet. The addresses of sheets are given out to whoever shows them and taken back after.
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { side, tileOrigin } from "./sprite-sheet.js";

const urls = new WeakMap<Blob, { url: string; users: number }>();

/** Soon after its last user: in a list that is sorted anew, sheets change hands. */
const keptMs = 1000;

function release(sheet: Blob): void {
  const entry = urls.get(sheet);
  if (!entry || --entry.users > 0) return;
  setTimeout(() => {
    if (entry.users > 0 || urls.get(sheet) !== entry) return;
    URL.revokeObjectURL(entry.url);
    urls.delete(sheet);
  }, keptMs);
}

class Thumbnail extends LitElement {
  static override properties = { sheet: { attribute: false }, index: { type: Number } };

  declare sheet: Blob | undefined;
  declare index: number;
  private held: Blob | undefined;

  static override styles = css`
    :host {
      display: block;
      position: relative;
      overflow: hidden;
      width: ${side}px;
      height: ${side}px;
      background: var(--rose);
    }
    img {
      position: absolute;
      left: 0;
      top: 0;
    }
  `;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.hold(undefined);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.requestUpdate();
  }

  override render(): TemplateResult | typeof nothing {
    this.hold(this.sheet);
    const url = this.sheet && urls.get(this.sheet)?.url;
    const [x, y] = tileOrigin(this.index);
    return url
      ? html`<img src=${url} alt="" draggable="false" .style=${`transform: translate(${-x}px, ${-y}px)`} />`
      : nothing;
  }

  private hold(sheet: Blob | undefined): void {
    if (sheet === this.held) return;
    if (this.held) release(this.held);
    this.held = sheet;
    if (!sheet) return;
    const entry = urls.get(sheet) ?? { url: URL.createObjectURL(sheet), users: 0 };
    entry.users++;
    urls.set(sheet, entry);
  }
}

customElements.define("leuko-thumbnail", Thumbnail);
