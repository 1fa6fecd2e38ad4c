import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { CredentialPath, type JsonObject, Secret, isJsonObject, parseJson } from '#kernel';
import { destroyCredential, listVersions, readVersion, transferCredential, writeVersion } from '#secrets';
import type { Engine } from '#storage';
import { forEachEngine } from './engines.ts';
import { type TestHouse, openTestHouse } from './house.ts';
import type { Rooms } from './rooms.ts';

const at = (name: string) => CredentialPath.parse(`porch/home/${name}`);
const PATH = at('mqtt/password');

type Value = { readonly value: string; readonly user: string };
const VALUES = {
  first: [
    { value: 'first-secret-one', user: 'user of the first' },
    { value: 'first-secret-two', user: 'user of the first' },
  ],
  second: [
    { value: 'second-secret-one', user: 'user of the second' },
    { value: 'second-secret-two', user: 'user of the second' },
  ],
} as const satisfies Record<string, readonly Value[]>;
const PENDING = { value: 'waiting-for-its-turn', user: 'somebody' };

const write = ({ secrets, owner }: Rooms, value: Value, pending = false) =>
  writeVersion(secrets, owner, {
    path: PATH,
    value: Secret.fromText(JSON.stringify(value)),
    leaves: 'all',
    provenance: { how: 'entered', from: null, scopes: [] },
    pending,
  });

/** Every numbered value that a name has, the oldest first. */
const valuesAt = async ({ deeds, secrets, owner }: Rooms, path: CredentialPath): Promise<readonly unknown[]> => {
  const { output } = await deeds.perform(listVersions, owner, { path });
  const numbers = output.versions.flatMap(({ version }) => version ?? []);
  return Promise.all(numbers.map(async (version) => (await readVersion(secrets, owner, { path, version })).value));
};

/** The first, with the same numbers, serials and revision as the second will have. */
const makeFirst = async (rooms: Rooms, hasPending: boolean): Promise<string> => {
  for (const value of VALUES.first) await write(rooms, value);
  const written = hasPending ? [await write(rooms, PENDING, true)] : [];
  const { output } = await rooms.deeds.perform(listVersions, rooms.owner, { path: PATH });
  assert.ok(written.every(({ metadata }) => metadata.serial === 3));
  assert.deepEqual([output.credential.revision, output.credential.current_number], [3, 2]);
  return output.credential.id;
};

/** How the name passes to the second while somebody is at work on the first. */
const PASSES = {
  destroyed: ({ secrets, owner }: Rooms) =>
    destroyCredential(secrets, owner, { path: PATH, reason: 'test', forget: true }),
  renamed: ({ secrets, owner }: Rooms) => transferCredential(secrets, owner, { from: PATH, to: at('elsewhere') }),
} as const;

/** Makes something happen just before the next deed of this name, once. */
const before = (t: TestContext, { deeds }: Rooms, name: string, meanwhile: () => Promise<unknown>): (() => boolean) => {
  const { perform } = deeds;
  let pending: (() => Promise<unknown>) | undefined = meanwhile;
  t.mock.method(deeds, 'perform', async (...[deed, caller, input]: Parameters<typeof perform>) => {
    const now = deed.name === name ? pending : undefined;
    if (now !== undefined) {
      pending = undefined;
      await now();
    }
    return perform(deed, caller, input);
  });
  return () => pending === undefined;
};

type Answered = { readonly status: number; readonly body: JsonObject };

