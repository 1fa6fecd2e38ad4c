import type { Deed } from '#deeds';
import type { Scope } from '#policy';
import type { ReadTx } from '#storage';
import type { Visible } from './list-projects.ts';
import { type EnvironmentFacts, environmentFacts, requireEnvironment } from './place.ts';
import type { Tables } from './tables.ts';

/** Names read at once. */
const PAGE = 500;

export type ListNames = {
  readonly project: string;
  readonly environment: string;
  /** Leading segments, without a slash at the end; empty for the whole environment. */
  readonly prefix: string;
};

/**
 * What lies directly below a place, as in a folder: names, and folders with a slash at their end. Only what the caller
 * may see; a folder shows when something visible lies in it.
 */
export const listNames = (visible: Visible): Deed<ListNames, readonly string[], EnvironmentFacts> => ({
  name: 'list-names',
  action: 'credential.list',
  effect: 'reveal',
  facts: (tx, { project, environment, prefix }) =>
    environmentFacts(tx, project, environment, prefix === '' ? null : prefix),
  async find(tx, { project, environment, prefix }) {
    const { environment: row } = await requireEnvironment(tx, project, environment);
    const keys = new Set<string>();
    for (const scope of await visible(tx)) await walk(tx, row.id, prefix, scope, keys);
    return [...keys].toSorted();
  },
});

/** Collects keys, skipping the rest of a folder once it was seen: a large environment costs as much as it shows. */
const walk = async (
  tx: ReadTx,
  environment: string,
  prefix: string,
  scope: Scope,
  keys: Set<string>,
): Promise<void> => {
  const base = prefix === '' ? '' : `${prefix}/`;
  const keyOf = (name: string): string => {
    const rest = name.slice(base.length);
    const end = rest.indexOf('/');
    return end < 0 ? rest : rest.slice(0, end + 1);
  };
  if (scope.prefix !== null && scope.prefix.length > prefix.length && (await exists(tx, environment, scope.prefix)))
    keys.add(keyOf(scope.prefix));
  const within = scope.prefix === null || scope.prefix.length <= prefix.length ? prefix : scope.prefix;
  let from = within === '' ? '' : `${within}/`;
  for (;;) {
    const names = await namesFrom(tx, environment, from, within === '' ? null : `${within}0`);
    for (const name of names) keys.add(keyOf(name));
    const last = names.at(-1);
    if (last === undefined || names.length < PAGE) return;
    const key = keyOf(last);
    // "0" follows "/" in every byte order, so this is the first place after the folder. After a name comes the name
    // with the smallest character a name may hold.
    from = key.endsWith('/') ? `${base}${key.slice(0, -1)}0` : `${last} `;
  }
};

const namesFrom = async (tx: ReadTx, environment: string, from: string, end: string | null): Promise<string[]> => {
  const rows = await tx.query<Tables, { name: string }>((db) => {
    const query = db
      .selectFrom('credential')
      .select('name')
      .where('environment', '=', environment)
      .where('name', '>=', from);
    return (end === null ? query : query.where('name', '<', end)).orderBy('name').limit(PAGE);
  });
  return rows.map(({ name }) => name);
};

const exists = async (tx: ReadTx, environment: string, name: string): Promise<boolean> =>
  (
    await tx.query<Tables, { name: string }>((db) =>
      db.selectFrom('credential').select('name').where('environment', '=', environment).where('name', '=', name),
    )
  ).length > 0;
