import { CompiledQuery } from 'kysely';
import type { ReadTx, WriteTx } from './engine.ts';
import { type Statement, statement } from './statement.ts';

/** SQL as it stands, without input. For migrations and the engines' own needs; rooms use `statement`. */
export const rawRows = (tx: ReadTx, sql: string): Promise<unknown[]> => tx.all(raw(sql), {});

export const rawRun = (tx: WriteTx, sql: string): Promise<number> => tx.run(raw(sql), {});

const raw = (sql: string): Statement<Record<never, never>, unknown> =>
  statement(() => ({ compile: () => CompiledQuery.raw(sql) }));
