import { type ReadTx, statement } from '#storage';
import type { Scope } from '#policy';
import { type ExpressionBuilder, sql } from 'kysely';
import type { Finding, FindingState } from './finding.ts';

export type Tables = { finding: FindingRow };

export type FindingRow = {
  readonly id: string;
  readonly project: string;
  readonly environment: string;
  readonly credential: string | null;
  readonly rule: string;
  readonly place: string;
  readonly summary: string;
  readonly state: string;
  readonly opened_at: number;
  readonly excused_until: number | null;
  readonly closed_at: number | null;
};

/** An excuse that is over excuses nothing, whether or not somebody has looked since. */
export const findingOf = (row: FindingRow, now: number): Finding => ({
  id: row.id,
  project: row.project,
  environment: row.environment,
  credential: row.credential,
  rule: row.rule,
  place: row.place,
  summary: row.summary,
  state: row.state === 'excused' && (row.excused_until ?? 0) <= now ? 'open' : (row.state as FindingState),
  openedAt: row.opened_at,
  excusedUntil: row.excused_until,
  closedAt: row.closed_at,
});

export const insertFinding = statement<Tables, FindingRow>((db, row) =>
  db.insertInto('finding').values({
    id: row.id,
    project: row.project,
    environment: row.environment,
    credential: row.credential,
    rule: row.rule,
    place: row.place,
    summary: row.summary,
    state: row.state,
    opened_at: row.opened_at,
    excused_until: row.excused_until,
    closed_at: row.closed_at,
  }),
);

export const updateFinding = statement<Tables, Omit<FindingRow, 'project' | 'environment' | 'rule' | 'place'>>(
  (db, row) =>
    db
      .updateTable('finding')
      .set({
        credential: row.credential,
        summary: row.summary,
        state: row.state,
        opened_at: row.opened_at,
        excused_until: row.excused_until,
        closed_at: row.closed_at,
      })
      .where('id', '=', row.id),
);

export const findingById = statement<Tables, { id: string }, FindingRow>((db, { id }) =>
  db.selectFrom('finding').selectAll().where('id', '=', id),
);

/** All of an environment under one rule, closed ones too. */
export const findingsUnder = statement<Tables, { project: string; environment: string; rule: string }, FindingRow>(
  (db, { project, environment, rule }) =>
    db
      .selectFrom('finding')
      .selectAll()
      .where('project', '=', project)
      .where('environment', '=', environment)
      .where('rule', '=', rule),
);

/** The same, at the places after one. */
export const findingsAfter = statement<
  Tables,
  { project: string; environment: string; rule: string; after: string },
  FindingRow
>((db, { project, environment, rule, after }) =>
  db
    .selectFrom('finding')
    .selectAll()
    .where('project', '=', project)
    .where('environment', '=', environment)
    .where('rule', '=', rule)
    .where('place', '>', after),
);

/** The same, and up to another. */
export const findingsBetween = statement<
  Tables,
  { project: string; environment: string; rule: string; after: string; upTo: string },
  FindingRow
>((db, { project, environment, rule, after, upTo }) =>
  db
    .selectFrom('finding')
    .selectAll()
    .where('project', '=', project)
    .where('environment', '=', environment)
    .where('rule', '=', rule)
    .where('place', '>', after)
    .where('place', '<=', upTo),
);

export type FindingFilter = {
  readonly project?: string | undefined;
  readonly environment?: string | undefined;
  readonly rule?: string | undefined;
  readonly state: FindingState;
  readonly scopes: readonly Scope[];
  readonly now: number;
};

export const selectFindings = (
  tx: ReadTx,
  filter: FindingFilter & { after: string; limit: number },
): Promise<FindingRow[]> =>
  filter.scopes.length === 0
    ? Promise.resolve([])
    : tx.query<Tables, FindingRow>((db) =>
        db
          .selectFrom('finding')
          .selectAll()
          .where((eb) => eb.and(conditions(eb, filter)))
          .where('id', '>', filter.after)
          .orderBy('id')
          .limit(filter.limit),
      );

/** How many there are of each rule in each environment, with one of their places. */
export type FindingCount = {
  readonly project: string;
  readonly environment: string;
  readonly rule: string;
  readonly count: number;
  readonly example: string;
};

export const countFindings = (tx: ReadTx, filter: FindingFilter): Promise<FindingCount[]> =>
  filter.scopes.length === 0
    ? Promise.resolve([])
    : tx.query<Tables, FindingCount>((db) =>
        db
          .selectFrom('finding')
          .select([
            'project',
            'environment',
            'rule',
            sql<number>`count(*)`.as('count'),
            sql<string>`min(place)`.as('example'),
          ])
          .where((eb) => eb.and(conditions(eb, filter)))
          .groupBy(['project', 'environment', 'rule']),
      );

type Builder = ExpressionBuilder<Tables, 'finding'>;

const conditions = (eb: Builder, { project, environment, rule, state, scopes, now }: FindingFilter) => [
  ...(project === undefined ? [] : [eb('project', '=', project)]),
  ...(environment === undefined ? [] : [eb('environment', '=', environment)]),
  ...(rule === undefined ? [] : [eb('rule', '=', rule)]),
  stateIs(eb, state, now),
  eb.or(scopes.map((scope) => within(eb, scope))),
];

const stateIs = (eb: Builder, state: FindingState, now: number) => {
  if (state === 'closed') return eb('state', '=', 'closed');
  if (state === 'excused') return eb.and([eb('state', '=', 'excused'), eb('excused_until', '>', now)]);
  return eb.or([eb('state', '=', 'open'), eb.and([eb('state', '=', 'excused'), eb('excused_until', '<=', now)])]);
};

/** Whoever sees a prefix only sees what is known to lie below it: findings about its credentials. */
const within = (eb: Builder, { project, environment, prefix }: Scope) => {
  if (project === null) return eb.and([]);
  const place = [eb('project', '=', project), ...(environment === null ? [] : [eb('environment', '=', environment)])];
  if (prefix === null) return eb.and(place);
  const below = eb.or([
    eb('place', '=', prefix),
    eb.and([eb('place', '>=', `${prefix}/`), eb('place', '<', `${prefix}0`)]),
  ]);
  return eb.and([...place, eb('credential', 'is not', null), below]);
};
