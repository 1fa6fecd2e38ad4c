import assert from 'node:assert/strict';
import { hmac } from '#kernel/node';
import { CredentialPath, Secret, hasCode, matchName, toHex } from '#kernel';
import type { Caller } from '#identity';
import { inspectAll, listFindings, listLeaks, recordLeaks } from '#findings';
import { changeState, declareConsumers, describeCredential } from '#inventory';
import {
  type Matches,
  deleteVersions,
  destroyVersions,
  matchValues,
  obtainMatchKey,
  promoteVersion,
  tagOlderVersions,
  transferCredential,
  writeVersion,
} from '#secrets';
import { forEachEngine } from './engines.ts';
import { somebody, sessionFor, tokenFor } from './house.ts';
import { type Rooms, openRooms, reopenRooms } from './rooms.ts';
import { tagsOf, untag } from './untag.ts';

const at = (text: string) => CredentialPath.parse(text);
const HOME = { project: 'porch', environment: 'home' };
const MQTT = at('porch/home/mqtt');

const write = (house: Rooms, path: CredentialPath, text: string, more: { readonly pending?: boolean } = {}) =>
  writeVersion(house.secrets, house.owner, {
    path,
    value: Secret.fromText(JSON.stringify({ password: text })),
    leaves: 'all',
    provenance: { how: 'entered', from: null, scopes: [] },
    ...more,
  });

const namesOf = async (house: Rooms, texts: readonly string[], caller = house.owner, place = HOME) => {
  const { key } = await obtainMatchKey(house.secrets, caller, place);
  return texts.map((text) => matchName(hmac(key), text)).filter((name) => name !== null);
};
const ask = async (house: Rooms, texts: readonly string[], caller = house.owner, place = HOME): Promise<Matches> =>
  matchValues(house.secrets, caller, { ...place, names: await namesOf(house, texts, caller, place) });
const told = ({ known }: Matches) =>
  known
    .map(({ credential, version, standing, isLive }) => [credential.name, version, standing, isLive] as const)
    .toSorted(([a, one], [b, other]) => (a < b ? -1 : a > b ? 1 : (one ?? Infinity) - (other ?? Infinity)));

const byToken = async (house: Rooms, token: string): Promise<Caller> =>
  house.engine.read((tx) =>
    house.identity.authenticate(tx, Secret.fromText(token), { address: 'local', agent: 'test' }, house.clock.now()),
  );

forEachEngine('a value is recognised as long as a version holds it, and says how it stands', async (_t, engine) => {
  const house = await openRooms(engine);
  await write(house, MQTT, 'the first password');
  await write(house, MQTT, 'the second password');
  const { credential } = await write(house, MQTT, 'the third password', { pending: true });
  const texts = ['the first password', 'the second password', 'the third password', 'nobody has this one'];
  assert.deepEqual(told(await ask(house, texts)), [
    ['mqtt', 1, 'earlier', false],
    ['mqtt', 2, 'current', true],
    ['mqtt', null, 'pending', true],
  ]);
  await house.deeds.perform(promoteVersion, house.owner, { path: MQTT, credential, serial: 3 });
  assert.deepEqual(told(await ask(house, ['the third password'])), [['mqtt', 3, 'current', true]]);
  await house.deeds.perform(deleteVersions, house.owner, { path: MQTT, versions: [3] });
  assert.equal((await ask(house, texts)).known.length, 3, 'deleted is brought back any time');
  await destroyVersions(house.secrets, house.owner, { path: MQTT, versions: [2] });
  assert.deepEqual(told(await ask(house, texts.slice(1, 2))), []);
});

forEachEngine('line ends, blanks around it and forms of Unicode make no other value', async (_t, engine) => {
  const house = await openRooms(engine);
  await write(house, MQTT, 'Gru\u0308ße, line one\nline two\n');
  assert.equal((await ask(house, ['  Gr\u00fcße, line one\r\nline two'])).known.length, 1);
  assert.equal((await ask(house, ['Gr\u00fcße, line one line two'])).known.length, 0);
});

forEachEngine('short values have no name and no tag, so that nobody can try them all', async (_t, engine) => {
  const house = await openRooms(engine);
  await write(house, MQTT, '1234567');
  await write(house, at('porch/home/blank'), '123456      ');
  assert.deepEqual(await namesOf(house, ['1234567', '123456      ']), []);
  assert.deepEqual(await tagsOf(engine), [''], 'one leaf has a fingerprint, and no tag');
});

