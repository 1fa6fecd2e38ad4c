import { type Mac, canonical } from '#kernel';
import { GUARDED_TABLES, type GuardedTable } from './guarded-tables.ts';

/** A row of a guarded table that was written: its code from now on, or null when it was removed. */
export type RowChange = {
  readonly table: GuardedTable;
  readonly id: string;
  readonly mac: Uint8Array | null;
};

/** What a removed row counts as: a code has 32 bytes. */
const REMOVED = '';
const BYTES = 32;

/**
 * The newest code of every guarded row that was ever changed or removed. A row that is not in here was never changed,
 * so its first code is its newest.
 *
 * `sum` stands for the whole set: the exclusive or of HMAC(row key, table ‖ id ‖ code) over all its members
 * (the set hash of Clarke et al., "Incremental Multiset Hash Functions and Their Application to Memory Integrity
 * Checking", ASIACRYPT 2003, section 4). It is updated in two HMACs per change, whatever the size of the set. There
 * it is published with a nonce; here only an HMAC over it ever leaves the process, so nobody sees what to collide with.
 */
export type RowStates = {
  /** Undefined for a row that was never changed. */
  isNewest(table: GuardedTable, id: string, mac: Uint8Array | null): boolean;
  isRegistered(table: GuardedTable, id: string): boolean;
  /** The sum as it would be after these changes. */
  sumAfter(changes: readonly RowChange[]): Uint8Array;
  /** Takes the changes in, with the sum that `sumAfter` gave for them. */
  take(changes: readonly RowChange[], sum: Uint8Array): void;
  sum(): Uint8Array;
  /** Rows that must be there. */
  present(table: GuardedTable): readonly string[];
  size(): number;
};

export const openRowStates = (mac: () => Mac): RowStates => {
  const tables = new Map(GUARDED_TABLES.map((table) => [table, new Map<string, string>()]));
  let sum: Uint8Array = new Uint8Array(BYTES);

  const element = (table: GuardedTable, id: string, code: string): Uint8Array =>
    mac().tag(canonical(['row_state/1', table, id, Buffer.from(code, 'latin1')]));

  return {
    isNewest(table, id, code) {
      const known = tables.get(table)!.get(id);
      return known === undefined || known === keep(code);
    },
    isRegistered: (table, id) => tables.get(table)!.has(id),
    sumAfter(changes) {
      const next = Uint8Array.from(sum);
      const changed = new Map<string, string>();
      for (const { table, id, mac: code } of changes) {
        const place = `${table} ${id}`;
        const before = changed.get(place) ?? tables.get(table)!.get(id);
        if (before !== undefined) blend(next, element(table, id, before));
        blend(next, element(table, id, keep(code)));
        changed.set(place, keep(code));
      }
      return next;
    },
    take(changes, next) {
      for (const { table, id, mac: code } of changes) tables.get(table)!.set(id, keep(code));
      sum = next;
    },
    sum: () => sum,
    present: (table) => [...tables.get(table)!].flatMap(([id, code]) => (code === REMOVED ? [] : [id])),
    size: () => [...tables.values()].reduce((count, rows) => count + rows.size, 0),
  };
};

/** One byte a character: a third of the memory that an array of bytes of its own would take. */
const keep = (code: Uint8Array | null): string =>
  code === null ? REMOVED : Buffer.from(code.buffer, code.byteOffset, code.length).toString('latin1');

const blend = (into: Uint8Array, other: Uint8Array): void => {
  for (let i = 0; i < BYTES; i++) into[i]! ^= other[i]!;
};
