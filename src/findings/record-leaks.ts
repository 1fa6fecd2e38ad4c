import { type Random, newId } from '#kernel';
import type { Deed } from '#deeds';
import { type EnvironmentFacts, environmentFacts, requireEnvironment } from '#inventory';
import { type LeakChange, type Where, judgeLeaks, storeLeakChanges } from './judge-leaks.ts';
import { insertLeak, leakAt, leakById, seeLeak } from './leak-tables.ts';

export type SeenLeak = {
  readonly credential: string;
  readonly serial: number;
  readonly file: string;
  readonly line: number | null;
};

export type RecordLeaks = Where & {
  readonly source: string;
  /** Whoever records has made sure that the value of this version lies there. */
  readonly seen: readonly SeenLeak[];
  /** Ids of leaks of this source that a whole look at their place did not find again. */
  readonly gone: readonly string[];
};

export type LeaksRecorded = { readonly opened: number; readonly closed: number };

/** Enters where a scan found kept values, and where it did not any more; opens and closes findings accordingly. */
export const recordLeaks = (random: Random): Deed<RecordLeaks, LeaksRecorded, EnvironmentFacts> => ({
  name: 'record-leaks',
  action: 'finding.open',
  effect: 'change',
  facts: (tx, { project, environment }) => environmentFacts(tx, project, environment),
  async apply(tx, { project, environment, source, seen, gone }, _facts, { now, by }) {
    await requireEnvironment(tx, project, environment);
    const fresh = new Set<string>();
    for (const { credential, serial, file, line } of seen) {
      const known = await tx.one(leakAt, { credential, serial, source, file });
      if (known === undefined || known.gone_at !== null) fresh.add(credential);
      const sight = { line, seen_at: now, seen_by: by, gone_at: null };
      if (known !== undefined) await tx.run(seeLeak, { id: known.id, ...sight });
      else
        await tx.run(insertLeak, {
          id: newId('leak', random),
          project,
          environment,
          credential,
          serial,
          source,
          file,
          ...sight,
        });
    }
    for (const id of gone) {
      const known = await tx.one(leakById, { id });
      if (known?.project === project && known.environment === environment && known.source === source)
        await tx.run(seeLeak, { ...known, gone_at: known.gone_at ?? now });
    }
    return storeLeakChanges(tx, await judgeLeaks(tx, { project, environment }, fresh, now), random);
  },
  summary: ({ seen, gone }, { opened, closed }) => ({
    note: `${seen.length} seen, ${gone.length} not there any more; ${opened} opened, ${closed} closed`,
  }),
});

/** Closes what ended by itself: the version was replaced, the credential retired. */
export const settleLeaks = (random: Random): Deed<Where, LeaksRecorded, EnvironmentFacts> => ({
  name: 'settle-leaks',
  action: 'finding.open',
  effect: 'change',
  facts: (tx, { project, environment }) => environmentFacts(tx, project, environment),
  async apply(tx, where, _facts, { now }) {
    await requireEnvironment(tx, where.project, where.environment);
    return storeLeakChanges(tx, await judgeLeaks(tx, where, NOTHING, now), random);
  },
  summary: (_input, { opened, closed }) => ({ note: `${opened} opened, ${closed} closed` }),
});

/** What settling would change now. */
export const leakChanges = (
  tx: Parameters<typeof judgeLeaks>[0],
  where: Where,
  now: number,
): Promise<readonly LeakChange[]> => judgeLeaks(tx, where, NOTHING, now);

const NOTHING: ReadonlySet<string> = new Set();
