import type { Deed } from '#deeds';
import type { Scope } from '#policy';
import type { ReadTx } from '#storage';
import type { Visible } from './list-projects.ts';
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

/**
 * The credentials of an environment, or below a prefix, in the order of their names: those that the caller may see.
 * Values are not looked at.
 */
export const listVisibleCredentials = (
  visible: Visible,
): Deed<ListCredentials, readonly CredentialRow[], EnvironmentFacts> => ({
  name: 'list-credentials',
  action: 'credential.list',
  effect: 'reveal',
  facts: (tx, { project, environment, prefix }) =>
    environmentFacts(tx, project, environment, prefix === '' ? null : prefix),
  async find(tx, { project, environment, prefix, after, limit }) {
    const { environment: row } = await requireEnvironment(tx, project, environment);
    const scopes = (await visible(tx)).filter(
      (scope) =>
        (scope.project === null || scope.project === project) &&
        (scope.environment === null || scope.environment === environment),
    );
    if (scopes.length === 0) return [];
    return pageOf(tx, row.id, { prefix, after, limit: Math.min(Math.max(limit, 1), PAGE), scopes });
  },
});

/** The same for a caller who sees the whole of what is listed. */
export const listCredentials = listVisibleCredentials(async () => [{ project: null, environment: null, prefix: null }]);

type Page = Pick<ListCredentials, 'prefix' | 'after' | 'limit'> & { readonly scopes: readonly Scope[] };

const pageOf = (tx: ReadTx, environment: string, { prefix, after, limit, scopes }: Page): Promise<CredentialRow[]> =>
  tx.query<Tables, CredentialRow>((db) => {
    let query = db.selectFrom('credential').selectAll().where('environment', '=', environment);
    // Ranges rather than LIKE: names may hold % and _, and the index on (environment, name) serves them.
    if (prefix !== '') query = query.where('name', '>=', `${prefix}/`).where('name', '<', `${prefix}0`);
    if (after !== '') query = query.where('name', '>', after);
    if (scopes.every((scope) => scope.prefix !== null))
      query = query.where((eb) =>
        eb.or(
          scopes.map(({ prefix: own }) =>
            eb.or([eb('name', '=', own), eb.and([eb('name', '>=', `${own}/`), eb('name', '<', `${own}0`)])]),
          ),
        ),
      );
    return query.orderBy('name').limit(limit);
  });
