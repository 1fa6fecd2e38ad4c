import { statement } from '#storage';

export type Tables = { rendering: RenderingRow; original: OriginalRow };

/** A file that is written from an environment. */
export type RenderingRow = {
  /** Id of the project. */
  readonly project: string;
  /** Id of the environment. */
  readonly environment: string;
  /** Path of the file in the project's folder. */
  readonly target: string;
  readonly format: string;
  /** The template, sealed: its comments may hold what people once wrote into them. */
  readonly plan: Uint8Array;
  /** Keyed hash of what was written last; see `hashes.ts`. */
  readonly written_hash: Uint8Array | null;
  readonly written_at: number | null;
};

/** A file as it was before its values were taken out. */
export type OriginalRow = {
  readonly id: string;
  readonly project: string;
  readonly environment: string;
  readonly place: string;
  readonly content_hash: Uint8Array;
  /** Null once destroyed. */
  readonly sealed: Uint8Array | null;
  readonly kept_at: number;
  readonly destroyed_at: number | null;
};

type Here = { readonly project: string; readonly environment: string };

export const renderingsOf = statement<Tables, Here, RenderingRow>((db, { project, environment }) =>
  db
    .selectFrom('rendering')
    .selectAll()
    .where('project', '=', project)
    .where('environment', '=', environment)
    .orderBy('target'),
);

export const putRendering = statement<Tables, Omit<RenderingRow, 'written_hash' | 'written_at'>>((db, row) =>
  db
    .insertInto('rendering')
    .values({
      project: row.project,
      environment: row.environment,
      target: row.target,
      format: row.format,
      plan: row.plan,
      written_hash: null,
      written_at: null,
    })
    .onConflict((conflict) =>
      conflict.columns(['project', 'environment', 'target']).doUpdateSet({ format: row.format, plan: row.plan }),
    ),
);

export const markWritten = statement<Tables, Here & { target: string; hash: Uint8Array; at: number }>((db, row) =>
  db
    .updateTable('rendering')
    .set({ written_hash: row.hash, written_at: row.at })
    .where('project', '=', row.project)
    .where('environment', '=', row.environment)
    .where('target', '=', row.target),
);

export const deleteRendering = statement<Tables, Here & { target: string }>((db, { project, environment, target }) =>
  db
    .deleteFrom('rendering')
    .where('project', '=', project)
    .where('environment', '=', environment)
    .where('target', '=', target),
);

export const originalsOf = statement<Tables, Here, OriginalRow>((db, { project, environment }) =>
  db
    .selectFrom('original')
    .selectAll()
    .where('project', '=', project)
    .where('environment', '=', environment)
    .orderBy('kept_at')
    .orderBy('id'),
);

export const insertOriginal = statement<Tables, OriginalRow>((db, row) =>
  db.insertInto('original').values({
    id: row.id,
    project: row.project,
    environment: row.environment,
    place: row.place,
    content_hash: row.content_hash,
    sealed: row.sealed,
    kept_at: row.kept_at,
    destroyed_at: row.destroyed_at,
  }),
);

export const destroyOriginals = statement<Tables, Here & { at: number }>((db, { project, environment, at }) =>
  db
    .updateTable('original')
    .set({ sealed: null, destroyed_at: at })
    .where('project', '=', project)
    .where('environment', '=', environment)
    .where('destroyed_at', 'is', null),
);
