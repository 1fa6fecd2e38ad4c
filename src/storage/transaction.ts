import type { WriteTx } from './engine.ts';
import { type BareReads, checkedReads } from './guard/checked-reads.ts';
import type { RowGuard } from './guard/row-guard.ts';
import { openWrittenRows, writtenRow } from './guard/written-rows.ts';
import type { Compiled, Statement, Value, Values } from './statement.ts';

/** What an engine can do on its writing connection while a transaction is open. */
export type Channel = {
  readonly reads: BareReads;
  run(compiled: Compiled, values: readonly Value[]): Promise<number>;
  runMany(compiled: Compiled, rows: readonly (readonly Value[])[]): Promise<void>;
  /** SAVEPOINT and its kin. */
  control(sql: string): Promise<void>;
  /** False once the transaction is gone as a whole: the disk was full, the connection was lost. */
  isOpen(): boolean;
};

/**
 * Runs `work` in the open transaction, under the rules of `WriteTx` that hold on every engine. PostgreSQL refuses all
 * statements after a failed one, up to the savepoint's or the transaction's end; SQLite would go on. We refuse on both,
 * so that what works on one works on the other. Throws what spoiled the transaction, even if `work` swallowed it.
 */
export const runWrites = async <T>(
  channel: Channel,
  guard: RowGuard,
  work: (tx: WriteTx) => Promise<T>,
): Promise<T> => {
  const written = openWrittenRows();
  const reads = checkedReads(channel.reads, guard, written);
  let bumped = false;
  let depth = 0;
  let spoiled: { readonly error: unknown } | undefined;
  let over = false;

  const throwIfSpoiled = (): void => {
    if (spoiled !== undefined) throw spoiled.error;
  };

  const guarded = async <T>(act: () => Promise<T>): Promise<T> => {
    if (over) throw new TypeError('This transaction is over: a statement was started without being awaited.');
    throwIfSpoiled();
    try {
      return await act();
    } catch (error) {
      spoiled ??= { error };
      throw error;
    }
  };

  const undo = async (savepoint: string, error: unknown): Promise<void> => {
    spoiled = { error };
    if (!channel.isOpen()) return;
    try {
      await channel.control(`ROLLBACK TO ${savepoint}`);
      await channel.control(`RELEASE ${savepoint}`);
      spoiled = undefined;
    } catch {
      // The transaction stays spoiled by what undid the savepoint; that is the error people need.
    }
  };

  const tx: WriteTx = {
    engine: reads.engine,
    guard,
    state: undefined,
    one: (statement, input) => guarded(() => reads.one(statement, input)),
    all: (statement, input) => guarded(() => reads.all(statement, input)),
    query: (build) => guarded(() => reads.query(build)),
    run: <In extends Values>(statement: Statement<In, unknown>, input: In) =>
      guarded(() => {
        const compiled = statement.compiled(reads.engine);
        bumped ||= compiled.bumps;
        const { writes } = compiled;
        const touched = channel.run(compiled, compiled.bind(input));
        if (writes === undefined) return touched;
        return touched.then((rows) => {
          if (rows > 0) written.add(writtenRow(writes, input));
          return rows;
        });
      }),
    runMany: <In extends Values>(statement: Statement<In, unknown>, inputs: readonly In[]) =>
      guarded(async () => {
        if (inputs.length === 0) return;
        const compiled = statement.compiled(reads.engine);
        bumped ||= compiled.bumps;
        await channel.runMany(compiled, inputs.map(compiled.bind));
        const { writes } = compiled;
        if (writes !== undefined) for (const input of inputs) written.add(writtenRow(writes, input));
      }),
    async savepoint<T>(work: () => Promise<T>): Promise<T> {
      const name = `s${depth + 1}`;
      const [bumpedBefore, writtenBefore] = [bumped, written.all().length];
      await guarded(() => channel.control(`SAVEPOINT ${name}`));
      depth++;
      try {
        const result = await work();
        await guarded(() => channel.control(`RELEASE ${name}`));
        return result;
      } catch (error) {
        await undo(name, error);
        bumped = bumpedBefore;
        written.undoTo(writtenBefore);
        throw error;
      } finally {
        depth--;
      }
    },
    bumped: () => bumped,
    written: () => written.all(),
    keep: (row) => written.add(row),
  };

  try {
    const result = await work(tx);
    throwIfSpoiled();
    return result;
  } finally {
    over = true;
  }
};
