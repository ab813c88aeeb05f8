// Nothing leads out of the kiosk.

/** Stops whatever a browser does by itself on touch, mouse or keys, but for the keys that work the page. */
export function lockDown(): void {
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
