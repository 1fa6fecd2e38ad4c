/**
 * Whether a path is left out. `*` and `?` stay within a name, `**` crosses folders; a pattern without `/` matches at any
 * depth, one with `/` from the beginning; a folder is left out with all that lies in it.
 */
export const globMatcher = (patterns: readonly string[]): ((path: string) => boolean) => {
  const tests = patterns.map(testOf);
  return (path) => tests.some((test) => test(path));
};

const testOf = (pattern: string): ((path: string) => boolean) => {
  const plain = pattern.replace(/^\.\//, '').replace(/\/+$/, '');
  const parts = plain.replace(/^\//, '').split('/');
  if (!plain.includes('/')) {
    const matches = nameMatcher(plain);
    return (path) => matches(path.slice(path.lastIndexOf('/') + 1));
  }
  const names = parts.map((part) => (part === '**' ? null : nameMatcher(part)));
  return (path) => partsMatch(names, path.split('/'), 0, 0);
};

const partsMatch = (
  names: readonly (((name: string) => boolean) | null)[],
  parts: readonly string[],
  name: number,
  part: number,
): boolean => {
  if (name === names.length) return part === parts.length;
  const matches = names[name]!;
  if (matches === null)
    return (
      partsMatch(names, parts, name + 1, part) || (part < parts.length && partsMatch(names, parts, name, part + 1))
    );
  return part < parts.length && matches(parts[part]!) && partsMatch(names, parts, name + 1, part + 1);
};

/** Goes back to the last star only, so that no pattern takes more than length × length. */
const nameMatcher =
  (pattern: string): ((name: string) => boolean) =>
  (name) => {
    let at = 0;
    let next = 0;
    let star = -1;
    let mark = 0;
    while (at < name.length) {
      if (next < pattern.length && (pattern[next] === '?' || (pattern[next] === name[at] && pattern[next] !== '*'))) {
        at += 1;
        next += 1;
      } else if (pattern[next] === '*') {
        star = next;
        mark = at;
        next += 1;
      } else if (star >= 0) {
        next = star + 1;
        mark += 1;
        at = mark;
      } else return false;
    }
    while (pattern[next] === '*') next += 1;
    return next === pattern.length;
  };
