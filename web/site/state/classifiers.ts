// Owns the classifier that the page works with, and lets it be exchanged for one with another model.
import { Classifier, type LoadOptions, type Profile } from "leukolens";
import { getPreference, setPreference } from "./preferences.js";

export type Model = LoadOptions["model"];

/** "change" tells that another classifier is in force, or that the first one could not be loaded. */
class Classifiers extends EventTarget {
  /** The one in force; undefined until the first is loaded. */
  current: Classifier | undefined;
  /** Why there is none, where the first could not be loaded. */
  error: unknown;
  #last: Promise<Classifier> | undefined;

  /** The one in force, as soon as there is one. Rejects with a LeukolensError where none can be loaded. */
  async ready(): Promise<Classifier> {
    return this.current ?? this.#last ?? this.use(undefined);
  }

  /**
   * Loads a model (a shipped one's name, a URL or the file's bytes; undefined: the default) and puts it in force. Where that fails
   * it rejects with a LeukolensError, and what was in force stays so. Calls queue up: the last one wins.
   */
  use(model: Model): Promise<Classifier> {
    const loading = this.#load(model, this.#last);
    this.#last = loading;
    loading.catch(() => {
      if (this.#last === loading) this.#last = undefined; // whoever asks next tries again
    });
    return loading;
  }

  async #load(model: Model, before: Promise<unknown> | undefined): Promise<Classifier> {
    await before?.catch(() => undefined);
    try {
      const classifier = await Classifier.load({ model, build: requestedBuild() });
      await useKeptProfile(classifier);
      this.#putInForce(classifier);
      return classifier;
    } catch (error) {
      if (!this.current) {
        this.error = error;
        this.dispatchEvent(new Event("change"));
      }
      throw error;
    }
  }

  #putInForce(classifier: Classifier): void {
    const old = this.current;
    this.current = classifier;
    this.error = undefined;
    this.dispatchEvent(new Event("change"));
    old?.dispose();
  }
}

/** What was learnt of the microscope is used at the next visit, too. */
export function keepProfile(profile: Profile | null): void {
  setPreference("microscope", profile ? JSON.stringify(profile) : undefined);
}

async function useKeptProfile(classifier: Classifier): Promise<void> {
  const kept = getPreference("microscope");
  if (!kept) return;
  // One of another model waits until that one is back.
  await classifier.use(new TextEncoder().encode(kept)).catch(() => undefined);
}

/** `?build=simd` runs the fallback build, so that the two can be compared on one device. */
function requestedBuild(): "auto" | "simd" | "relaxed" {
  const build = new URLSearchParams(location.search).get("build");
  return build === "simd" || build === "relaxed" ? build : "auto";
}

export const classifiers: Classifiers = new Classifiers();
