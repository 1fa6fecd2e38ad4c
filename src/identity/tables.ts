import { type ReadTx, rowSeal, statement } from '#storage';

export type Tables = { identity: IdentityRow; token: TokenRow; token_use: TokenUseRow };

export type IdentityRow = {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly name_key: string;
  readonly state: string;
  readonly operator: number;
  /** Numeric id of the operating system's user who is signed in without a token; null for nobody. */
  readonly os_user: number | null;
  readonly created_at: number;
  readonly created_by: string;
  readonly mac: Uint8Array;
};

export type TokenKind = 'session' | 'token' | 'sign-in' | 'wrapping' | 'recovery';

export type TokenRow = {
  readonly accessor: string;
  /** HMAC of the token under the token key of the term in which it was made. */
  readonly digest: Uint8Array;
  readonly identity: string;
  /** Accessor of the token that made it; null for an orphan. */
  readonly parent: string | null;
  readonly kind: string;
  readonly display: string;
  readonly factors: string;
  readonly scope: string | null;
  readonly addresses: string;
  readonly created_at: number;
  readonly expires_at: number | null;
  readonly max_expires_at: number | null;
  readonly period: number | null;
  readonly renewable: number;
  readonly uses: number;
  readonly revoked_at: number | null;
  readonly mac: Uint8Array;
};

/** Counts only; a row that is missing counts as used up. Not under a code: it changes with every use. */
export type TokenUseRow = { readonly accessor: string; readonly used: number };

const IDENTITY_COLUMNS = [
  'id',
  'kind',
  'name',
  'name_key',
  'state',
  'operator',
  'os_user',
  'created_at',
  'created_by',
] as const;
const TOKEN_COLUMNS = [
  'accessor',
  'digest',
  'identity',
  'parent',
  'kind',
  'display',
  'factors',
  'scope',
  'addresses',
  'created_at',
  'expires_at',
  'max_expires_at',
  'period',
  'renewable',
  'uses',
  'revoked_at',
] as const;

const identitySeal = rowSeal<IdentityRow>('identity/1', IDENTITY_COLUMNS);
const tokenSeal = rowSeal<TokenRow>('token/1', TOKEN_COLUMNS);

export const sealIdentity = identitySeal.seal;
export const sealToken = tokenSeal.seal;
export const isTrueIdentity = identitySeal.isTrue;
export const isTrueToken = tokenSeal.isTrue;

export const insertIdentity = statement<Tables, IdentityRow>((db, row) =>
  db.insertInto('identity').values({
    id: row.id,
    kind: row.kind,
    name: row.name,
    name_key: row.name_key,
    state: row.state,
    operator: row.operator,
    os_user: row.os_user,
    created_at: row.created_at,
    created_by: row.created_by,
    mac: row.mac,
  }),
);

/** What may change of an identity. */
export const updateIdentity = statement<Tables, Pick<IdentityRow, 'id' | 'state' | 'os_user' | 'mac'>>((db, row) =>
  db.updateTable('identity').set({ state: row.state, os_user: row.os_user, mac: row.mac }).where('id', '=', row.id),
);

export const identityById = statement<Tables, { id: string }, IdentityRow>((db, { id }) =>
  db.selectFrom('identity').selectAll().where('id', '=', id),
);

export const identityByNameKey = statement<Tables, { name_key: string }, IdentityRow>((db, { name_key }) =>
  db.selectFrom('identity').selectAll().where('name_key', '=', name_key),
);

export const identityByOsUser = statement<Tables, { os_user: number }, IdentityRow>((db, { os_user }) =>
  db.selectFrom('identity').selectAll().where('os_user', '=', os_user),
);

export const identitiesAfter = statement<Tables, { after: string; count: number }, IdentityRow>(
  (db, { after, count }) =>
    db.selectFrom('identity').selectAll().where('name_key', '>', after).orderBy('name_key').limit(count),
);

