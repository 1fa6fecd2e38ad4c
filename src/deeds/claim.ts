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
  await claim(
    tx,
    items.filter((item) => looksInside(item, revision)).map((item) => placeOf(item.verdict.facts.resource)),
  );
};

/** Claims things by name until the commit ends; a second process waits. */
export const claim = async (tx: WriteTx, names: readonly string[]): Promise<void> => {
  if (tx.engine !== 'postgres' || names.length === 0) return;
  const keys = [...new Set(names.map(lockKey))].toSorted((a, b) => (a < b ? -1 : 1));
  await tx.all(takeLocks, { keys: JSON.stringify(keys.map(String)) });
};

const looksInside = ({ deed, verdict, found }: Item, revision: number): boolean =>
  verdict.revision !== revision || (verdict.decision.allow && (deed.effect === 'change' || found?.ok !== true));

/** A credential goes by its name, because one that is not there yet has no id. */
const placeOf = ({ kind, id, project, environment, name }: Resource): string =>
  JSON.stringify(kind === 'credential' ? [project, environment, name?.toLowerCase()] : [kind, id, project]);

/** 64 bits of a hash: two names with the same bits cost a wait, nothing else. */
const lockKey = (name: string): bigint => createHash('sha256').update(name).digest().readBigInt64BE(0);
