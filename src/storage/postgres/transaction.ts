import { createHash } from 'node:crypto';
import type { ClientBase, QueryConfig, QueryResult } from 'pg';
import type { BareReads } from '../guard/checked-reads.ts';
import { type Compiled, type Statement, type Value, type Values, compileOnce } from '../statement.ts';
import type { Channel } from '../transaction.ts';
import { manyRows } from './many-rows.ts';
import { SILENCE_MS } from './session.ts';

/** What pg takes; the type of its `query_timeout` is missing there. After it the connection is torn down. */
export type Query = QueryConfig<Value[]> & { readonly query_timeout?: number };

/** Sends one statement and gives its result: on a pool's any connection, or on the one of a transaction. */
export type Send = (query: Query) => Promise<QueryResult>;

export const readTx = (send: Send): BareReads => {
  const rows = async <Row>(query: Query): Promise<Row[]> => (await send(query)).rows as Row[];
  return {
    engine: 'postgres',
    state: undefined,
    async one<In extends Values, Row>(statement: Statement<In, Row>, input: In) {
      return (await rows<Row>(prepared(statement.compiled('postgres'), input)))[0];
    },
    async all<In extends Values, Row>(statement: Statement<In, Row>, input: In) {
      return rows<Row>(prepared(statement.compiled('postgres'), input));
    },
    async query<Tables, Row>(build: Parameters<typeof compileOnce<Tables, Row>>[1]) {
      const { sql, bind } = compileOnce('postgres', build);
      return rows<Row>({ text: sql, values: bind({}), query_timeout: SILENCE_MS });
    },
  };
};

/** The writer's connection while its transaction is open. */
export const channel = (client: ClientBase, isOpen: () => boolean): Channel => {
  let early: unknown;
  const send: Send = (query) =>
    client.query(query).catch((error: unknown) => {
      throw early ?? error;
    });
  return {
    reads: readTx(send),
    isOpen,
    async run(compiled, values) {
      return (await send(named(compiled, values))).rowCount ?? 0;
    },
    async runMany(compiled, rows) {
      const columns = rows[0]!.length;
      const parts = manyRows(compiled.sql, columns, rows.length) ?? rows.map(() => ({ rows: 1, sql: compiled.sql }));
      let sent = 0;
      // All are on their way before the first answer is awaited, so this takes one round trip.
      const answers = parts.map((part) => {
        const values = rows.slice(sent, sent + part.rows).flat();
        sent += part.rows;
        return send(named({ ...compiled, sql: part.sql }, values));
      });
      const failed = (await Promise.allSettled(answers)).find((answer) => answer.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
    },
    async control(sql) {
      const answer = client.query(control(sql));
      if (sql.startsWith('ROLLBACK')) await answer;
      // SAVEPOINT and RELEASE travel with the statement that follows; should one fail, so do all after it, up to COMMIT.
      else answer.catch((error: unknown) => (early ??= error));
    },
  };
};

/** BEGIN, COMMIT and their kin. */
export const control = (text: string): Query => ({ text, query_timeout: SILENCE_MS });

const prepared = (compiled: Compiled, input: Values): Query => named(compiled, compiled.bind(input));

/** pg prepares a named text once per connection. */
const named = ({ sql, raw }: Compiled, values: readonly Value[]): Query => ({
  name: nameOf(sql),
  text: sql,
  values: values as Value[],
  ...(raw ? {} : { query_timeout: SILENCE_MS }),
});

const names = new Map<string, string>();

const nameOf = (sql: string): string => {
  let name = names.get(sql);
  if (name === undefined) {
    name = `chtl_${createHash('sha256').update(sql).digest('hex').slice(0, 32)}`;
    names.set(sql, name);
  }
  return name;
};
