import { Duration } from '#kernel';
import type { Caller } from '#identity';
import {
  type FindingRule,
  type FindingsSettled,
  type Observed,
  type SettleFindings,
  settleFindings,
  wouldChange,
} from '#findings';
import type { Adopt, AdoptedOne, Found, Gap } from './found.ts';
import type { AdoptionPorts } from './ports.ts';

/** What is shared, weak or a default is taken as it is found, with a finding that is excused for so long. */
export const GRACE = Duration.of(30, 'd');

/**
 * Brings the findings about a home's files in line with what was taken. `hidden`: names whose sharing the caller may not
 * judge.
 */
export const noteFindings = async (
  { deeds, engine, random }: AdoptionPorts,
  caller: Caller,
  { project, environment, credentials, gaps }: Adopt,
  taken: readonly AdoptedOne[],
  kept: readonly string[],
  hidden: readonly string[],
): Promise<FindingsSettled> => {
  const total = { opened: 0, closed: 0 };
  const perform = async (part: Pick<SettleFindings, 'rules' | 'observed' | 'closes' | 'excusedFor'>): Promise<void> => {
    const input: SettleFindings = { project, environment, ...part };
    if (!(await engine.read((tx) => wouldChange(tx, input)))) return;
    const { output } = await deeds.perform(settleFindings(random), caller, input);
    total.opened += output.opened;
    total.closed += output.closed;
  };
  const held = credentials.filter((_, i) => taken[i]!.result !== 'refused' && taken[i]!.result !== 'older');
  const observed = held.flatMap((found) => weaknessesOf(found, taken[credentials.indexOf(found)]!));
  const names = held.map(({ name }) => name);
  await perform({ rules: ['default', 'weak', 'reused'], observed, closes: names, excusedFor: GRACE.ms });
  // Who may not see the other place cannot say that nothing is shared any more.
  const judged = names.filter((name) => !hidden.includes(name));
  await perform({ rules: ['shared'], observed, closes: judged, excusedFor: GRACE.ms });
  if (gaps === null) return total;
  await perform({
    rules: gaps.plaintext === null ? ['missing', 'orphan'] : ['missing', 'orphan', 'plaintext'],
    observed: [
      ...gaps.missing
        .filter(({ name }) => !kept.includes(name))
        .map((gap) => ({ ...placeless(gap), rule: 'missing' as const, place: gap.name })),
      ...gaps.orphans.map((gap) => ({ ...placeless(gap), rule: 'orphan' as const, place: gap.name })),
      ...(gaps.plaintext ?? []).map((gap) => ({ ...placeless(gap), rule: 'plaintext' as const, place: gap.place })),
    ],
    closes: 'everywhere',
    excusedFor: null,
  });
  return total;
};

const placeless = ({ name, place, why }: Gap) => ({ credential: null, summary: `${name}, ${place}: ${why}` });

const weaknessesOf = (
  { name: place, weakness, reused }: Found,
  { shared, credential }: AdoptedOne,
): readonly Observed[] => {
  const observed: Observed[] = [];
  const say = (rule: FindingRule, summary: string) => observed.push({ rule, place, credential, summary });
  if (weakness !== null) say(weakness.code === 'default' ? 'default' : 'weak', weakness.why);
  if (reused.length > 0) say('reused', `also behind ${reused.join(', ')}`);
  if (shared) say('shared', 'its value is in use in another environment too');
  return observed;
};
