/** Longest header that is looked at, and most tags in it; a longer one is as good as none. */
const LONGEST = 4_096;
const MOST_TAGS = 16;
const TAG = /^(?:W\/)?"([\x21\x23-\x7e]{1,128})"$/;

/**
 * The tags of If-None-Match, compared weakly (RFC 9110, sections 8.8.3.2 and 13.1.2). `*` asks whether anything is there at
 * all rather than whether a known thing changed; it and what is malformed give none, and the thing is read.
 */
export const knownTags = (header: string | readonly string[] | undefined): readonly string[] => {
  const text = typeof header === 'string' ? header : (header?.join(',') ?? '');
  if (text === '' || text.length > LONGEST) return [];
  const tags = text.split(',').map((part) => TAG.exec(part.trim())?.[1]);
  return tags.length <= MOST_TAGS && tags.every((tag) => tag !== undefined) ? tags : [];
};

/** Weak: two answers about the same version differ in their receipt or their request's id. */
export const etagOf = (tag: string): string => `W/"${tag}"`;
