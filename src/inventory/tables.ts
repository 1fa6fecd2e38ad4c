import { statement } from '#storage';

export type Tables = {
  project: ProjectRow;
  environment: EnvironmentRow;
  credential: CredentialRow;
  state_change: StateChangeRow;
  consumer: ConsumerRow;
};

export type ProjectRow = {
  readonly id: string;
  readonly name: string;
  readonly posture: string;
  readonly created_at: number;
  readonly created_by: string;
  readonly mac: Uint8Array | null;
};

export type EnvironmentRow = {
  readonly id: string;
  readonly project: string;
  readonly name: string;
  readonly production: number;
  readonly created_at: number;
  readonly mac: Uint8Array | null;
};

export type CredentialRow = {
  readonly id: string;
  readonly project: string;
  readonly environment: string;
  readonly name: string;
  readonly name_key: string;
  readonly original_name: string | null;
  readonly kind: string;
  readonly system: string | null;
  readonly owner: string | null;
  readonly purpose: string | null;
  readonly tier: string;
  readonly tier_declared: string | null;
  readonly state: string;
  readonly state_reason: string | null;
  readonly provenance: string;
  readonly rotation_ms: number | null;
  readonly expires_at: number | null;
  readonly current_number: number;
  readonly custom_metadata: string;
  readonly max_versions: number;
  readonly cas_required: number;
  readonly delete_after_ms: number;
  /** Counts changes of this row; with the id, the ETag. */
  readonly revision: number;
  readonly created_at: number;
  readonly created_by: string;
  readonly updated_at: number;
  readonly mac: Uint8Array | null;
};

export type StateChangeRow = {
  readonly credential: string;
  readonly n: number;
  readonly at: number;
  readonly by: string;
  readonly was: string | null;
  readonly is_now: string;
  readonly reason: string | null;
};

export type ConsumerRow = {
  readonly credential: string;
  readonly kind: string;
  readonly place: string;
  readonly detail: string;
  readonly created_at: number;
};

type Nothing = Record<never, never>;

/** A place in the house: the project and environment, and the columns of the credential, all null where none is. */
export type PlaceRow = {
  readonly project_id: string;
  readonly project_posture: string;
  readonly project_mac: Uint8Array | null;
  readonly environment_id: string;
  readonly production: number;
  readonly environment_mac: Uint8Array | null;
} & { readonly [K in keyof CredentialRow]: CredentialRow[K] | null };

/** What every deed on a path needs, in one query. */
export const placeOf = statement<Tables, { project: string; environment: string; nameKey: string }, PlaceRow>(
  (db, { project, environment, nameKey }) =>
    db
      .selectFrom('project as p')
      .innerJoin('environment as e', 'e.project', 'p.id')
      .leftJoin('credential as c', (join) => join.onRef('c.environment', '=', 'e.id').on('c.name_key', '=', nameKey))
      .select([
        'p.id as project_id',
        'p.posture as project_posture',
        'p.mac as project_mac',
        'e.id as environment_id',
        'e.production',
        'e.mac as environment_mac',
      ])
      .selectAll('c')
      .where('p.name', '=', project)
      .where('e.name', '=', environment),
  {
    guarded: [
      { table: 'project', key: 'project_id', mac: 'project_mac' },
      { table: 'environment', key: 'environment_id', mac: 'environment_mac' },
      { table: 'credential', key: 'id', mac: 'mac' },
    ],
  },
);

export const projectByName = statement<Tables, { name: string }, ProjectRow>((db, { name }) =>
  db.selectFrom('project').selectAll().where('name', '=', name),
);

export const allProjects = statement<Tables, Nothing, ProjectRow>((db) =>
  db.selectFrom('project').selectAll().orderBy('name'),
);

export const insertProject = statement<Tables, ProjectRow>((db, row) =>
  db.insertInto('project').values({
    id: row.id,
    name: row.name,
    posture: row.posture,
    created_at: row.created_at,
    created_by: row.created_by,
    mac: row.mac,
  }),
);

export const environmentByName = statement<Tables, { project: string; name: string }, EnvironmentRow>(
  (db, { project, name }) =>
    db.selectFrom('environment').selectAll().where('project', '=', project).where('name', '=', name),
);

export const environmentsOf = statement<Tables, { project: string }, EnvironmentRow>((db, { project }) =>
  db.selectFrom('environment').selectAll().where('project', '=', project).orderBy('name'),
);

export const insertEnvironment = statement<Tables, EnvironmentRow>((db, row) =>
  db.insertInto('environment').values({
    id: row.id,
    project: row.project,
    name: row.name,
    production: row.production,
    created_at: row.created_at,
    mac: row.mac,
  }),
);

export const insertCredential = statement<Tables, CredentialRow>((db, row) =>
  db.insertInto('credential').values({
    id: row.id,
    project: row.project,
    environment: row.environment,
    name: row.name,
    name_key: row.name_key,
    original_name: row.original_name,
    kind: row.kind,
    system: row.system,
    owner: row.owner,
    purpose: row.purpose,
    tier: row.tier,
    tier_declared: row.tier_declared,
    state: row.state,
    state_reason: row.state_reason,
    provenance: row.provenance,
    rotation_ms: row.rotation_ms,
    expires_at: row.expires_at,
    current_number: row.current_number,
    custom_metadata: row.custom_metadata,
    max_versions: row.max_versions,
    cas_required: row.cas_required,
    delete_after_ms: row.delete_after_ms,
    revision: row.revision,
    created_at: row.created_at,
    created_by: row.created_by,
    updated_at: row.updated_at,
    mac: row.mac,
  }),
);

