import { Duration, type Facts } from '#kernel';
import type { Deed } from '#deeds';
import { INSTALLATION, environmentFacts } from '#inventory';
import type { ReadTx } from '#storage';
import { findingsError } from './errors.ts';
import type { Finding } from './finding.ts';
import { type FindingRow, findingById, findingOf, updateFinding } from './tables.ts';

/** Longest excuse: a year, so that nothing is accepted for good without somebody looking again. */
export const LONGEST_EXCUSE = Duration.of(366, 'd');

type Judged = { readonly id: string; readonly reason: string };

/** Accepts a finding for a time. Errors: `findings.absent`, `findings.closed`, `findings.bad_life`. */
export const excuseFinding: Deed<Judged & { readonly life: Duration }, Finding> = {
  name: 'excuse-finding',
  action: 'finding.excuse',
  effect: 'change',
  facts: (tx, { id }) => factsOf(tx, id),
  async apply(tx, { id, life }, _facts, { now }) {
    if (life.ms < 60_000 || life.ms > LONGEST_EXCUSE.ms)
      throw findingsError('bad_life', `An excuse of ${life} is too short or too long.`, {
        longest: LONGEST_EXCUSE.toString(),
      });
    const row = await openRow(tx, id);
    const next = { ...row, state: 'excused', excused_until: now + life.ms };
    await tx.run(updateFinding, next);
    return findingOf(next, now);
  },
  summary: ({ reason, life }) => ({ note: `excused for ${life}: ${reason}` }),
};

/** Says that it is put right. The next look opens it again if it is not. Errors: `findings.absent`, `findings.closed`. */
export const closeFinding: Deed<Judged, Finding> = {
  name: 'close-finding',
  action: 'finding.close',
  effect: 'change',
  facts: (tx, { id }) => factsOf(tx, id),
  async apply(tx, { id }, _facts, { now }) {
    const next = { ...(await openRow(tx, id)), state: 'closed', excused_until: null, closed_at: now };
    await tx.run(updateFinding, next);
    return findingOf(next, now);
  },
  summary: ({ reason }) => ({ note: reason }),
};

/** Where a finding lies; its id is `none` where there is none. */
const factsOf = async (tx: ReadTx, id: string): Promise<Facts> => {
  const row = await tx.one(findingById, { id });
  // It lies nowhere: only who may judge findings everywhere learns that there is none.
  if (row === undefined) return { resource: { ...INSTALLATION, id: 'none' } };
  const { resource } = await environmentFacts(tx, row.project, row.environment);
  return { resource };
};

const requireFinding = async (tx: ReadTx, id: string): Promise<FindingRow> => {
  const row = await tx.one(findingById, { id });
  if (row === undefined) throw findingsError('absent', 'There is no such finding.');
  return row;
};

const openRow = async (tx: ReadTx, id: string): Promise<FindingRow> => {
  const row = await requireFinding(tx, id);
  if (row.state === 'closed') throw findingsError('closed', 'This finding is closed already.');
  return row;
};
