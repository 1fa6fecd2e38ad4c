import { sql } from 'kysely';
import { timingSafeEqual } from '#kernel';
import type { ReadTx } from '#storage';
import type { Tables } from './tables.ts';

/** A version of a resource as an entry bound it; `hash` is the SHA-256 of its envelope, or one that no envelope has. */
export type BoundVersion = { readonly version: number; readonly hash: Uint8Array; readonly index: number };

type BindingRow = {
  readonly resource: string;
  readonly version: number;
  readonly idx: number;
  readonly hash: Uint8Array;
};

const PAGE = 5_000;

/**
 * For every resource whose versions the ledger binds: each version as bound last. For the check of all of them.
 *
 * @param lasting a version that was bound to this hash stays so, whatever it was bound to later
 */
export const allBindings = async (
  tx: ReadTx,
  lasting: Uint8Array,
): Promise<ReadonlyMap<string, ReadonlyMap<number, BoundVersion>>> => {
  const bindings = new Map<string, Map<number, BoundVersion>>();
  for (let last: BindingRow | undefined; ;) {
    const page: readonly BindingRow[] = await readPage(tx, last);
    for (const { resource, version, hash, idx } of page) {
      const versions = bindings.get(resource) ?? new Map<number, BoundVersion>();
      const known = versions.get(version);
      if (known === undefined || !timingSafeEqual(known.hash, lasting))
        versions.set(version, { version, hash, index: idx });
      bindings.set(resource, versions);
    }
    last = page.at(-1);
    if (last === undefined || page.length < PAGE) return bindings;
  }
};

const readPage = (tx: ReadTx, last: BindingRow | undefined): Promise<BindingRow[]> =>
  tx.query<Tables, BindingRow>((db) => {
    const columns = db
      .selectFrom('ledger_entry')
      .select(['resource', 'head_version as version', 'idx', 'head_hash as hash'])
      .where('head_version', 'is not', null)
      // Half of a binding is none; the check of the entries names it.
      .where('head_hash', 'is not', null);
    const after =
      last === undefined
        ? columns
        : columns.where(sql<boolean>`(resource, head_version, idx) > (${last.resource}, ${last.version}, ${last.idx})`);
    return after.orderBy('resource').orderBy('head_version').orderBy('idx').limit(PAGE) as never;
  });
