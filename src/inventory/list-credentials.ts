import type { Deed } from '#deeds';
import type { ReadTx } from '#storage';
import { type EnvironmentFacts, environmentFacts, requireEnvironment } from './place.ts';
import type { CredentialRow, Tables } from './tables.ts';

/** Most rows of one page. */
export const PAGE = 500;

export type ListCredentials = {
  readonly project: string;
  readonly environment: string;
  /** Leading segments, without a slash at the end; empty for the whole environment. */
  readonly prefix: string;
  /** The last name of the page before. */
  readonly after: string;
  readonly limit: number;
};

/** The credentials of an environment, or below a prefix, in the order of their names. Values are not looked at. */
export const listCredentials: Deed<ListCredentials, readonly CredentialRow[], EnvironmentFacts> = {
  name: 'list-credentials',
  action: 'credential.list',
  effect: 'reveal',
  facts: (tx, { project, environment, prefix }) =>
    environmentFacts(tx, project, environment, prefix === '' ? null : prefix),
  async find(tx, { project, environment, prefix, after, limit }) {
    const { environment: row } = await requireEnvironment(tx, project, environment);
    return pageOf(tx, row.id, prefix, after, Math.min(Math.max(limit, 1), PAGE));
  },
};

const pageOf = (tx: ReadTx, environment: string, prefix: string, after: string, limit: number): Promise<CredentialRow[]> =>
  tx.query<Tables, CredentialRow>((db) => {
    let query = db.selectFrom('credential').selectAll().where('environment', '=', environment);
    // A range rather than LIKE: names may hold % and _, and the index on (environment, name) serves it.
    if (prefix !== '') query = query.where('name', '>=', `${prefix}/`).where('name', '<', `${prefix}0`);
    if (after !== '') query = query.where('name', '>', after);
    return query.orderBy('name').limit(limit);
  });
