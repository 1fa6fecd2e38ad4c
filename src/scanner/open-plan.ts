import { DETECTORS } from './detectors/index.ts';
import { FILE_DETECTORS } from './detectors/files.ts';
import type { Detector, FileDetector } from './detector.ts';
import { type Plan, openPlan } from './plan.ts';
import type { Rule } from './rule.ts';
import { type RuleSet, builtinRules, joinRuleSets, readBuiltin, ruleSetOf } from './rule-set.ts';

/** What to look for; plain data but for the detectors, which only tests and tools replace. */
export type Search = {
  /** Those that come with the program. Default true. */
  readonly builtin?: boolean;
  readonly rules?: readonly Rule[];
  readonly detectors?: readonly Detector[];
  readonly fileDetectors?: readonly FileDetector[];
};

const ruleSetFor = async ({ builtin = true, rules = [] }: Search): Promise<RuleSet> => {
  if (!builtin) return ruleSetOf(rules);
  return rules.length === 0 ? builtinRules() : joinRuleSets(builtinRules(), ruleSetOf(rules));
};

/** Digest of everything that decides a verdict, the engine's own code included: name kept verdicts by it. */
export const searchDigest = async (search: Search): Promise<string> =>
  `${readBuiltin().engine}-${(await ruleSetFor(search)).digest}`;

export const planFor = async (search: Search): Promise<Plan> =>
  openPlan(await ruleSetFor(search), search.detectors ?? DETECTORS, search.fileDetectors ?? FILE_DETECTORS);
