// The screen stays on, and whatever goes wrong ends in a fresh start.

/** The system takes the lock away whenever the page is hidden. */
export function keepAwake(): void {
  const lock = () => {
    if (document.visibilityState === "visible") navigator.wakeLock?.request("screen").catch(() => undefined);
  };
  lock();
  document.addEventListener("visibilitychange", lock);
}

const key = "leukolens-kiosk-restarts";
const forgiveMs = 300_000;
const longestMs = 60_000;

/** Reloads the page after an error that nothing caught, and calls `onError` before: at once the first time, ever later if errors repeat. */
export function restartAfterErrors(onError: () => void): void {
  const restart = () => {
    window.removeEventListener("error", restart);
    window.removeEventListener("unhandledrejection", restart);
    onError();
    setTimeout(() => location.reload(), nextDelay());
  };
  window.addEventListener("error", restart);
  window.addEventListener("unhandledrejection", restart);
}

/** In milliseconds. Counts the restarts, for as long as no five minutes pass between two. */
function nextDelay(now = Date.now()): number {
  const [count = 0, last = 0] = (sessionStorage.getItem(key) ?? "").split(" ").map(Number);
  const restarts = now - last > forgiveMs ? 1 : count + 1;
  sessionStorage.setItem(key, `${restarts} ${now}`);
  return Math.min(longestMs, 1000 * 2 ** (restarts - 1));
}

/** For `web/kiosk/kiosk.mjs`, which restarts the browser when this page falls silent. */
export function sendHeartbeats(everyMs = 1000): void {
  setInterval(() => void fetch("../heartbeat", { method: "POST" }).catch(() => undefined), everyMs);
}
