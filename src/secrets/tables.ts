import { sql } from 'kysely';
import { type ReadTx, statement } from '#storage';

export type Tables = {
  version: VersionRow;
  version_value: VersionValueRow;
  value_home: ValueHomeRow;
};

export type VersionRow = {
  readonly credential: string;
  /** Counts every version ever made, pending ones too; part of what the envelope is bound to. */
  readonly serial: number;
  /** What KV clients see; null while pending. */
  readonly number: number | null;
  readonly state: 'pending' | 'live';
  /** Null once destroyed. */
  readonly envelope: Uint8Array | null;
  /** SHA-256 of the envelope; the ledger binds it. */
  readonly hash: Uint8Array;
  readonly created_at: number;
  readonly created_by: string;
  /** From then on it is deleted; may lie in the future. */
  readonly deleted_at: number | null;
  readonly destroyed_at: number | null;
};

export type VersionValueRow = {
  readonly credential: string;
  readonly serial: number;
  readonly fingerprint: Uint8Array;
  readonly leaf: string;
  /** Null for a version of before there were tags; see `match-tag.ts`. */
  readonly match_tag: Uint8Array | null;
};

/** Where a secret value lives: in one environment of one project, whatever credentials hold it there. */
export type ValueHomeRow = {
  readonly fingerprint: Uint8Array;
  readonly project: string;
  readonly environment: string;
  readonly credential: string;
  readonly uses: number;
};

export const versionByNumber = statement<Tables, { credential: string; number: number }, VersionRow>(
  (db, { credential, number }) =>
    db.selectFrom('version').selectAll().where('credential', '=', credential).where('number', '=', number),
);

export const versionBySerial = statement<Tables, { credential: string; serial: number }, VersionRow>(
  (db, { credential, serial }) =>
    db.selectFrom('version').selectAll().where('credential', '=', credential).where('serial', '=', serial),
);

export const versionsOf = statement<Tables, { credential: string }, VersionRow>((db, { credential }) =>
  db.selectFrom('version').selectAll().where('credential', '=', credential).orderBy('serial'),
);

/** Serials of the versions whose number is this or lower: one promoted late is among the newest. */
export const serialsUpTo = statement<Tables, { credential: string; number: number }, Pick<VersionRow, 'serial'>>(
  (db, { credential, number }) =>
    db
      .selectFrom('version')
      .select('serial')
      .where('credential', '=', credential)
      .where('number', '<=', number)
      .orderBy('number'),
);

export const lastSerial = statement<Tables, { credential: string }, { serial: number | null }>((db, { credential }) =>
  db
    .selectFrom('version')
    .select((eb) => eb.fn.max('serial').as('serial'))
    .where('credential', '=', credential),
);

export const insertVersion = statement<Tables, VersionRow>((db, row) =>
  db.insertInto('version').values({
    credential: row.credential,
    serial: row.serial,
    number: row.number,
    state: row.state,
    envelope: row.envelope,
    hash: row.hash,
    created_at: row.created_at,
    created_by: row.created_by,
    deleted_at: row.deleted_at,
    destroyed_at: row.destroyed_at,
  }),
);

export const promoteRow = statement<Tables, { credential: string; serial: number; number: number }>((db, row) =>
  db
    .updateTable('version')
    .set({ number: row.number, state: 'live' })
    .where('credential', '=', row.credential)
    .where('serial', '=', row.serial),
);

export const resealRow = statement<
  Tables,
  { credential: string; serial: number; envelope: Uint8Array; hash: Uint8Array }
>((db, row) =>
  db
    .updateTable('version')
    .set({ envelope: row.envelope, hash: row.hash })
    .where('credential', '=', row.credential)
    .where('serial', '=', row.serial),
);

export const markDeleted = statement<Tables, { credential: string; number: number; at: number | null }>(
  (db, row) =>
    db
      .updateTable('version')
      .set({ deleted_at: row.at })
      .where('credential', '=', row.credential)
      .where('number', '=', row.number)
      .where('destroyed_at', 'is', null),
  { takesAway: true },
);

export const destroyRow = statement<Tables, { credential: string; serial: number; at: number; hash: Uint8Array }>(
  (db, row) =>
    db
      .updateTable('version')
      .set({ envelope: null, hash: row.hash, destroyed_at: row.at })
      .where('credential', '=', row.credential)
      .where('serial', '=', row.serial),
  { takesAway: true },
);

