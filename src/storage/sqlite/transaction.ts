import type { BareReads } from '../guard/checked-reads.ts';
import { type Compiled, type Statement, type Values, compileOnce } from '../statement.ts';
import type { Channel } from '../transaction.ts';
import type { Connection } from './connection.ts';

/**
 * Reads on one connection. Each method finishes within the call, so nothing else can come between.
 *
 * @param begin called before each read
 * @param state what `ReadTx.state` gives
 */
export const readTx = (
  connection: Connection,
  begin: () => void = () => {},
  state: () => object | undefined = () => undefined,
): BareReads => {
  const rows = <Row>({ sql, bind }: Compiled, input: Values): Row[] => {
    begin();
    return connection.prepared(sql).all(...bind(input)) as Row[];
  };
  return {
    engine: 'sqlite',
    get state() {
      return state();
    },
    async one<In extends Values, Row>(statement: Statement<In, Row>, input: In) {
      const { sql, bind } = statement.compiled('sqlite');
      begin();
      return connection.prepared(sql).get(...bind(input)) as Row | undefined;
    },
    async all<In extends Values, Row>(statement: Statement<In, Row>, input: In) {
      return rows<Row>(statement.compiled('sqlite'), input);
    },
    async query<Tables, Row>(build: Parameters<typeof compileOnce<Tables, Row>>[1]) {
      const { sql, bind } = compileOnce('sqlite', build);
      begin();
      // Not kept: texts that vary with their input would fill the table of prepared statements.
      return connection.db.prepare(sql).all(...bind({})) as Row[];
    },
  };
};

/**
 * The one writing connection while its transaction is open.
 *
 * @param changed called when more is written than what appending to the ledger adds
 */
export const channel = (connection: Connection, changed: () => void): Channel => ({
  reads: readTx(connection),
  // A full disk rolls back the whole transaction by itself; then there is no savepoint left to return to.
  isOpen: () => connection.db.isTransaction,
  async run({ sql, appends }, values) {
    if (!appends) changed();
    return Number(connection.prepared(sql).run(...values).changes);
  },
  async runMany({ sql, appends }, rows) {
    if (!appends) changed();
    const prepared = connection.prepared(sql);
    for (const values of rows) prepared.run(...values);
  },
  async control(sql) {
    connection.prepared(sql).run();
  },
});
