import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import fc from 'fast-check';
import { sql } from 'kysely';
import { hasCode } from '#kernel';
import {
  type Engine,
  type Migration,
  type Value,
  type Values,
  type WriteTx,
  type Writer,
  isUncommitted,
  migrate,
  openWriter,
  statement,
} from '#storage';
import { forEachEngine } from '../../test/engines.ts';

/** `thing` is a table like most; `finding` is one of those whose change makes no decision stale. */
const TABLES: readonly Migration[] = [
  {
    id: 1,
    name: 'things',
    sql: `
CREATE TABLE thing (id INTEGER PRIMARY KEY, label TEXT, number INTEGER, bytes BLOB) STRICT;
CREATE TABLE finding (id INTEGER PRIMARY KEY) STRICT;
`,
  },
];

type Thing = { id: number; label: string | null; number: number | null; bytes: Uint8Array | null };
type Tables = { thing: Thing; finding: { id: number } };

const insertThing = statement<Tables, Thing>((db, { id, label, number, bytes }) =>
  db.insertInto('thing').values({ id, label, number, bytes }),
);
const putThing = statement<Tables, Thing>((db, { id, label, number, bytes }) =>
  db
    .insertInto('thing')
    .values({ id, label, number, bytes })
    .onConflict((conflict) => conflict.column('id').doUpdateSet((row) => ({ label: row.ref('excluded.label') }))),
);
const relabel = statement<Tables, { id: number; label: string }>((db, { id, label }) =>
  db.updateTable('thing').set({ label }).where('id', '=', id),
);
const deleteThing = statement<Tables, { id: number }>((db, { id }) => db.deleteFrom('thing').where('id', '=', id));
const findThing = statement<Tables, { id: number }, Thing>((db, { id }) =>
  db.selectFrom('thing').selectAll().where('id', '=', id),
);
const listThings = statement<Tables, Values, Thing>((db) => db.selectFrom('thing').selectAll().orderBy('id'));
const labelsInOrder = statement<Tables, Values, { label: string }>((db) =>
  db.selectFrom('thing').select('label').where('label', 'is not', null).orderBy('label').$castTo<{ label: string }>(),
);
const insertFinding = statement<Tables, { id: number }>((db, { id }) => db.insertInto('finding').values({ id }));

const thing = (id: number, label: string | null = null): Thing => ({ id, label, number: null, bytes: null });
const ids = async (engine: Engine): Promise<number[]> =>
  (await engine.read((tx) => tx.all(listThings, {}))).map(({ id }) => id);

const onEachEngine = (title: string, run: (engine: Engine, writer: Writer, t: TestContext) => Promise<void>): void =>
  forEachEngine(title, async (t, engine) => {
    await migrate(engine, 0, undefined, TABLES);
    await run(engine, openWriter(engine), t);
  });

onEachEngine('what a commit wrote is there for the next read', async (engine, writer) => {
  const answer = await writer.commit(async (tx) => {
    await tx.run(insertThing, thing(1, 'one'));
    assert.equal((await tx.one(findThing, { id: 1 }))?.label, 'one');
    return 'done';
  });
  assert.equal(answer, 'done');
  assert.deepEqual(await ids(engine), [1]);
});

onEachEngine('what the work throws undoes all of it, and the next commit goes on', async (engine, writer) => {
  const failing = writer.commit(async (tx) => {
    await tx.run(insertThing, thing(1));
    throw new Error('changed my mind');
  });
  await assert.rejects(failing, /changed my mind/);
  await writer.commit((tx) => tx.run(insertThing, thing(2)));
  assert.deepEqual(await ids(engine), [2]);
});

onEachEngine('run gives the number of rows touched', async (_engine, writer) => {
  await writer.commit(async (tx) => {
    assert.equal(await tx.run(insertThing, thing(1)), 1);
    assert.equal(await tx.run(relabel, { id: 1, label: 'x' }), 1);
    assert.equal(await tx.run(relabel, { id: 9, label: 'x' }), 0);
    assert.equal(await tx.run(deleteThing, { id: 1 }), 1);
  });
});

