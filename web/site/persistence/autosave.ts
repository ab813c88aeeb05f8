// Keeps the workbench in IndexedDB between visits: nothing leaves the device, and nothing is lost by a reload.

import { words } from "../i18n/index.js";
import { batchQueue } from "../state/batch-queue.js";
import { countSheet, emptySheet, type Sheet } from "../state/count-sheet.js";
import { notices } from "../state/notices.js";
import { setPreference } from "../state/preferences.js";
import { type CellKey, type Correction, type Framed, type Picture, store } from "../state/store.js";

/** Long enough for a burst of results to be one write. */
const delayMs = 400;

class Autosave {
  #database: IDBDatabase | undefined;
  #kept = new Map<string, Picture>();
  /** What a person said, as it was written last. */
  #said: readonly unknown[] = [];
  #framed: ReadonlyMap<CellKey, Framed> | undefined;
  #timer = 0;

  /** Restores the saved session, then saves every change of the store. */
  async start(): Promise<void> {
    if (!(await isOnlyTab())) {
      notices.put("autosave", () => words.workbench.autosave.elsewhere);
      return;
    }
    try {
      this.#database = await openDatabase();
      await this.#restore(this.#database);
    } catch {
      this.#giveUp();
      return;
    }
    for (const source of [store, countSheet]) source.addEventListener("change", () => this.#later());
    window.addEventListener("pagehide", () => this.#timer && this.#write());
    this.#later();
  }

  async #restore(database: IDBDatabase): Promise<void> {
    const stored = database.transaction(["pictures", "edits"]);
    const edits = stored.objectStore("edits");
    const [pictures, corrections, framed, deleted, sheet] = await Promise.all([
      settled<(Picture & { readonly place: number })[]>(stored.objectStore("pictures").getAll()),
      settled<ReadonlyMap<CellKey, Correction> | undefined>(edits.get("corrections")),
      settled<ReadonlyMap<CellKey, Framed> | undefined>(edits.get("framed")),
      settled<ReadonlySet<CellKey> | undefined>(edits.get("deleted")),
      settled<Sheet | undefined>(edits.get("sheet")),
    ]);
    if (sheet && countSheet.sheet === emptySheet) countSheet.set(sheet);
    if (pictures.length === 0) return;
    const inOrder = pictures
      .sort((one, other) => one.place - other.place)
      .map(({ place, ...picture }) => picture);
    const said = {
      corrections: corrections ?? new Map(),
      framed: framed ?? new Map(),
      deleted: deleted ?? new Set(),
    };
    store.open(inOrder, said, true); // somebody may have handed in pictures meanwhile
    this.#kept = new Map(inOrder.map((picture) => [picture.id, picture]));
    batchQueue.classifyOutdated().catch(() => undefined); // without a model, what is kept is shown
  }

  /** What a person said is written at once: the page may be left the next moment. */
  #later(): void {
    if ([store.edits, countSheet.sheet].some((one, index) => one !== this.#said[index])) this.#write();
    else if (this.#timer === 0) this.#timer = window.setTimeout(() => this.#write(), delayMs);
  }

  /** Transactions come one after another, each begun and committed here: what follows need not wait, nor live to see their end. */
  async #write(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = 0;
    if (!this.#database) return;
    const { pictures, edits, framed } = store;
    try {
      const durability = "strict"; // a power cut may come as soon as it is said
      const transaction = this.#database.transaction(["pictures", "edits"], "readwrite", { durability });
      const rows = transaction.objectStore("pictures");
      for (const [place, picture] of pictures.entries())
        if (this.#kept.get(picture.id) !== picture) rows.put({ ...picture, place });
      const present = new Map(pictures.map((picture) => [picture.id, picture]));
      for (const id of this.#kept.keys()) if (!present.has(id)) rows.delete(id);
      const said = transaction.objectStore("edits");
      said.put(edits.corrections, "corrections");
      if (!sameEntries(framed, this.#framed)) said.put(framed, "framed"); // with thumbnails, which are files on the disk
      said.put(edits.deleted, "deleted");
      said.put(countSheet.sheet, "sheet");
      this.#kept = present;
      this.#said = [edits, countSheet.sheet];
      this.#framed = framed;
      transaction.commit();
      await completed(transaction);
      setPreference("session", pictures.length > 0 ? String(pictures.length) : undefined);
    } catch (error) {
      this.#giveUp(error);
    }
  }

  #giveUp(error?: unknown): void {
    const full = error instanceof DOMException && error.name === "QuotaExceededError";
    this.#database?.close();
    this.#database = undefined;
    notices.put("autosave", () => (full ? words.workbench.autosave.full : words.workbench.autosave.blocked));
  }
}

function sameEntries<K, V>(one: ReadonlyMap<K, V>, other: ReadonlyMap<K, V> | undefined): boolean {
  return one.size === other?.size && [...one].every(([key, value]) => other.get(key) === value);
}

/** Two tabs would overwrite each other. A reloaded page's lock takes a moment to be given back; a busy machine, to give a free one. */
async function isOnlyTab(): Promise<boolean> {
  if (!navigator.locks) return true;
  const name = "leukolens-session";
  const patience = new AbortController();
  window.setTimeout(async () => {
    const { held } = await navigator.locks.query();
    if (held?.some((lock) => lock.name === name)) patience.abort(); // means nothing once it is ours
  }, 1500);
  return new Promise((resolve) => {
    const onHeld = () => {
      resolve(true);
      return new Promise(() => undefined); // for as long as the page lives
    };
    navigator.locks.request(name, { signal: patience.signal }, onHeld).catch(() => resolve(false));
  });
}

async function openDatabase(): Promise<IDBDatabase> {
  const request = indexedDB.open("leukolens", 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("pictures", { keyPath: "id" });
    request.result.createObjectStore("edits");
  };
  return settled(request);
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function completed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  });
}

export const autosave: Autosave = new Autosave();
