import type { Values } from '../statement.ts';
import type { GuardedTable, GuardedWrite } from './guarded-tables.ts';
import type { RowChange } from './row-states.ts';

/** A row that a transaction wrote. Its first code is kept only where a missing row must be noticed. */
export type WrittenRow = RowChange & { readonly isFirst: boolean };

/** The guarded rows that one transaction wrote so far, in order. */
export type WrittenRows = {
  all(): readonly WrittenRow[];
  last(table: GuardedTable, id: string): WrittenRow | undefined;
  add(row: WrittenRow): void;
  /** Forgets what came after the first `count`: a savepoint undid it. */
  undoTo(count: number): void;
};

export const openWrittenRows = (): WrittenRows => {
  let rows: WrittenRow[] = [];
  let newest = new Map<string, WrittenRow>();
  return {
    all: () => rows,
    last: (table, id) => (rows.length === 0 ? undefined : newest.get(`${table} ${id}`)),
    add(row) {
      rows.push(row);
      newest.set(`${row.table} ${row.id}`, row);
    },
    undoTo(count) {
      if (rows.length === count) return;
      rows = rows.slice(0, count);
      newest = new Map(rows.map((row) => [`${row.table} ${row.id}`, row]));
    },
  };
};

/** What a statement with this input wrote. */
export const writtenRow = ({ table, key, effect }: GuardedWrite, input: Values): WrittenRow => {
  const [id, mac] = [input[key], effect === 'delete' ? null : input['mac']];
  if (id === undefined || mac === undefined)
    throw new TypeError(`A statement that writes ${table} names its row by the fields ${key} and mac.`);
  return { table, id: String(id), mac: mac as Uint8Array | null, isFirst: effect === 'insert' };
};
