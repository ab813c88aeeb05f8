/**
 * Defines `<leukolens-classifier>`: takes a picture by drop, paste, file chooser, attribute or call and shows the answer.
 * @module leukolens/element
 */
import { createView, type View } from "./caller/element-view.js";
import {
  type Classification,
  Classifier,
  type FieldClassification,
  type ImageInput,
  LeukolensError,
  type ModelDescription,
  type OpenedPicture,
} from "./index.js";
import { brandOf } from "./shared/platform.js";

/** On a server there is no HTMLElement: importing this module does nothing there. */
const Base: typeof HTMLElement =
  globalThis.HTMLElement ?? (class {} as unknown as typeof globalThis.HTMLElement);

const texts = ["src", "model", "baseUrl", "name"];
const flags = ["field", "required", "disabled"];

export interface LeukolensClassifierEventMap extends HTMLElementEventMap {
  /** A picture was classified; `detail` is the result. */
  classified: CustomEvent<Classification>;
  /** A field's cells were classified and counted; `detail` is the result. */
  counted: CustomEvent<FieldClassification>;
  /** A picture could not be classified; `detail` says why. */
  failed: CustomEvent<LeukolensError>;
}

/**
 * The custom element `leukolens-classifier`, defined by importing "leukolens/element".
 *
 * - Attributes, each also a property: `src` (a picture's URL, classified when set), `field` (a picture is a field of many cells, which
 *   are framed and counted), `model` and `baseUrl` (as in `Classifier.load`), `name`, `required`, `disabled`. Where `field`, `model`
 *   or `baseUrl` change, what `src` or a person gave is answered anew. In a form its value is the result's label, of a field the number
 *   of cells that were classified.
 * - Events: `classified` or, of a field, `counted`; `failed`. All bubble.
 * - Slot: `prompt`. Parts: `drop`, `picture`, `cell`, `button`, `result`, `headline`, `list`, `row`, `label`, `track`, `bar`,
 *   `number`, `note`. Custom properties: `--leukolens-accent`, `--leukolens-track`, `--leukolens-radius`.
 *
 * It loads the engine with the first picture, and frees it when it leaves the document.
 */
export class LeukolensClassifierElement extends Base {
  static readonly formAssociated = true;
  static readonly observedAttributes: readonly string[] = ["src", "field", "model", "baseurl", "required"];

  declare src: string | null;
  declare model: string | null;
  declare baseUrl: string | null;
  declare name: string | null;
  declare field: boolean;
  declare required: boolean;
  declare disabled: boolean;

  /** Undefined where they lack what forms need, as jsdom's, which fail at the rest. */
  readonly #internals: ElementInternals | undefined = usable(this.attachInternals?.());
  readonly #view: View = createView(this.attachShadow({ mode: "open", delegatesFocus: true }));
  #classifier: Promise<Classifier> | undefined;
  #underWay = new AbortController();
  #pictureUrl: string | undefined;
  /** What `src` or a person gave last, and how often attributes gave something. */
  #given: ImageInput | undefined;
  #turn = 0;
  #result: Classification | null = null;
  #fieldResult: FieldClassification | null = null;

  constructor() {
    super();
    const { drop, button, chooser } = this.#view;
    button.onclick = () => chooser.click();
    chooser.onchange = () => {
      this.#accept(chooser.files?.[0]);
      chooser.value = ""; // the same file may be chosen again
    };
    drop.ondragover = (event) => {
      event.preventDefault();
      drop.classList.toggle("over", !this.#disabled);
    };
    drop.ondragleave = () => drop.classList.remove("over");
    drop.ondrop = (event) => {
      event.preventDefault();
      drop.classList.remove("over");
      this.#accept(event.dataTransfer?.files[0]);
    };
    this.addEventListener("paste", (event) => this.#accept(event.clipboardData?.files[0]));
    // What was set before the element was defined would hide the properties.
    for (const name of [...texts, ...flags]) {
      const early = Object.getOwnPropertyDescriptor(this, name);
      if (early && Reflect.deleteProperty(this, name)) Reflect.set(this, name, early.value);
    }
  }

  /** The last picture's classification; null before the first, while one is under way, and after a failure. */
  get result(): Classification | null {
    return this.#result;
  }

  /** The last field's cells and count; null as `result` is. */
  get fieldResult(): FieldClassification | null {
    return this.#fieldResult;
  }

  /** Shows and classifies `input`, in place of what may be under way. Rejects as `Classifier.classify` does. */
  classify(input: ImageInput): Promise<Classification> {
    return this.#work(input, async (picture, signal, model) => {
      const result = await picture.classify({ signal });
      this.#result = result;
      this.#view.showResult(result, model);
      this.#emit("classified", result);
      return result;
    });
  }