forEachEngine('equal values of two projects or environments have different tags', async (_t, engine) => {
  const house = await openRooms(engine);
  await write(house, MQTT, 'one and the same value');
  const there = { path: at('porch/prod/mqtt'), asFound: true };
  await writeVersion(house.secrets, house.owner, {
    ...there,
    value: Secret.fromText('{"password":"one and the same value"}'),
    leaves: 'all',
    provenance: { how: 'entered', from: null, scopes: [] },
  });
  const found = await tagsOf(engine);
  assert.equal(new Set(found).size, 2);
  const prod = { project: 'porch', environment: 'prod' };
  const [match] = (await ask(house, ['one and the same value'], house.owner, prod)).known;
  assert.equal(match!.credential.environment === match!.credential.project, false);
  assert.equal((await ask(house, ['one and the same value'])).known.length, 1);
});

forEachEngine(
  'a rename and a rekey change nothing of what is recognised; the column is another',
  async (_t, engine) => {
    const house = await openRooms(engine);
    await write(house, MQTT, 'a value of its own');
    const before = await tagsOf(engine);
    await transferCredential(house.secrets, house.owner, { from: MQTT, to: at('porch/home/broker') });
    assert.deepEqual(await tagsOf(engine), before);
    const names = await namesOf(house, ['a value of its own']);
    for (let i = 0; i < 2; i++) await house.seal.rekey(house.owner, undefined);
    assert.notDeepEqual(await tagsOf(engine), before);
    const again = await reopenRooms(engine);
    for (const one of [house, again]) {
      assert.deepEqual(told(await matchValues(one.secrets, one.owner, { ...HOME, names })), [
        ['broker', 1, 'current', true],
      ]);
      assert.deepEqual(await namesOf(one, ['a value of its own']), names, 'the key stays');
    }
  },
);

forEachEngine('the match key and the column together test no guess', async (_t, engine) => {
  const house = await openRooms(engine);
  await write(house, MQTT, 'a guessable value');
  const [name] = await namesOf(house, ['a guessable value']);
  assert.ok(!(await tagsOf(engine)).includes(toHex(name!)));
});

forEachEngine('who may not read there learns nothing, and leaves an entry', async (_t, engine) => {
  const house = await openRooms(engine);
  await write(house, MQTT, 'a value of its own');
  await write(house, at('porch/prod/mqtt'), 'a value of production');
  const prod = { project: 'porch', environment: 'prod' };
  const names = await namesOf(house, ['a value of its own']);
  const denied = (error: unknown) => hasCode(error, 'deeds.denied');
  for (const role of ['auditor', 'responder', 'service', 'device', null] as const) {
    const caller = await byToken(house, await tokenFor(house, await somebody(house, `a-${role}`, role)));
    const { size } = house.deeds.head()!;
    await assert.rejects(obtainMatchKey(house.secrets, caller, HOME), denied, `${role}`);
    await assert.rejects(matchValues(house.secrets, caller, { ...HOME, names }), denied, `${role}`);
    assert.equal(house.deeds.head()!.size, size + 2);
  }
  const developer = await byToken(house, await tokenFor(house, await somebody(house, 'dev', 'developer')));
  assert.equal((await ask(house, ['a value of its own'], developer)).known.length, 1);
  await assert.rejects(obtainMatchKey(house.secrets, developer, prod), denied, 'a developer in production');
  const deployer = await byToken(house, await tokenFor(house, await somebody(house, 'ci', 'deployer')));
  assert.equal((await ask(house, ['a value of production'], deployer, prod)).known.length, 1);
});

forEachEngine('of gold nobody is told with a bearer token alone, and its keeper can be', async (_t, engine) => {
  const house = await openRooms(engine);
  await write(house, MQTT, 'a golden value');
  await house.deeds.perform(describeCredential, house.owner, { path: MQTT, description: { tier: 'gold' } });
  const id = await somebody(house, 'keeper', 'maintainer');
  const bearer = await byToken(house, await tokenFor(house, id));
  const { known, withheld } = await ask(house, ['a golden value'], bearer);
  assert.deepEqual([known.length, withheld.map(({ credential }) => credential.name)], [0, ['mqtt']]);
  const proven = await byToken(house, await sessionFor(house, id));
  assert.equal((await ask(house, ['a golden value'], proven)).known.length, 1);
});

