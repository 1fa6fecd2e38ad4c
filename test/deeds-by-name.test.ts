import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Client } from '#client';
import type { Deed } from '#deeds';
import { Duration, Secret, hasCode } from '#kernel';
import { createIdentity, makeRecoveryToken } from '#identity';
import { INSTALLATION } from '#inventory';
import { acceptRollback } from '#ledger';
import { tagOlderVersions } from '#secrets';
import { readKitText } from '../src/server/kit-page.ts';
import { type ControlHouse, openControlHouse } from './control/control-house.ts';
import { forEachEngine, temporaryFolder } from './engines.ts';
import { ferry } from './ferry.ts';
import { plant } from './program/canary.ts';
import { tour } from './program/tour.ts';
import { openRooms } from './rooms.ts';
import { untag } from './untag.ts';

const probe = (name: string, apply: () => Promise<string>): Deed<unknown, string> => ({
  name,
  action: 'installation.posture',
  effect: 'change',
  facts: async () => ({ resource: INSTALLATION }),
  apply,
});

forEachEngine('what a commit applies is found by the name of the deed, not brought along', async (_t, engine) => {
  const house = await openRooms(engine);
  house.deeds.register([probe('probe', async () => 'registered')]);
  const { output } = await house.deeds.perform(
    probe('probe', async () => 'brought'),
    house.owner,
    {},
  );
  assert.equal(output, 'registered');
  const { size } = house.deeds.head()!;
  const unknown = house.deeds.perform(
    probe('stranger', async () => 'brought'),
    house.owner,
    {},
  );
  await assert.rejects(unknown, (error) => hasCode(error, 'deeds.unknown'));
  const renamed = { ...createIdentity(house.identityPorts), action: 'identity.list' } as const;
  const other = house.deeds.perform(renamed, house.owner, { name: 'eve', kind: 'person' });
  await assert.rejects(other, (error) => hasCode(error, 'deeds.unknown'), 'another action under a known name');
  assert.equal(house.deeds.head()!.size, size, 'nothing was decided');
});

forEachEngine('a name is taken once, and by what changes something', async (_t, engine) => {
  const { deeds, identityPorts } = await openRooms(engine);
  assert.throws(
    () => deeds.register([createIdentity(identityPorts)]),
    /Two deeds are called identity\/create-identity/,
  );
  const reveals = { ...probe('reveals', async () => ''), effect: 'reveal', find: async () => '' } as const;
  assert.throws(() => deeds.register([reveals]), /changes nothing/);
});

test('every deed in the source that changes something is registered', async (t) => {
  const house = await openControlHouse(t);
  const source = join(import.meta.dirname, '../src');
  const declared = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .flatMap((file) => [
      ...readFileSync(join(source, file), 'utf8').matchAll(
        /name: ['`]([^'`]+)['`],\n\s+action: .*\n\s+effect: 'change'/g,
      ),
    ])
    .map(([, name]) => name!);
  const endings = ['suspend', 'resume', 'retire', 'compromise'];
  assert.deepEqual(
    declared
      .flatMap((name) => (name.startsWith('$') ? endings.map((ending) => `${ending}-credential`) : name))
      .toSorted(),
    house.rooms.deeds.names(),
  );
});

test('the input of every deed is plain data: it arrives whole in another thread', async (t) => {
  const house = await openControlHouse(t, { backups: temporaryFolder() });
  const { deeds } = house.rooms;
  const { perform } = deeds;
  const performed = new Set<string>();
  Object.assign(deeds, {
    perform: (async (deed, caller, input) => {
      if (deed.effect === 'reveal') return perform(deed, caller, input);
      const done = await perform(deed, caller, ferry(input));
      performed.add(deed.name);
      return done;
    }) satisfies typeof perform,
  });
  await everyDeed(house);
  assert.deepEqual(
    deeds.names().filter((name) => !performed.has(name)),
    [],
  );
});

