import { type Random, newId } from '#kernel';
import type { Deed } from '#deeds';
import { type EnvironmentFacts, environmentFacts, requireEnvironment } from '#inventory';
import type { ReadTx } from '#storage';
import { MAX_TEXT, type Observed } from './finding.ts';
import type { FindingRule } from './rules.ts';
import {
  type FindingRow,
  findingsAfter,
  findingsBetween,
  findingsUnder,
  insertFinding,
  updateFinding,
} from './tables.ts';

export type SettleFindings = {
  readonly project: string;
  readonly environment: string;
  /** The rules that were looked for. */
  readonly rules: readonly FindingRule[];
  readonly observed: readonly Observed[];
  /** Closes what was not observed: everywhere, in a range that all of `observed` lies in, at these places only, or nowhere. */
  readonly closes: 'everywhere' | PlaceRange | readonly string[];
  /** New ones begin excused for so long, in milliseconds; null to begin open. Taking a home as found needs it. */
  readonly excusedFor: number | null;
};

/** Places in the order of their bytes, after one (not itself) and up to another; null for all that follow. */
export type PlaceRange = { readonly after: string; readonly upTo: string | null };

export type FindingsSettled = { readonly opened: number; readonly closed: number };

/**
 * Brings the list of what is wrong in line with what was seen: opens what is new, opens again what came back, closes
 * what is gone, and leaves alone what is known. Doing it twice changes nothing.
 */
export const settleFindings = (random: Random): Deed<SettleFindings, FindingsSettled, EnvironmentFacts> => ({
  name: 'settle-findings',
  action: 'finding.open',
  effect: 'change',
  facts: (tx, { project, environment }) => environmentFacts(tx, project, environment),
  async apply(tx, input, _facts, { now }) {
    const { project, environment, excusedFor } = input;
    await requireEnvironment(tx, project, environment);
    const { opens, reopens, closes } = await compare(tx, input);
    const begin =
      excusedFor === null
        ? ({ state: 'open', excused_until: null } as const)
        : ({ state: 'excused', excused_until: now + excusedFor } as const);
    for (const { rule, place, credential, summary } of opens)
      await tx.run(insertFinding, {
        id: newId('fnd', random),
        project,
        environment,
        credential,
        rule,
        place: place.slice(0, MAX_TEXT),
        summary: summary.slice(0, MAX_TEXT),
        ...begin,
        opened_at: now,
        closed_at: null,
      });
    for (const { row, seen } of reopens)
      await tx.run(updateFinding, { ...idOf(row), ...seen, ...begin, opened_at: now, closed_at: null });
    for (const row of closes) await tx.run(updateFinding, { ...row, state: 'closed', closed_at: now });
    return { opened: opens.length + reopens.length, closed: closes.length };
  },
  summary: (_input, { opened, closed }) => ({ note: `${opened} opened, ${closed} closed` }),
});

/** True when settling would change anything: what runs every hour leaves no entry when nothing happened. */
export const wouldChange = async (tx: ReadTx, input: SettleFindings): Promise<boolean> => {
  const { opens, reopens, closes } = await compare(tx, input);
  return opens.length + reopens.length + closes.length > 0;
};

type Comparison = {
  readonly opens: readonly Observed[];
  readonly reopens: readonly { readonly row: FindingRow; readonly seen: Pick<Observed, 'credential' | 'summary'> }[];
  readonly closes: readonly FindingRow[];
};

const compare = async (
  tx: ReadTx,
  { project, environment, rules, observed, closes }: SettleFindings,
): Promise<Comparison> => {
  const opens: Observed[] = [];
  const reopens: { row: FindingRow; seen: Pick<Observed, 'credential' | 'summary'> }[] = [];
  const gone: FindingRow[] = [];
  for (const rule of new Set(rules)) {
    const rows = await knownFindings(tx, { project, environment, rule }, closes);
    const known = new Map(rows.map((row) => [row.place, row]));
    const seen = new Map(observed.filter((one) => one.rule === rule).map((one) => [one.place.slice(0, MAX_TEXT), one]));
    for (const [place, one] of seen) {
      const row = known.get(place);
      if (row === undefined) opens.push({ ...one, place });
      else if (row.state === 'closed')
        reopens.push({ row, seen: { credential: one.credential, summary: one.summary.slice(0, MAX_TEXT) } });
    }
    for (const row of known.values())
      if (
        row.state !== 'closed' &&
        !seen.has(row.place) &&
        (isRange(closes) || closes === 'everywhere' || closes.includes(row.place))
      )
        gone.push(row);
  }
  return { opens, reopens, closes: gone };
};

const isRange = (closes: SettleFindings['closes']): closes is PlaceRange =>
  typeof closes === 'object' && 'upTo' in closes;

const knownFindings = (
  tx: ReadTx,
  under: { readonly project: string; readonly environment: string; readonly rule: string },
  closes: SettleFindings['closes'],
): Promise<FindingRow[]> => {
  if (!isRange(closes)) return tx.all(findingsUnder, under);
  const { after, upTo } = closes;
  return upTo === null
    ? tx.all(findingsAfter, { ...under, after })
    : tx.all(findingsBetween, { ...under, after, upTo });
};

const idOf = ({ id }: FindingRow) => ({ id });
