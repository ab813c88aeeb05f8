// The network behind the kiosk: it answers or is started anew, and nobody has to touch anything.
import { type Classification, Classifier, type ErrorCode, type Heatmap, LeukolensError } from "leukolens";

/** What the network says of a picture, and which places made it say so. */
export interface Recognition {
  readonly result: Classification;
  readonly heatmap: Heatmap | undefined;
}

const limitMs = 10_000;
const attempts = 3;

/** Of these, the picture is not the cause. */
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
  async recognise(picture: Blob, onTrouble: () => void): Promise<Recognition> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.ask(picture);
      } catch (error) {
        if (!isCrash(error) || attempt === attempts) throw error;
        onTrouble();
        await this.restart();
      }
    }
  }

  private async ask(picture: Blob): Promise<Recognition> {
    const classifier = await this.classifier;
    const signal = AbortSignal.timeout(limitMs);
    const result = await classifier.classify(picture, { signal });
    return { result, heatmap: await explain(classifier, picture, result, signal) };
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
  classifier: Classifier,
  picture: Blob,
  { predictions }: Classification,
  signal: AbortSignal,
): Promise<Heatmap | undefined> {
  if (predictions.length === 0) return undefined;
  try {
    return await classifier.explain(picture, { signal });
  } catch (error) {
    if (error instanceof LeukolensError && error.code === "unsupported_model") return undefined;
    throw error;
  }
}

const isCrash = (error: unknown) => error instanceof LeukolensError && crashes.has(error.code);
