// Installing the page as an app, where the browser offers that; it says so with an event of its own.

/** TypeScript does not know of it: only some browsers have it. */
interface InstallPrompt extends Event {
  prompt(): Promise<unknown>;
}

/** "change" tells that installing has become possible, or no longer is. */
class Installation extends EventTarget {
  #prompt: InstallPrompt | undefined;

  constructor() {
    super();
    window.addEventListener("beforeinstallprompt", (event) => {
      event.preventDefault(); // the page offers it where it does not disturb
      this.#set(event as InstallPrompt);
    });
    window.addEventListener("appinstalled", () => this.#set(undefined));
  }

  get possible(): boolean {
    return this.#prompt !== undefined;
  }

  /** A browser lets each offer be taken once. */
  async ask(): Promise<void> {
    const prompt = this.#prompt;
    this.#set(undefined);
    await prompt?.prompt();
  }

  #set(prompt: InstallPrompt | undefined): void {
    this.#prompt = prompt;
    this.dispatchEvent(new Event("change"));
  }
}

export const installation: Installation = new Installation();