const ask = async (
  { url, tokens }: TestHouse,
  method: string,
  target: string,
  body: JsonObject,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answered> => {
  const answer = await fetch(`${url}${target}`, {
    method,
    headers: { authorization: `Bearer ${tokens.session}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const said = parseJson(await answer.text());
  assert.ok(isJsonObject(said));
  return { status: answer.status, body: said };
};

const patch = (house: TestHouse, options: JsonObject = {}) =>
  ask(
    house,
    'PATCH',
    `/v1/secret/data/${PATH}`,
    { data: { note: 'patched in' }, ...options },
    { 'content-type': 'application/merge-patch+json' },
  );

const adoptOne = async (house: TestHouse, value: string): Promise<Answered> => {
  const answer = await ask(house, 'POST', '/api/adoptions/porch/home', {
    from: 'test',
    credentials: [
      {
        name: PATH.name,
        original: null,
        value,
        kind: 'mqtt-password',
        system: 'mosquitto',
        from: null,
        consumers: [],
        weakness: null,
      },
    ],
  });
  const [item] = answer.body['credentials'] as readonly JsonObject[];
  return { ...answer, body: item! };
};

type Work = {
  readonly what: string;
  /** The deed before which the name passes to another credential. */
  readonly moment: string;
  readonly isPending?: true;
  /** @param first the id of the credential that was there when the work began */
  readonly run: (house: TestHouse, first: string) => Promise<Answered>;
  /** What it is told, and what the second's values are then. */
  readonly status: number;
  readonly code: string | null;
  readonly left?: readonly JsonObject[];
};

const MOVED = { status: 412, code: 'inventory.changed_meanwhile' } as const;
const generate = (body: JsonObject) => (house: TestHouse) => ask(house, 'POST', `/api/generations/${PATH}`, body);

const WORKS: readonly Work[] = [
  {
    what: 'a patch',
    moment: 'write-version',
    run: (house) => patch(house),
    status: 200,
    code: null,
    // It begins again, as if it had come a little later.
    left: [...VALUES.second, { ...VALUES.second[1], note: 'patched in' }],
  },
  {
    what: 'a patch of a number',
    moment: 'write-version',
    run: (house) => patch(house, { options: { cas: 2 } }),
    status: 400,
    code: null,
  },
  {
    what: 'a rollback',
    moment: 'write-version',
    run: (house) => ask(house, 'POST', `/api/rollbacks/${PATH}`, { version: 1 }),
    ...MOVED,
  },
  {
    what: 'a rollback to what was seen',
    moment: 'read-version',
    run: (house, first) => ask(house, 'POST', `/api/rollbacks/${PATH}`, { version: 1, credential: first }),
    ...MOVED,
  },
  ...['read-version', 'write-version'].map((moment) => ({
    what: 'generating one field',
    moment,
    run: generate({ kind: 'password', field: 'value' }),
    ...MOVED,
  })),
  ...['show-credential', 'write-version'].map((moment) => ({
    what: 'generating by the kind that is there',
    moment,
    run: generate({}),
    ...MOVED,
  })),
  {
    what: 'generating for what was seen',
    moment: 'write-version',
    run: (house, first) => generate({ kind: 'password', credential: first, checkAndSet: 2 })(house),
    ...MOVED,
  },
  {
    what: 'writing on what was seen',
    moment: 'write-version',
    run: (house, first) =>
      ask(house, 'PUT', `/api/values/${PATH}`, { value: { value: 'third' }, checkAndSet: 2, credential: first }),
    ...MOVED,
  },
  {
    what: 'promoting',
    moment: 'promote-version',
    isPending: true,
    run: (house, first) => ask(house, 'POST', `/api/promotions/${PATH}`, { credential: first, serial: 3 }),
    ...MOVED,
  },
  {
    what: 'adopting another value',
    moment: 'write-version',
    run: (house) => adoptOne(house, 'found-in-a-file'),
    status: 200,
    code: MOVED.code,
  },
  ...['read-version', 'write-version'].map((moment) => ({
    what: 'adopting a short value',
    moment,
    run: (house: TestHouse) => adoptOne(house, '1234'),
    status: 200,
    code: MOVED.code,
  })),
];

/** A house that listens, closed before its engine is. */
const withHouse = async (engine: Engine, work: (house: TestHouse) => Promise<void>): Promise<void> => {
  const house = await openTestHouse({ engine });
  try {
    await work(house);
  } finally {
    await house.close();
  }
};

const passes = Object.keys(PASSES) as (keyof typeof PASSES)[];

for (const pass of passes)
  for (const { what, moment, run, isPending = false, status, code, left = VALUES.second } of WORKS) {
    // What waits for its turn keeps its name.
    if (isPending && pass === 'renamed') continue;
    forEachEngine(
      `${what} never reaches another credential made under its name, ${pass} before ${moment}`,
      (t, engine) =>
        withHouse(engine, async (house) => {
          const { rooms } = house;
          const first = await makeFirst(rooms, isPending);
          const hasPassed = before(t, rooms, moment, async () => {
            await PASSES[pass](rooms);
            for (const value of VALUES.second) await write(rooms, value);
            if (isPending) await write(rooms, PENDING, true);
          });
          const told = await run(house, first);
          assert.ok(hasPassed(), 'the moment came');
          assert.deepEqual([told.status, told.body['code'] ?? null], [status, code], JSON.stringify(told.body));
          assert.deepEqual(await valuesAt(rooms, PATH), left);
          if (pass === 'renamed') assert.deepEqual(await valuesAt(rooms, at('elsewhere')), VALUES.first);
        }),
    );
  }

for (const pass of passes)
  forEachEngine(
    `If-Match never describes another credential made under its name at the same revision, ${pass}`,
    (t, engine) =>
      withHouse(engine, async (house) => {
        const { rooms } = house;
        const first = await makeFirst(rooms, false);
        const hasPassed = before(t, rooms, 'describe-credential', async () => {
          await PASSES[pass](rooms);
          for (const value of VALUES.second) await write(rooms, value);
        });
        const describe = (tag: string) =>
          ask(house, 'PATCH', `/api/credentials/${PATH}`, { owner: 'eve' }, { 'if-match': tag });
        const told = await describe(`"${first}.3"`);
        assert.ok(hasPassed(), 'the moment came');
        assert.deepEqual([told.status, told.body['code']], [MOVED.status, MOVED.code]);
        const shown = await fetch(`${house.url}/api/credentials/${PATH}`, {
          headers: { authorization: `Bearer ${house.tokens.session}` },
        });
        const { owner, revision } = (await shown.json()) as { owner: string | null; revision: number };
        assert.deepEqual([owner, revision], [null, 3]);
        assert.equal((await describe(shown.headers.get('etag')!)).status, 200, 'the tag of the second is good for it');
      }),
  );

for (const [what, run] of [
  ['adopting', (house: TestHouse) => adoptOne(house, 'found-in-a-file')],
  ['generating', generate({})],
] as const)
  forEachEngine(`${what} where nothing was never reaches a credential made meanwhile`, (t, engine) =>
    withHouse(engine, async (house) => {
      const { rooms } = house;
      const hasCome = before(t, rooms, 'write-version', () => write(rooms, VALUES.second[0]));
      assert.equal((await run(house)).body['code'], MOVED.code);
      assert.ok(hasCome(), 'the moment came');
      assert.deepEqual(await valuesAt(rooms, PATH), [VALUES.second[0]]);
    }),
  );
