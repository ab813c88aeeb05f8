import type { ReactiveControllerHost } from "lit";

/** Renders `host` anew whenever one of `sources` says "change". */
export function subscribe(host: ReactiveControllerHost, ...sources: readonly EventTarget[]): void {
  const update = () => host.requestUpdate();
  host.addController({
    hostConnected() {
      for (const source of sources) source.addEventListener("change", update);
    },
    hostDisconnected() {
      for (const source of sources) source.removeEventListener("change", update);
    },
  });
}
