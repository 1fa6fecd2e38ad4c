import { type CompiledRule, compileRule } from './compile-rule.ts';
import { ENTITIES } from './entities.ts';
import { scannerError } from './errors.ts';
import type { Detector, FileDetector } from './detector.ts';
import { type Matcher, openMatcher } from './matcher/matcher.ts';
import type { Rule } from './rule.ts';
import type { RuleSet } from './rule-set.ts';

/** Codes of A to Z and a to z. */
const LETTERS = [0x41, 0x61].flatMap((first) => Array.from({ length: 26 }, (_, i) => first + i));
/**
 * Hits of these start a look for a percent-encoded stretch: marks that must be encoded, and letters, which need not be,
 * and are by whoever encodes everything.
 */
const PERCENT: readonly string[] = [
  '%3a',
  '%3d',
  '%22',
  '%2f',
  '%2b',
  '%7c',
  '%40',
  '%24',
  '%5f',
  ...LETTERS.map((code) => `%${code.toString(16)}`),
];

/** Everything that is looked for, and by which literal. One per thread. */
export type Plan = {
  readonly matcher: Matcher;
  readonly literals: readonly string[];
  /** Per literal. */
  readonly rules: readonly (readonly number[])[];
  readonly detectors: readonly (readonly Detector[])[];
  /** Per literal: a FileDetector wants to know of it. */
  readonly forFiles: readonly boolean[];
  readonly percent: readonly boolean[];
  readonly entity: readonly boolean[];
  readonly fileDetectors: readonly FileDetector[];
  /** The rule, compiled when it is first asked for. */
  rule(index: number): CompiledRule;
  /** What the rule says; null until `loadWords` is done. */
  words(index: number): Rule | null;
  loadWords(): Promise<void>;
};

export const openPlan = (
  set: RuleSet,
  detectors: readonly Detector[],
  fileDetectors: readonly FileDetector[],
): Plan => {
  const ids = new Map<string, number>();
  const literals: string[] = [];
  const idOf = (literal: string): number => {
    const known = ids.get(literal);
    if (known !== undefined) return known;
    ids.set(literal, literals.length);
    literals.push(literal);
    return literals.length - 1;
  };
  const rules: number[][] = [];
  const runs: (number | null)[] = [];
  const loose: boolean[] = [];
  for (const [literal, run, ...indexes] of set.literals) {
    const id = idOf(literal);
    rules[id] = indexes;
    runs[id] = run;
    // Without a run it is a word near a value.
    loose[id] = run === null;
  }
  // What detectors look for counts wherever it stands.
  const free = (literal: string): number => {
    const id = idOf(literal);
    runs[id] = null;
    return id;
  };
  const byLiteral: Detector[][] = [];
  for (const detector of detectors)
    for (const literal of detector.literals) {
      const id = free(literal);
      (byLiteral[id] ??= []).push(detector);
      if (detector.names === true) loose[id] = true;
    }
  const forFiles: boolean[] = [];
  for (const { literals: own } of fileDetectors) for (const literal of own) forFiles[free(literal)] = true;
  const percent: boolean[] = [];
  for (const literal of PERCENT) percent[free(literal)] = true;
  const entity: boolean[] = [];
  for (const literal of ENTITIES) entity[free(literal)] = true;

  let loaded: readonly Rule[] | null = null;
  const compiled: (CompiledRule | undefined)[] = [];
  return {
    matcher: openMatcher(literals, runs, loose),
    literals,
    rules: literals.map((_, id) => rules[id] ?? []),
    detectors: literals.map((_, id) => byLiteral[id] ?? []),
    forFiles: literals.map((_, id) => forFiles[id] ?? false),
    percent: literals.map((_, id) => percent[id] ?? false),
    entity: literals.map((_, id) => entity[id] ?? false),
    fileDetectors,
    rule: (index) => (compiled[index] ??= compileRule(set.cores[index]!)),
    words: (index) => loaded?.[index] ?? null,
    loadWords: async () => {
      loaded ??= await set.load();
      // Otherwise whoever waits for the words of a rule would wait for ever.
      if (loaded.length !== set.cores.length)
        throw scannerError('rules_stale', `There are ${set.cores.length} rules, and words of ${loaded.length}.`);
    },
  };
};
