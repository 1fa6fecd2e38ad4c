import { type Mac, canonical, hasCode, timingSafeEqual } from '#kernel';
import type { ReadTx, WriteTx } from '../engine.ts';
import { storageError } from '../errors.ts';
import { GUARDED_TABLES, type GuardedTable } from './guarded-tables.ts';
import { type RowChange, type RowStates, openRowStates } from './row-states.ts';
import { type HeadOrState, putState, statesSince } from './tables.ts';
import type { WrittenRow } from './written-rows.ts';

/** What a commit changes of the set, from `prepare` to `settle`. */
export type PreparedStates = { readonly changes: readonly RowChange[]; readonly sum: Uint8Array };

/** The part of the ledger's head row under the guard's code. */
export type GuardedHead = { readonly size: number; readonly revision: number; readonly guard: Uint8Array | null };

/**
 * Knows the newest code of every guarded row that was ever changed, so that no older row passes for the newest. The
 * codes lie in the table `row_state` and in this process's memory; a code over all of them lies in the head row of
 * the ledger, made anew by each commit with the size of the ledger and the revision.
 *
 * Why that suffices: a row that is used bears a true code, and it is either the code in memory or the only code the row
 * ever had. Memory was filled from a set whose code fitted the head. So a changed, removed or older row, or an
 * older set, is refused, also beside a head row that was changed to fit: nobody else can make its code.
 *
 * What is left: the whole database put back as it once was while nobody runs it. The anchor tells.
 *
 * While closed (locked, or not looked at yet) every row passes: nothing is decided then.
 */
export type RowGuard = {
  /** Where the terms of the row key come from; the giver throws while locked. */
  useKeys(macs: () => readonly Mac[]): void;
  /** Every term of the row key, the one in force first. */
  keys(): readonly Mac[];
  /** Takes up what the database holds. False where the head bears no code yet. Errors: `storage.rows_untrue`. */
  load(tx: ReadTx): Promise<boolean>;
  /** Begins with no changed row: for a database that is just being made, or that had no guard. */
  begin(revision: number): void;
  close(): void;
  /** The revision that memory stands at; undefined while closed. */
  revision(): number | undefined;
  isNewest(table: GuardedTable, id: string, mac: Uint8Array | null): boolean;
  /** Ids of rows that must be there: they were changed, and not removed. */
  present(table: GuardedTable): readonly string[];
  /**
   * Takes up what other processes changed; closes where the keys were locked. Errors: `storage.rows_untrue`, and then
   * memory stays as it was.
   */
  catchUp(tx: Pick<ReadTx, 'all'>): Promise<void>;
  /** Refuses a head row that neither this process nor another one wrote. Errors: `storage.rows_untrue`. */
  requireHead(head: GuardedHead): void;
  /** Writes the states of what this transaction changed, as of the revision that its commit makes. */
  prepare(tx: WriteTx, revision: number): Promise<PreparedStates>;
  /** The code over the set as prepared, for a head row of this size and revision. */
  code(prepared: PreparedStates, size: number, revision: number): Uint8Array;
  /** Once the commit is durable. */
  settle(prepared: PreparedStates, head: GuardedHead): void;
};

/** Tables of few rows, where one that is missing is noticed although it was never changed: a prohibition, the kit. */
const FROM_THE_FIRST: ReadonlySet<GuardedTable> = new Set(['policy', 'recovery_kit']);

/** What is known while open. */
type Known = {
  /** Asked for each time: a rekey wipes the keys of before. */
  readonly mac: () => Mac;
  readonly states: RowStates;
  revision: number;
  /** The head that was made or found true last, so that it is recognised without another code. */
  head: GuardedHead | undefined;
  /** True until the first commit: the head may still lack its code. */
  isNew: boolean;
};

