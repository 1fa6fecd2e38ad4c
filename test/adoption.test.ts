import assert from 'node:assert/strict';
import {
  type Adopt,
  type Found,
  type Guesses,
  adopt,
  confirmOriginals,
  keepOriginal,
  markRendered,
  openRenderings,
  showOriginal,
} from '#adoption';
import { Secret } from '#kernel';
import { forEachEngine } from './engines.ts';
import { type Rooms, openRooms } from './rooms.ts';

const HERE = { project: 'porch', environment: 'home' };

const found = (name: string, text: string): Found => ({
  name,
  original: null,
  value: Secret.fromText(text),
  kind: 'mqtt-password',
  system: 'mosquitto',
  tier: null,
  from: null,
  consumers: [{ kind: 'file', place: 'a.yaml:1', detail: { keyPath: ['mqtt', 'password'] } }],
  weakness: null,
  reused: [],
});

/** One owner, who sees everything and is not counted. */
const guesses: Guesses = {
  compare: () => undefined,
  takeBack: () => undefined,
  sees: async () => true,
  unseen: () => undefined,
  answerFor: async (_caller, error) => error,
};

const take = (house: Rooms, credentials: readonly Found[], more: Partial<Adopt> = {}) =>
  adopt({ ...house.secrets, guesses }, house.owner, {
    ...HERE,
    from: 'test',
    dryRun: false,
    credentials,
    renderings: [],
    gaps: null,
    ...more,
  });

forEachEngine('adopting twice compares without opening, and writes only what differs', async (_t, engine) => {
  const house = await openRooms(engine);
  const home = [found('a', 'first-secret-value'), found('b/c', 'sécrèt-välue-long'), found('d', '1234')];
  const plan = { target: 'secrets.yaml', format: 'x', plan: Secret.fromText('{"parts":["# 1234"]}') };
  const first = await take(house, home, { renderings: [plan] });
  assert.deepEqual(
    first.credentials.map(({ result }) => result),
    ['new', 'new', 'new'],
  );
  const { size } = house.deeds.head()!;
  const second = await take(house, home, { renderings: [plan] });
  assert.deepEqual(
    second.credentials.map(({ result }) => result),
    ['same', 'same', 'same'],
  );
  assert.deepEqual(second.renderings, [{ target: 'secrets.yaml', result: 'same' }]);
  assert.equal(house.deeds.head()!.size, size + 2);
  const third = await take(house, [found('a', 'third-secret-value'), home[1]!, found('d', '4321')]);
  assert.deepEqual(
    third.credentials.map(({ result, version }) => [result, version]),
    [
      ['changed', 2],
      ['same', 1],
      ['changed', 2],
    ],
  );
  const fourth = await take(house, [home[0]!]);
  assert.deepEqual(
    fourth.credentials.map(({ result }) => result),
    ['older'],
  );
});

forEachEngine('templates and originals lie sealed in the database', async (_t, engine) => {
  const house = await openRooms(engine);
  const canary = 'Kanarienvogel-7f3a9c';
  await take(house, [], {
    renderings: [{ target: 'secrets.yaml', format: 'x', plan: Secret.fromText(`# ${canary}`) }],
  });
  const { output } = await house.deeds.perform(keepOriginal(house.sealing, house.random), house.owner, {
    ...HERE,
    place: 'secrets.yaml',
    content: Secret.fromText(canary),
  });
  await house.deeds.perform(markRendered(house.sealing), house.owner, {
    ...HERE,
    written: [{ target: 'secrets.yaml', hash: '00'.repeat(32) }],
  });
  type Tables = { rendering: Record<string, unknown>; original: Record<string, unknown> };
  const rows = await engine.read(async (tx) => [
    ...(await tx.query<Tables, Record<string, unknown>>((db) => db.selectFrom('rendering').selectAll())),
    ...(await tx.query<Tables, Record<string, unknown>>((db) => db.selectFrom('original').selectAll())),
  ]);
  assert.equal(rows.length, 2);
  for (const row of rows)
    for (const column of Object.values(row))
      assert.ok(!Buffer.from(column instanceof Uint8Array ? column : String(column)).includes(canary));
  const { items } = await openRenderings(house.secrets, house.owner, { ...HERE, targets: [] });
  assert.equal(items[0]!.plan.revealText(), `# ${canary}`);
  assert.equal(
    (await showOriginal(house.secrets, house.owner, { ...HERE, id: output.id })).content.revealText(),
    canary,
  );
  assert.equal(await confirmOriginals(house.secrets, house.owner, HERE), 1);
  await assert.rejects(showOriginal(house.secrets, house.owner, { ...HERE, id: output.id }), {
    code: 'adoption.original_destroyed',
  });
});

forEachEngine('a template moved to another file or environment is not opened', async (_t, engine) => {
  const house = await openRooms(engine);
  const plans = (target: string) => [{ target, format: 'x', plan: Secret.fromText(target) }];
  await take(house, [], { renderings: plans('a') });
  await take(house, [], { renderings: plans('b') });
  const rename = (from: string, to: string) =>
    house.deeds.housekeep(async (tx) => {
      const { statement } = await import('#storage');
      const swap = statement<{ rendering: { target: string } }, { from: string; to: string }>((db, row) =>
        db.updateTable('rendering').set({ target: row.to }).where('target', '=', row.from),
      );
      await tx.run(swap, { from, to });
    });
  await rename('a', 'c');
  await assert.rejects(
    openRenderings(house.secrets, house.owner, { ...HERE, targets: [{ target: 'c', found: null }] }),
    { code: 'sealing.damaged' },
  );
  assert.equal(
    (await openRenderings(house.secrets, house.owner, { ...HERE, targets: [{ target: 'b', found: null }] })).items
      .length,
    1,
  );
});
