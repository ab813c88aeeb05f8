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
} from "./index.js";
import { brandOf } from "./shared/platform.js";

/** On a server there is no HTMLElement: importing this module does nothing there. */
const Base: typeof HTMLElement =
  globalThis.HTMLElement ?? (class {} as unknown as typeof globalThis.HTMLElement);

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
 * - Attributes: `src` (a picture's URL, classified when set), `field` (a picture is a field of many cells, which are framed and
 *   counted), `model` (as in `Classifier.load`), `name`, `required`, `disabled`. In a form its value is the result's label, of a field
 *   the number of cells that were classified.
 * - Events: `classified` or, of a field, `counted`; `failed`. All bubble.
 * - Slot: `prompt`. Parts: `drop`, `picture`, `cell`, `button`, `result`, `headline`, `list`, `row`, `label`, `track`, `bar`,
 *   `number`, `note`. Custom properties: `--leukolens-accent`, `--leukolens-track`, `--leukolens-radius`.
 *
 * It loads the engine with the first picture, and frees it when it leaves the document.
 */
export class LeukolensClassifierElement extends Base {
  static readonly formAssociated = true;
  static readonly observedAttributes: readonly string[] = ["src", "model", "required"];

  /** Undefined where they lack what forms need, as jsdom's, which fail at the rest. */
  readonly #internals: ElementInternals | undefined = usable(this.attachInternals?.());
  readonly #view: View = createView(this.attachShadow({ mode: "open", delegatesFocus: true }));
  #classifier: Promise<Classifier> | undefined;
  #underWay = new AbortController();
  #pictureUrl: string | undefined;
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
    return this.#work(input, async (classifier, signal) => {
      const result = await classifier.classify(input, { signal });
      this.#result = result;
      this.#view.showResult(result, classifier.model);
      this.#emit("classified", result);
      return result;
    });
  }

  /** Shows `input`, frames its white cells and counts them, whether or not `field` is set. Rejects as `Classifier.classifyField` does. */
  classifyField(input: ImageInput): Promise<FieldClassification> {
    return this.#work(input, async (classifier, signal) => {
      const result = await classifier.classifyField(input, { signal });
      this.#fieldResult = result;
      this.#view.showField(result, classifier.model);
      this.#emit("counted", result);
      return result;
    });
  }

  async #work<T>(
    input: ImageInput,
    ask: (classifier: Classifier, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    this.#clear();
    const { signal } = this.#underWay;
    this.#showPicture(input);
    if (this.#internals) this.#internals.ariaBusy = "true";
    this.#view.showMessage("Working …");
    try {
      return await ask(await this.#load(), signal);
    } catch (error) {
      if (!signal.aborted) this.#fail(error);
      throw error;
    } finally {
      if (!signal.aborted) this.#settle();
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
    if (name === "model") this.#unload();
    if (name === "required") this.#settle();
    if (name === "src" && now !== null && this.isConnected) this.#classifyQuietly(now);
  }

  connectedCallback(): void {
    this.#settle();
    const src = this.getAttribute("src");
    if (src !== null && !this.#result && !this.#fieldResult) this.#classifyQuietly(src);
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
    this.#settle();
  }

  get #disabled(): boolean {
    return this.#view.button.disabled;
  }

  #accept(file: File | undefined): void {
    if (file && !this.#disabled) this.#classifyQuietly(file);
  }

  /** Nobody holds the promise: the `failed` event tells. */
  #classifyQuietly(input: ImageInput): void {
    const done: Promise<unknown> = this.hasAttribute("field")
      ? this.classifyField(input)
      : this.classify(input);
    done.catch(() => undefined);
  }

  /** What could not be loaded is tried again with the next picture. */
  #load(): Promise<Classifier> {
    const model = this.getAttribute("model") ?? undefined;
    this.#classifier ??= Classifier.load({ model }).catch((error) => {
      this.#classifier = undefined;
      throw error;
    });
    return this.#classifier;
  }

  #clear(): void {
    this.#underWay.abort();
    this.#underWay = new AbortController();
    this.#result = null;
    this.#fieldResult = null;
    this.#showPicture(undefined);
    this.#view.showMessage("");
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

  #showPicture(input: ImageInput | undefined): void {
    if (this.#pictureUrl) URL.revokeObjectURL(this.#pictureUrl);
    const brand = brandOf(input);
    this.#pictureUrl =
      brand === "File" || brand === "Blob" ? URL.createObjectURL?.(input as Blob) : undefined;
    const address = brand === "String" || brand === "URL" ? String(input) : undefined;
    this.#view.showPicture(this.#pictureUrl ?? address);
  }

  #emit(type: string, detail: unknown): void {
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

if (globalThis.customElements && !customElements.get("leukolens-classifier")) {
  customElements.define("leukolens-classifier", LeukolensClassifierElement);
}
