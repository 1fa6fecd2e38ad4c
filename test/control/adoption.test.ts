import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import type { CallOf, Routes } from '#contract';
import { Duration } from '#kernel';
import { type ControlHouse, openControlHouse, refusal } from './control-house.ts';

type Body = CallOf<Routes['adoptions.create']>['body'];
type Found = Body['credentials'][number];
const params = { project: 'porch', environment: 'home' };
const sha = (text: string) => createHash('sha256').update(text).digest('hex');

const found = (name: string, value: string, more: Partial<Found> = {}): Found => ({
  name,
  original: name.replaceAll('/', '_'),
  value,
  kind: 'mqtt-password',
  system: 'mosquitto',
  from: 'secrets.yaml',
  consumers: [{ kind: 'file', place: 'packages/mqtt.yaml:12', detail: { syntax: '!secret' } }],
  weakness: null,
  ...more,
});

const HOME: Body = {
  from: 'porch',
  credentials: [
    found('mqtt/password', 'correct-horse-battery', { reused: ['mqtt_pw', 'broker_password'] }),
    found('wifi/passphrase', 'password', {
      kind: 'wifi-passphrase',
      system: 'wifi',
      weakness: { code: 'common', why: 'among the first that are tried' },
    }),
    found('alarm/pin', '2580', {
      kind: 'pin',
      system: 'home-assistant',
      weakness: { code: 'short', why: '4 characters' },
    }),
    found('zigbee/key', '[1, 3, 5, 7, 9, 11, 13, 15, 0, 2, 4, 6, 8, 10, 12, 13]', {
      kind: 'zigbee-network-key',
      system: 'zigbee2mqtt',
      weakness: { code: 'default', why: 'published' },
    }),
  ],
  renderings: [
    {
      target: 'secrets.yaml',
      format: 'home-assistant-secrets',
      plan: '{"path":"secrets.yaml","parts":["# my pin is 1234\\n"]}',
    },
  ],
  gaps: {
    missing: [{ name: 'telegram_token', place: 'configuration.yaml:7', why: '!secret without a value' }],
    orphans: [{ name: 'old_key', place: 'secrets.yaml:40', why: 'nobody asks for it' }],
    plaintext: [{ name: 'mqtt/password', place: 'zigbee2mqtt/configuration.yaml:9', why: 'stands in clear' }],
  },
};

test('a home is taken as it is found, and a second time changes nothing', async (t) => {
  const house = await openControlHouse(t);
  const owner = house.as('session');
  const first = await owner.call('adoptions.create', { params, body: HOME });
  assert.deepEqual(
    first.credentials.map(({ result, version }) => [result, version]),
    [
      ['new', 1],
      ['new', 1],
      ['new', 1],
      ['new', 1],
    ],
  );
  assert.deepEqual(first.renderings, [{ target: 'secrets.yaml', result: 'new' }]);
  // Three weak ones (one of them a default), one reused, one each missing, orphaned, in clear.
  assert.equal(first.findings.opened, 7);
  const shown = await owner.call('credentials.show', { path: 'porch/home/zigbee/key' });
  assert.deepEqual(
    [shown.tier, shown.provenance.how, shown.provenance.from, shown.originalName],
    ['gold', 'adopted', 'secrets.yaml', 'zigbee_key'],
  );
  assert.deepEqual(
    shown.consumers.map(({ place }) => place),
    ['packages/mqtt.yaml:12'],
  );
  assert.deepEqual((await owner.call('values.get', { path: 'porch/home/mqtt/password' })).value, {
    value: 'correct-horse-battery',
  });

  const before = house.rooms.deeds.head()!.size;
  const second = await owner.call('adoptions.create', { params, body: HOME });
  assert.deepEqual(
    second.credentials.map(({ result, version }) => [result, version]),
    [
      ['same', 1],
      ['same', 1],
      ['same', 1],
      ['same', 1],
    ],
  );
  assert.deepEqual(second.renderings, [{ target: 'secrets.yaml', result: 'same' }]);
  assert.deepEqual(second.findings, { opened: 0, closed: 0 });
  // The comparison, and the read of the one value too short to have a fingerprint.
  assert.equal(house.rooms.deeds.head()!.size - before, 2);
});

