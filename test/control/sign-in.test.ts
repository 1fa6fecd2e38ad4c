import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import type { Client } from '#client';
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
  const { name, session } = await signInAsOsUser(local, { socket: house.socket, session: true });
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

test('a client makes its file beside the socket it is connected to, and nowhere else', async (t) => {
  const house = await openControlHouse(t);
  await linkOwner(house);
  const local = house.local();
  const elsewhere = temporaryFolder();
  const nonce = 'a'.repeat(48);
  /** Answers the challenge as a server would that wants a file of the caller's somewhere. */
  const asking = (file: string, named = nonce): Client => ({
    ...local,
    call: (async (id: string) =>
      id === 'sign-in.os-challenge' ? { nonce: named, file } : assert.fail('asked to sign in')) as never,
  });
  const folder = dirname(house.socket);
  mkdirSync(join(elsewhere, 'sign-in'));
  mkdirSync(join(folder, 'sign-in'), { mode: 0o700, recursive: true });
  for (const [file, named] of [
    [join(elsewhere, 'sign-in', nonce), nonce],
    [join(folder, 'sign-in', '..', nonce), nonce],
    [join(folder, nonce), nonce],
    [`${folder}/sign-in/../${nonce}`, nonce],
    [join(folder, 'sign-in', 'other'), nonce],
    [join(folder, 'sign-in', 'other'), 'other'],
    [`${folder}/sign-in/../../${nonce}`, `../../${nonce}`],
    [join(folder, 'sign-in', 'a', nonce), nonce],
    [nonce, nonce],
  ] as const)
    await refusal(
      signInAsOsUser(asking(file, named), { socket: house.socket, session: false }),
      'client.wrong_doorstep',
    );
  assert.deepEqual([...readdirSync(join(folder, 'sign-in')), ...readdirSync(join(elsewhere, 'sign-in'))], []);

  const linked = join(elsewhere, 'linked');
  symlinkSync(folder, linked);
  const { name } = await signInAsOsUser(local, { socket: join(linked, 'chatelaine.sock'), session: false });
  assert.equal(name, 'ada', 'a link on the way to the socket is followed');

  rmSync(join(folder, 'sign-in'), { recursive: true });
  symlinkSync(join(elsewhere, 'sign-in'), join(folder, 'sign-in'));
  const through = signInAsOsUser(asking(join(folder, 'sign-in', nonce)), { socket: house.socket, session: false });
  await refusal(through, 'client.wrong_doorstep');
});

test('a user of this machine whom nobody linked proves nothing', async (t) => {
  const house = await openControlHouse(t);
  const local = house.local();
  await refusal(signInAsOsUser(local, { socket: house.socket, session: false }), 'identity.unauthenticated');
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
  await refusal(nobody.call('unlock.do', { body: {} }), 'control.elsewhere');
  assert.equal((await house.local().call('unlock.do', { body: {} })).state, 'unlocked');
  assert.equal((await owner.call('me.show')).name, 'ada');
});

test('re-keying wraps every key anew, online', async (t) => {
  const house = await openControlHouse(t);
  const owner = house.as('session');
  await owner.call('values.put', { path: 'porch/home/a', body: { value: { value: 'first-secret-value' } } });
  assert.ok((await owner.call('rekey.do', { body: {} })).rewrapped >= 7);
  assert.deepEqual((await owner.call('values.get', { path: 'porch/home/a' })).value, { value: 'first-secret-value' });
});

test('a guard that needs nobody’s secret is asked for by the server’s own user only, through the socket', async (t) => {
  const house = await openControlHouse(t);
  await house.as('session').call('lock.do', { body: {} });
  const { rooms } = house;
  const unlock = (headers: Readonly<Record<string, string>>) =>
    fetch(`${house.url}/api/unlock`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: '{}',
    });
  // Through loopback it may be any user of this machine.
  for (const headers of [{}, { 'x-forwarded-for': '198.51.100.7' }, { forwarded: 'for=198.51.100.7' }]) {
    const answer = await unlock(headers);
    assert.equal(answer.status, 403);
    assert.equal(((await answer.json()) as { code: string }).code, 'control.elsewhere');
    assert.equal(rooms.seal.state(), 'locked');
  }
  assert.equal((await house.local().call('unlock.do', { body: {} })).state, 'unlocked');
});
