/**
 * The second yardstick: `node:http` answering the same small JSON document, once a row for each answer is in a database
 * and synced. Requests of one turn of the event loop share a commit. What a durable answer costs at the least on this
 * machine and this disk: no entry, no tree, no signature, no decision, nothing sealed.
 *
 * Its argument is the folder for the database.
 */
import { createServer, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const BODY = JSON.stringify({
  data: { data: { password: 'x'.repeat(24) }, metadata: { version: 1, destroyed: false } },
});
/** About the size of an entry's row. */
const ROW = new Uint8Array(300);

const database = new DatabaseSync(join(process.argv[2]!, 'durable.db'));
database.exec(`
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  CREATE TABLE entry (id INTEGER PRIMARY KEY, row BLOB) STRICT;
`);
const insert = database.prepare('INSERT INTO entry (row) VALUES (?)');
const begin = database.prepare('BEGIN IMMEDIATE');
const commit = database.prepare('COMMIT');

let waiting: ServerResponse[] = [];

const commitAll = (): void => {
  const batch = waiting;
  waiting = [];
  begin.run();
  for (let i = 0; i < batch.length; i++) insert.run(ROW);
  commit.run();
  for (const response of batch) {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(BODY) });
    response.end(BODY);
  }
};

const server = createServer((_request, response) => {
  waiting.push(response);
  if (waiting.length === 1) setImmediate(commitAll);
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send!({ port: typeof address === 'object' && address !== null ? address.port : 0 });
});
process.once('disconnect', () => process.exit(0));
