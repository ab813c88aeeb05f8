// Nothing leads out of the kiosk, the screen stays on, and whatever goes wrong ends in a fresh start.

/** Whatever a browser does by itself on touch, mouse or keys, but for the keys that work the page. */
export function closeWaysOut(): void {
  const refuse = (event: Event) => event.preventDefault();
  for (const name of ["contextmenu", "dragstart", "dragover", "drop", "auxclick", "gesturestart", "paste"])
    window.addEventListener(name, refuse);
  window.addEventListener("wheel", (event) => event.ctrlKey && refuse(event), { passive: false });
  window.addEventListener("touchmove", (event) => event.touches.length > 1 && refuse(event), {
    passive: false,
  });
  window.addEventListener("keydown", (event) => isShortcut(event) && refuse(event));
  trapHistory();
}

const isShortcut = ({ key, ctrlKey, altKey, metaKey }: KeyboardEvent) =>
  ctrlKey || altKey || metaKey || /^(F\d+|Browser|Launch|Help|Print|ContextMenu|Backspace)/.test(key);

/** Back and forward find this very page again. */
function trapHistory(): void {
  history.pushState(null, "");
  window.addEventListener("popstate", () => history.pushState(null, ""));
}

/** The system takes the lock away whenever the page is hidden. */
export function keepAwake(): void {
  const lock = () => {
    if (document.visibilityState === "visible") navigator.wakeLock?.request("screen").catch(() => undefined);
  };
  lock();
  document.addEventListener("visibilitychange", lock);
}

const key = "leukolens-kiosk-falls";
const forgiveMs = 300_000;
const longestMs = 60_000;

/** Calls `onFall` for what nothing else caught and loads the page anew: at once the first time, ever later if it keeps falling. */
export function riseAfterFalls(onFall: () => void): void {
  const fall = () => {
    window.removeEventListener("error", fall);
    window.removeEventListener("unhandledrejection", fall);
    onFall();
    setTimeout(() => location.reload(), noteFall());
  };
  window.addEventListener("error", fall);
  window.addEventListener("unhandledrejection", fall);
}

/** How long to wait, in milliseconds. */
function noteFall(now = Date.now()): number {
  const [count = 0, last = 0] = (sessionStorage.getItem(key) ?? "").split(" ").map(Number);
  const falls = now - last > forgiveMs ? 1 : count + 1;
  sessionStorage.setItem(key, `${falls} ${now}`);
  return Math.min(longestMs, 1000 * 2 ** (falls - 1));
}

/** For `web/kiosk/kiosk.mjs`, which starts the browser anew when this page falls silent. */
export function beat(everyMs = 1000): void {
  setInterval(() => void fetch("../alive", { method: "POST" }).catch(() => undefined), everyMs);
}
