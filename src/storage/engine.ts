import type { CompiledQuery, Kysely } from 'kysely';
import type { RowGuard } from './guard/row-guard.ts';
import type { WrittenRow } from './guard/written-rows.ts';
import type { EngineKind, Statement, Values } from './statement.ts';

/** Reads. Outside `snapshot`, each statement sees the newest commit; the revision rule covers what lies between. */
export type ReadTx = {
  readonly engine: EngineKind;
  /** Outside `snapshot`, guarded rows are given in their newest state only. */
  readonly guard: RowGuard;
  /**
   * Stands for all that the tables hold but what appending to the ledger adds: another object after each commit that
   * changed more. Undefined where that is unknown: inside a commit, in a snapshot, and where other processes write too.
   */
  readonly state: object | undefined;
  one<In extends Values, Row>(statement: Statement<In, Row>, input: In): Promise<Row | undefined>;
  all<In extends Values, Row>(statement: Statement<In, Row>, input: In): Promise<Row[]>;
  /** A query whose shape depends on its input. */
  query<Tables, Row>(build: (db: Kysely<Tables>) => { compile(): CompiledQuery<Row> }): Promise<Row[]>;
};

/**
 * Writes, inside the one transaction of a commit; of no use after it. A statement that failed spoils everything up to
 * its savepoint, or the whole commit: catching its error does not save them. What may fail goes into a `savepoint`.
 */
export type WriteTx = ReadTx & {
  /** Gives the number of rows touched. */
  run<In extends Values>(statement: Statement<In, unknown>, input: In): Promise<number>;
  /** The same insert for many rows, in one round trip. */
  runMany<In extends Values>(statement: Statement<In, unknown>, inputs: readonly In[]): Promise<void>;
  /** Runs `work` so that its failure undoes its own writes only. */
  savepoint<T>(work: () => Promise<T>): Promise<T>;
  /** True once a write of this transaction made earlier decisions stale; see `freshness.ts`. */
  bumped(): boolean;
  /** The guarded rows that this transaction wrote, in order; what a savepoint undid is not among them. */
  written(): readonly WrittenRow[];
  /** Has the guard keep the newest state of a row that was written before there was a guard. */
  keep(row: WrittenRow): void;
};

/** A commit under way may hold changes that no revision names yet: then nothing remembered counts. */
export const isUncommitted = (tx: ReadTx): boolean =>
  'bumped' in tx && typeof tx.bumped === 'function' && (tx as WriteTx).bumped();

/** The only way to write; held by the room `deeds` alone. */
export type Writer = {
  /**
   * Runs `work` in one durable transaction; what it throws undoes everything. Calls run strictly one after another.
   * Errors: `storage.fatal` when the disk failed to write (nothing is written from then on), `storage.full`,
   * `storage.unknown_outcome` when a connection was lost during COMMIT. `isRetryable` knows those worth another try.
   */
  commit<T>(work: (tx: WriteTx) => Promise<T>): Promise<T>;
};

export type Engine = {
  readonly kind: EngineKind;
  /** Where the data lies, for people: a file's path, or the database's address without its password. */
  readonly place: string;
  /** Knows the newest state of the rows that decide who may do what; see `guard/row-guard.ts`. */
  readonly guard: RowGuard;
  /** Statements that each see the newest commit. */
  read<T>(work: (tx: ReadTx) => Promise<T>): Promise<T>;
  /** Statements that all see one commit. */
  snapshot<T>(work: (tx: ReadTx) => Promise<T>): Promise<T>;
  /** Removes what was deleted from free pages and the write-ahead log, as far as the engine can. */
  scrub(): Promise<void>;
  /** Bytes the database takes on disk. */
  size(): Promise<number>;
  close(): Promise<void>;
};

/** What an engine gives `openWriter`; engines keep it under this symbol so that nobody writes by accident. */
export const WRITER: unique symbol = Symbol('writer');
export type WritableEngine = Engine & { readonly [WRITER]: Writer };

/** The write capability. The architecture test lets `deeds` alone call this. */
export const openWriter = (engine: Engine): Writer => (engine as WritableEngine)[WRITER];
