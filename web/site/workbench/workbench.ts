// The workbench: takes pictures in, by whatever way, and arranges what shows them: one cell, or a field or a batch with many.
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { type Entry, entriesOfDrop, entriesOfFiles } from "../intake/entries.js";
import { batchQueue } from "../state/batch-queue.js";
import { classifiers } from "../state/classifiers.js";
import { isStrange } from "../state/needs.js";
import { notices } from "../state/notices.js";
import { getPreference } from "../state/preferences.js";
import { isTyping, undoByKey } from "../state/shortcuts.js";
import { controls } from "../ui/controls.js";
import { icon } from "../ui/icons.js";
import type { CellPanel } from "./cell.js";
import "../ui/toasts.js";
import "../intake/samples.js";
import type { Sample } from "../intake/samples.js";
import { isReviewed, store } from "../state/store.js";
import type { Toolbar } from "./toolbar.js";
import type { Viewer } from "./viewer.js";
import "./welcome.js";
import { Localised, language, words } from "../i18n/index.js";
import { subscribe } from "../state/subscribe.js";
import { announceBatch } from "./announce.js";
import { style } from "./workbench-style.js";

const cameras = import.meta.glob<{ openCamera(): Promise<File | undefined> }>("../intake/camera.ts");

/** What opens over the workbench. */
const overlays = {
  review: () => import("../review/review.js"),
  quiz: () => import("../quiz/quiz.js"),
  keys: () => import("../review/keys.js"),
};
type Overlay = keyof typeof overlays;

/** Once for the page, however often the workbench is left and shown again. */
let begun = false;

class Workbench extends Localised {
  static override properties = {
    dragging: { type: Boolean, reflect: true },
    opening: { state: true },
    over: { state: true },
  };

  declare dragging: boolean;
  /** What the last visit left is being read. */
  declare private opening: boolean;
  /** What lies over the workbench, in windows of their own. */
  declare private over: ReadonlySet<Overlay>;
  private batch = batchQueue.state;

  static override styles = [controls, style];

  constructor() {
    super();
    this.dragging = false;
    this.over = new Set();
    this.opening = !begun && getPreference("session") !== undefined;
    subscribe(this, store, notices);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    for (const [name, listener] of this.listeners) window.addEventListener(name, listener);
    batchQueue.addEventListener("change", this.onBatch);
    if (!begun) this.begin();
  }

  override disconnectedCallback(): void {
    batchQueue.removeEventListener("change", this.onBatch);
    for (const [name, listener] of this.listeners) window.removeEventListener(name, listener);
    super.disconnectedCallback();
  }

  override willUpdate(): void {
    this.classList.toggle("many", this.many);
    this.classList.toggle("empty", store.pictures.length === 0);
  }

  override updated(changes: PropertyValues): void {
    super.updated(changes);
    // Where one does not come, the next change tries again.
    if (store.pictures.length > 0) {
      import("./parts.js").catch(() => undefined);
      import("./batch.js").catch(() => undefined);
    }
    if (this.teaches) import("./microscope.js").catch(() => undefined);
  }

  override render(): TemplateResult {
    const { workbench } = words;
    return html`
      <div class="notices">${notices.list.map(({ id, text, urgent }) => this.notice(id, text(), urgent))}</div>
      ${this.opening ? html`<p class="hidden" role="status">${workbench.opening}</p>` : store.pictures.length === 0 ? this.welcome() : this.work()}
      ${this.over.has("review") ? html`<leuko-review @close=${() => this.close("review")}></leuko-review>` : nothing}
      ${this.over.has("quiz") ? html`<leuko-quiz @close=${() => this.close("quiz")}></leuko-quiz>` : nothing}
      ${this.over.has("keys") ? html`<leuko-keys @close=${() => this.close("keys")}></leuko-keys>` : nothing}
      <leuko-toasts></leuko-toasts>
    `;
  }