test('what changed is a new version, what the store holds newer stays, what is gone is closed', async (t) => {
  const house = await openControlHouse(t);
  const owner = house.as('session');
  await owner.call('adoptions.create', { params, body: HOME });
  await owner.call('generations.create', { path: 'porch/home/mqtt/password', body: {} });
  const [mqtt, wifi, pin, zigbee] = HOME.credentials as [Found, Found, Found, Found];
  const body: Body = {
    from: 'porch',
    credentials: [
      mqtt,
      { ...wifi, value: 'k7Wd-pQ2z-mN8x-vB4c', weakness: null },
      { ...pin, value: '1470' },
      { ...zigbee, consumers: [] },
    ],
    gaps: { missing: [], orphans: [], plaintext: [] },
  };
  const again = await owner.call('adoptions.create', { params, body });
  assert.deepEqual(
    again.credentials.map(({ result, version }) => [result, version]),
    [
      ['older', 2],
      ['changed', 2],
      ['changed', 2],
      ['same', 1],
    ],
  );
  assert.equal(again.findings.closed, 4);
  assert.notDeepEqual((await owner.call('values.get', { path: 'porch/home/mqtt/password' })).value, {
    value: mqtt.value,
  });
  assert.deepEqual((await owner.call('credentials.show', { path: 'porch/home/zigbee/key' })).consumers, []);
});

test('weak, default and shared values are excused for 30 days, then they are open', async (t) => {
  let shift = 0;
  const { systemClock } = await import('#kernel/node');
  const clock = { now: () => systemClock.now() + shift, monotonic: () => systemClock.monotonic() };
  const house = await openControlHouse(t, { clock });
  const owner = house.as('session');
  await owner.call('adoptions.create', { params, body: HOME });
  const staged = { ...HOME, credentials: [HOME.credentials[0]!], gaps: undefined, renderings: [] } as unknown as Body;
  const copied = await owner.call('adoptions.create', {
    params: { project: 'porch', environment: 'prod' },
    body: JSON.parse(JSON.stringify(staged)) as Body,
  });
  assert.equal(copied.credentials[0]!.shared, true);
  const excused = await owner.call('findings.list', { query: { state: 'excused' } });
  assert.deepEqual(excused.items.map(({ rule }) => rule).toSorted(), [
    'default',
    'reused',
    'reused',
    'shared',
    'weak',
    'weak',
  ]);
  const { identity } = await owner.call('me.show');
  const { token } = await owner.call('tokens.create', { body: { identity, life: '60d' } });
  const ofFiles = (rule: string) => !['ownerless', 'ownerless-gold', 'purposeless'].includes(rule);
  const open = async () => {
    const { items } = await house.with(token).call('findings.list', { query: {} });
    return items.flatMap(({ rule }) => (ofFiles(rule) ? [rule] : [])).toSorted();
  };
  assert.deepEqual(await open(), ['missing', 'orphan', 'plaintext']);
  shift = Duration.of(29, 'd').ms;
  assert.deepEqual(await open(), ['missing', 'orphan', 'plaintext']);
  shift = Duration.of(31, 'd').ms;
  assert.deepEqual(await open(), [
    'default',
    'missing',
    'orphan',
    'plaintext',
    'reused',
    'reused',
    'shared',
    'weak',
    'weak',
  ]);
});

test('a dry run says what would be done and leaves nothing', async (t) => {
  const house = await openControlHouse(t);
  const owner = house.as('session');
  const dry = await owner.call('adoptions.create', { params, body: { ...HOME, dryRun: true } });
  assert.deepEqual(
    dry.credentials.map(({ result }) => result),
    ['new', 'new', 'new', 'new'],
  );
  assert.deepEqual(
    (await owner.call('credentials.list', { query: { project: 'porch', environment: 'home' } })).items,
    [],
  );
  assert.deepEqual((await owner.call('renderings.list', { params })).items, []);
  assert.deepEqual((await owner.call('findings.list', { query: {} })).items, []);
});

