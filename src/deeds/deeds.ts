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
import { type Engine, type PreparedStates, type WriteTx, isCollision, isRetryable, openWriter } from '#storage';
import { claimPlaces } from './claim.ts';
import { type Deed, type Judges, decide } from './decide.ts';
import { deedsError } from './errors.ts';
import { Undone, lookUpOutcome } from './outcome.ts';
import { openQueue } from './queue.ts';
import { type Registry, openRegistry } from './registry.ts';
import { type Item, type Settled, settle } from './settle.ts';
import { untrueEntry } from './untrue-entry.ts';
import { afterCommit, mayHaveHappened, noteChange } from './watch-changes.ts';

/** Most deeds that may wait at once; beyond it new ones are refused rather than kept in memory. */
const MOST_WAITING = 10_000;
/** Commits that may find their revision moved before a deed gives up; each means another process just wrote. */
const MOST_RETRIES = 10;
/** Times that work outside of a commit may meet a rekey. */
const MOST_REKEYS = 5;
/** Times a commit may meet a deadlock, a lost connection or another process's row before it is given up. */
const MOST_CLASHES = 5;

export type DeedsOptions = Judges & {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly random: Random;
  /** The checkpoint's signer; throws while locked. */
  readonly signer: () => Signer;
  /**
   * Asked before each commit that begins with a revision this process has not begun one with, never twice at once:
   * takes up keys that were changed meanwhile, by this process or another, and drops them where all were locked.
   */
  readonly followKeys: () => Promise<void>;
  /** Told after each durable commit; for the anchor and for whoever follows the ledger. */
  readonly onCommit?: (head: HeadRow) => void;
};

export type Done<Out> = { readonly output: Out; readonly receipt: Receipt };

export type Deeds = Pick<Registry, 'register' | 'names'> & {
  /**
   * Performs a deed: decided, applied and recorded in one durable commit, before this resolves.
   * Errors: `deeds.denied` and whatever the deed itself throws; both have left an entry.
   */
  perform<In, Out>(deed: Deed<In, Out>, caller: Caller, input: In): Promise<Done<Out>>;
  /**
   * Decides and finds as `perform` does, at the newest revision of all processes, and leaves no entry: for an answer that
   * says no more than that something is as its caller knows it. Undefined where it is denied or not found; perform the
   * deed then, which enters that.
   */
  consult<In, Out>(deed: Deed<In, Out>, caller: Caller, input: In): Promise<Out | undefined>;
  /** Records what happened to the program itself: start, stop, what waited while locked. */
  record(drafts: (tx: WriteTx, now: number) => Promise<readonly EntryDraft[]>): Promise<void>;
  /**
   * The first commit with a guard of rows, of a database that had none: `work` gives codes to what has none and tells
   * the guard what to keep. Signed by `by`, because the house is not open yet.
   */
  guardRows(by: () => Signer, work: (tx: WriteTx, now: number) => Promise<readonly EntryDraft[]>): Promise<void>;
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
  /** Learns what other processes changed, and takes up or drops keys accordingly. */
  catchUp(): Promise<void>;
  /**
   * Runs `work`, which uses keys outside of a commit, once more with the keys in force where a rekey came in between.
   * `work` reads again what it opens.
   */
  withKeys<T>(work: () => Promise<T>): Promise<T>;
  /** Finishes what waits and refuses the rest. */
  close(): Promise<void>;
};

