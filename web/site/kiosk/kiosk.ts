// The kiosk: attracts, lets a visitor play and ask, and forgets everything once nobody is there.
import { css, html, nothing, type TemplateResult } from "lit";
import { type Language, Localised, languages, preferredLanguage, setLanguage, words } from "../i18n/index.js";
import { kiosk } from "../i18n/kiosk.js";
import { keepOffline } from "../shell/offline.js";
import { useExhibition } from "./deck.js";
import { Idle } from "./idle.js";
import { lockDown } from "./lockdown.js";
import { Recogniser } from "./recogniser.js";
import { controls } from "./style.js";
import { countEvent } from "./visits.js";
import { keepAwake, restartAfterErrors, sendHeartbeats } from "./watchdog.js";
import "./attract.js";
import "./camera.js";
import "./home.js";
import type { Choice } from "./home.js";
import "./ask.js";
import "./quiz.js";

/** How long the notice of a restart stays readable, and after how long an idle page starts afresh. */
const noticeMs = 2500;
const freshMs = 12 * 3_600_000;

const options = new URLSearchParams(location.search);
const idleSeconds = Math.max(3, Number(options.get("idle")) || 60);
const wanted = options.get("language") ?? "";
const homeLanguage: Language = wanted in languages ? (wanted as Language) : preferredLanguage();

class Kiosk extends Localised {
  static override properties = { screen: { state: true }, trouble: { state: true } };

  declare private screen: "attract" | "home" | Choice;
  declare private trouble: boolean;
  private readonly recogniser = new Recogniser();
  private readonly idle = new Idle(this, idleSeconds);
  private takeUpdate: (() => void) | undefined;
  private calm: ReturnType<typeof setTimeout> | undefined;

  static override styles = [
    controls,
    css`
      :host {
        display: grid;
        grid-template-rows: auto minmax(0, 1fr) auto;
        gap: 1em;
        height: 100dvh;
        padding: 1.2em 1.8em;
      }
      header {
        display: flex;
        justify-content: space-between;
        align-items: center;
        gap: 1em;
        min-height: max(64px, 3.2em);
      }
      .brand {
        font-size: 1.25em;
        font-weight: 650;
        letter-spacing: -0.02em;
      }
      main {
        min-height: 0;
        overflow: hidden auto;
        padding: 1.6em 1.6em 0.4em; /* room for what glows, but not under the footer */
        margin: -1.6em -1.6em 0;
        scrollbar-width: none;
      }
      footer {
        display: grid;
        justify-items: center;
        gap: 1em;
        text-align: center;
      }
      @media ((height <= 640px) and (orientation: landscape)) or ((width < 700px) and (orientation: portrait)) {
        :host {
          gap: 0.4em;
          padding: 0.6em 1.2em;
        }
        footer {
          gap: 0.3em;
        }
        main {
          padding: 0.6em 0.6em 0.2em;
          margin: -0.6em -0.6em 0;
        }
      }
      .over {
        position: fixed;
        inset: 0;
        z-index: 2;
        display: grid;
        place-content: center;
        justify-items: center;
        gap: 1.4em;
        padding: 2em;
        background: rgb(14 9 20 / 92%);
        text-align: center;
      }
    `,
  ];

  constructor() {
    super();
    this.screen = "attract";
    this.trouble = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("keydown", this.onKey);
    lockDown();
    keepAwake();
    restartAfterErrors(() => this.tellTrouble());
    if (options.has("watchdog")) sendHeartbeats();
    void setLanguage(homeLanguage);
    void this.recogniser.ready();
    void navigator.storage?.persist?.();
    void keepOffline(this.recogniser.ready(), {
      ready: () => {},
      full: () => {},
      update: (take) => this.receive(take),
    });
  }

  override disconnectedCallback(): void {
    window.removeEventListener("keydown", this.onKey);
    super.disconnectedCallback();
  }

  override render(): TemplateResult {
    const waits = this.screen === "attract";
    const begin = () => waits && this.show("home");
    return html`
      <header>
        <span class="brand">Leukolens</span>
        ${waits ? nothing : html`<button @click=${() => this.show("home")}>${kiosk.words.home}</button>`}
      </header>
      <main>${this.showing()}</main>
      <footer>
        ${waits || this.screen === "home" ? html`<leuko-kiosk-languages @click=${begin}></leuko-kiosk-languages>` : nothing}
        <small>${words.researchOnly}</small>
      </footer>
      ${this.over()}
    `;
  }

  private showing(): TemplateResult {
    const choose = ({ detail }: CustomEvent<Choice>) => this.show(detail);
    const trouble = () => this.tellTrouble(noticeMs);
    switch (this.screen) {
      case "attract":
        return html`<leuko-kiosk-attract @begin=${() => this.show("home")}></leuko-kiosk-attract>`;
      case "home":
        return html`<leuko-kiosk-home @choose=${choose}></leuko-kiosk-home>`;
      case "quiz":
        return html`<leuko-kiosk-quiz .recogniser=${this.recogniser} @trouble=${trouble}></leuko-kiosk-quiz>`;
      case "ask":
        return html`<leuko-kiosk-ask .recogniser=${this.recogniser} @trouble=${trouble}></leuko-kiosk-ask>`;
    }
  }

  /** What lies over the screen: that the network restarts, or that everything is about to be cleared. Any touch keeps it. */
  private over(): TemplateResult | typeof nothing {
    const { recovering, stillThere, resets, stay } = kiosk.words;
    if (this.trouble) return html`<div class="over" role="alert"><h2>${recovering}</h2></div>`;
    if (this.idle.secondsLeft === undefined) return nothing;
    return html`
      <div class="over" role="alertdialog" aria-label=${stillThere}>
        <h1>${stillThere}</h1>
        <p>${resets(this.idle.secondsLeft)}</p>
        <button class="first">${stay}</button>
      </div>
    `;
  }

  private show(screen: Kiosk["screen"]): void {
    if (this.screen === "attract" && screen !== "attract") countEvent("visitor");
    this.screen = screen;
    if (screen === "attract") this.idle.stop();
    else this.idle.start();
  }

  /** Nobody is there: picture, answer, score and language go with the visitor. */
  leave(): void {
    this.show("attract");
    void setLanguage(homeLanguage);
    if (this.takeUpdate) this.takeUpdate();
    else if (performance.now() > freshMs) location.reload();
  }

  private receive(take: () => void): void {
    this.takeUpdate = take;
    if (this.screen === "attract") take();
  }

  /** For good, unless `ms` says how long. */
  private tellTrouble(ms?: number): void {
    clearTimeout(this.calm);
    this.trouble = true;
    if (ms === undefined) return;
    this.calm = setTimeout(() => {
      this.trouble = false;
    }, ms);
  }

  private readonly onKey = ({ key }: KeyboardEvent) => {
    if (key === "Escape" && this.screen !== "attract") this.show("home");
  };
}

// The server has checked the folder; should a part of it be gone by now, drawn cells are better than none.
if (options.has("own")) await useExhibition().catch(() => undefined);
customElements.define("leuko-kiosk", Kiosk);
