// Offline use: registers the service worker and tells in a small note that the page is ready, or that an update is.
import { css, html, nothing, type TemplateResult } from "lit";
import { Localised, words } from "../i18n/index.js";
import type { Question } from "../service-worker/question.js";
import { classifiers } from "../state/classifiers.js";

export interface OfflineEvents {
  /** For the first time, everything is on this device. */
  ready(): void;
  /** A newer version is on this device, whole. `take` opens it in place of this page; other pages keep theirs. */
  update(take: () => void): void;
  /** The device has no room for everything. */
  full(): void;
}

const hourMs = 3_600_000;
const answerMs = 3000;
const handoverMs = 1500;

/**
 * Begins when `needed`, what the page itself waits for, has come or failed. Does nothing where there are no service workers: in a file from
 * disk, in private windows, over plain HTTP.
 */
export async function keepOffline(needed: Promise<unknown>, events: OfflineEvents): Promise<void> {
  const manifest = document.querySelector<HTMLLinkElement>("link[rel=manifest]");
  if (!manifest || !("serviceWorker" in navigator)) return;
  const { controller } = navigator.serviceWorker; // of this page's version, until another page takes an update
  navigator.serviceWorker.addEventListener("message", ({ data }) => {
    if (data === "full") events.full();
  });
  try {
    await Promise.allSettled([needed, idle()]);
    const url = new URL("service-worker.js", manifest.href);
    followUpdates(await navigator.serviceWorker.register(trust(url.href)), controller, events);
  } catch {
    // Refused by the browser's settings, or no network on a first visit: the page works as any page does.
  }
}

/** What the page itself needs comes first. */
async function idle(): Promise<void> {
  if (document.readyState !== "complete")
    await new Promise((resolve) => window.addEventListener("load", resolve, { once: true }));
  await pause(1500);
}

function followUpdates(
  registration: ServiceWorkerRegistration,
  controller: ServiceWorker | null,
  events: OfflineEvents,
): void {
  const offer = (worker: ServiceWorker) => events.update(() => void take(worker, registration));
  const follow = (worker: ServiceWorker | null) => {
    const first = !registration.active;
    worker?.addEventListener("statechange", () => {
      if (worker.state === "installed" && !first) offer(worker);
      if (worker.state === "activated" && first) events.ready();
    });
  };
  // What came before this page looked: a version that waits, or one that another page took. This page may be of it already.
  const newest = registration.waiting ?? registration.active;
  if (controller && newest && newest !== controller)
    void ask(newest, "compare").then((differs) => differs && offer(newest));
  if (registration.active) void ask(registration.active, "tidy");
  follow(registration.installing);
  registration.addEventListener("updatefound", () => follow(registration.installing));
  let asked = Date.now();
  const look = () => {
    if (document.visibilityState === "hidden" || Date.now() - asked < hourMs) return;
    asked = Date.now();
    registration.update().catch(() => undefined); // without a network there is nothing newer
  };
  document.addEventListener("visibilitychange", look);
  setInterval(look, hourMs);
}

/**
 * The older worker makes way once it has nothing to do, at once as a rule. Pages that keep it at work can hold that up for minutes:
 * then this one reloads under it, since any worker answers with the version that was taken last.
 */
async function take(offered: ServiceWorker, registration: ServiceWorkerRegistration): Promise<void> {
  const reload = () => location.reload();
  navigator.serviceWorker.addEventListener("controllerchange", reload); // again, where a worker left without an answer
  // The registration may tell of a worker that waits later than that worker's own state does.
  const waiting = () => registration.waiting ?? (offered.state === "installed" ? offered : null);
  let taken = false;
  for (let worker = waiting(); worker && !taken; worker = waiting())
    taken = (await ask(worker, "take")) ?? false;
  if (taken) await pause(handoverMs);
  reload();
}

/** Nothing where no answer comes, as from a worker that failed to start. */
function ask(worker: ServiceWorker, question: Question): Promise<boolean | undefined> {
  const { port1, port2 } = new MessageChannel();
  const answer = new Promise<boolean>((resolve) => {
    port1.onmessage = ({ data }) => resolve(data);
  });
  worker.postMessage(question, [port2]);
  return Promise.race([answer, pause(answerMs)]).finally(() => port1.close());
}

const pause = (ms: number) => new Promise<undefined>((resolve) => setTimeout(resolve, ms));

/** A script's URL must pass through a policy where the page demands Trusted Types; TypeScript does not know of them. */
function trust(url: string): string {
  const { trustedTypes } = globalThis as {
    trustedTypes?: {
      createPolicy(name: string, rules: object): { createScriptURL(url: string): string };
    };
  };
  const rules = { createScriptURL: (same: string) => same };
  return trustedTypes?.createPolicy("leukolens-offline", rules).createScriptURL(url) ?? url;
}

/** So that the browser does not clear what is kept. Some ask the visitor, so wait until one who came back does something. */
function persistOnceAtHome(): void {
  const persist = () => void navigator.storage?.persist?.().catch(() => undefined);
  window.addEventListener("appinstalled", persist);
  if (navigator.serviceWorker?.controller) window.addEventListener("pointerdown", persist, { once: true });
}

type Note = "none" | "ready" | "update" | "full";

class Offline extends Localised {
  static override properties = { note: { state: true } };

  declare private note: Note;
  private take = () => {};

  static override styles = css`
    :host {
      position: fixed;
      inset-block-end: 16px;
      inset-inline: 16px;
      z-index: 10;
      display: grid;
      justify-items: center;
      pointer-events: none;
    }
    .note {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 4px 12px;
      max-width: 560px;
      padding: 8px 8px 8px 20px;
      border: 1px solid var(--line);
      border-radius: 28px;
      background: var(--card);
      color: var(--ink);
      box-shadow: var(--shadow);
      pointer-events: auto;
    }
    p {
      flex: 1 1 220px;
      margin: 0;
    }
    button {
      min-height: 44px;
      padding: 0 18px;
      border: 0;
      border-radius: 22px;
      background: none;
      color: inherit;
      font: inherit;
      font-weight: 600;
      cursor: pointer;
    }
    button.first {
      background: var(--accent);
      color: var(--on-accent);
    }
    button:focus-visible {
      outline: 3px solid var(--accent);
      outline-offset: 2px;
    }
    @media print {
      :host {
        display: none;
      }
    }
  `;

  constructor() {
    super();
    this.note = "none";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    persistOnceAtHome();
    const loaded = new Promise<void>((resolve) =>
      classifiers.addEventListener("change", () => resolve(), { once: true }),
    );
    void keepOffline(classifiers.current ? Promise.resolve() : loaded, {
      ready: () => this.show("ready"),
      full: () => this.show("full"),
      update: (take) => {
        this.take = take;
        this.show("update");
      },
    });
  }

  override render(): TemplateResult {
    return html`<div role="status">${this.note === "none" ? nothing : this.showing()}</div>`;
  }

  private showing(): TemplateResult {
    const { ready, update, full, reload, later, close } = words.offline;
    const waits = this.note === "update";
    return html`
      <div class="note">
        <p>${{ none: "", ready, update, full }[this.note]}</p>
        ${waits ? html`<button class="first" @click=${() => this.take()}>${reload}</button>` : nothing}
        <button @click=${() => this.show("none")}>${waits ? later : close}</button>
      </div>
    `;
  }

  /** That all is well needs no answer, and goes by itself. */
  private show(note: Note): void {
    this.note = note;
    if (note === "ready") setTimeout(() => this.note === "ready" && this.show("none"), 10_000);
  }
}

customElements.define("leuko-offline", Offline);