export const openRowGuard = (): RowGuard => {
  let macs: () => readonly Mac[] = () => {
    throw new Error('Nobody told the guard where its keys are.');
  };
  let known: Known | undefined;

  /** Counted from the oldest, because a new term comes first. */
  const everyTerm = (): readonly (() => Mac)[] =>
    macs().map((_mac, i, terms) => {
      const fromEnd = terms.length - i;
      return () => macs().at(-fromEnd)!;
    });

  const open = (): Known => {
    if (known === undefined) throw new Error('The guard of rows is closed.');
    return known;
  };

  return {
    useKeys(giver) {
      macs = giver;
    },
    keys: () => macs(),
    async load(tx) {
      known = undefined;
      const rows = await tx.all(statesSince, { revision: NEVER });
      const head = headIn(rows);
      if (head === undefined || head.guard === null) return false;
      const found = everyTerm().find((mac) => {
        known = knownFrom(mac, rows, head);
        return isCodeOf(mac(), known.states.sum(), head);
      });
      if (found === undefined) known = undefined;
      if (known === undefined) throw setUntrue();
      return true;
    },
    begin(revision) {
      const mac = everyTerm()[0]!;
      known = { mac, states: openRowStates(mac), revision, head: undefined, isNew: true };
    },
    close() {
      known = undefined;
    },
    revision: () => known?.revision,
    isNewest: (table, id, mac) => known === undefined || known.states.isNewest(table, id, mac),
    present: (table) => known?.states.present(table) ?? [],
    async catchUp(tx) {
      if (known === undefined) return;
      const { mac, states, revision } = known;
      const rows = await tx.all(statesSince, { revision });
      const head = headIn(rows);
      // Another call, or a commit of our own, may have got further while we read.
      if (head === undefined || known === undefined || head.revision <= known.revision) return;
      if (known.states !== states || known.revision !== revision) return;
      const changes = changesIn(rows);
      let sum: Uint8Array;
      try {
        sum = states.sumAfter(changes);
        if (!isCodeOf(mac(), sum, head)) throw setUntrue();
      } catch (error) {
        if (!hasCode(error, 'sealing.locked')) throw error;
        known = undefined;
        return;
      }
      states.take(changes, sum);
      known.revision = head.revision;
    },
    requireHead(head) {
      const now = open();
      if ((now.isNew && head.guard === null) || isSameHead(now.head, head)) return;
      if (!isCodeOf(now.mac(), now.states.sum(), head)) throw setUntrue();
      now.head = head;
    },
    async prepare(tx, revision) {
      const { states } = open();
      const changes = worthKeeping(states, tx.written());
      await tx.runMany(
        putState,
        changes.map(({ table, id, mac }) => ({ of_table: table, id, mac, revision })),
      );
      return { changes, sum: states.sumAfter(changes) };
    },
    code: ({ sum }, size, revision) =>
      open()
        .mac()
        .tag(message(sum, size, revision)),
    settle({ changes, sum }, head) {
      // Whoever met one of these rows between COMMIT and here has caught up already.
      if (known === undefined) return;
      known.isNew = false;
      if (known.revision > head.revision) return;
      known.head = head;
      if (known.revision === head.revision) return;
      known.states.take(changes, sum);
      known.revision = head.revision;
    },
  };
};

/** Below every revision. */
const NEVER = -1;

const knownFrom = (mac: () => Mac, rows: readonly HeadOrState[], { revision }: GuardedHead): Known => {
  const states = openRowStates(mac);
  const changes = changesIn(rows);
  states.take(changes, states.sumAfter(changes));
  return { mac, states, revision, head: undefined, isNew: false };
};

/** The order of a union is the engine's own. */
const headIn = (rows: readonly HeadOrState[]): GuardedHead | undefined => {
  const row = rows.find(({ of_table }) => of_table === null);
  return row === undefined ? undefined : { size: row.size!, revision: row.revision!, guard: row.mac };
};

const changesIn = (rows: readonly HeadOrState[]): readonly RowChange[] =>
  rows.flatMap(({ of_table, id, mac }) => {
    if (of_table === null || id === null) return [];
    if (!(GUARDED_TABLES as readonly string[]).includes(of_table)) throw setUntrue();
    return [{ table: of_table as GuardedTable, id, mac }];
  });

/** The last change of each row; not the first code of a row that may be removed without anybody missing it. */
const worthKeeping = (states: RowStates, written: readonly WrittenRow[]): readonly RowChange[] => {
  const last = new Map<string, WrittenRow>();
  for (const row of written) {
    const place = `${row.table} ${row.id}`;
    last.set(place, { ...row, isFirst: row.isFirst && (last.get(place)?.isFirst ?? true) });
  }
  return [...last.values()].filter(
    ({ table, id, isFirst }) => !isFirst || FROM_THE_FIRST.has(table) || states.isRegistered(table, id),
  );
};

const message = (sum: Uint8Array, size: number, revision: number): Uint8Array =>
  canonical(['row_states/1', size, revision, sum]);

const isSameHead = (known: GuardedHead | undefined, { size, revision, guard }: GuardedHead): boolean =>
  known?.size === size &&
  known.revision === revision &&
  known.guard !== null &&
  guard !== null &&
  timingSafeEqual(known.guard, guard);

const isCodeOf = (mac: Mac, sum: Uint8Array, { size, revision, guard }: GuardedHead): boolean =>
  guard !== null && timingSafeEqual(mac.tag(message(sum, size, revision)), guard);

const setUntrue = () =>
  storageError('rows_untrue', 'The newest states of identities, grants and credentials are not what was written last.');

/** A row that is not as this installation wrote it last. It is not used. */
export const rowUntrue = (table: GuardedTable, id: string, cause?: unknown) =>
  storageError(
    'row_untrue',
    `The ${table.replace('_', ' ')} ${id} in the database is not as it was written last.`,
    { table, id },
    cause,
  );
