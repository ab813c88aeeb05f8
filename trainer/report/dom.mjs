// Elements without markup: names of files and classes may be anything, and stay text.

/** `attributes` are set as they are; `children` are elements, texts, or nothing. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.flat(Infinity).filter((child) => child || child === 0));
  return element;
}

/** `columns`: [heading, cell of a row, whether it is a number]; the first one heads its row. */
export function table(caption, columns, rows) {
  const heading = ([text, , number]) => h("th", { scope: "col", class: number ? "number" : undefined }, text);
  const cell = ([, of, number], row, index) =>
    h(
      index === 0 ? "th" : "td",
      { scope: index === 0 ? "row" : undefined, class: number ? "number" : undefined },
      String(of(row)),
    );
  return h(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
    h(
      "table",
      {},
      h("caption", {}, caption),
      h("thead", {}, h("tr", {}, columns.map(heading))),
      h(
        "tbody",
        {},
        rows.map((row) =>
          h(
            "tr",
            {},
            columns.map((column, index) => cell(column, row, index)),
          ),
        ),
      ),
    ),
  );
}

/** What is folded away until somebody asks for it. */
export const folded = (title, ...children) => h("details", {}, h("summary", {}, title), children);

export const section = (title, ...children) => h("section", {}, h("h2", {}, title), children);
/** A figure that is undefined is null, as the AUC of a class that all images have; so is its interval. */
export const share = (value) => (value === null ? "-" : value.toFixed(3));
export const percent = (value, digits = 1) => `${(100 * value).toFixed(digits)}%`;
export const range = (interval) => (interval ? interval.map(share).join(" to ") : "-");
export const count = (value) => value.toLocaleString("en");
