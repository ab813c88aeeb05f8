// Short messages above the workbench, each until it is dismissed or its cause is gone.

export interface Notice {
  readonly id: string;
  /** Asked for at each rendering, so that it follows the language. */
  readonly text: () => string;
  readonly urgent: boolean;
}

class Notices extends EventTarget {
  list: readonly Notice[] = [];

  /** One for each id: a newer one takes the older one's place. */
  put(id: string, text: () => string, urgent = false): void {
    this.list = [...this.list.filter((notice) => notice.id !== id), { id, text, urgent }];
    this.dispatchEvent(new Event("change"));
  }

  drop(id: string): void {
    this.list = this.list.filter((notice) => notice.id !== id);
    this.dispatchEvent(new Event("change"));
  }
}

export const notices: Notices = new Notices();