/** The parts of a credential that its owner may change. */
export type Changeable = Omit<
  CredentialRow,
  'project' | 'environment' | 'name' | 'name_key' | 'created_at' | 'created_by'
>;

export const updateCredential = statement<Tables, Changeable>((db, row) =>
  db
    .updateTable('credential')
    .set((eb) => ({
      original_name: row.original_name,
      kind: row.kind,
      system: row.system,
      owner: row.owner,
      purpose: row.purpose,
      tier: row.tier,
      tier_declared: row.tier_declared,
      state: row.state,
      state_reason: row.state_reason,
      provenance: row.provenance,
      rotation_ms: row.rotation_ms,
      expires_at: row.expires_at,
      current_number: row.current_number,
      custom_metadata: row.custom_metadata,
      max_versions: row.max_versions,
      cas_required: row.cas_required,
      delete_after_ms: row.delete_after_ms,
      revision: eb('revision', '+', 1),
      updated_at: row.updated_at,
      mac: row.mac,
    }))
    .where('id', '=', row.id),
);

/** A new value changes no right, so it has a statement of its own. */
export const moveCurrent = statement<Tables, { id: string; number: number; now: number }>(
  (db, { id, number, now }) =>
    db
      .updateTable('credential')
      .set((eb) => ({ current_number: number, updated_at: now, revision: eb('revision', '+', 1) }))
      .where('id', '=', id),
  { changesNoRight: true },
);

export const renameCredential = statement<
  Tables,
  Pick<CredentialRow, 'id' | 'project' | 'environment' | 'name' | 'name_key' | 'updated_at' | 'mac'>
>((db, row) =>
  db
    .updateTable('credential')
    .set((eb) => ({
      project: row.project,
      environment: row.environment,
      name: row.name,
      name_key: row.name_key,
      updated_at: row.updated_at,
      mac: row.mac,
      revision: eb('revision', '+', 1),
    }))
    .where('id', '=', row.id),
);

export const deleteCredential = statement<Tables, { id: string }>((db, { id }) =>
  db.deleteFrom('credential').where('id', '=', id),
);

export const credentialById = statement<Tables, { id: string }, CredentialRow>((db, { id }) =>
  db.selectFrom('credential').selectAll().where('id', '=', id),
);

/** The names of the project and environment that hold a credential. */
export const whereCredentialLies = statement<Tables, { id: string }, { project: string; environment: string }>(
  (db, { id }) =>
    db
      .selectFrom('credential as c')
      .innerJoin('environment as e', 'e.id', 'c.environment')
      .innerJoin('project as p', 'p.id', 'c.project')
      .select(['p.name as project', 'e.name as environment'])
      .where('c.id', '=', id),
);

/** An environment's credentials in the order of their names, for whoever looks through all of them. */
export const credentialsFrom = statement<Tables, { environment: string; after: string; count: number }, CredentialRow>(
  (db, { environment, after, count }) =>
    db
      .selectFrom('credential')
      .selectAll()
      .where('environment', '=', environment)
      .where('name', '>', after)
      .orderBy('name')
      .limit(count),
);

export const stateChanges = statement<Tables, { credential: string }, StateChangeRow>((db, { credential }) =>
  db.selectFrom('state_change').selectAll().where('credential', '=', credential).orderBy('n'),
);

export const insertStateChange = statement<Tables, StateChangeRow>((db, row) =>
  db.insertInto('state_change').values({
    credential: row.credential,
    n: row.n,
    at: row.at,
    by: row.by,
    was: row.was,
    is_now: row.is_now,
    reason: row.reason,
  }),
);

export const consumersOf = statement<Tables, { credential: string }, ConsumerRow>((db, { credential }) =>
  db.selectFrom('consumer').selectAll().where('credential', '=', credential).orderBy('place'),
);

export const putConsumer = statement<Tables, ConsumerRow>((db, row) =>
  db
    .insertInto('consumer')
    .values({
      credential: row.credential,
      kind: row.kind,
      place: row.place,
      detail: row.detail,
      created_at: row.created_at,
    })
    .onConflict((conflict) => conflict.columns(['credential', 'kind', 'place']).doUpdateSet({ detail: row.detail })),
);

export const deleteConsumers = statement<Tables, { credential: string; kind: string }>((db, { credential, kind }) =>
  db.deleteFrom('consumer').where('credential', '=', credential).where('kind', '=', kind),
);

/** What a credential's versions are checked against. */
export type CredentialPlace = Pick<CredentialRow, 'id' | 'name' | 'current_number' | 'max_versions' | 'state'> & {
  readonly project: string;
  readonly project_id: string;
  readonly environment: string;
};

/** Every credential with the names of its place, in order of the ids. */
export const credentialPlacesAfter = statement<Tables, { after: string; count: number }, CredentialPlace>(
  (db, { after, count }) =>
    db
      .selectFrom('credential as c')
      .innerJoin('project as p', 'p.id', 'c.project')
      .innerJoin('environment as e', 'e.id', 'c.environment')
      .select([
        'c.id',
        'c.name',
        'c.current_number',
        'c.max_versions',
        'c.state',
        'p.name as project',
        'p.id as project_id',
        'e.name as environment',
      ])
      .where('c.id', '>', after)
      .orderBy('c.id')
      .limit(count),
);

/** For the check of all of them. */
export const credentialsAfter = statement<Tables, { after: string; count: number }, CredentialRow>(
  (db, { after, count }) => db.selectFrom('credential').selectAll().where('id', '>', after).orderBy('id').limit(count),
);

export const allEnvironments = statement<Tables, Nothing, EnvironmentRow>((db) =>
  db.selectFrom('environment').selectAll().orderBy('id'),
);