export const insertToken = statement<Tables, TokenRow>((db, row) =>
  db.insertInto('token').values({
    accessor: row.accessor,
    digest: row.digest,
    identity: row.identity,
    parent: row.parent,
    kind: row.kind,
    display: row.display,
    factors: row.factors,
    scope: row.scope,
    addresses: row.addresses,
    created_at: row.created_at,
    expires_at: row.expires_at,
    max_expires_at: row.max_expires_at,
    period: row.period,
    renewable: row.renewable,
    uses: row.uses,
    revoked_at: row.revoked_at,
    mac: row.mac,
  }),
);

/** What may change of a token. */
export const updateToken = statement<Tables, Pick<TokenRow, 'accessor' | 'expires_at' | 'revoked_at' | 'mac'>>(
  (db, row) =>
    db
      .updateTable('token')
      .set({ expires_at: row.expires_at, revoked_at: row.revoked_at, mac: row.mac })
      .where('accessor', '=', row.accessor),
);

export const tokenByDigest = statement<Tables, { digest: Uint8Array }, TokenRow>((db, { digest }) =>
  db.selectFrom('token').selectAll().where('digest', '=', digest),
);

export const tokenByAccessor = statement<Tables, { accessor: string }, TokenRow>((db, { accessor }) =>
  db.selectFrom('token').selectAll().where('accessor', '=', accessor),
);

/** What the recovery kits of all identities sign in with. */
export const recoveryTokens = statement<Tables, Record<never, never>, TokenRow>((db) =>
  db.selectFrom('token').selectAll().where('kind', '=', 'recovery').where('revoked_at', 'is', null),
);

/** Tokens of an identity that were not revoked, whether they ended or not; newest first. */
export const tokensOf = statement<Tables, { identity: string; count: number }, TokenRow>((db, { identity, count }) =>
  db
    .selectFrom('token')
    .selectAll()
    .where('identity', '=', identity)
    .where('revoked_at', 'is', null)
    .orderBy('created_at', 'desc')
    .limit(count),
);

export type TokensInForce = {
  /** Null for everybody's. */
  readonly identity: string | null;
  readonly after: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly count: number;
};

/** Tokens in force, by their accessors. */
export const tokensInForce = (tx: ReadTx, { identity, after, now, count }: TokensInForce): Promise<TokenRow[]> =>
  tx.query<Tables, TokenRow>((db) => {
    const query = db
      .selectFrom('token')
      .selectAll()
      .where('accessor', '>', after)
      .where('revoked_at', 'is', null)
      .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', now)]));
    return (identity === null ? query : query.where('identity', '=', identity)).orderBy('accessor').limit(count);
  });

/** A token and all that came from it, in force. UNION, not UNION ALL: a forged circle of parents must end. */
export const tokenTree = statement<Tables, { accessor: string }, TokenRow>((db, { accessor }) =>
  db
    .withRecursive('tree(accessor)', (cte) =>
      cte
        .selectFrom('token')
        .select('token.accessor')
        .where('token.accessor', '=', accessor)
        .union(cte.selectFrom('token').innerJoin('tree', 'tree.accessor', 'token.parent').select('token.accessor')),
    )
    .selectFrom('token')
    .innerJoin('tree', 'tree.accessor', 'token.accessor')
    .selectAll('token')
    .where('token.revoked_at', 'is', null),
);

export const insertUse = statement<Tables, TokenUseRow>((db, row) =>
  db.insertInto('token_use').values({ accessor: row.accessor, used: row.used }),
);

export const useOf = statement<Tables, { accessor: string }, TokenUseRow>((db, { accessor }) =>
  db.selectFrom('token_use').selectAll().where('accessor', '=', accessor),
);

/** Counts one use; touches no row when none was left. */
export const countUse = statement<Tables, { accessor: string; uses: number }>((db, { accessor, uses }) =>
  db
    .updateTable('token_use')
    .set((eb) => ({ used: eb('used', '+', 1) }))
    .where('accessor', '=', accessor)
    .where('used', '<', uses),
);

/** In order of their accessors, revoked ones too: for the check of all of them. */
export const tokensAfter = statement<Tables, { after: string; count: number }, TokenRow>((db, { after, count }) =>
  db.selectFrom('token').selectAll().where('accessor', '>', after).orderBy('accessor').limit(count),
);