onEachEngine(
  'commits run one after another in the order they were asked for, whatever each does',
  async (engine, writer) => {
    const order: string[] = [];
    const commits = [30, 0, 10, 0].map((pause, i) =>
      writer.commit(async (tx) => {
        order.push(`begin ${i}`);
        await new Promise((resolve) => setTimeout(resolve, pause));
        await tx.run(insertThing, thing(i));
        order.push(`end ${i}`);
        if (i === 2) throw new Error('this one fails');
      }),
    );
    await Promise.allSettled(commits);
    assert.deepEqual(
      order,
      [0, 1, 2, 3].flatMap((i) => [`begin ${i}`, `end ${i}`]),
    );
    assert.deepEqual(await ids(engine), [0, 1, 3]);
  },
);

onEachEngine('a failed savepoint undoes its own writes only', async (engine, writer) => {
  await writer.commit(async (tx) => {
    await tx.run(insertThing, thing(1));
    await assert.rejects(
      tx.savepoint(async () => {
        await tx.run(insertThing, thing(2));
        throw new Error('not this one');
      }),
      /not this one/,
    );
    await tx.savepoint(() => tx.run(insertThing, thing(3)));
    assert.equal(await tx.one(findThing, { id: 2 }), undefined);
  });
  assert.deepEqual(await ids(engine), [1, 3]);
});

onEachEngine('savepoints nest: an outer failure undoes what an inner one kept', async (engine, writer) => {
  await writer.commit(async (tx) => {
    const outer = tx.savepoint(async () => {
      await tx.run(insertThing, thing(1));
      await tx.savepoint(() => tx.run(insertThing, thing(2)));
      await tx.savepoint(() => fail(tx, 3)).catch(() => undefined);
      assert.deepEqual(
        (await tx.all(listThings, {})).map(({ id }) => id),
        [1, 2],
      );
      throw new Error('the outer one');
    });
    await assert.rejects(outer, /the outer one/);
    await tx.run(insertThing, thing(4));
  });
  assert.deepEqual(await ids(engine), [4]);
});

onEachEngine(
  'a statement that fails inside a savepoint leaves the rest of the commit intact',
  async (engine, writer) => {
    await writer.commit(async (tx) => {
      await tx.run(insertThing, thing(1));
      await assert.rejects(tx.savepoint(() => tx.run(insertThing, thing(1))));
      await tx.run(insertThing, thing(2));
    });
    assert.deepEqual(await ids(engine), [1, 2]);
  },
);

onEachEngine('a swallowed failure of a statement spoils the commit: nothing of it is kept', async (engine, writer) => {
  const unique = await writer.commit((tx) => tx.run(insertThing, thing(1))).then(() => uniqueViolation(writer));
  const commit = writer.commit(async (tx) => {
    await tx.run(insertThing, thing(2));
    await tx.run(insertThing, thing(1)).catch(() => undefined);
    await tx.run(insertThing, thing(3)).catch(() => undefined);
  });
  await assert.rejects(commit, (error: Error) => error.message === unique.message);
  assert.deepEqual(await ids(engine), [1]);
});

onEachEngine('a swallowed failure spoils its savepoint and no more', async (engine, writer) => {
  await writer.commit(async (tx) => {
    await tx.run(insertThing, thing(1));
    const inner = tx.savepoint(async () => {
      await tx.run(insertThing, thing(2));
      await tx.run(insertThing, thing(1)).catch(() => undefined);
    });
    await assert.rejects(inner);
    await tx.run(insertThing, thing(3));
  });
  assert.deepEqual(await ids(engine), [1, 3]);
});

onEachEngine('a transaction kept beyond its commit is of no use', async (engine, writer) => {
  let kept: WriteTx | undefined;
  await writer.commit(async (tx) => {
    kept = tx;
  });
  await assert.rejects(kept!.run(insertThing, thing(1)), /is over/);
  assert.deepEqual(await ids(engine), []);
});

onEachEngine(
  'bumped tells whether earlier decisions are stale, and whoever remembers asks by it',
  async (engine, writer) => {
    await writer.commit(async (tx) => {
      await tx.all(listThings, {});
      assert.equal(tx.bumped(), false, 'a read');
      await tx.run(insertFinding, { id: 1 });
      await tx.runMany(insertFinding, [{ id: 2 }, { id: 3 }]);
      assert.equal(tx.bumped(), false, 'a quiet table');
      await assert.rejects(tx.savepoint(() => fail(tx, 1)));
      assert.equal(tx.bumped(), false, 'undone with its savepoint');
      await tx.savepoint(() => tx.run(insertThing, thing(2)));
      assert.equal(tx.bumped(), true, 'any other table');
      assert.equal(isUncommitted(tx), true);
      await assert.rejects(tx.savepoint(() => fail(tx, 3)));
      assert.equal(tx.bumped(), true, 'the write before the savepoint stays');
    });
    await writer.commit(async (tx) =>
      assert.deepEqual([tx.bumped(), isUncommitted(tx)], [false, false], 'a new commit'),
    );
    assert.equal(await engine.read(async (tx) => isUncommitted(tx)), false, 'a reader');
  },
);

