import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { createApp, openLog } from '#http';
import { Duration, Secret } from '#kernel';
import { systemClock, systemRandom } from '#kernel/node';
import { passphraseProvider } from '#sealing';
import { type Engine, migrate, openSqlite } from '#storage';
import { type Composed, compose } from '../../src/server/compose.ts';
import { ask, jsonOf } from '../vault/converse.ts';

const PASSPHRASE = 'four words are enough';

describe('unlocking through the Vault face', () => {
  const folder = mkdtempSync(join(tmpdir(), 'chatelaine-unlock-'));
  let engine: Engine;
  let house: Composed;
  let minutes = 0;
  let port = 0;
  let close = async (): Promise<void> => {};
  const socket = join(folder, 'sock');

  before(async () => {
    engine = openSqlite({ folder });
    await migrate(engine, Date.now());
    const clock = { now: systemClock.now, monotonic: () => systemClock.monotonic() + minutes * 60_000 };
    house = compose({
      engine,
      clock,
      random: systemRandom,
      provider: undefined,
      version: '0.0.0-test',
      onCommit: () => {},
      health: async () => ({}),
    });
    await house.look();
    await house.create({ demo: false, posture: 'home', provider: passphraseProvider(Secret.fromText(PASSPHRASE)) });
    const app = await createApp(
      house,
      {
        hosts: [],
        trustedProxies: [],
        bodyLimit: 10_000,
        requestTimeout: Duration.of(10, 's'),
        maxConnections: 100,
        maxRequestsPerConnection: 100,
        tls: null,
      },
      openLog('silent'),
    );
    const server = app.listener().listen(0, '127.0.0.1');
    await once(server, 'listening');
    await once(app.listener({ plain: true }).listen(socket), 'listening');
    port = (server.address() as AddressInfo).port;
    close = async () => {
      await app.drain(Duration.of(1, 's'));
      await house.deeds.close();
      await engine.close();
      rmSync(folder, { recursive: true, force: true });
    };
  });
  after(() => close());

  const unseal = (fields: object, to: number | string = port) =>
    ask(to, 'PUT', '/v1/sys/unseal', { body: JSON.stringify(fields) });
  const nonce = async (): Promise<string> => jsonOf(await ask(port, 'GET', '/v1/sys/seal-status')).nonce;

  test('takes the passphrase and answers with the status', async () => {
    house.sealing.lock();
    const wrong = await unseal({ key: 'not the passphrase' });
    assert.equal(wrong.status, 400);
    assert.ok(!wrong.body.includes('not the passphrase'));
    assert.equal(house.seal.state(), 'locked');
    const right = await unseal({ key: PASSPHRASE, nonce: await nonce() });
    assert.deepEqual([right.status, jsonOf(right).sealed], [200, false]);
  });

  test('a recorded request that names its time of being locked is worth nothing at the next', async () => {
    minutes++;
    house.sealing.lock();
    const old = await nonce();
    assert.match(old, /^[0-9a-f]{32}$/);
    await unseal({ key: PASSPHRASE, nonce: old });
    assert.equal(house.seal.state(), 'unlocked');
    house.sealing.lock();
    assert.notEqual(await nonce(), old);
    assert.equal((await unseal({ key: PASSPHRASE, nonce: old })).status, 400);
    assert.equal(house.seal.state(), 'locked');
  });

  test('resetting cancels nothing of anybody else (CVE-2025-4656): the nonce stays', async () => {
    house.sealing.lock();
    const before = await nonce();
    assert.equal((await unseal({ reset: true })).status, 200);
    assert.equal(await nonce(), before);
  });

  test('tries are few each minute, and strangers keep nobody at the machine out', async () => {
    minutes++;
    house.sealing.lock();
    const statuses: number[] = [];
    for (let i = 0; i < 7; i++) statuses.push((await unseal({ key: `guess ${i} of many` })).status);
    assert.deepEqual(statuses, [400, 400, 400, 400, 400, 429, 429]);
    const refused = await unseal({ key: PASSPHRASE });
    assert.match(refused.headers, /\r\nretry-after: \d+/i);
    assert.equal(house.seal.state(), 'locked', 'the right one is refused too');
    assert.equal((await unseal({ key: PASSPHRASE }, socket)).status, 200);
    assert.equal(house.seal.state(), 'unlocked');
  });

  test('tries at one face count at the other', async () => {
    minutes++;
    house.sealing.lock();
    const unlock = (passphrase: string, to: number | string = port) =>
      ask(to, 'POST', '/api/unlock', {
        body: JSON.stringify({ passphrase }),
        headers: { 'content-type': 'application/json' },
      });
    for (let i = 0; i < 3; i++) assert.equal((await unseal({ key: `guess ${i} of many` })).status, 400);
    for (let i = 0; i < 2; i++) assert.notEqual((await unlock(`guess ${i} of more`)).status, 429);
    assert.deepEqual([(await unlock(PASSPHRASE)).status, (await unseal({ key: PASSPHRASE })).status], [429, 429]);
    assert.equal(house.seal.state(), 'locked');
    minutes++;
    assert.equal((await unlock(PASSPHRASE)).status, 200);
  });

  test('many at once cost no more memory than one', async () => {
    minutes++;
    house.sealing.lock();
    const statuses = (
      await Promise.all(Array.from({ length: 5 }, (_, i) => unseal({ key: `guess ${i} of many` })))
    ).map(({ status }) => status);
    assert.deepEqual(
      statuses.toSorted((a, b) => a - b),
      [400, 429, 429, 429, 429],
    );
  });

  test('what is no key is refused before anything is computed', async () => {
    minutes++;
    for (const fields of [
      {},
      { key: '' },
      { key: 7 },
      { key: null },
      { key: ['a'] },
      { key: PASSPHRASE, nonce: 'ffff' },
      { key: PASSPHRASE, reset: 'maybe' },
    ])
      assert.equal((await unseal(fields)).status, 400, JSON.stringify(fields));
    assert.equal(house.seal.state(), 'locked');
  });
});