forEachEngine('what ended is not live, what is suspended or compromised still is', async (_t, engine) => {
  const house = await openRooms(engine);
  await write(house, MQTT, 'a value of its own');
  await house.deeds.perform(declareConsumers, house.owner, {
    path: MQTT,
    consumers: [{ kind: 'file', place: 'a.yaml:1', detail: {} }],
    replace: null,
  });
  const live = async () => {
    const [match] = (await ask(house, ['a value of its own'])).known;
    return [match!.isLive, match!.consumers.length];
  };
  for (const [ending, isLive] of [
    ['suspend', true],
    ['resume', true],
    ['retire', false],
  ] as const) {
    await house.deeds.perform(changeState(ending), house.owner, { path: MQTT, reason: 'test' });
    assert.deepEqual(await live(), [isLive, 1], ending);
  }
});

forEachEngine(
  'versions of before there were tags get theirs by the program, with an entry for each',
  async (_t, engine) => {
    const house = await openRooms(engine);
    for (let i = 0; i < 3; i++) await write(house, at(`porch/home/at-${i}`), `a value of its own ${i}`);
    await house.deeds.perform(changeState('suspend'), house.owner, { path: at('porch/home/at-2'), reason: 'test' });
    const before = await tagsOf(engine);
    await untag(engine);
    assert.equal((await obtainMatchKey(house.secrets, house.owner, HOME)).isComplete, false);
    assert.equal((await ask(house, ['a value of its own 1'])).known.length, 0);
    const { size } = house.deeds.head()!;
    assert.equal(await tagOlderVersions(house.secrets), 3);
    assert.equal(house.deeds.head()!.size, size + 6, 'one for the opening, one for the tag');
    assert.deepEqual(await tagsOf(engine), before);
    assert.equal(await tagOlderVersions(house.secrets), 0);
    assert.equal((await obtainMatchKey(house.secrets, house.owner, HOME)).isComplete, true);
  },
);

forEachEngine('a leak opens a finding, and ends by what happens to the version or its place', async (_t, engine) => {
  const house = await openRooms(engine);
  const { credential } = await write(house, MQTT, 'a value of its own');
  const everywhere = async () => [{ project: null, environment: null, prefix: null }];
  const list = async (state: 'open' | 'closed') => {
    const input = { ...HOME, rule: 'leaked', state, now: house.clock.now(), after: '', limit: 10 };
    return (await house.deeds.perform(listFindings(everywhere), house.owner, input)).output;
  };
  const record = async (file: string | null, gone: readonly string[] = []) => {
    const seen = file === null ? [] : [{ credential, serial: 1, file, line: 3 }];
    return (await house.deeds.perform(recordLeaks(house.random), house.owner, { ...HOME, source: 'here', seen, gone }))
      .output;
  };
  assert.deepEqual(await record('a.yaml'), { opened: 1, closed: 0 });
  assert.deepEqual(await record('a.yaml'), { opened: 0, closed: 0 });
  const page = { ...HOME, source: 'here', after: '', limit: 10 };
  const known = (await house.deeds.perform(listLeaks(everywhere), house.owner, page)).output;
  assert.deepEqual([known.items.length, known.next], [1, null]);
  const nobody = (
    await house.deeds.perform(
      listLeaks(async () => []),
      house.owner,
      page,
    )
  ).output;
  assert.equal(nobody.items.length, 0, 'nobody is told of what he may not see');
  assert.deepEqual(await record(null, [known.items[0]!.id]), { opened: 0, closed: 1 });
  assert.deepEqual(await record('a.yaml'), { opened: 1, closed: 0 });
  await write(house, MQTT, 'another value of its own');
  const { size } = house.deeds.head()!;
  await inspectAll(house);
  assert.deepEqual(await list('open'), []);
  assert.equal((await list('closed'))[0]!.summary, 'version 1 was replaced by version 2');
  const after = house.deeds.head()!.size;
  await inspectAll(house);
  assert.deepEqual([after > size, house.deeds.head()!.size], [true, after], 'what did not change leaves no entry');
});