export const removeVersion = statement<Tables, { credential: string; serial: number }>((db, { credential, serial }) =>
  db.deleteFrom('version').where('credential', '=', credential).where('serial', '=', serial),
);

export const homeOf = statement<Tables, { fingerprint: Uint8Array }, ValueHomeRow>((db, { fingerprint }) =>
  db.selectFrom('value_home').selectAll().where('fingerprint', '=', fingerprint),
);

export const claimHome = statement<Tables, ValueHomeRow>((db, row) =>
  db.insertInto('value_home').values({
    fingerprint: row.fingerprint,
    project: row.project,
    environment: row.environment,
    credential: row.credential,
    uses: row.uses,
  }),
);

export const countHome = statement<Tables, { fingerprint: Uint8Array; by: number }>((db, { fingerprint, by }) =>
  db
    .updateTable('value_home')
    .set((eb) => ({ uses: eb('uses', '+', by) }))
    .where('fingerprint', '=', fingerprint),
);

export const leaveHome = statement<Tables, { fingerprint: Uint8Array }>((db, { fingerprint }) =>
  db.deleteFrom('value_home').where('fingerprint', '=', fingerprint),
);

export const insertVersionValue = statement<Tables, VersionValueRow>((db, row) =>
  db.insertInto('version_value').values({
    credential: row.credential,
    serial: row.serial,
    fingerprint: row.fingerprint,
    leaf: row.leaf,
    match_tag: row.match_tag,
  }),
);

export const valuesOfVersion = statement<Tables, { credential: string; serial: number }, VersionValueRow>(
  (db, { credential, serial }) =>
    db.selectFrom('version_value').selectAll().where('credential', '=', credential).where('serial', '=', serial),
);

export const deleteVersionValues = statement<Tables, { credential: string; serial: number }>(
  (db, { credential, serial }) =>
    db.deleteFrom('version_value').where('credential', '=', credential).where('serial', '=', serial),
);

/** In order of their keys, for the check of all of them. */
export const versionValuesAfter = statement<
  Tables,
  { credential: string; serial: number; leaf: string; count: number },
  VersionValueRow
>((db, { credential, serial, leaf, count }) =>
  db
    .selectFrom('version_value')
    .selectAll()
    .where((eb) => eb(eb.refTuple('credential', 'serial', 'leaf'), '>', eb.tuple(credential, serial, leaf)))
    .orderBy('credential')
    .orderBy('serial')
    .orderBy('leaf')
    .limit(count),
);

export const homesAfter = statement<Tables, { after: Uint8Array; count: number }, ValueHomeRow>(
  (db, { after, count }) =>
    db.selectFrom('value_home').selectAll().where('fingerprint', '>', after).orderBy('fingerprint').limit(count),
);

export type UntaggedRow = Pick<VersionValueRow, 'credential' | 'serial' | 'leaf'>;

/** Leaves of before there were tags, those of one credential together. */
export const untagged = statement<Tables, { count: number }, UntaggedRow>((db, { count }) =>
  db.selectFrom('version_value').select(['credential', 'serial', 'leaf']).where('match_tag', 'is', null).limit(count),
);

export const setTag = statement<Tables, UntaggedRow & { tag: Uint8Array }>((db, row) =>
  db
    .updateTable('version_value')
    .set({ match_tag: row.tag })
    .where('credential', '=', row.credential)
    .where('serial', '=', row.serial)
    .where('leaf', '=', row.leaf),
);

export type TaggedRow = UntaggedRow & { readonly match_tag: Uint8Array };

/** Versions that are told of one value, the newest first: a maker may have given one password to every device. */
const MOST_HOLDERS = 20;

/** Versions that hold values of these tags. */
export const versionsTagged = (tx: ReadTx, tags: readonly Uint8Array[]): Promise<TaggedRow[]> =>
  tx.query<Tables, TaggedRow>((db) =>
    db
      .selectFrom((inner) =>
        inner
          .selectFrom('version_value')
          .select(['credential', 'serial', 'leaf'])
          .select((eb) => eb.ref('match_tag').$castTo<Uint8Array>().as('match_tag'))
          .select(sql<number>`row_number() over (partition by match_tag order by serial desc, credential)`.as('place'))
          .where('match_tag', 'in', tags)
          .as('held'),
      )
      .select(['credential', 'serial', 'leaf', 'match_tag'])
      .where('place', '<=', MOST_HOLDERS),
  );