  /** Shows `input`, frames its white cells and counts them, whether or not `field` is set. Rejects as `Classifier.classifyField` does. */
  classifyField(input: ImageInput): Promise<FieldClassification> {
    return this.#work(input, async (picture, signal, model) => {
      const result = await picture.classifyField({ signal });
      this.#fieldResult = result;
      this.#view.showField(result, model);
      this.#emit("counted", result);
      return result;
    });
  }

  async #work<T>(
    input: ImageInput,
    ask: (picture: OpenedPicture, signal: AbortSignal, model: ModelDescription) => Promise<T>,
  ): Promise<T> {
    this.#clear();
    const { signal } = this.#underWay;
    const isShown = this.#showPicture(input);
    if (this.#internals) this.#internals.ariaBusy = "true";
    this.#view.showMessage("Working…");
    let picture: OpenedPicture | undefined;
    try {
      const classifier = await this.#load();
      picture = await classifier.open(input, { signal });
      if (!isShown || picture.decoder === "tiff") this.#view.showPixels(await picture.pixels({ signal }));
      return await ask(picture, signal, classifier.model);
    } catch (error) {
      if (!signal.aborted) this.#fail(error);
      throw error;
    } finally {
      picture?.close();
    }
  }

  /** For TypeScript: `classified` and `failed` carry what their detail says. */
  override addEventListener<K extends keyof LeukolensClassifierEventMap>(
    type: K,
    listener: (this: LeukolensClassifierElement, event: LeukolensClassifierEventMap[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  override addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
  override addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void {
    super.addEventListener(type, listener, options);
  }

  attributeChangedCallback(name: string, before: string | null, now: string | null): void {
    if (before === now) return;
    const given = this.#given;
    if (name === "required") this.#settle();
    else if (name !== "src") {
      if (name !== "field") this.#unload();
      this.#give(given);
    } else if (now !== null) this.#give(now);
    else if (given === before) this.#clear(); // it was this one that is shown
  }

  connectedCallback(): void {
    this.#settle();
    if (!this.#given && !this.#result && !this.#fieldResult) this.#give(this.src ?? undefined);
  }

  /** An element that is only moved is connected again before the microtask runs. */
  disconnectedCallback(): void {
    queueMicrotask(() => {
      if (!this.isConnected) this.#unload();
    });
  }

  formDisabledCallback(disabled: boolean): void {
    this.#view.button.disabled = disabled;
  }

  formResetCallback(): void {
    this.#clear();
  }

  get #disabled(): boolean {
    return this.#view.button.disabled;
  }

  #accept(file: File | undefined): void {
    if (file && !this.#disabled) this.#classifyQuietly(file);
  }

  /** Answers it, once for all attributes that change together: frameworks set them one by one. */
  #give(input: ImageInput | undefined): void {
    const turn = ++this.#turn;
    this.#given = input;
    queueMicrotask(() => {
      if (turn !== this.#turn || input === undefined || this.#given !== input) return;
      if (this.isConnected) this.#classifyQuietly(input);
      else this.#given = undefined; // until it is connected
    });
  }

  /** Nobody holds the promise: the `failed` event tells. */
  #classifyQuietly(input: ImageInput): void {
    const done: Promise<unknown> = this.hasAttribute("field")
      ? this.classifyField(input)
      : this.classify(input);
    done.catch(() => undefined);
    this.#given = input;
  }

  /** What could not be loaded is tried again with the next picture. */
  #load(): Promise<Classifier> {
    const [model, baseUrl] = [this.model ?? undefined, this.baseUrl ?? undefined];
    this.#classifier ??= Classifier.load({ model, baseUrl }).catch((error) => {
      this.#classifier = undefined;
      throw error;
    });
    return this.#classifier;
  }

  #clear(): void {
    this.#underWay.abort();
    this.#underWay = new AbortController();
    this.#given = undefined;
    this.#result = null;
    this.#fieldResult = null;
    this.#showPicture(undefined);
    this.#view.showMessage("");
    this.#settle();
  }

  #unload(): void {
    this.#clear();
    this.#classifier?.then((classifier) => classifier.dispose()).catch(() => undefined);
    this.#classifier = undefined;
  }

  #fail(error: unknown): void {
    const reason =
      error instanceof LeukolensError
        ? error
        : new LeukolensError("internal", String(error), { cause: error });
    if (!this.#result && !this.#fieldResult) this.#view.showMessage(reason.message);
    this.#emit("failed", reason);
  }

  /** Tells the form how things stand. */
  #settle(): void {
    if (this.#internals) this.#internals.ariaBusy = "false";
    const counted = this.#fieldResult?.differential.total;
    const value = this.#result?.label ?? (counted ? String(counted) : null);
    this.#internals?.setFormValue(value);
    const missing = this.hasAttribute("required") && !value;
    this.#internals?.setValidity(
      { valueMissing: missing },
      missing ? "Choose a picture of a blood cell." : "",
      this.#view.button,
    );
  }

  /** False where the browser shows no such input by itself. */
  #showPicture(input: ImageInput | undefined): boolean {
    if (this.#pictureUrl) URL.revokeObjectURL(this.#pictureUrl);
    const brand = brandOf(input);
    this.#pictureUrl =
      brand === "File" || brand === "Blob" ? URL.createObjectURL?.(input as Blob) : undefined;
    const address = brand === "String" || brand === "URL" ? String(input) : undefined;
    this.#view.showPicture(this.#pictureUrl ?? address);
    return /^(File|Blob|String|URL)$/.test(brand);
  }

  /** Who hears of it may send the form. */
  #emit(type: string, detail: unknown): void {
    this.#settle();
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true }));
  }
}

function usable(internals: ElementInternals | undefined): ElementInternals | undefined {
  return internals && "setFormValue" in internals ? internals : undefined;
}

declare global {
  interface HTMLElementTagNameMap {
    "leukolens-classifier": LeukolensClassifierElement;
  }
}

/** Attributes as properties, which frameworks set where there are any. */
function reflect(name: string, isFlag: boolean): void {
  Object.defineProperty(LeukolensClassifierElement.prototype, name, {
    configurable: true,
    enumerable: true,
    get(this: Element) {
      return isFlag ? this.hasAttribute(name) : this.getAttribute(name);
    },
    set(this: Element, value: unknown) {
      if (isFlag ? !value : value === null || value === undefined) this.removeAttribute(name);
      else this.setAttribute(name, isFlag ? "" : String(value));
    },
  });
}

for (const name of texts) reflect(name, false);
for (const name of flags) reflect(name, true);

if (globalThis.customElements && !customElements.get("leukolens-classifier")) {
  customElements.define("leukolens-classifier", LeukolensClassifierElement);
}
