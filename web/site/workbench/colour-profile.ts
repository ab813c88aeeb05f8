// Among the details: that the colour profile of the selected picture was not applied.
import { css, html, nothing, type TemplateResult } from "lit";
import { Localised } from "../i18n/index.js";
import { picture as chapter } from "../i18n/picture.js";
import { colourProfileOf } from "../state/colour-profile.js";
import { store } from "../state/store.js";
import { subscribe } from "../state/subscribe.js";

class ProfileNote extends Localised {
  static override properties = { profile: { state: true } };

  /** Its name; undefined where colours are what they are taken for. */
  declare private profile: string | undefined;
  private file: Blob | undefined;

  static override styles = css`
    p {
      margin: 8px 0 0;
      font-size: 0.875rem;
    }
  `;

  constructor() {
    super();
    subscribe(this, store);
  }

  override willUpdate(): void {
    const file = store.picture?.file;
    if (file === this.file) return;
    this.file = file;
    this.profile = undefined;
    if (file) void this.look(file);
  }

  override render(): TemplateResult | typeof nothing {
    return this.profile === undefined ? nothing : html`<p>${chapter.words.profile(this.profile)}</p>`;
  }

  private async look(file: Blob): Promise<void> {
    const profile = await colourProfileOf(file);
    if (file === this.file) this.profile = profile;
  }
}

customElements.define("leuko-profile", ProfileNote);
