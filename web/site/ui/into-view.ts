/** Scrolls the page to an element, unless a part of it is seen already. True if it had to. */
export function bringIntoView(element: Element | null): boolean {
  if (!element) return false;
  const { top, bottom } = element.getBoundingClientRect();
  if (bottom > 0 && top < window.innerHeight) return false;
  element.scrollIntoView({ block: "center" });
  return true;
}
