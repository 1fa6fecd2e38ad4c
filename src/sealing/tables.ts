import { statement } from '#storage';

export type Tables = {
  root_key: RootKeyRow;
  keyring: KeyringRow;
  data_key: DataKeyRow;
  root_key_copy: RootKeyCopyRow;
  recovery_kit: RecoveryKitRow;
};

/** The root key, wrapped under a provider's key. The highest term is in force; older ones are gone after a rekey. */
export type RootKeyRow = {
  readonly term: number;
  readonly provider: string;
  readonly parameters: string;
  readonly wrapped: Uint8Array;
  readonly created_at: number;
};

/** A key of the keyring, wrapped under the root key. Scope is `system` or a project's id. */
export type KeyringRow = {
  readonly scope: string;
  readonly purpose: string;
  readonly term: number;
  readonly root_term: number;
  readonly wrapped: Uint8Array;
  readonly created_at: number;
};

/** A credential's own key, wrapped under its project's key of that term. */
export type DataKeyRow = {
  readonly credential: string;
  readonly scope: string;
  readonly term: number;
  readonly wrapped: Uint8Array;
};

/** The root key in force once more, under another guard: at present the recovery kit's. */
export type RootKeyCopyRow = RootKeyRow;

/** The public halves of the recovery kit in force. Under a code: a forged one would receive the next root key. */
export type RecoveryKitRow = {
  readonly id: number;
  readonly made_at: number;
  readonly made_by: string;
  /** Accessor of the token that breaks the glass. */
  readonly token: string;
  readonly recovery_key: Uint8Array;
  readonly backup_recipient: string;
  readonly mac: Uint8Array;
};

type Nothing = Record<never, never>;

export const rootKeys = statement<Tables, Nothing, RootKeyRow>((db) =>
  db.selectFrom('root_key').selectAll().orderBy('term', 'desc'),
);

export const insertRootKey = statement<Tables, RootKeyRow>((db, row) =>
  db.insertInto('root_key').values({
    term: row.term,
    provider: row.provider,
    parameters: row.parameters,
    wrapped: row.wrapped,
    created_at: row.created_at,
  }),
);

export const deleteRootKeysBelow = statement<Tables, { term: number }>((db, { term }) =>
  db.deleteFrom('root_key').where('term', '<', term),
);

export const keyringRows = statement<Tables, Nothing, KeyringRow>((db) => db.selectFrom('keyring').selectAll());

export const keyringTerms = statement<Tables, { scope: string; purpose: string }, KeyringRow>(
  (db, { scope, purpose }) =>
    db
      .selectFrom('keyring')
      .selectAll()
      .where('scope', '=', scope)
      .where('purpose', '=', purpose)
      .orderBy('term', 'desc'),
);

export const insertKeyring = statement<Tables, KeyringRow>((db, row) =>
  db.insertInto('keyring').values({
    scope: row.scope,
    purpose: row.purpose,
    term: row.term,
    root_term: row.root_term,
    wrapped: row.wrapped,
    created_at: row.created_at,
  }),
);

export const rewrapKeyring = statement<Tables, Omit<KeyringRow, 'created_at'>>((db, row) =>
  db
    .updateTable('keyring')
    .set({ root_term: row.root_term, wrapped: row.wrapped })
    .where('scope', '=', row.scope)
    .where('purpose', '=', row.purpose)
    .where('term', '=', row.term),
);

/** The credential's key together with the project key that opens it: what every read needs, in one query. */
export type DataKeyChain = DataKeyRow & { readonly root_term: number; readonly project_key: Uint8Array };

export const dataKeyChain = statement<Tables, { credential: string }, DataKeyChain>((db, { credential }) =>
  db
    .selectFrom('data_key')
    .innerJoin('keyring', (join) =>
      join
        .onRef('keyring.scope', '=', 'data_key.scope')
        .onRef('keyring.term', '=', 'data_key.term')
        .on('purpose', '=', 'wrap'),
    )
    .select([
      'data_key.credential',
      'data_key.scope',
      'data_key.term',
      'data_key.wrapped',
      'keyring.root_term',
      'keyring.wrapped as project_key',
    ])
    .where('data_key.credential', '=', credential),
);

export const insertDataKey = statement<Tables, DataKeyRow>((db, row) =>
  db
    .insertInto('data_key')
    .values({ credential: row.credential, scope: row.scope, term: row.term, wrapped: row.wrapped }),
);

export const rewrapDataKey = statement<Tables, DataKeyRow>((db, row) =>
  db
    .updateTable('data_key')
    .set({ scope: row.scope, term: row.term, wrapped: row.wrapped })
    .where('credential', '=', row.credential),
);

export const deleteDataKey = statement<Tables, { credential: string }>((db, { credential }) =>
  db.deleteFrom('data_key').where('credential', '=', credential),
);

export const dataKeysOutside = statement<Tables, { scope: string; term: number }, DataKeyRow>((db, { scope, term }) =>
  db.selectFrom('data_key').selectAll().where('scope', '=', scope).where('term', '!=', term).limit(1_000),
);

export const rootKeyCopy = statement<Tables, { provider: string }, RootKeyCopyRow>((db, { provider }) =>
  db.selectFrom('root_key_copy').selectAll().where('provider', '=', provider),
);

export const putRootKeyCopy = statement<Tables, RootKeyCopyRow>((db, row) =>
  db
    .insertInto('root_key_copy')
    .values({
      provider: row.provider,
      term: row.term,
      parameters: row.parameters,
      wrapped: row.wrapped,
      created_at: row.created_at,
    })
    .onConflict((conflict) =>
      conflict
        .column('provider')
        .doUpdateSet({ term: row.term, parameters: row.parameters, wrapped: row.wrapped, created_at: row.created_at }),
    ),
);

export const recoveryKit = statement<Tables, Nothing, RecoveryKitRow>((db) =>
  db.selectFrom('recovery_kit').selectAll().where('id', '=', 1),
);

export const deleteRecoveryKit = statement<Tables, { id: number }>((db, { id }) =>
  db.deleteFrom('recovery_kit').where('id', '=', id),
);

export const deleteRootKeyCopy = statement<Tables, { provider: string }>((db, { provider }) =>
  db.deleteFrom('root_key_copy').where('provider', '=', provider),
);

export const putRecoveryKit = statement<Tables, RecoveryKitRow>((db, row) =>
  db
    .insertInto('recovery_kit')
    .values({
      id: row.id,
      made_at: row.made_at,
      made_by: row.made_by,
      token: row.token,
      recovery_key: row.recovery_key,
      backup_recipient: row.backup_recipient,
      mac: row.mac,
    })
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet({
        made_at: row.made_at,
        made_by: row.made_by,
        token: row.token,
        recovery_key: row.recovery_key,
        backup_recipient: row.backup_recipient,
        mac: row.mac,
      }),
    ),
);

/** Data keys in order of their credentials, for the check of all of them. */
export const dataKeysAfter = statement<Tables, { after: string; count: number }, DataKeyRow>((db, { after, count }) =>
  db.selectFrom('data_key').selectAll().where('credential', '>', after).orderBy('credential').limit(count),
);
