import type { ReadTx, WriteTx } from '../engine.ts';
import { type Compiled, type Statement, type Values, compileOnce } from '../statement.ts';
import type { Connection } from './connection.ts';

/** Reads on one connection. Each method finishes within the call, so nothing else can come between. */
export const readTx = (connection: Connection): ReadTx => {
  const rows = <Row>({ sql, bind }: Compiled, input: Values): Row[] =>
    connection.prepared(sql).all(...bind(input)) as Row[];
  return {
    engine: 'sqlite',
    async one<In extends Values, Row>(statement: Statement<In, Row>, input: In) {
      const { sql, bind } = statement.compiled('sqlite');
      return connection.prepared(sql).get(...bind(input)) as Row | undefined;
    },
    async all<In extends Values, Row>(statement: Statement<In, Row>, input: In) {
      return rows<Row>(statement.compiled('sqlite'), input);
    },
    async query<Tables, Row>(build: Parameters<typeof compileOnce<Tables, Row>>[1]) {
      const { sql, bind } = compileOnce('sqlite', build);
      // Not kept: texts that vary with their input would fill the table of prepared statements.
      return connection.db.prepare(sql).all(...bind({})) as Row[];
    },
  };
};

/** Writes on the one writing connection, inside its open transaction. */
export const writeTx = (connection: Connection): WriteTx => {
  let bumped = false;
  let depth = 0;
  return {
    ...readTx(connection),
    async run<In extends Values>(statement: Statement<In, unknown>, input: In) {
      const { sql, bind, bumps } = statement.compiled('sqlite');
      bumped ||= bumps;
      return Number(connection.prepared(sql).run(...bind(input)).changes);
    },
    async runMany<In extends Values>(statement: Statement<In, unknown>, inputs: readonly In[]) {
      const { sql, bind, bumps } = statement.compiled('sqlite');
      bumped ||= bumps;
      const prepared = connection.prepared(sql);
      for (const input of inputs) prepared.run(...bind(input));
    },
    async savepoint<T>(work: () => Promise<T>) {
      const name = `s${++depth}`;
      const bumpedBefore = bumped;
      connection.prepared(`SAVEPOINT ${name}`).run();
      try {
        const result = await work();
        connection.prepared(`RELEASE ${name}`).run();
        return result;
      } catch (error) {
        // A full disk rolls back the whole transaction by itself; then there is no savepoint left to return to.
        if (connection.db.isTransaction) {
          connection.prepared(`ROLLBACK TO ${name}`).run();
          connection.prepared(`RELEASE ${name}`).run();
          bumped = bumpedBefore;
        }
        throw error;
      } finally {
        depth--;
      }
    },
    bumped: () => bumped,
  };
};
