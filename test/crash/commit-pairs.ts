/**
 * Commits pairs of rows to an SQLite folder and tells of each attempt on a line of its own. The disk-failure test runs
 * it under strace, which makes one system call fail.
 *
 *     node test/crash/commit-pairs.ts FOLDER COUNT BYTES_PER_ROW
 */
import { writeSync } from 'node:fs';
import { argv, exit } from 'node:process';
import { ChatelaineError } from '#kernel';
import { migrate, openSqlite, openWriter, statement } from '#storage';

type Pair = { id: number; half: number; filler: string };

const insert = statement<{ pair: Pair }, Pair>((db, { id, half, filler }) =>
  db.insertInto('pair').values({ id, half, filler }),
);
const tables = [
  {
    id: 1,
    name: 'pairs',
    sql: 'CREATE TABLE pair (id INTEGER NOT NULL, half INTEGER NOT NULL, filler TEXT NOT NULL, PRIMARY KEY (id, half)) STRICT;',
  },
];

const [, , folder = '', count = '0', bytes = '0'] = argv;

const tell = (what: string, id: number, outcome: string): void => {
  writeSync(1, `${JSON.stringify({ what, id, outcome })}\n`);
};

const attempt = async <T>(what: string, id: number, work: () => T | Promise<T>): Promise<T | undefined> => {
  try {
    const result = await work();
    tell(what, id, 'done');
    return result;
  } catch (error) {
    tell(what, id, error instanceof ChatelaineError ? error.code : String(error));
    return undefined;
  }
};

const engine = await attempt('open', 0, () => openSqlite({ folder, onFatal: () => tell('onFatal', 0, 'called') }));
if (engine === undefined) exit(0);
const ready = await attempt('migrate', 0, () => migrate(engine, 0, undefined, tables));
if (ready === undefined) exit(0);

const writer = openWriter(engine);
const commitPair = (id: number, size: number): Promise<unknown> =>
  attempt('commit', id, () =>
    writer.commit(async (tx) => {
      await tx.run(insert, { id, half: 1, filler: 'x'.repeat(size) });
      await tx.savepoint(() => tx.run(insert, { id, half: 2, filler: 'y'.repeat(size) }));
    }),
  );

for (let id = 1; id <= Number(count); id++) {
  await commitPair(id, Number(bytes));
  if (id === Math.ceil(Number(count) / 2)) await attempt('scrub', id, () => engine.scrub());
}
// A small one that shows what the one before it left behind.
await commitPair(Number(count) + 1, 1);
// No close: the process ends as a crash would end it.
exit(0);
