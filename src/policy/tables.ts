import { rowSeal, statement } from '#storage';
import { sql } from 'kysely';

export type Tables = { role_grant: GrantRow; policy: PolicyRow; rule_exception: ExceptionRow };

export type GrantRow = {
  readonly id: string;
  readonly identity: string;
  readonly role: string;
  readonly project: string | null;
  readonly environment: string | null;
  readonly prefix: string | null;
  readonly reason: string;
  readonly created_at: number;
  readonly created_by: string;
  readonly ends_at: number | null;
  readonly revoked_at: number | null;
  readonly mac: Uint8Array;
};

/** A custom policy of a project, in Cedar; it forbids. */
export type PolicyRow = {
  readonly id: string;
  readonly project: string | null;
  readonly text: string;
  readonly created_at: number;
  readonly created_by: string;
  readonly mac: Uint8Array;
};

export type ExceptionRow = {
  readonly id: string;
  readonly rule: string;
  /** A credential's id, or a place. */
  readonly resource: string;
  readonly reason: string;
  readonly created_at: number;
  readonly created_by: string;
  readonly ends_at: number;
  readonly mac: Uint8Array;
};

type Nothing = Record<string, never>;

const GRANT_COLUMNS = [
  'id',
  'identity',
  'role',
  'project',
  'environment',
  'prefix',
  'reason',
  'created_at',
  'created_by',
  'ends_at',
  'revoked_at',
] as const;
const POLICY_COLUMNS = ['id', 'project', 'text', 'created_at', 'created_by'] as const;
const EXCEPTION_COLUMNS = ['id', 'rule', 'resource', 'reason', 'created_at', 'created_by', 'ends_at'] as const;

export const grantSeal = rowSeal<GrantRow>('role_grant/1', GRANT_COLUMNS);
export const policySeal = rowSeal<PolicyRow>('policy/1', POLICY_COLUMNS);
export const exceptionSeal = rowSeal<ExceptionRow>('rule_exception/1', EXCEPTION_COLUMNS);

export const insertGrant = statement<Tables, GrantRow>((db, row) =>
  db.insertInto('role_grant').values({
    id: row.id,
    identity: row.identity,
    role: row.role,
    project: row.project,
    environment: row.environment,
    prefix: row.prefix,
    reason: row.reason,
    created_at: row.created_at,
    created_by: row.created_by,
    ends_at: row.ends_at,
    revoked_at: row.revoked_at,
    mac: row.mac,
  }),
);

/** What may change of a grant. */
export const updateGrant = statement<Tables, Pick<GrantRow, 'id' | 'revoked_at' | 'mac'>>((db, row) =>
  db.updateTable('role_grant').set({ revoked_at: row.revoked_at, mac: row.mac }).where('id', '=', row.id),
);

export const grantById = statement<Tables, { id: string }, GrantRow>((db, { id }) =>
  db.selectFrom('role_grant').selectAll().where('id', '=', id),
);

/** An identity's grants that reach into one project, ended ones too. */
export const grantsReaching = statement<Tables, { identity: string; project: string }, GrantRow>(
  (db, { identity, project }) =>
    db
      .selectFrom('role_grant')
      .selectAll()
      .where('identity', '=', identity)
      .where('revoked_at', 'is', null)
      .where((eb) => eb.or([eb('project', 'is', null), eb('project', '=', project)]))
      .orderBy('id'),
);

export const grantsOf = statement<Tables, { identity: string }, GrantRow>((db, { identity }) =>
  db
    .selectFrom('role_grant')
    .selectAll()
    .where('identity', '=', identity)
    .where('revoked_at', 'is', null)
    .orderBy('id'),
);

export const grantsAfter = statement<Tables, { after: string; count: number }, GrantRow>((db, { after, count }) =>
  db
    .selectFrom('role_grant')
    .selectAll()
    .where('revoked_at', 'is', null)
    .where('id', '>', after)
    .orderBy('id')
    .limit(count),
);

export const grantsInProject = statement<Tables, { project: string; after: string; count: number }, GrantRow>(
  (db, { project, after, count }) =>
    db
      .selectFrom('role_grant')
      .selectAll()
      .where('revoked_at', 'is', null)
      .where('project', '=', project)
      .where('id', '>', after)
      .orderBy('id')
      .limit(count),
);

export const installationOwners = statement<Tables, Nothing, GrantRow>((db) =>
  db
    .selectFrom('role_grant')
    .selectAll()
    .where('role', '=', 'owner')
    .where('project', 'is', null)
    .where('revoked_at', 'is', null),
);

export const countGrants = statement<Tables, Nothing, { count: number }>((db) =>
  db.selectFrom('role_grant').select(sql<number>`count(*)`.as('count')),
);

export const insertPolicy = statement<Tables, PolicyRow>((db, row) =>
  db.insertInto('policy').values({
    id: row.id,
    project: row.project,
    text: row.text,
    created_at: row.created_at,
    created_by: row.created_by,
    mac: row.mac,
  }),
);

export const deletePolicy = statement<Tables, { id: string }>((db, { id }) =>
  db.deleteFrom('policy').where('id', '=', id),
);

export const policyById = statement<Tables, { id: string }, PolicyRow>((db, { id }) =>
  db.selectFrom('policy').selectAll().where('id', '=', id),
);

export const policiesOf = statement<Tables, { project: string }, PolicyRow>((db, { project }) =>
  db.selectFrom('policy').selectAll().where('project', '=', project).orderBy('id'),
);

export const insertException = statement<Tables, ExceptionRow>((db, row) =>
  db.insertInto('rule_exception').values({
    id: row.id,
    rule: row.rule,
    resource: row.resource,
    reason: row.reason,
    created_at: row.created_at,
    created_by: row.created_by,
    ends_at: row.ends_at,
    mac: row.mac,
  }),
);

export const deleteException = statement<Tables, { id: string }>((db, { id }) =>
  db.deleteFrom('rule_exception').where('id', '=', id),
);

export const exceptionById = statement<Tables, { id: string }, ExceptionRow>((db, { id }) =>
  db.selectFrom('rule_exception').selectAll().where('id', '=', id),
);

export const exceptionsFor = statement<Tables, { resource: string }, ExceptionRow>((db, { resource }) =>
  db.selectFrom('rule_exception').selectAll().where('resource', '=', resource).orderBy('id'),
);

export const exceptionsAfter = statement<Tables, { after: string; count: number }, ExceptionRow>(
  (db, { after, count }) =>
    db.selectFrom('rule_exception').selectAll().where('id', '>', after).orderBy('id').limit(count),
);

/** In order of their ids, ended ones too: for the check of all of them. */
export const anyGrantsAfter = statement<Tables, { after: string; count: number }, GrantRow>((db, { after, count }) =>
  db.selectFrom('role_grant').selectAll().where('id', '>', after).orderBy('id').limit(count),
);

export const policiesAfter = statement<Tables, { after: string; count: number }, PolicyRow>((db, { after, count }) =>
  db.selectFrom('policy').selectAll().where('id', '>', after).orderBy('id').limit(count),
);
