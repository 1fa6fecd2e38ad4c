/** Rows of a page when nobody says, and the most that anybody gets. */
const USUAL = 100;
const MOST = 1_000;

/** Rows of a page. Nothing, zero or less must not turn into "all" (the class of pagination bypasses). */
export const pageSize = (asked = USUAL): number =>
  Number.isSafeInteger(asked) && asked >= 1 ? Math.min(asked, MOST) : 1;
