import { ChatelaineError, type Clock, type Random, type Receipt, type Signer, hasCode } from '#kernel';
import type { Caller } from '#identity';
import {
  type AppendResult,
  type EntryDraft,
  type HeadRow,
  append,
  createHead,
  lockHead,
  readHeadRow,
  receiptFor,
} from '#ledger';
import { type Engine, type WriteTx, isCollision, isRetryable, openWriter } from '#storage';
import { claimPlaces } from './claim.ts';
import { type Deed, type Judges, decide } from './decide.ts';
import { deedsError } from './errors.ts';
import { Undone, lookUpOutcome } from './outcome.ts';
import { openQueue } from './queue.ts';
import { type Item, type Settled, settle } from './settle.ts';

/** Most deeds that may wait at once; beyond it new ones are refused rather than kept in memory. */
const MOST_WAITING = 10_000;
/** Commits that may find their revision moved before a deed gives up; each means another process just wrote. */
const MOST_RETRIES = 10;
/** Times a commit may meet a deadlock, a lost connection or another process's row before it is given up. */
const MOST_CLASHES = 5;

export type DeedsOptions = Judges & {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly random: Random;
  /** The checkpoint's signer; throws while locked. */
  readonly signer: () => Signer;
  /**
   * Asked before each commit that begins with a revision this process has not begun one with: takes up keys that were
   * changed meanwhile, by this process or another.
   */
  readonly followKeys: () => Promise<void>;
  /** Told after each durable commit; for the anchor and for whoever follows the ledger. */
  readonly onCommit?: (head: HeadRow) => void;
};

export type Done<Out> = { readonly output: Out; readonly receipt: Receipt };

export type Deeds = {
  /**
   * Performs a deed: decided, applied and recorded in one durable commit, before this resolves.
   * Errors: `deeds.denied` and whatever the deed itself throws; both have left an entry.
   */
  perform<In, Out>(deed: Deed<In, Out>, caller: Caller, input: In): Promise<Done<Out>>;
  /** Records what happened to the program itself: start, stop, what waited while locked. */
  record(drafts: (tx: WriteTx, now: number) => Promise<readonly EntryDraft[]>): Promise<void>;
  /** The very first commit: makes the ledger and whatever `work` makes. */
  found(signer: () => Signer, work: (tx: WriteTx, now: number) => Promise<readonly EntryDraft[]>): Promise<void>;
  /**
   * Housekeeping that reveals and changes nothing anyone is asked about; the architecture test lists its callers.
   * `work` runs again when another process was in the way.
   */
  housekeep<T>(work: (tx: WriteTx) => Promise<T>): Promise<T>;
  /** The newest head this process knows. */
  head(): HeadRow | undefined;
  /** Reads the head, at start and after another process may have written. */
  refresh(): Promise<void>;
  /** Finishes what waits and refuses the rest. */
  close(): Promise<void>;
};

