import { crc32 } from 'node:zlib';
import { type RuleCore, literalsOf, runOf } from './compile-rule.ts';
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
  const facts = rules.map((rule) => ({ ...rule, examples: [], notThese: [] }));
  const text = JSON.stringify(facts);
  return {
    digest: `${rules.length}-${hex(crc32(text))}${hex(crc32(text, 0x9e3779b9))}`,
    cores: rules.map(coreOf),
    literals: [...literals].map(
      ([literal, indexes]) => [literal, leastRun(rules, indexes, literal), ...indexes] as const,
    ),
  };
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

export const readBuiltin = (): Shipped =>
  JSON.parse(new TextDecoder().decode(readShipped('matcher/builtin.json'))) as Shipped;

/** The rules that come with the program. Their words are imported with the first finding. */
export const builtinRules = (): RuleSet => ({
  ...readBuiltin(),
  load: async () => (await import('./rules/index.ts')).RULES,
});

/** Rules that are at hand: those of a user, those of a test. */
export const ruleSetOf = (rules: readonly Rule[]): RuleSet => ({ ...indexRules(rules), load: async () => rules });

/** Both together; a rule of the second set stands in for one of the first with the same id. */
export const joinRuleSets = async (first: RuleSet, second: RuleSet): Promise<RuleSet> => {
  const more = await second.load();
  const ids = new Set(more.map(({ id }) => id));
  return ruleSetOf([...(await first.load()).filter(({ id }) => !ids.has(id)), ...more]);
};
