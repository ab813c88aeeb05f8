/**
 * What a page asks a worker through a port, on which the answer comes: to give its version to all pages that open from now on; whether
 * the page is of another version.
 */
export type Question = "take" | "compare";