export const openDeeds = (options: DeedsOptions): Deeds => {
  const { engine, clock, random, signer, identity, policy, followKeys, onCommit } = options;
  const { guard } = engine;
  const writer = openWriter(engine);
  const judges: Judges = { identity, policy };
  const registry = openRegistry();
  /** Owned by `adopt`: the head of the last commit this process saw. */
  let head: HeadRow | undefined;
  /** Revision whose keys are in use. */
  let followed: number | undefined;
  let closing = false;

  /** Before anything is decided at a revision that somebody else made, the rows it changed are known. */
  const learn = async (next: HeadRow): Promise<void> => {
    const known = guard.revision();
    if (known !== undefined && known < next.revision) await engine.read((tx) => guard.catchUp(tx));
    adopt(next);
  };

  const adopt = (next: HeadRow): void => {
    if (head?.revision !== next.revision) {
      identity.cache(next.revision);
      policy.current(next.revision);
    }
    head = next;
  };

  const revision = (): number => head?.revision ?? 0;

  /** Owned by `follow`: two at once would wipe the keys that the other has just taken up. */
  let following: Promise<void> = Promise.resolve();

  const followOnce = async (before: Promise<void>): Promise<void> => {
    await before.catch(() => undefined);
    const known = revision();
    if (followed === known) return;
    await followKeys();
    followed = known;
  };

  const follow = (): Promise<void> => {
    if (followed !== revision()) following = followOnce(following);
    return following;
  };

  const catchUp = async (): Promise<void> => {
    const found = await engine.read(readHeadRow);
    // A commit of ours may have gone further while we read.
    if (found !== undefined && found.size >= (head?.size ?? 0)) await learn(found);
    await follow();
  };

  /** The end of every commit: entries, head and the states of guarded rows, under the lock of the head row. */
  const endCommit = async (
    tx: WriteTx,
    locked: HeadRow,
    drafts: readonly EntryDraft[],
    { by, bumped = tx.bumped() }: { readonly by: Signer; readonly bumped?: boolean },
  ): Promise<Closed> => {
    guard.requireHead(locked);
    const states = await guard.prepare(tx, locked.revision + 1);
    const changes = bumped || states.changes.length > 0;
    const appended = await append(tx, locked, drafts, changes, by, random, (size, at) => guard.code(states, size, at));
    return { appended, states };
  };

  /** What follows every durable commit of this process. */
  const conclude = async ({ appended, states }: Closed): Promise<void> => {
    guard.settle(states, appended.head);
    await learn(appended.head);
    onCommit?.(appended.head);
  };

  /** One attempt at a commit of several deeds. A revision that moved under it undoes it and is learnt. */
  const attempt = async (items: readonly Item[]): Promise<Outcome> => {
    let outcome: Outcome | undefined;
    await follow();
    try {
      return await writer.commit(async (tx) => {
        const began = revision();
        const now = clock.now();
        const settled: Settled[] = [];
        await claimPlaces(tx, items, began);
        for (const item of items) settled.push(await settle(judges, tx, item, now, began));
        const locked = await lockHead(tx);
        if (locked.revision !== began) throw new Moved(locked);
        const drafts = settled.flatMap((one) => one.drafts);
        outcome = { settled, ...(await endCommit(tx, locked, drafts, { by: signer() })) };
        return outcome;
      });
    } catch (error) {
      if (outcome === undefined || !hasCode(error, 'storage.unknown_outcome')) throw error;
      if (await lookUpOutcome(writer, outcome.appended, error)) return outcome;
      throw new Undone(error);
    }
  };

  const commitAll = async (items: readonly Item[]): Promise<Outcome> => {
    let clashes = 0;
    for (let tries = 0; tries < MOST_RETRIES; tries++) {
      try {
        return await attempt(items);
      } catch (error) {
        if (error instanceof Moved) await learn(error.head);
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
      const outcome = await commitAll(items);
      await afterCommit(() => conclude(outcome));
      const { settled, appended } = outcome;
      let place = 0;
      return settled.map((one) => {
        const receipt = receiptFor(appended.entries[place]!);
        place += one.drafts.length;
        return { settled: one, receipt };
      });
    },
  });

  const record = async (
    drafts: (tx: WriteTx, now: number) => Promise<readonly EntryDraft[]>,
    by: () => Signer,
  ): Promise<void> => {
    const closed = await again(async () => {
      await follow();
      return writer.commit(async (tx) => {
        const entries = await drafts(tx, clock.now());
        if (entries.length === 0) return undefined;
        const locked = await lockHead(tx);
        if (locked.revision !== guard.revision()) await guard.catchUp(tx);
        return endCommit(tx, locked, entries, { by: by() });
      });
    });
    if (closed !== undefined) await conclude(closed);
  };

  const perform = async <In, Out>(asked: Deed<In, Out>, caller: Caller, input: In): Promise<Done<Out>> => {
    const deed = registry.find(asked);
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
    const { settled, receipt } = await queue.add(item).catch((error: unknown) => {
      if (deed.effect === 'change' && mayHaveHappened(error)) noteChange();
      throw error;
    });
    identity.counted(caller);
    if (!settled.result.ok) throw settled.result.error;
    if (deed.effect === 'change') noteChange();
    return { output: settled.result.output as Out, receipt };
  };

  return {
    register: (deeds) => registry.register(deeds),
    names: () => registry.names(),
    async perform(deed, caller, input) {
      if (closing) throw deedsError('stopping', 'The program is stopping.');
      signer();
      try {
        return await perform(deed, caller, input);
      } catch (error) {
        // Nothing was decided, so nothing was entered yet; that somebody changed the database is worth an entry.
        if (hasCode(error, 'storage.row_untrue'))
          await record(async (_tx, now) => [untrueEntry(deed.action, caller, error, now)], signer);
        throw error;
      }
    },

    async consult(deed, caller, input) {
      if (closing || deed.effect !== 'reveal') return undefined;
      try {
        await catchUp();
        signer();
        return await engine.read(async (tx) => {
          const known = revision();
          const { decision, facts } = await decide(judges, tx, deed, caller, input, clock.now(), known, known);
          return decision.allow ? await deed.find(tx, input, facts) : undefined;
        });
      } catch {
        // Whatever it is, performing the deed meets it again and enters it.
        return undefined;
      }
    },

    record: (drafts) => record(drafts, signer),

    async guardRows(by, work) {
      const found = await engine.read(readHeadRow);
      guard.begin(found?.revision ?? 0);
      try {
        await record(work, by);
      } catch (error) {
        guard.close();
        throw error;
      }
    },

    async found(firstSigner, work) {
      const closed = await writer.commit(async (tx) => {
        const drafts = await work(tx, clock.now());
        const first = await createHead(tx, firstSigner());
        guard.begin(first.revision);
        return endCommit(tx, first, drafts, { by: firstSigner(), bumped: true });
      });
      await conclude(closed);
    },

    housekeep: (work) =>
      again(() =>
        writer.commit(async (tx) => {
          const result = await work(tx);
          if (tx.written().length > 0) throw new TypeError('Housekeeping does not write guarded rows.');
          return result;
        }),
      ),
    head: () => head,
    async refresh() {
      const found = await engine.read(readHeadRow);
      if (found !== undefined) await learn(found);
    },
    catchUp,
    async withKeys(work) {
      for (let tries = 1; ; tries++)
        try {
          return await work();
        } catch (error) {
          if (!hasCode(error, 'sealing.rekeyed') || tries === MOST_REKEYS) throw error;
          await catchUp();
        }
    },
    async close() {
      closing = true;
      await queue.idle();
    },
  };
};

/** What a commit made: its entries, and the newest states of the guarded rows it wrote. */
type Closed = { readonly appended: AppendResult; readonly states: PreparedStates };
type Outcome = Closed & { readonly settled: readonly Settled[] };

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
