import type { Rule } from './rule.ts';

/**
 * Rules of a user (`--rules FILE`) from its parsed JSON or YAML: a list, or an object with `rules`. Throws
 * `scanner.rules_invalid`, naming every fault. What checks them is imported only now: no other scan needs it.
 */
export const checkRules = async (document: unknown): Promise<readonly Rule[]> =>
  (await import('./user-rules.ts')).readUserRules(document);

/** Longest file of rules, in bytes. */
export const MAX_RULES_FILE = 4 * 1024 * 1024;