  private welcome(): TemplateResult {
    const undone = store.canUndo || store.canRedo;
    return html`
      <leuko-welcome ?dragging=${this.dragging} @choose=${() => this.choose("files")} @sample=${this.onSample}>
        <div slot="intake">${this.intake()}</div>
        <leuko-samples slot="samples" strip></leuko-samples>
      </leuko-welcome>
      ${undone ? html`<leuko-toolbar></leuko-toolbar>` : nothing}
    `;
  }

  /** Under review or the quiz, which hide it, nothing of it is kept up to date. */
  private work(): TemplateResult | typeof nothing {
    if (this.over.has("review") || this.over.has("quiz")) return nothing;
    return html`
      <p class="paper">Leukolens, ${new Date().toLocaleString(language)}: ${store.picture?.name}. ${words.researchOnly}</p>
      <div class="picture">
        <leuko-viewer .labels=${classifiers.current?.model.labels ?? []}></leuko-viewer>
        <leuko-toolbar @review=${() => this.open("review")} @quiz=${() => this.open("quiz")} @keys=${() => this.open("keys")}></leuko-toolbar>
        ${this.intake()}
        ${
          this.many
            ? html`<leuko-gallery class="below panel"></leuko-gallery>`
            : html`<leuko-samples class="below" @sample=${this.onSample}></leuko-samples>`
        }
      </div>
      <div class="side">
        <leuko-cell class="panel" ?compact=${this.many} @speak=${this.onSpeak}></leuko-cell>
        ${this.many || this.teaches ? this.batchPanels() : nothing}
      </div>
    `;
  }

  private batchPanels(): TemplateResult {
    return html`
      <div class="batch">
        ${this.many ? html`<leuko-differential class="panel"></leuko-differential>` : nothing}
        ${this.teaches ? html`<leuko-microscope class="panel"></leuko-microscope>` : nothing}
        ${this.many ? html`<leuko-picture-list class="panel"></leuko-picture-list>` : nothing}
      </div>
    `;
  }

  /** There is something for the model to learn from, or it has learnt. */
  private get teaches(): boolean {
    return (
      Boolean(classifiers.current?.profile) ||
      store.cells.some((cell) => isReviewed(cell) && !cell.picture.drawn) ||
      Boolean(isStrange(store.cells))
    );
  }

  private get many(): boolean {
    return store.pictures.length > 1 || store.cells.length > 1;
  }

  private intake(): TemplateResult {
    const { workbench } = words;
    const openCamera = cameras["../intake/camera.ts"];
    return html`
      <div class="intake">
        <button class="main" @click=${() => this.choose("files")}>${icon("picture")}${workbench.choose}</button>
        <button @click=${() => this.choose("folder")}>${icon("folder")}${workbench.folder}</button>
        ${openCamera ? html`<button @click=${this.photograph}>${icon("camera")}${workbench.camera}</button>` : nothing}
        <p>${workbench.orDrop}</p>
        <input id="files" type="file" multiple accept=${accepted} hidden aria-label=${workbench.choose} @change=${this.onChosen} />
        <input id="folder" type="file" webkitdirectory hidden aria-label=${workbench.folder} @change=${this.onChosen} />
      </div>
    `;
  }

  private notice(id: string, text: string, urgent: boolean): TemplateResult {
    return html`
      <p class=${urgent ? "urgent" : ""} role=${urgent ? "alert" : "status"}>
        <span>${text}</span>
        <button class="icon" aria-label=${words.workbench.dismiss} @click=${() => notices.drop(id)}>${icon("close")}</button>
      </p>
    `;
  }

  /** What the last visit left, then what the address asks for. */
  private async begin(): Promise<void> {
    begun = true;
    batchQueue.start();
    const parts = this.opening ? import("./parts.js").catch(() => undefined) : undefined;
    const persistence = await import("../persistence/autosave.js").catch(() => undefined);
    await parts;
    await persistence?.autosave.start();
    this.opening = false;
    const address = new URLSearchParams(location.search).get("image");
    if (address) await (await this.fetchParts())?.importAddress(address);
  }

