import { crc32 } from 'node:zlib';
import { type RuleCore, literalsOf, runOf } from './compile-rule.ts';
import { scannerError } from './errors.ts';
import type { Rule } from './rule.ts';
import { readShipped } from './sources/open-file.ts';

/** What rules match, and what they say about it: a start needs the first only. */
export type RuleSet = {
  /** Changes with every change of a rule. */
  readonly digest: string;
  /** For each literal what must follow it (see `runOf`) and the rules that it may begin, by index. */
  readonly literals: readonly (readonly [literal: string, run: number | null, ...rules: number[]])[];
  readonly cores: readonly RuleCore[];
  /** With all their words, in the same order. */
  load(): Promise<readonly Rule[]>;
};

export type RuleIndex = Pick<RuleSet, 'digest' | 'literals' | 'cores'>;

/** What `builtin.json` holds: made by scripts/build-rules.mjs, compared by a test. */
export type Shipped = RuleIndex & {
  /** Changes with every file that turns bytes into findings: detectors, filters, families, decoders, the kernel. */
  readonly engine: string;
};

export const indexRules = (rules: readonly Rule[]): RuleIndex => {
  const literals = new Map<string, number[]>();
  rules.forEach((rule, index) => {
    for (const literal of literalsOf(rule)) {
      const known = literals.get(literal);
      if (known === undefined) literals.set(literal, [index]);
      else known.push(index);
    }
  });
  return {
    digest: digestOf(rules),
    cores: rules.map(coreOf),
    literals: [...literals].map(
      ([literal, indexes]) => [literal, leastRun(rules, indexes, literal), ...indexes] as const,
    ),
  };
};

const digestOf = (rules: readonly Rule[]): string => {
  const text = JSON.stringify(rules.map((rule) => ({ ...rule, examples: [], notThese: [] })));
  return `${rules.length}-${hex(crc32(text))}${hex(crc32(text, 0x9e3779b9))}`;
};

const leastRun = (rules: readonly Rule[], indexes: readonly number[], literal: string): number | null => {
  const runs = indexes.map((index) => runOf(rules[index]!, literal));
  return runs.includes(null) ? null : Math.min(...(runs as number[]));
};

const coreOf = ({ id, lead, shape, near, checksum, publishable }: Rule): RuleCore => ({
  id,
  ...(lead === undefined ? {} : { lead }),
  shape,
  ...(near === undefined ? {} : { near }),
  ...(checksum === undefined ? {} : { checksum }),
  ...(publishable === undefined ? {} : { publishable }),
});

const hex = (value: number): string => value.toString(16).padStart(8, '0');

/** How the file begins: a CRC-32 of all that follows it, since half a list of rules would miss half in silence. */
const SUM = '{"sum":"';
const SUMMED = SUM.length + 8;

/** The text of `builtin.json`. */
export const formatShipped = (shipped: Shipped): string => {
  const rest = `",${JSON.stringify(shipped).slice(1)}\n`;
  return SUM + hex(crc32(rest)) + rest;
};

/** Throws `scanner.rules_stale` for what `formatShipped` did not make. */
export const parseShipped = (bytes: Uint8Array): Shipped => {
  if (new TextDecoder().decode(bytes.subarray(0, SUMMED)) !== SUM + hex(crc32(bytes.subarray(SUMMED))))
    throw scannerError('rules_stale', 'The list of literals of the rules (builtin.json) is damaged or was changed.');
  return JSON.parse(new TextDecoder().decode(bytes)) as Shipped;
};

export const readBuiltin = (): Shipped => parseShipped(readShipped('matcher/builtin.json'));

/** The rules that come with the program. Their words are imported with the first finding. */
export const builtinRules = (): RuleSet => {
  const shipped = readBuiltin();
  return { ...shipped, load: async () => ofDigest(shipped, (await import('./rules/index.ts')).RULES) };
};

/** Rules by the places that the index knows them by: of other rules it would say nonsense. */
const ofDigest = ({ digest }: RuleIndex, rules: readonly Rule[]): readonly Rule[] => {
  if (digestOf(rules) === digest) return rules;
  throw scannerError('rules_stale', 'The list of literals (builtin.json) was made from other rules than these.');
};

/** Rules that are at hand: those of a user, those of a test. */
export const ruleSetOf = (rules: readonly Rule[]): RuleSet => ({ ...indexRules(rules), load: async () => rules });

/** Both together; a rule of the second set stands in for one of the first with the same id. */
export const joinRuleSets = async (first: RuleSet, second: RuleSet): Promise<RuleSet> => {
  const more = await second.load();
  const ids = new Set(more.map(({ id }) => id));
  return ruleSetOf([...(await first.load()).filter(({ id }) => !ids.has(id)), ...more]);
};
