// What can be done with all pictures together: follow and stop the work, undo, review, export, save, clear. Says "review", "quiz" or "keys" if asked for them.
import { css, html, nothing, type TemplateResult } from "lit";
import { counting } from "../i18n/count.js";
import { formatNumber, Localised, words } from "../i18n/index.js";
import type { ExportKind } from "../persistence/exports.js";
import type { TrainingKind } from "../persistence/training-data.js";
import { batchQueue } from "../state/batch-queue.js";
import type { Labels } from "../state/classes.js";
import { classifiers } from "../state/classifiers.js";
import { countSheet } from "../state/count-sheet.js";
import { needOf } from "../state/needs.js";
import { notices } from "../state/notices.js";
import { type Picture, store } from "../state/store.js";
import { subscribe } from "../state/subscribe.js";
import { controls } from "../ui/controls.js";
import { type Icon, icon } from "../ui/icons.js";

export class Toolbar extends Localised {
  static override styles = [
    controls,
    css`
      .bar {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px;
      }
      .progress {
        display: flex;
        flex: 1 1 100%;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px;
      }
      .progress > span {
        font-variant-numeric: tabular-nums;
      }
      progress {
        flex: 1 1 120px;
        height: 10px;
        accent-color: var(--accent);
      }
      details {
        position: relative;
      }
      summary {
        list-style: none;
      }
      summary::-webkit-details-marker {
        display: none;
      }
      menu {
        position: absolute;
        z-index: 2;
        inset-inline-start: 0;
        inset-block-start: calc(100% + 6px);
        display: grid;
        gap: 2px;
        width: max-content;
        max-width: 80vw;
        margin: 0;
        padding: 8px;
        border: 1px solid var(--line);
        border-radius: 16px;
        background: var(--card);
        box-shadow: var(--shadow);
        list-style: none;
      }
      menu button {
        width: 100%;
        justify-content: start;
        border: 0;
        border-radius: 10px;
        font-weight: 500;
      }
      @media (max-width: 480px) {
        .bar {
          position: relative;
        }
        details {
          position: static;
        }
        menu {
          inset-inline: 0;
          width: auto;
          max-width: none;
        }
      }
      dialog {
        max-width: min(440px, 92vw);
        padding: 26px;
      }
      h2 {
        margin: 0 0 8px;
        font-size: 1.25rem;
      }
      form {
        display: flex;
        flex-wrap: wrap;
        justify-content: end;
        gap: 8px;
        margin-block-start: 18px;
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
    subscribe(this, store, batchQueue);
  }

  override render(): TemplateResult {
    const { toolbar } = words.workbench;
    return html`
      <div class="bar">${batchQueue.state === "idle" || store.pictures.length < 2 ? nothing : this.progress()}
      ${this.button("undo", toolbar.undo, () => store.undo(), !store.canUndo)}
      ${this.button("redo", toolbar.redo, () => store.redo(), !store.canRedo)}
      ${store.pictures.length > 0 ? this.whole() : nothing}
      </div>
      ${this.question()}
    `;
  }

  /** Where review or the quiz was asked for, once it is left. */
  async focusOn(name: "review" | "quiz"): Promise<void> {
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(`.${name}`)?.focus();
  }

  private get dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector("dialog");
  }

  /** What is done with all that is there, once something is. */
  private whole(): TemplateResult {
    const { toolbar } = words.workbench;
    return html`
      ${store.cells.length > 1 ? this.walks() : nothing} ${this.exports()}
      <button @click=${this.save}>${icon("save")}${toolbar.save}</button>
      <button @click=${() => this.dialog?.showModal()}>${icon("bin")}${toolbar.clear}</button>
      ${this.button("keys", toolbar.keys, () => this.dispatchEvent(new Event("keys")), false)}
      ${
        store.pictures.some(isUnreached)
          ? html`<button @click=${() => store.classifyAgain(isUnreached)}>${toolbar.again}</button>`
          : nothing
      }
    `;
  }

  /** Through all cells. */
  private walks(): TemplateResult {
    const needing = store.cells.filter((checked) => needOf(checked) !== undefined).length;
    const { toolbar } = words.workbench;
    const ask = (name: string) => () => this.dispatchEvent(new Event(name));
    return html`
      <button class="main review" @click=${ask("review")}>${icon("check")}${toolbar.review(needing)}</button>
      <button class="quiz" @click=${ask("quiz")}>${toolbar.quiz}</button>
    `;
  }

  private progress(): TemplateResult {
    const { toolbar } = words.workbench;
    const total = batchQueue.done + batchQueue.left;
    const paused = batchQueue.state === "paused";
    const left = paused
      ? toolbar.paused
      : batchQueue.secondsLeft === undefined
        ? ""
        : toolbar.left(duration(batchQueue.secondsLeft));
    return html`
      <div class="progress">
        <progress max=${total} .value=${batchQueue.done} aria-label=${toolbar.progress(String(batchQueue.done), String(total))}></progress>
        <span>${toolbar.progress(formatNumber(batchQueue.done), formatNumber(total))}${left ? `, ${left}` : ""}</span>
        ${
          paused
            ? html`<button @click=${() => batchQueue.resume()}>${icon("play")}${toolbar.resume}</button>`
            : html`<button @click=${() => batchQueue.pause()}>${icon("pause")}${toolbar.pause}</button>`
        }
        <button @click=${() => batchQueue.cancel()}>${icon("close")}${toolbar.stop}</button>
      </div>
    `;
  }

  private exports(): TemplateResult {
    const { toolbar } = words.workbench;
    const { training, sharing } = counting.words;
    const found = store.picture?.outcome?.kind === "found";
    return html`
      <details @focusout=${this.onLeave} @keydown=${this.onMenuKey}>
        <summary class="button">${toolbar.export}</summary>
        <menu>
          ${this.entry("save", toolbar.csv, () => this.export("csv"))}
          ${this.entry("save", toolbar.json, () => this.export("json"))}
          ${this.entry("save", toolbar.png, () => this.export("png"), found)}
          ${this.entry("save", training.pictures, () => this.train("images"))}
          ${this.entry("save", training.crops, () => this.train("crops"))}
          ${canShare() ? this.entry("share", sharing.button, () => this.share()) : nothing}
          ${this.entry("print", toolbar.print, () => window.print())}
        </menu>
      </details>
    `;
  }

  private entry(name: Icon, label: string, action: () => void, possible = true): TemplateResult {
    const act = () => {
      this.closeMenu();
      action();
    };
    return html`<li><button ?disabled=${!possible} @click=${act}>${icon(name)}${label}</button></li>`;
  }

  private question(): TemplateResult {
    const { toolbar } = words.workbench;
    const { clearQuestion, clearDetail } = counting.words;
    return html`
      <dialog aria-labelledby="question" @close=${this.onAnswer}>
        <h2 id="question">${clearQuestion}</h2>
        ${clearDetail(store.pictures.length)}
        <form method="dialog">
          <button value="cancel">${toolbar.cancel}</button><button class="main" value="clear">${toolbar.clear}</button>
        </form>
      </dialog>
    `;
  }

  private button(name: Icon, label: string, action: () => void, disabled: boolean): TemplateResult {
    return html`<button class="icon" aria-label=${label} title=${label} ?disabled=${disabled} @click=${action}>${icon(name)}</button>`;
  }

  private onAnswer(event: Event): void {
    const dialog = event.target as HTMLDialogElement;
    if (dialog.returnValue === "clear") {
      batchQueue.cancel();
      store.clear();
      countSheet.clear();
      for (const { id } of notices.list) notices.drop(id);
    }
    dialog.returnValue = "";
  }

  private onLeave(event: FocusEvent): void {
    const menu = event.currentTarget as HTMLDetailsElement;
    if (!menu.contains(event.relatedTarget as Node | null)) menu.open = false;
  }

  private onMenuKey(event: KeyboardEvent): void {
    if (event.key !== "Escape") return;
    this.closeMenu();
    this.renderRoot.querySelector("summary")?.focus();
  }

  private closeMenu(): void {
    const menu = this.renderRoot.querySelector("details");
    if (menu) menu.open = false;
  }

  private export(kind: ExportKind): Promise<void> {
    const failed = () => (kind === "png" ? counting.words.pictureFailed : words.workbench.errors.unknown);
    return run(import("../persistence/exports.js"), ({ exportAs }) => exportAs(kind, this.labels), failed);
  }

  private train(kind: TrainingKind): Promise<void> {
    const failed = () => counting.words.training.failed;
    const save = import("../persistence/training-data.js");
    return run(save, ({ saveTrainingData }) => saveTrainingData(kind, this.labels), failed);
  }

  private share(): Promise<void> {
    const failed = () => counting.words.sharing.failed;
    return run(import("../persistence/exports.js"), ({ share }) => share(this.labels), failed);
  }

  private get labels(): Labels {
    return classifiers.current?.model.labels ?? [];
  }

  private save(): Promise<void> {
    const failed = () => words.workbench.errors.unknown;
    return run(import("../persistence/session.js"), ({ saveSession }) => saveSession(), failed);
  }
}

/** Does what a part of the page does that is fetched when it is first needed. `failed` says why it came to nothing, if it was fetched. */
async function run<Part>(
  fetching: Promise<Part>,
  use: (part: Part) => Promise<void>,
  failed: () => string,
): Promise<void> {
  const say = (text: () => string) => notices.put("export", text, true);
  const part = await fetching.catch(() => undefined);
  if (!part) say(() => words.workbench.errors.known.network.detail);
  else await use(part).catch(() => say(failed));
}

/** For want of something that was not fetched, and may be now. */
function isUnreached({ outcome, waiting }: Picture): boolean {
  return outcome?.kind === "failed" && outcome.code === "network" && !waiting;
}

/** Whether the system has a sheet for sharing that takes a table. */
function canShare(): boolean {
  return navigator.canShare?.({ files: [new File([""], "table.csv", { type: "text/csv" })] }) ?? false;
}

function duration(seconds: number): string {
  const { toolbar } = words.workbench;
  return seconds < 90 ? toolbar.seconds(Math.ceil(seconds)) : toolbar.minutes(Math.round(seconds / 60));
}

customElements.define("leuko-toolbar", Toolbar);