  private readonly onBatch = () => {
    const ended = this.batch !== "idle" && batchQueue.state === "idle";
    this.batch = batchQueue.state;
    if (ended && store.pictures.length > 1) announceBatch(() => this.open("review"));
  };

  private async open(overlay: Overlay): Promise<void> {
    try {
      await overlays[overlay]();
      this.over = new Set([...this.over, overlay]);
    } catch {
      notices.put("overlay", () => words.workbench.errors.known.network.detail, true);
    }
  }

  private async close(overlay: Overlay): Promise<void> {
    this.over = new Set([...this.over].filter((one) => one !== overlay));
    if (overlay === "keys") return;
    await this.updateComplete;
    await this.renderRoot.querySelector<Toolbar>("leuko-toolbar")?.focusOn(overlay);
  }

  /** What comes of pictures that somebody handed in is shown at once; a batch goes on behind that. */
  private async take(entries: AsyncIterable<Entry>): Promise<void> {
    const parts = await this.fetchParts();
    const before = store.pictures;
    const onChange = () => {
      if (store.pictures === before || store.pictures.length === 0) return;
      store.removeEventListener("change", onChange);
      this.showAnswer();
    };
    store.addEventListener("change", onChange);
    await parts?.importEntries(entries);
    store.removeEventListener("change", onChange);
  }

  private async showAnswer(): Promise<void> {
    await this.updateComplete;
    if (this.over.size === 0) await this.renderRoot.querySelector<CellPanel>("leuko-cell")?.showAnswer();
  }

  private onSpeak(event: Event): void {
    if (this.renderRoot.querySelector<Viewer>("leuko-viewer")?.reveal()) event.preventDefault();
  }

  private choose(input: "files" | "folder"): void {
    this.renderRoot.querySelector<HTMLInputElement>(`#${input}`)?.click();
  }

  private onChosen(event: Event): void {
    const input = event.target as HTMLInputElement;
    this.take(entriesOfFiles(Array.from(input.files ?? [])));
    input.value = ""; // so that choosing the same file again counts as a choice
  }

  private readonly photograph = async () => {
    const camera = await cameras["../intake/camera.ts"]?.().catch(() => this.sayUnreachable());
    const file = await camera?.openCamera();
    if (file) this.take(entriesOfFiles([file]));
  };

  private async onSample({ detail }: CustomEvent<Sample | undefined>): Promise<void> {
    const parts = detail && (await this.fetchParts());
    if (parts) {
      parts.importDrawn(detail.file, detail.name);
      this.showAnswer();
    } else this.sayUnreachable();
  }

  /** Undefined where they cannot be fetched, which is said. */
  private fetchParts(): Promise<typeof import("./parts.js") | undefined> {
    return import("./parts.js").catch(() => this.sayUnreachable());
  }

  private sayUnreachable(): undefined {
    notices.put("intake", () => words.workbench.errors.known.network.detail, true);
  }

  private readonly listeners = Object.entries({
    dragover: (event: Event) => {
      event.preventDefault();
      this.dragging = true;
    },
    dragleave: (event: Event) => {
      if (event instanceof DragEvent && !event.relatedTarget) this.dragging = false;
    },
    drop: (event: Event) => {
      event.preventDefault();
      this.dragging = false;
      if (event instanceof DragEvent && event.dataTransfer) this.take(entriesOfDrop(event.dataTransfer));
    },
    paste: (event: Event) => {
      if (event instanceof ClipboardEvent && !isTyping(event))
        this.take(entriesOfFiles(Array.from(event.clipboardData?.files ?? [])));
    },
    keydown: (event: Event) => {
      if (!(event instanceof KeyboardEvent)) return;
      undoByKey(event);
      if (event.key === "?" && !isTyping(event)) this.open("keys");
    },
  });
}

const accepted = "image/*,.tif,.tiff,.zip,.leukolens,.safetensors,.json";

customElements.define("leuko-workbench", Workbench);
