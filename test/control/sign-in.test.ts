import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { signInAsOsUser } from '#client/node';
import { temporaryFolder } from '../engines.ts';
import { openControlHouse, refusal } from './control-house.ts';

type House = Awaited<ReturnType<typeof openControlHouse>>;
const UID = process.getuid!();

const linkOwner = async (house: House): Promise<void> => {
  const owner = house.as('session');
  const { identity } = await owner.call('me.show');
  await owner.call('identities.link', { params: { id: identity }, body: { uid: UID } });
};

test('the same user of this machine is signed in through the socket, without a password', async (t) => {
  const house = await openControlHouse(t);
  await linkOwner(house);
  const local = house.local();
  await refusal(local.call('me.show'), 'identity.unauthenticated');
  const { name, session } = await signInAsOsUser(local, { session: true });
  assert.equal(name, 'ada');
  const me = await local.call('me.show');
  assert.deepEqual([me.name, me.factors, me.accessor], ['ada', ['os-user'], null]);
  const elsewhere = house.with(session!.token.revealText());
  assert.deepEqual((await elsewhere.call('me.show')).factors, ['token', 'os-user']);
  await elsewhere.call('sign-in.end');
  await refusal(elsewhere.call('me.show'), 'identity.unauthenticated');
});

test('nobody is proven over TCP, by another file, by a link, twice, or on another connection', async (t) => {
  const house = await openControlHouse(t);
  await linkOwner(house);
  await refusal(house.with(undefined).call('sign-in.os-challenge', { body: {} }), 'control.not_local');

  const local = house.local();
  const sign = async (prepare: (file: string) => void, on = local) => {
    const { nonce, file } = await local.call('sign-in.os-challenge', { body: {} });
    prepare(file);
    return on.call('sign-in.os', { body: { nonce } });
  };
  const empty = join(temporaryFolder(), 'empty');
  writeFileSync(empty, '');
  await refusal(
    sign(() => {}),
    'identity.unauthenticated',
  );
  await refusal(
    sign((file) => writeFileSync(file, 'x')),
    'identity.unauthenticated',
  );
  await refusal(
    sign((file) => symlinkSync(empty, file)),
    'identity.unauthenticated',
  );
  await refusal(
    sign((file) => mkdirSync(file)),
    'identity.unauthenticated',
  );
  await refusal(
    sign((file) => writeFileSync(file, ''), house.local()),
    'identity.unauthenticated',
  );
  await refusal(local.call('me.show'), 'identity.unauthenticated');

  const { nonce, file } = await local.call('sign-in.os-challenge', { body: {} });
  writeFileSync(file, '');
  await local.call('sign-in.os', { body: { nonce } });
  assert.ok(!readdirSync(dirname(file)).includes(nonce), 'the file is removed');
  await refusal(house.local().call('sign-in.os', { body: { nonce } }), 'identity.unauthenticated');
});

test('a user of this machine whom nobody linked proves nothing', async (t) => {
  const house = await openControlHouse(t);
  const local = house.local();
  await refusal(signInAsOsUser(local, { session: false }), 'identity.unauthenticated');
  await refusal(local.call('me.show'), 'identity.unauthenticated');
});

test('a sign-in code opens one session, once', async (t) => {
  const house = await openControlHouse(t);
  const owner = house.as('session');
  const { identity } = await house.as('developer').call('me.show');
  const { code } = await owner.call('sign-in-codes.create', { body: { identity } });
  const nobody = house.with(undefined);
  const { token } = await nobody.call('sign-in.code', { body: { code } });
  assert.equal((await house.with(token).call('me.show')).name, 'developer');
  await refusal(nobody.call('sign-in.code', { body: { code } }), 'identity.unauthenticated');
  await refusal(house.with(code).call('me.show'), 'identity.unauthenticated');
});

test('while locked only the status answers, and unlocking brings everything back', async (t) => {
  const house = await openControlHouse(t);
  const owner = house.as('session');
  assert.equal((await owner.call('lock.do', { body: {} })).state, 'locked');
  const nobody = house.with(undefined);
  assert.equal((await nobody.call('status.show')).state, 'locked');
  assert.equal((await refusal(owner.call('me.show'), 'sealing.locked')).status, 503);
  assert.equal((await nobody.call('unlock.do', { body: {} })).state, 'unlocked');
  assert.equal((await owner.call('me.show')).name, 'ada');
});

test('re-keying wraps every key anew, online', async (t) => {
  const house = await openControlHouse(t);
  const owner = house.as('session');
  await owner.call('values.put', { path: 'porch/home/a', body: { value: { value: 'first-secret-value' } } });
  assert.ok((await owner.call('rekey.do', { body: {} })).rewrapped >= 7);
  assert.deepEqual((await owner.call('values.get', { path: 'porch/home/a' })).value, { value: 'first-secret-value' });
});
