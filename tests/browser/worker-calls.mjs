// What a page asks of its engines.

/** For `addInitScript`: keeps the names of all calls to workers in `window.calls`. */
export function recordCalls() {
  window.calls = [];
  const { postMessage } = Worker.prototype;
  Worker.prototype.postMessage = function (message, ...rest) {
    if (message.kind === "call") window.calls.push(message.name);
    return postMessage.call(this, message, ...rest);
  };
}

/** But for the question whether a worker still holds a picture. */
export const callsOf = (page) => page.evaluate(() => window.calls.filter((name) => name !== "holds"));