export const openDeeds = (options: DeedsOptions): Deeds => {
  const { engine, clock, random, signer, identity, policy, followKeys, onCommit } = options;
  const writer = openWriter(engine);
  const judges: Judges = { identity, policy };
  /** Owned by `adopt`: the head of the last commit this process saw. */
  let head: HeadRow | undefined;
  /** Revision whose keys are in use. */
  let followed: number | undefined;
  let closing = false;

  const adopt = (next: HeadRow): void => {
    if (head?.revision !== next.revision) {
      identity.cache(next.revision);
      policy.current(next.revision);
    }
    head = next;
  };

  const revision = (): number => head?.revision ?? 0;

  /** One attempt at a commit of several deeds. A revision that moved under it undoes it and is learnt. */
  const attempt = async (items: readonly Item[]): Promise<{ settled: Settled[]; appended: AppendResult }> => {
    let outcome: { settled: Settled[]; appended: AppendResult } | undefined;
    if (followed !== revision()) {
      const known = revision();
      await followKeys();
      followed = known;
    }
    try {
      return await writer.commit(async (tx) => {
        const began = revision();
        const now = clock.now();
        const settled: Settled[] = [];
        await claimPlaces(tx, items, began);
        for (const item of items) settled.push(await settle(judges, tx, item, now, began));
        const locked = await lockHead(tx);
        if (locked.revision !== began) throw new Moved(locked);
        const appended = await append(
          tx,
          locked,
          settled.flatMap(({ drafts }) => drafts),
          tx.bumped(),
          signer(),
          random,
        );
        outcome = { settled, appended };
        return outcome;
      });
    } catch (error) {
      if (outcome === undefined || !hasCode(error, 'storage.unknown_outcome')) throw error;
      if (await lookUpOutcome(writer, outcome.appended, error)) return outcome;
      throw new Undone(error);
    }
  };

  const commitAll = async (items: readonly Item[]): Promise<{ settled: Settled[]; appended: AppendResult }> => {
    let clashes = 0;
    for (let tries = 0; tries < MOST_RETRIES; tries++) {
      try {
        return await attempt(items);
      } catch (error) {
        if (error instanceof Moved) adopt(error.head);
        // Of several, one may be the cause and the others not: the queue tries each by itself.
        else if (!(isRetryable(error) || error instanceof Undone || (isCollision(error) && items.length === 1)))
          throw error;
        else if (++clashes === MOST_CLASHES) throw clashed(error);
      }
    }
    throw deedsError('unsettled', 'The rights changed again and again while this was decided.');
  };

  const queue = openQueue<Item, { settled: Settled; receipt: Receipt }>({
    most: MOST_WAITING,
    isAlone: ({ deed }) => deed.alone === true,
    async commit(items) {
      const { settled, appended } = await commitAll(items);
      adopt(appended.head);
      onCommit?.(appended.head);
      let place = 0;
      return settled.map((one) => {
        const receipt = receiptFor(appended.entries[place]!);
        place += one.drafts.length;
        return { settled: one, receipt };
      });
    },
  });

  return {
    async perform<In, Out>(deed: Deed<In, Out>, caller: Caller, input: In): Promise<Done<Out>> {
      if (closing) throw deedsError('stopping', 'The program is stopping.');
      signer();
      const item = await engine.read(async (tx): Promise<Item<In, Out>> => {
        const known = revision();
        const verdict = await decide(judges, tx, deed, caller, input, clock.now(), known, known);
        const found =
          deed.effect === 'reveal' && verdict.decision.allow
            ? await deed.find(tx, input, verdict.facts).then(
                (output) => ({ ok: true as const, output }),
                (error: unknown) => ({ ok: false as const, error }),
              )
            : undefined;
        return { deed, caller, input, verdict, found };
      });
      const { settled, receipt } = await queue.add(item);
      if (!settled.result.ok) throw settled.result.error;
      return { output: settled.result.output as Out, receipt };
    },

    async record(drafts) {
      const appended = await again(() =>
        writer.commit(async (tx) => {
          const entries = await drafts(tx, clock.now());
          if (entries.length === 0) return undefined;
          return append(tx, await lockHead(tx), entries, tx.bumped(), signer(), random);
        }),
      );
      if (appended === undefined) return;
      adopt(appended.head);
      onCommit?.(appended.head);
    },

    async found(firstSigner, work) {
      const appended = await writer.commit(async (tx) => {
        const drafts = await work(tx, clock.now());
        return append(tx, await createHead(tx, firstSigner()), drafts, true, firstSigner(), random);
      });
      adopt(appended.head);
      onCommit?.(appended.head);
    },

    housekeep: (work) => again(() => writer.commit(work)),
    head: () => head,
    async refresh() {
      const found = await engine.read(readHeadRow);
      if (found !== undefined) adopt(found);
    },
    async close() {
      closing = true;
      await queue.idle();
    },
  };
};

/** Repeats what was undone because another process was in the way or the connection was lost. */
const again = async <T>(commit: () => Promise<T>): Promise<T> => {
  for (let clashes = 1; ; clashes++)
    try {
      return await commit();
    } catch (error) {
      if (!isRetryable(error) && !isCollision(error)) throw error;
      if (clashes === MOST_CLASHES) throw clashed(error);
    }
};

/** What people see when trying again did not help. Nothing was done. */
const clashed = (error: unknown): unknown => {
  if (error instanceof Undone) return error.cause;
  return error instanceof ChatelaineError
    ? error
    : deedsError('unsettled', 'Another process changed the same things again and again.', {}, error);
};

/** Thrown inside a commit to undo it: another process moved the revision. */
class Moved extends Error {
  readonly head: HeadRow;
  constructor(head: HeadRow) {
    super('The revision moved.');
    this.head = head;
  }
}
