// The page's shell: its name, the way to its parts, language and colours. What a part needs is fetched when it is first shown.
import { css, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import "../workbench/workbench.js";
import {
  type Language,
  Localised,
  language,
  languages,
  preferredLanguage,
  setLanguage,
  words,
} from "../i18n/index.js";
import icon from "../icon.svg?url";
import { classifiers } from "../state/classifiers.js";
import { store } from "../state/store.js";
import { subscribe } from "../state/subscribe.js";
import { controls } from "../ui/controls.js";
import { applyTheme, currentTheme, setTheme, type Theme, themes } from "./theme.js";

/** The parts beside the workbench, each a module that defines the element it is shown by. */
const modules = import.meta.glob(["../atlas/atlas.ts", "../models/page.ts", "../count/report.ts"]);

const parts = {
  cells: { show: () => html`<leuko-workbench></leuko-workbench>` },
  atlas: { module: "../atlas/atlas.ts", show: () => html`<leuko-atlas></leuko-atlas>` },
  model: { module: "../models/page.ts", show: () => html`<leuko-model></leuko-model>` },
  report: { module: "../count/report.ts", show: () => html`<leuko-report></leuko-report>` },
} satisfies Record<string, { module?: string; show: () => TemplateResult }>;

type Part = keyof typeof parts;

const partNames = (Object.keys(parts) as Part[]).filter((name) => {
  const part = parts[name];
  return !("module" in part) || part.module in modules;
});

/** Those that the page always offers; the report is reached from what it reports. */
const listed = partNames.filter((name) => name !== "report");

class App extends Localised {
  static override properties = { shown: { state: true }, failed: { state: true } };

  declare private shown: Part;
  declare private failed: boolean;

  static override styles = [
    controls,
    css`
    :host {
      display: grid;
      grid-template-rows: auto 1fr auto;
      gap: clamp(12px, 2vw, 22px);
      min-height: calc(100dvh - 2 * var(--margin));
    }
    header {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 6px 20px;
    }
    .brand {
      display: flex;
      align-items: center;
      gap: 12px;
    }
    h1 {
      margin: 0;
      font-size: 1.375rem;
      font-weight: 650;
      letter-spacing: -0.02em;
    }
    nav {
      display: flex;
      gap: 4px;
      margin-inline-end: auto;
    }
    a {
      display: grid;
      place-items: center;
      min-height: 44px;
      padding-inline: 14px;
      border-radius: 22px;
      color: var(--quiet);
      font-weight: 600;
      text-decoration: none;
    }
    a:hover {
      color: var(--ink);
      background: var(--tint);
    }
    a[aria-current] {
      color: var(--accent);
      background: var(--tint);
    }
    .settings {
      display: flex;
      flex-wrap: wrap;
      gap: 8px;
    }
    select {
      max-width: 44vw;
    }
    :is(a, select, main):focus-visible {
      outline: 3px solid var(--accent);
      outline-offset: 2px;
    }
    main {
      min-width: 0;
    }
    main:focus:not(:focus-visible) {
      outline: none;
    }
    footer {
      display: flex;
      flex-wrap: wrap;
      gap: 2px 24px;
      justify-content: space-between;
      color: var(--quiet);
      font-size: 0.875rem;
    }
    footer p {
      margin: 0;
    }
    .skip {
      position: absolute;
      inset-block-start: 8px;
      inset-inline-start: 8px;
      z-index: 3;
      color: var(--on-accent);
      background: var(--accent);
    }
    .skip:not(:focus) {
      clip-path: inset(50%);
    }
    @media (max-width: 480px) {
      header {
        gap: 2px 8px;
      }
      h1 {
        font-size: 1.25rem;
      }
      .brand {
        gap: 8px;
        margin-inline-end: auto;
      }
      .settings {
        flex-wrap: nowrap;
      }
      .settings select {
        max-width: 94px;
      }
      nav {
        order: 1;
        flex-basis: 100%;
      }
    }
    @media print {
      header,
      footer,
      .skip {
        display: none;
      }
    }
  `,
  ];

  constructor() {
    super();
    // The workbench reads the last session: there is nothing to report before.
    if (partOf(location.hash) === "report") history.replaceState(null, "", "#cells");
    this.shown = partOf(location.hash);
    this.failed = false;
    subscribe(this, store);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("hashchange", this.onHash);
    window.addEventListener("dragover", this.onDragOver);
    this.fetchPart();
  }

  override disconnectedCallback(): void {
    window.removeEventListener("hashchange", this.onHash);
    window.removeEventListener("dragover", this.onDragOver);
    super.disconnectedCallback();
  }

  override willUpdate(): void {
    document.title = words.shell.title;
  }

  override updated(changes: PropertyValues): void {
    if (changes.get("shown")) this.renderRoot.querySelector("main")?.focus();
  }

  override render(): TemplateResult {
    const { shell } = words;
    return html`
      <header>
        <a class="skip" href=${`#${this.shown}`} @click=${this.skip}>${shell.skip}</a>
        <div class="brand">
          <img src=${icon} alt="" width="36" height="36" />
          <h1>Leukolens</h1>
        </div>
        <nav aria-label=${shell.parts}>
          ${
            listed.length > 1
              ? listed.map(
                  (name) => html`
                    <a href=${`#${name}`} aria-current=${name === this.shown ? "page" : nothing}>${shell.part[name]}</a>
                  `,
                )
              : nothing
          }
        </nav>
        <div class="settings">${this.languagePicker()} ${this.themePicker()}</div>
      </header>
      <main tabindex="-1">
        ${this.failed ? this.failure() : parts[this.shown].show()}
      </main>
      ${this.welcoming ? nothing : html`<footer><p>${shell.onDevice}</p><p>${words.researchOnly}</p></footer>`}
    `;
  }

  private failure(): TemplateResult {
    const { errors, toolbar } = words.workbench;
    const retry = (event: Event) => {
      this.skip(event);
      this.fetchPart();
    };
    return html`
      <p role="alert">${errors.known.network.detail}</p>
      <button @click=${retry}>${toolbar.again}</button>
    `;
  }

  /** The first screen says itself what the footer says. */
  private get welcoming(): boolean {
    return this.shown === "cells" && store.pictures.length === 0;
  }

  private languagePicker(): TemplateResult {
    const choose = (event: Event) => {
      const chosen = (event.target as HTMLSelectElement).value as Language;
      setLanguage(chosen, { keep: true }).catch(() => this.requestUpdate());
    };
    return html`
      <select aria-label=${words.shell.language} @change=${choose} .value=${language}>
        ${Object.entries(languages).map(
          ([tag, { name }]) =>
            html`<option value=${tag} lang=${tag} ?selected=${tag === language}>${name}</option>`,
        )}
      </select>
    `;
  }

  private themePicker(): TemplateResult {
    const choose = (event: Event) => setTheme((event.target as HTMLSelectElement).value as Theme);
    const current = currentTheme();
    return html`
      <select aria-label=${words.shell.theme} @change=${choose}>
        ${themes.map(
          (theme) =>
            html`<option value=${theme} ?selected=${theme === current}>${words.shell.themes[theme]}</option>`,
        )}
      </select>
    `;
  }

  private skip(event: Event): void {
    event.preventDefault();
    this.renderRoot.querySelector("main")?.focus();
  }

  private readonly onHash = () => {
    this.shown = partOf(location.hash);
    this.fetchPart();
  };

  /** Where no files are taken, the browser would open them in place of the page: they lead to where they are. */
  private readonly onDragOver = (event: DragEvent) => {
    const isTaken = ["cells", "model"].includes(this.shown);
    if (isTaken || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    location.hash = "cells";
  };

  private async fetchPart(): Promise<void> {
    this.failed = false;
    const part = parts[this.shown];
    try {
      if ("module" in part) await modules[part.module]?.();
    } catch {
      this.failed = part === parts[this.shown]; // somebody may have gone on to another
    }
  }
}

function partOf(hash: string): Part {
  return partNames.find((name) => hash.slice(1).split("/")[0] === name) ?? "cells";
}

applyTheme();
classifiers.ready().catch(() => undefined); // whoever needs it hears of a failure
await setLanguage(preferredLanguage()).catch(() => undefined); // English is always there
customElements.define("leuko-app", App);
