import { statement } from '#storage';
import type { Resource } from '#kernel';
import type { Caller } from '#identity';
import type { Binding } from '#sealing';
import { secretsError } from './errors.ts';

/** An answer that waits for one caller, sealed; found by the accessor of the token that opens it. */
export type WrappedAnswerRow = {
  readonly accessor: string;
  /** A sealed blob under the system’s own scope. */
  readonly sealed: Uint8Array;
  readonly created_at: number;
  readonly expires_at: number;
  /** What was asked for, as text; shown to whoever holds the token. */
  readonly path: string;
};

type Tables = { wrapped_answer: WrappedAnswerRow };

export const insertWrapped = statement<Tables, WrappedAnswerRow>((db, row) =>
  db.insertInto('wrapped_answer').values({
    accessor: row.accessor,
    sealed: row.sealed,
    created_at: row.created_at,
    expires_at: row.expires_at,
    path: row.path,
  }),
);

export const wrappedByAccessor = statement<Tables, { accessor: string }, WrappedAnswerRow>((db, { accessor }) =>
  db.selectFrom('wrapped_answer').selectAll().where('accessor', '=', accessor),
);

export const deleteWrapped = statement<Tables, { accessor: string }>((db, { accessor }) =>
  db.deleteFrom('wrapped_answer').where('accessor', '=', accessor),
);

export const deleteWrappedBefore = statement<Tables, { now: number }>((db, { now }) =>
  db.deleteFrom('wrapped_answer').where('expires_at', '<=', now),
);

/** What a wrapped answer's blob is bound to. */
export const wrappedBinding = (accessor: string, path: string): Binding => ['wrapped', accessor, path];

/** The answer as the policy sees it: the token's own, and its holder's. */
export const wrappedResource = ({ identity, accessor }: Caller): Resource => ({
  kind: 'token',
  id: accessor ?? 'none',
  project: null,
  environment: null,
  name: null,
  production: false,
  tier: null,
  owner: identity,
  state: null,
});

/** One text for a token that never was, has ended, or was used: nothing is learnt by trying. */
export const notWrapped = () => secretsError('not_wrapped', 'wrapping token is not valid or does not exist');
