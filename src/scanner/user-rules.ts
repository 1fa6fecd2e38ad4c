import { z } from 'zod';
import { isKindId } from '#catalogue';
import { ALPHABETS } from './alphabets.ts';
import { scannerError } from './errors.ts';
import { lintRule } from './lint-rule.ts';
import type { Alphabet, Rule } from './rule.ts';

/** Rules of one file. */
const MOST_RULES = 2_000;

const text = (most: number) => z.string().min(1).max(most);
const Letters = z.strictObject({
  of: z.enum(Object.keys(ALPHABETS) as [Alphabet, ...Alphabet[]]),
  min: z.int().min(0).max(8_192),
  max: z.int().min(1).max(8_192),
  also: z.string().max(32).optional(),
});
const Part = z.union([text(200), z.strictObject({ any: z.array(text(200)).min(1).max(64) }), Letters]);

/**
 * One rule as people write it. There is no field for a pattern: shapes are parts in a row, so no rule can make a match
 * take more than a few hundred steps, whatever the text.
 */
const RuleRow = z.strictObject({
  id: text(80),
  title: text(120),
  vendor: text(80).default('Own rule'),
  kind: z.string().refine(isKindId, 'is no kind of credential docs/rules.md lists them').default('unknown-secret'),
  tier: z.enum(['gold', 'silver', 'bronze']).default('silver'),
  rotation: z.enum(['api', 'restart', 'reflash', 're-pair', 'none']).default('api'),
  shape: z.array(Part).min(1).max(24),
  lead: z.array(Part).min(1).max(24).optional(),
  near: z
    .strictObject({
      words: z.array(text(64)).min(1).max(64),
      within: z.int().min(1).max(1_000),
      behind: z.boolean().optional(),
    })
    .optional(),
  checksum: z
    .enum([
      'github-crc32',
      'npm-crc32',
      'polar-crc32',
      'gitlab-crc32',
      'grafana-crc32',
      'matrix-crc32',
      'luhn',
      'chatelaine',
      'base64-json',
    ])
    .optional(),
  publishable: z.literal(true).optional(),
  opens: text(300).default('what its issuer lets its holder do'),
  remedy: text(500).default('Make a new one where it was issued, then revoke this one.'),
  source: text(500).default('written by hand'),
  evidence: z.enum(['documented', 'observed', 'reported']).default('observed'),
  examples: z.array(z.string().max(2_000)).max(20).default([]),
  notThese: z.array(z.string().max(2_000)).max(20).default([]),
});
const RulesFile = z.union([
  z.array(RuleRow).max(MOST_RULES),
  z.strictObject({ rules: z.array(RuleRow).max(MOST_RULES) }),
]);

/**
 * Rules of a user from a parsed JSON or YAML document: a list, or an object with `rules`. Throws
 * `scanner.rules_invalid` with every fault of every rule.
 */
export const readUserRules = (document: unknown): readonly Rule[] => {
  const read = RulesFile.safeParse(document);
  if (!read.success) {
    const list =
      Array.isArray(document) || typeof document !== 'object' || document === null
        ? document
        : (document as { rules?: unknown }).rules;
    const each = z.array(RuleRow).max(MOST_RULES).safeParse(list);
    const issues = (each.error ?? read.error).issues.map(
      ({ path, message }) => `${path.map(String).join('.') || 'the file'}: ${message}`,
    );
    throw refuse(issues);
  }
  // What zod leaves undefined is absent in a Rule.
  const rules = (Array.isArray(read.data) ? read.data : read.data.rules) as unknown as readonly Rule[];
  const ids = new Set<string>();
  const wrong = rules.flatMap((rule) => {
    const messages = [...lintRule(rule), ...(ids.has(rule.id) ? ['another rule has the same id'] : [])];
    ids.add(rule.id);
    return messages.map((message) => `${rule.id}: ${message}`);
  });
  if (wrong.length > 0) throw refuse(wrong);
  return rules;
};

const refuse = (wrong: readonly string[]) =>
  scannerError(
    'rules_invalid',
    `The rules cannot be used: ${wrong.slice(0, 20).join('; ')}${wrong.length > 20 ? `; and ${wrong.length - 20} more` : ''}.`,
    { wrong: wrong.slice(0, 100) },
  );
