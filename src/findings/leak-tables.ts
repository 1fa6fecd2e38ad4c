import { statement } from '#storage';

type Tables = { leak: LeakRow };

/** A kept value at a place where a scan found it. */
export type LeakRow = {
  readonly id: string;
  readonly project: string;
  readonly environment: string;
  readonly credential: string;
  /** Of the version. */
  readonly serial: number;
  /** What was looked through: `github.com/ada/porch`, `history of …`, `attic:/srv/home`. */
  readonly source: string;
  /** In the source. */
  readonly file: string;
  readonly line: number | null;
  readonly seen_at: number;
  readonly seen_by: string;
  /** When a later scan of the same source looked there and did not find it. */
  readonly gone_at: number | null;
};

type Where = { project: string; environment: string };

export const leakAt = statement<Tables, Pick<LeakRow, 'credential' | 'serial' | 'source' | 'file'>, LeakRow>(
  (db, { credential, serial, source, file }) =>
    db
      .selectFrom('leak')
      .selectAll()
      .where('credential', '=', credential)
      .where('serial', '=', serial)
      .where('source', '=', source)
      .where('file', '=', file),
);

export const leakById = statement<Tables, { id: string }, LeakRow>((db, { id }) =>
  db.selectFrom('leak').selectAll().where('id', '=', id),
);

export const insertLeak = statement<Tables, LeakRow>((db, row) =>
  db.insertInto('leak').values({
    id: row.id,
    project: row.project,
    environment: row.environment,
    credential: row.credential,
    serial: row.serial,
    source: row.source,
    file: row.file,
    line: row.line,
    seen_at: row.seen_at,
    seen_by: row.seen_by,
    gone_at: row.gone_at,
  }),
);

export const seeLeak = statement<Tables, Pick<LeakRow, 'id' | 'line' | 'seen_at' | 'seen_by' | 'gone_at'>>((db, row) =>
  db
    .updateTable('leak')
    .set({ line: row.line, seen_at: row.seen_at, seen_by: row.seen_by, gone_at: row.gone_at })
    .where('id', '=', row.id),
);

/** Where values still lie as far as anybody knows. */
export const leaksStanding = statement<Tables, Where, LeakRow>((db, { project, environment }) =>
  db
    .selectFrom('leak')
    .selectAll()
    .where('project', '=', project)
    .where('environment', '=', environment)
    .where('gone_at', 'is', null)
    .orderBy('id'),
);

/** The same of one source, a page at a time. */
export const leaksOfSource = statement<Tables, Where & { source: string; after: string; count: number }, LeakRow>(
  (db, { project, environment, source, after, count }) =>
    db
      .selectFrom('leak')
      .selectAll()
      .where('project', '=', project)
      .where('environment', '=', environment)
      .where('source', '=', source)
      .where('gone_at', 'is', null)
      .where('id', '>', after)
      .orderBy('id')
      .limit(count),
);