onEachEngine('a snapshot sees one commit while writers go on', async (engine, writer) => {
  await writer.commit((tx) => tx.run(insertThing, thing(1, 'old')));
  await engine.snapshot(async (tx) => {
    assert.equal((await tx.one(findThing, { id: 1 }))?.label, 'old');
    await writer.commit(async (write) => {
      await write.run(relabel, { id: 1, label: 'new' });
      await write.run(insertThing, thing(2));
    });
    assert.equal((await tx.one(findThing, { id: 1 }))?.label, 'old');
    assert.equal((await tx.all(listThings, {})).length, 1);
    assert.equal((await engine.read((read) => read.one(findThing, { id: 1 })))?.label, 'new');
  });
});

onEachEngine('a read does not see a commit before its end', async (engine, writer) => {
  await writer.commit(async (tx) => {
    await tx.run(insertThing, thing(1));
    assert.deepEqual(await ids(engine), []);
  });
  assert.deepEqual(await ids(engine), [1]);
});

onEachEngine('reads cannot write', async (engine) => {
  const write = statement<Tables>((db) => db.insertInto('thing').values(thing(1)));
  await assert.rejects(engine.snapshot((tx) => tx.all(write, {})));
  assert.deepEqual(await ids(engine), []);
});

onEachEngine('every storable value comes back as it was', async (engine, writer) => {
  let id = 0;
  const text = fc.string({ unit: 'binary', maxLength: 40 }).filter((each) => !each.includes('\0'));
  const number = fc.oneof(
    fc.maxSafeInteger(),
    fc.constantFrom(0, -1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER),
  );
  const bytes = fc.uint8Array({ maxLength: 3_000 });
  await fc.assert(
    fc.asyncProperty(fc.option(text), fc.option(number), fc.option(bytes), async (label, count, blob) => {
      const row: Thing = { id: ++id, label, number: count, bytes: blob };
      await writer.commit((tx) => tx.run(insertThing, row));
      const found = await engine.read((tx) => tx.one(findThing, { id: row.id }));
      assert.deepEqual({ ...found }, row);
    }),
    { numRuns: 150 },
  );
});

onEachEngine('what the engines would keep differently is refused before it reaches them', async (engine, writer) => {
  const refused: [keyof Thing, unknown][] = [
    ['label', 'a\0b'],
    ['label', 'half \ud83d of a pair'],
    ['number', 0.5],
    ['number', 2 ** 53],
    ['number', Number.NaN],
    ['number', true],
    ['number', 1n],
    ['bytes', new Date(0)],
  ];
  for (const [field, value] of refused)
    await assert.rejects(
      writer.commit((tx) => tx.run(insertThing, { ...thing(1), [field]: value as Value })),
      (error) => hasCode(error, 'storage.unstorable') && error.details['field'] === field,
      `${field} = ${String(value)}`,
    );
  assert.deepEqual(await ids(engine), []);
});

onEachEngine('a field without a value is an error that names it', async (engine) => {
  await assert.rejects(
    engine.read((tx) => tx.one(findThing, {} as { id: number })),
    { name: 'TypeError', message: /field id has no value/ },
  );
});

onEachEngine('runMany inserts every row, in one statement or in many', async (engine, writer) => {
  for (const count of [0, 1, 2, 3, 127, 128, 129, 1_000]) {
    const rows = Array.from({ length: count }, (_, i) => ({
      ...thing(i, `row ${i}`),
      number: i,
      bytes: Uint8Array.of(i & 255),
    }));
    await writer.commit((tx) => tx.runMany(insertThing, rows));
    assert.deepEqual(
      (await engine.read((tx) => tx.all(listThings, {}))).map((row) => ({ ...row })),
      rows,
    );
    await writer.commit((tx) => tx.query<Tables, unknown>((db) => db.deleteFrom('thing')));
  }
});

