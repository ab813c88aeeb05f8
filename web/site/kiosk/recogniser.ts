// The network behind the kiosk: it answers or is started anew, and nobody has to touch anything.
import {
  type Classification,
  Classifier,
  type ErrorCode,
  type Heatmap,
  LeukolensError,
  type OpenedPicture,
} from "leukolens";

/** What the network says of a picture, and which places made it say so. */
export interface Recognition {
  readonly result: Pick<Classification, "verdict" | "label" | "predictions" | "width">;
  readonly heatmap: Heatmap | undefined;
}

const limitMs = 10_000;
const attempts = 3;

/** A picture that cannot be read shows nothing that the network knows: an exhibition's own may be damaged, and the show goes on. */
const unread: Recognition = {
  result: { verdict: "rejected", label: null, predictions: [], width: 1 },
  heatmap: undefined,
};
const unreadable = new Set<ErrorCode>([
  "empty_input",
  "unsupported_format",
  "corrupt_image",
  "image_too_large",
]);

/** Errors that are not the picture's fault. */
const crashes = new Set<ErrorCode>(["worker_failed", "aborted", "out_of_memory", "internal", "disposed"]);

export class Recogniser {
  private classifier = Classifier.load({ workers: 1 });

  constructor() {
    this.classifier.catch(() => undefined); // told by `ready` and by every question
  }

  /** Rejects where no network can be started at all. */
  async ready(): Promise<void> {
    await this.classifier;
  }

  /** `onTrouble` is told whenever the network has to be restarted before it can answer. */
  async recognise(file: Blob, onTrouble: () => void): Promise<Recognition> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.ask(file);
      } catch (error) {
        if (error instanceof LeukolensError && unreadable.has(error.code)) return unread;
        if (!isCrash(error) || attempt === attempts) throw error;
        onTrouble();
        await this.restart();
      }
    }
  }

  /** The heatmap is of the very cell and answer that were given. */
  private async ask(file: Blob): Promise<Recognition> {
    const classifier = await this.classifier;
    const signal = AbortSignal.timeout(limitMs);
    const picture = await classifier.open(file, { signal });
    try {
      const result = await picture.classify({ signal });
      return { result, heatmap: await explain(picture, result, signal) };
    } finally {
      picture.close();
    }
  }

  /** An engine that hangs counts as crashed, so its worker is ended too. */
  private async restart(): Promise<void> {
    const old = this.classifier;
    this.classifier = old.then((classifier) => {
      classifier.dispose();
      return Classifier.load({ workers: 1 });
    });
    await this.classifier;
  }
}

/** Not every network keeps places to the end, and what found no cell has nothing to show. */
async function explain(
  picture: OpenedPicture,
  { predictions }: Classification,
  signal: AbortSignal,
): Promise<Heatmap | undefined> {
  if (predictions.length === 0) return undefined;
  try {
    return await picture.explain(undefined, { signal });
  } catch (error) {
    if (error instanceof LeukolensError && error.code === "unsupported_model") return undefined;
    throw error;
  }
}

const isCrash = (error: unknown) => error instanceof LeukolensError && crashes.has(error.code);