test('what is no plain data does not arrive', () => {
  const whole = { a: [1, null, undefined, 'x'], b: new Uint8Array([1]), c: new Map([['k', { d: true }]]) };
  assert.deepEqual(ferry(whole), whole);
  const { secret, life } = ferry({ secret: Secret.fromText('kept'), life: Duration.of(1, 'h') });
  assert.deepEqual([secret.revealText(), life.toString()], ['kept', '1h']);
  assert.throws(() => ferry({ a: () => 1 }), /could not be cloned/);
  assert.throws(() => ferry({ a: new Error('x') }), /No plain data: Error/);
});

/** Carries out every deed that changes something, as faces do. */
const everyDeed = async (house: ControlHouse): Promise<void> => {
  const owner = house.as('session');
  const { identity } = await owner.call('me.show');
  await owner.call('identities.link', { params: { id: identity }, body: { uid: process.getuid!() } });
  await tour({
    stranger: house.with(undefined),
    owner: withPorch(owner),
    local: house.local(),
    withToken: house.with,
    value: plant('value'),
    revealed: () => {},
  });
  await owner.call('projects.create', {
    body: { name: 'barn', posture: 'home', environments: [{ name: 'home', production: false }] },
  });
  await owner.call('environments.create', { params: { project: 'barn' }, body: { name: 'attic', production: false } });
  await untag(house.rooms.engine);
  await tagOlderVersions(house.rooms.secrets);
  const foreign = await house.as('developer').call('tokens.create', { body: { life: '1h' } });
  await owner.call('tokens.revoke', { params: { id: foreign.accessor } });
  await owner.call('tokens.create', { body: { identity, life: '1h' } });
  const { deeds, identityPorts, owner: ada } = house.rooms;
  await deeds.perform(makeRecoveryToken(identityPorts), ada, { identity });
  for (const ending of ['compromise', 'retire'] as const) {
    const path = `barn/home/to-${ending}`;
    await owner.call('values.put', { path, body: { value: { value: `${ending}-secret-value` } } });
    await owner.call('states.change', { path, body: { ending, reason: 'a walk' } });
  }

  const vault = async (method: string, path: string, body: object, headers = {}): Promise<{ wrap_info?: Wrapped }> => {
    const sent = { 'x-vault-token': house.tokens.session, ...headers };
    const answer = await fetch(`${house.url}/v1/${path}`, { method, headers: sent, body: JSON.stringify(body) });
    assert.ok(answer.ok, `${path} ${answer.status}`);
    return answer.status === 204 ? {} : ((await answer.json()) as { wrap_info?: Wrapped });
  };
  await vault('POST', 'secret/metadata/porch/home/reserved', { max_versions: 3 });
  await vault('PATCH', 'secret/metadata/porch/home/reserved', { max_versions: 4 }, { 'content-type': MERGE });
  await vault('POST', 'secret/data/porch/home/number', { data: { pin: 1.0 } });
  const { wrap_info } = await vault('POST', 'sys/wrapping/wrap', { a: 1 }, { 'x-vault-wrap-ttl': '60' });
  await vault('POST', 'sys/wrapping/unwrap', { token: wrap_info!.token });

  const { page } = await owner.call('kit.create', { body: {} });
  await owner.call('kit.confirm', { body: {} });
  await owner.call('rekey.do', { body: {} });
  await owner.call('lock.do', { body: {} });
  await house.local().call('unlock.do', { body: {} });
  await deeds.perform(acceptRollback, ada, { reason: 'a walk', anchored: null });
  const kit = readKitText(Secret.fromText(page));
  const { token } = await house.with(undefined).call('sign-in.kit', { body: { kit: kit.recoveryToken!.revealText() } });
  await house.with(token).call('kit.revoke', {});
};

type Wrapped = { readonly token: string };
const MERGE = 'application/merge-patch+json';

/** The tour begins in a house without the project `porch`; test houses have it. */
const withPorch = (client: Client): Client => ({
  ...client,
  call: (async (id: 'me.show', ...input: []) => {
    try {
      return await client.call(id, ...input);
    } catch (error) {
      if (hasCode(error, 'inventory.project_exists') || hasCode(error, 'inventory.environment_exists')) return {};
      throw error;
    }
  }) as never,
});