test('what cannot be taken is told by itself and stops nothing else', async (t) => {
  const house = await openControlHouse(t);
  const owner = house.as('session');
  const credentials = [
    found('good/one', 'correct-horse-battery'),
    found('../etc/passwd', 'correct-horse-battery-2'),
    found('good/ONE', 'correct-horse-battery-3'),
    found('odd/kind', 'correct-horse-battery-4', { kind: 'no-such-kind' }),
  ];
  const { credentials: results } = await owner.call('adoptions.create', { params, body: { from: 'x', credentials } });
  assert.deepEqual(
    results.map(({ result, code }) => [result, code]),
    [
      ['new', null],
      ['refused', 'path.malformed'],
      ['refused', 'adoption.twice'],
      ['refused', 'inventory.bad_field'],
    ],
  );
});

test('templates come back as they were sent, and a file edited by hand is told from one that was only written', async (t) => {
  const house = await openControlHouse(t);
  const owner = house.as('session');
  await owner.call('adoptions.create', { params, body: HOME });
  const written = async (content: string | null) =>
    (
      await owner.call('renderings.open', {
        params,
        body: { targets: [{ target: 'secrets.yaml', found: content === null ? null : sha(content) }] },
      })
    ).items[0]!;
  assert.deepEqual(await written('anything'), { ...HOME.renderings![0], written: 'never' });
  await owner.call('renderings.written', {
    params,
    body: { written: [{ target: 'secrets.yaml', hash: sha('as rendered') }] },
  });
  assert.equal((await written('as rendered')).written, 'untouched');
  assert.equal((await written('by hand')).written, 'edited');
  assert.equal((await written(null)).written, 'untouched');
  assert.equal((await owner.call('renderings.list', { params })).items[0]!.written, true);
  const changed = { ...HOME.renderings![0]!, plan: '{"parts":[]}' };
  const again = await owner.call('adoptions.create', {
    params,
    body: { from: 'x', credentials: [], renderings: [changed] },
  });
  assert.deepEqual(again.renderings, [{ target: 'secrets.yaml', result: 'changed' }]);
  assert.deepEqual(await written('as rendered'), { ...changed, written: 'untouched' });
  await refusal(
    owner.call('renderings.open', { params, body: { targets: [{ target: 'none', found: null }] } }),
    'adoption.no_rendering',
  );
});

test('originals are kept once, shown to the owner, and gone for good when confirmed', async (t) => {
  const house = await openControlHouse(t);
  const owner = house.as('session');
  const text = 'mqtt_password: correct-horse-battery # höchst geheim\n';
  const content = Buffer.from(text).toString('base64');
  const kept = await owner.call('originals.keep', { params, body: { place: 'secrets.yaml', content } });
  assert.deepEqual(await owner.call('originals.keep', { params, body: { place: 'secrets.yaml', content } }), {
    id: kept.id,
    kept: false,
  });
  const one = { ...params, id: kept.id };
  assert.equal((await owner.call('originals.show', { params: one })).content, content);
  // A bearer token alone does not get what may hold gold.
  await refusal(house.as('owner').call('originals.show', { params: one }), 'deeds.denied');
  await refusal(house.as('developer').call('originals.show', { params: one }), 'deeds.denied');
  assert.equal((await owner.call('originals.confirm', { params, body: {} })).destroyed, 1);
  await refusal(owner.call('originals.show', { params: one }), 'adoption.original_destroyed');
  assert.notEqual((await owner.call('originals.list', { params })).items[0]!.destroyedAt, null);
  assert.deepEqual(await owner.call('originals.confirm', { params, body: {} }), { destroyed: 0 });
});

test('who may not adopt learns nothing about what is there', async (t) => {
  const house = await openControlHouse(t);
  await house.as('session').call('adoptions.create', { params, body: HOME });
  const guess = { from: 'x', credentials: [HOME.credentials[0]!] };
  await refusal(house.as('stranger').call('adoptions.create', { params, body: guess }), 'control.foreign');
  await refusal(house.as('service').call('adoptions.create', { params, body: guess }), 'deeds.denied');
  await refusal(
    house.as('session').call('adoptions.create', { params: { project: 'porch', environment: 'none' }, body: guess }),
    'inventory.no_environment',
  );
});

const SHED = { project: 'shed', environment: 'home' };

