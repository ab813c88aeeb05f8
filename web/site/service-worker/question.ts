/**
 * What a page asks a worker through a port, on which the answer comes: to give its version to all pages that open from now on; whether
 * the page is of another version; to delete the versions that no page is of, which can be told only once the page that was here before
 * has gone.
 */
export type Question = "take" | "compare" | "tidy";
