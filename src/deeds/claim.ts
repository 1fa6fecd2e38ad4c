import { createHash } from 'node:crypto';
import type { Resource } from '#kernel';
import { type WriteTx, statement } from '#storage';
import { sql } from 'kysely';
import type { Item } from './settle.ts';

/** Taken in the order given, so that two processes never wait for each other. */
const takeLocks = statement<unknown, { keys: string }>((db, { keys }) =>
  db
    .selectFrom(sql<{ value: string }>`json_array_elements_text(cast(${keys} as json))`.as('k'))
    .select(sql`pg_advisory_xact_lock(cast(k.value as bigint)) IS NULL`.as('taken')),
);

/**
 * Claims what these deeds look at inside the commit, until it ends, so that no other process changes it between their
 * looking and their writing. On SQLite a commit is alone anyway. What a deed touches beyond its resource (a transfer's
 * new name, a value's home) is guarded by the tables' own constraints; see `isCollision`.
 *
 * @param revision the revision this commit began with
 */
export const claimPlaces = async (tx: WriteTx, items: readonly Item[], revision: number): Promise<void> => {
  if (tx.engine !== 'postgres') return;
  const keys = new Set(
    items.filter((item) => looksInside(item, revision)).map((item) => lockKey(item.verdict.facts.resource)),
  );
  if (keys.size === 0) return;
  const sorted = [...keys].toSorted((a, b) => (a < b ? -1 : 1)).map(String);
  await tx.all(takeLocks, { keys: JSON.stringify(sorted) });
};

const looksInside = ({ deed, verdict, found }: Item, revision: number): boolean =>
  verdict.revision !== revision || (verdict.decision.allow && (deed.effect === 'change' || found?.ok !== true));

/** 64 bits of a hash: a collision costs a wait, nothing else. By name, because what is not there yet has no id. */
const lockKey = ({ kind, id, project, environment, name }: Resource): bigint => {
  const place = kind === 'credential' ? [project, environment, name?.toLowerCase()] : [kind, id, project];
  return createHash('sha256').update(JSON.stringify(place)).digest().readBigInt64BE(0);
};