onEachEngine('runMany takes statements of any shape', async (engine, writer) => {
  await writer.commit((tx) =>
    tx.runMany(
      insertThing,
      [1, 2, 3].map((id) => thing(id, 'old')),
    ),
  );
  await writer.commit(async (tx) => {
    await tx.runMany(
      relabel,
      [1, 2].map((id) => ({ id, label: `new ${id}` })),
    );
    await tx.runMany(
      putThing,
      [3, 4].map((id) => thing(id, `put ${id}`)),
    );
  });
  const labels = (await engine.read((tx) => tx.all(listThings, {}))).map(({ label }) => label);
  assert.deepEqual(labels, ['new 1', 'new 2', 'put 3', 'put 4']);
});

onEachEngine('runMany that fails in the middle undoes all its rows', async (engine, writer) => {
  await writer.commit((tx) => tx.run(insertThing, thing(130)));
  await writer.commit(async (tx) => {
    const rows = Array.from({ length: 200 }, (_, i) => thing(i));
    await assert.rejects(
      tx.savepoint(() => tx.runMany(insertThing, rows)),
      /unique/i,
    );
    await tx.run(insertThing, thing(500));
  });
  assert.deepEqual(await ids(engine), [130, 500]);
});

onEachEngine('text is ordered by its bytes', async (engine, writer) => {
  const labels = ['a', 'B', 'b', 'A', 'ä', 'z', 'Z', '_', '-', '1', '10', '2', '\u{1F511}', '\uFF5E'];
  await writer.commit((tx) =>
    tx.runMany(
      insertThing,
      labels.map((label, id) => thing(id, label)),
    ),
  );
  const ordered = (await engine.read((tx) => tx.all(labelsInOrder, {}))).map(({ label }) => label);
  assert.deepEqual(
    ordered,
    labels.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
  );
});

onEachEngine('sums, counts and comparisons are integers', async (engine, writer) => {
  await writer.commit((tx) =>
    tx.runMany(
      insertThing,
      [1, 2, 3].map((id) => ({ ...thing(id), number: id })),
    ),
  );
  const [row] = await engine.read((tx) =>
    tx.query<Tables, Record<string, unknown>>((db) =>
      db
        .selectFrom('thing')
        .select([sql`sum(number)`.as('total'), sql`count(*)`.as('rows'), sql`max(number) > 2`.as('above')]),
    ),
  );
  assert.deepEqual({ ...row }, { total: 6, rows: 3, above: 1 });
});

onEachEngine('an engine that was closed says so, and closing again does no harm', async (engine, writer) => {
  const last = writer.commit((tx) => tx.run(insertThing, thing(1)));
  await Promise.all([engine.close(), last]);
  await engine.close();
  for (const attempt of [
    () => engine.read((tx) => tx.all(listThings, {})),
    () => writer.commit((tx) => tx.all(listThings, {})),
  ])
    await assert.rejects(attempt(), (error) => hasCode(error, 'storage.closed'));
});

onEachEngine('scrub and size work on a database in use', async (engine, writer) => {
  await writer.commit((tx) =>
    tx.runMany(
      insertThing,
      [1, 2].map((id) => thing(id, 'x'.repeat(1_000))),
    ),
  );
  await engine.scrub();
  assert.ok((await engine.size()) > 0);
  assert.deepEqual(await ids(engine), [1, 2]);
});

onEachEngine('scrub waits for a snapshot without stopping it', async (engine, writer) => {
  await writer.commit((tx) => tx.run(insertThing, thing(1)));
  let scrubbing: Promise<void> | undefined;
  await engine.snapshot(async (tx) => {
    await tx.all(listThings, {});
    await writer.commit((write) => write.run(insertThing, thing(2)));
    scrubbing = engine.scrub();
    await new Promise((resolve) => setTimeout(resolve, 150));
    assert.equal((await tx.all(listThings, {})).length, 1);
  });
  await scrubbing;
});

const fail = async (tx: WriteTx, id: number): Promise<never> => {
  await tx.run(insertThing, thing(id));
  throw new Error('inner');
};

const uniqueViolation = (writer: Writer): Promise<Error> =>
  writer
    .commit((tx) => tx.run(insertThing, thing(1)))
    .then(
      () => assert.fail('the row was there already'),
      (error: unknown) => error as Error,
    );
