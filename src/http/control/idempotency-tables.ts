import { statement } from '#storage';

type Tables = { idempotent_answer: IdempotentRow };

export type IdempotentRow = {
  /** Identity and token of the caller. */
  readonly caller: string;
  readonly idempotency_key: string;
  readonly request_hash: Uint8Array;
  /** Null until the answer is known. */
  readonly sealed: Uint8Array | null;
  readonly expires_at: number;
};

type Key = { readonly caller: string; readonly key: string };

export const answerUnder = statement<Tables, Key, IdempotentRow>((db, { caller, key }) =>
  db.selectFrom('idempotent_answer').selectAll().where('caller', '=', caller).where('idempotency_key', '=', key),
);

/** Touches no row when the key is taken. */
export const claimKey = statement<Tables, Key & { hash: Uint8Array; expiresAt: number }>(
  (db, { caller, key, hash, expiresAt }) =>
    db
      .insertInto('idempotent_answer')
      .values({ caller, idempotency_key: key, request_hash: hash, sealed: null, expires_at: expiresAt })
      .onConflict((conflict) => conflict.columns(['caller', 'idempotency_key']).doNothing()),
);

export const keepAnswer = statement<Tables, Key & { sealed: Uint8Array }>((db, { caller, key, sealed }) =>
  db.updateTable('idempotent_answer').set({ sealed }).where('caller', '=', caller).where('idempotency_key', '=', key),
);

export const freeKey = statement<Tables, Key>((db, { caller, key }) =>
  db.deleteFrom('idempotent_answer').where('caller', '=', caller).where('idempotency_key', '=', key),
);

export const dropExpired = statement<Tables, { now: number }>((db, { now }) =>
  db.deleteFrom('idempotent_answer').where('expires_at', '<=', now),
);
