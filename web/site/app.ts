// The page: takes pictures in, keeps the one classifier, and shows what comes out.
import { Classifier, LeukolensError } from "leukolens";
import { css, html, LitElement, type TemplateResult } from "lit";
import "./result.js";
import "./samples.js";
import "./stage.js";
import type { Outcome } from "./result.js";
import { explain, summarise } from "./words.js";

export interface Picture {
  readonly url: string;
  readonly name: string;
}

class App extends LitElement {
  static override properties = {
    picture: { state: true },
    outcome: { state: true },
    dragging: { state: true },
  };

  declare private picture: Picture | undefined;
  declare private outcome: Outcome;
  declare private dragging: boolean;
  private readonly classifier = Classifier.load({ build: requestedBuild() });
  private running = new AbortController();

  static override styles = css`
    :host {
      display: grid;
      grid-template-columns: minmax(0, 1.06fr) minmax(0, 1fr);
      gap: clamp(12px, 2vw, 24px);
      align-items: start;
    }
    leuko-result {
      grid-area: 1 / 2 / span 2;
    }
    @media (max-width: 860px) {
      :host {
        grid-template-columns: minmax(0, 1fr);
      }
      leuko-result {
        grid-area: auto;
      }
    }
  `;

  constructor() {
    super();
    this.outcome = { kind: "empty" };
    this.dragging = false;
    this.classifier.then(
      (classifier) => this.settle({ kind: "empty", classifier }),
      (error: unknown) => this.settle({ kind: "failed", ...explain(error) }),
    );
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("dragover", this.onDragOver);
    window.addEventListener("dragleave", this.onDragLeave);
    window.addEventListener("drop", this.onDrop);
    window.addEventListener("paste", this.onPaste);
  }

  override disconnectedCallback(): void {
    window.removeEventListener("dragover", this.onDragOver);
    window.removeEventListener("dragleave", this.onDragLeave);
    window.removeEventListener("drop", this.onDrop);
    window.removeEventListener("paste", this.onPaste);
    super.disconnectedCallback();
  }

  override render(): TemplateResult {
    return html`
      <leuko-stage
        .picture=${this.picture}
        .dragging=${this.dragging}
        @picture=${(event: CustomEvent<File>) => this.open(event.detail)}
      ></leuko-stage>
      <leuko-result .outcome=${this.outcome}></leuko-result>
      <leuko-samples @picture=${(event: CustomEvent<File>) => this.open(event.detail)}></leuko-samples>
    `;
  }

  /** The newest picture wins: whatever is still under way for an older one is dropped. */
  private async open(file: File): Promise<void> {
    this.running.abort();
    this.running = new AbortController();
    const { signal } = this.running;
    if (this.picture) URL.revokeObjectURL(this.picture.url);
    this.picture = { url: URL.createObjectURL(file), name: file.name };
    try {
      const classifier = await this.classifier;
      const result = await classifier.classify(file, { signal });
      this.settle({ kind: "done", classifier, result, ...summarise(result, classifier.model) });
    } catch (error) {
      if (error instanceof LeukolensError && error.code === "aborted") return;
      this.settle({ kind: "failed", ...explain(error) });
    }
  }

  private settle(outcome: Outcome): void {
    if (outcome.kind === "empty" && this.outcome.kind !== "empty") return;
    this.outcome = outcome;
  }

  private take(files: FileList | undefined, otherwise: string): void {
    const file = files?.[0];
    if (file) this.open(file);
    else this.settle({ kind: "failed", headline: "There is no picture in it", detail: otherwise });
  }

  private readonly onDragOver = (event: DragEvent) => {
    event.preventDefault();
    this.dragging = true;
  };

  private readonly onDragLeave = (event: DragEvent) => {
    if (!event.relatedTarget) this.dragging = false;
  };

  private readonly onDrop = (event: DragEvent) => {
    event.preventDefault();
    this.dragging = false;
    this.take(
      event.dataTransfer?.files,
      "Only files can be dropped: save the picture first, or copy and paste it.",
    );
  };

  private readonly onPaste = (event: ClipboardEvent) => {
    this.take(
      event.clipboardData?.files,
      "The clipboard holds no picture: copy the picture itself, not its address.",
    );
  };
}

/** `?build=simd` runs the fallback build, so that the two can be compared on one device. */
function requestedBuild(): "auto" | "simd" | "relaxed" {
  const build = new URLSearchParams(location.search).get("build");
  return build === "simd" || build === "relaxed" ? build : "auto";
}

customElements.define("leuko-app", App);