/** A developer of another project, in which nothing is known of `porch`. */
const openShed = async (house: ControlHouse) => {
  const owner = house.as('session');
  await owner.call('projects.create', {
    body: { name: 'shed', posture: 'home', environments: [{ name: 'home', production: false }] },
  });
  const { id } = await owner.call('identities.create', { body: { name: 'guesser', kind: 'person' } });
  await owner.call('grants.create', {
    body: { identity: id, role: 'developer', ...SHED, prefix: null, reason: 'a shed of their own' },
  });
  const { token } = await owner.call('tokens.create', { body: { identity: id, life: '1h' } });
  return house.with(token);
};

const KNOWN = 'correct-horse-battery';
const guessing = (n: number, value = KNOWN) => found(`guess-${n}`, value);
/** Open or excused. */
const elsewhereIn = async (house: ControlHouse, project: string) => {
  const owner = house.as('session');
  const states = await Promise.all([
    owner.call('findings.list', { query: { project } }),
    owner.call('findings.list', { query: { project, state: 'excused' } }),
  ]);
  return states
    .flatMap(({ items }) => items.map(({ rule, place }) => `${rule} ${place}`))
    .filter((text) => /shared|elsewhere/.test(text));
};

test('value oracle: adoption tells ten times a minute that a value is in use where the caller may not look, and whoever answers for it learns of it', async (t) => {
  const house = await openControlHouse(t);
  await house.as('session').call('adoptions.create', { params, body: HOME });
  const guesser = await openShed(house);
  const guesses = Array.from({ length: 12 }, (_, n) => guessing(n));
  const before = house.rooms.deeds.head()!.size;
  const told = await guesser.call('adoptions.create', {
    params: SHED,
    body: { from: 'x', credentials: [...guesses, found('own', 'nobody-else-has-this-one')] },
  });
  assert.deepEqual(
    told.credentials.map(({ result, shared, code }) => [result, shared, code]),
    [
      ...Array.from({ length: 10 }, () => ['refused', false, 'http.shared_value']),
      // From here on nothing is written, in use or not: to refuse only what is in use would be an answer.
      ...Array.from({ length: 3 }, () => ['refused', false, 'http.too_many']),
    ],
  );
  assert.doesNotMatch(JSON.stringify(told), /porch|mqtt/);
  assert.ok(house.rooms.deeds.head()!.size - before > 10, 'each refusal is an entry');
  assert.deepEqual(await elsewhereIn(house, 'porch'), ['tried-elsewhere mqtt/password']);
  assert.deepEqual(await elsewhereIn(house, 'shed'), []);
  assert.deepEqual((await guesser.call('credentials.list', { query: SHED })).items, []);
  const more = { from: 'x', credentials: [guessing(20)] };
  await refusal(guesser.call('adoptions.create', { params: SHED, body: more }), 'http.too_many');
  await refusal(
    guesser.call('values.put', { path: 'shed/home/other', body: { value: { value: KNOWN } } }),
    'http.too_many',
  );
});

test('value oracle: a dry run of an adoption counts, tells and reports as an adoption does', async (t) => {
  const house = await openControlHouse(t);
  await house.as('session').call('adoptions.create', { params, body: HOME });
  const guesser = await openShed(house);
  const body: Body = { from: 'x', dryRun: true, credentials: Array.from({ length: 11 }, (_, n) => guessing(n)) };
  const { credentials } = await guesser.call('adoptions.create', { params: SHED, body });
  assert.deepEqual(
    credentials.map(({ code }) => code),
    [...Array.from({ length: 10 }, () => 'http.shared_value'), 'http.too_many'],
  );
  assert.deepEqual(await elsewhereIn(house, 'porch'), ['tried-elsewhere mqtt/password']);
});

test('value oracle: of many adoptions sent at once no more guesses are answered', async (t) => {
  const house = await openControlHouse(t);
  await house.as('session').call('adoptions.create', { params, body: HOME });
  await openShed(house);
  const owner = house.as('session');
  const { items } = await owner.call('identities.list', { query: {} });
  const identity = items.find(({ name }) => name === 'guesser')!.id;
  const { token } = await owner.call('tokens.create', { body: { identity, life: '1h' } });
  const answers = await Promise.allSettled(
    Array.from({ length: 30 }, (_, n) =>
      house.with(token).call('adoptions.create', { params: SHED, body: { from: 'x', credentials: [guessing(n)] } }),
    ),
  );
  const told = answers.filter(
    (one) => one.status === 'fulfilled' && one.value.credentials[0]!.code === 'http.shared_value',
  );
  assert.equal(told.length, 10);
});

