import type { CredentialRow } from '#inventory';
import type { ReadTx } from '#storage';
import type { Tables } from './tables.ts';

/**
 * When the current value of each credential was made, by the credential's id, in milliseconds since 1970; nothing for
 * one without a value. What people write about a credential makes its value no younger.
 */
export const currentSince = async (
  tx: ReadTx,
  credentials: readonly Pick<CredentialRow, 'id'>[],
): Promise<ReadonlyMap<string, number>> => {
  if (credentials.length === 0) return new Map();
  const rows = await tx.query<Tables, { credential: string; created_at: number }>((db) =>
    db
      .selectFrom('version as v')
      .select(['v.credential', 'v.created_at'])
      .where(
        'v.credential',
        'in',
        credentials.map(({ id }) => id),
      )
      // The current version is the one with the highest number; pending ones have none.
      .where('v.number', '=', (outer) =>
        outer
          .selectFrom('version as w')
          .select((eb) => eb.fn.max('w.number').as('newest'))
          .whereRef('w.credential', '=', 'v.credential'),
      ),
  );
  return new Map(rows.map(({ credential, created_at }) => [credential, created_at]));
};
