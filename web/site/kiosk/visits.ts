// Tells the kiosk's server that somebody came or finished a quiz, if it counts: no more than that leaves the page.
const counts = new URLSearchParams(location.search).has("count");

export function countEvent(kind: "visitor" | "quiz"): void {
  if (counts) navigator.sendBeacon(`/count/${kind}`);
}