test('a value in use where the caller may look is taken as it is found, and said to be shared', async (t) => {
  const house = await openControlHouse(t);
  const owner = house.as('session');
  await owner.call('adoptions.create', { params, body: HOME });
  await openShed(house);
  const body = { from: 'x', credentials: [guessing(1)] };
  const { credentials } = await owner.call('adoptions.create', { params: SHED, body });
  assert.deepEqual([credentials[0]!.result, credentials[0]!.shared], ['new', true]);
  assert.deepEqual(await elsewhereIn(house, 'shed'), ['shared guess-1']);
  // Who holds it too, and may not look elsewhere, is not told, and does not close what others see.
  const guesser = house.with(
    (
      await owner.call('tokens.create', {
        body: {
          identity: (await owner.call('identities.list', { query: {} })).items.find(({ name }) => name === 'guesser')!
            .id,
          life: '1h',
        },
      })
    ).token,
  );
  const again = await guesser.call('adoptions.create', { params: SHED, body });
  assert.deepEqual([again.credentials[0]!.result, again.credentials[0]!.shared], ['same', false]);
  assert.deepEqual(await elsewhereIn(house, 'shed'), ['shared guess-1']);
});

test('a bearer token alone learns nothing of gold by adopting guesses, unless an exception says so', async (t) => {
  const house = await openControlHouse(t);
  const owner = house.as('session');
  await owner.call('adoptions.create', { params, body: HOME });
  const [mqtt, , , zigbee] = HOME.credentials as [Found, Found, Found, Found];
  const bearer = house.as('maintainer');
  for (const dryRun of [true, false])
    for (const value of [zigbee.value, '[9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9]']) {
      const body = { from: 'x', dryRun, credentials: [mqtt, { ...zigbee, value }] };
      const told = await bearer.call('adoptions.create', { params, body });
      assert.deepEqual(
        told.credentials.map(({ result, version, code }) => [result, version, code]),
        [
          ['same', 1, null],
          ['refused', null, 'deeds.denied'],
        ],
      );
      assert.match(told.credentials[1]!.detail ?? '', /bearer|gold/i);
    }
  await owner.call('exceptions.create', {
    body: { rule: 'bearer-gold', ...params, name: 'zigbee/key', reason: 'a night of renovation', life: '1h' },
  });
  const excused = await bearer.call('adoptions.create', {
    params,
    body: { from: 'x', dryRun: true, credentials: [mqtt, zigbee] },
  });
  assert.deepEqual(
    excused.credentials.map(({ result }) => result),
    ['same', 'same'],
  );
});

test('guesses at one credential end after twenty in a minute, and repeating the truth does not count', async (t) => {
  const house = await openControlHouse(t);
  const owner = house.as('session');
  await owner.call('adoptions.create', { params, body: HOME });
  const [mqtt, wifi] = HOME.credentials as [Found, Found];
  const guess = async (value: string) =>
    (
      await owner.call('adoptions.create', {
        params,
        body: { from: 'x', dryRun: true, credentials: [{ ...mqtt, value }, wifi] },
      })
    ).credentials;
  for (let n = 0; n < 25; n++) assert.equal((await guess(mqtt.value))[0]!.result, 'same');
  const answers = await Promise.all(Array.from({ length: 30 }, (_, n) => guess(`a-wrong-guess-${n}`)));
  const codes = answers.map(([first]) => first!.code ?? first!.result);
  assert.equal(codes.filter((code) => code === 'changed').length, 20);
  assert.equal(codes.filter((code) => code === 'http.too_many').length, 10);
  assert.ok(answers.every(([, second]) => second!.result === 'same' || second!.code === 'http.too_many'));
  const [refused, other] = await guess(mqtt.value);
  assert.equal(refused!.code, 'http.too_many');
  assert.equal(other!.result, 'same');
});
