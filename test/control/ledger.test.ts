import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commitmentOf, parseVerifierKey, verifyProofFile } from '#ledger';
import { fromHex, utf8Text } from '#kernel';
import { openControlHouse, refusal } from './control-house.ts';

const PATH = 'porch/home/mqtt';

test('entries are found by who, what, where and outcome, newest first, page after page', async (t) => {
  const house = await openControlHouse(t);
  const owner = house.as('session');
  for (let i = 0; i < 5; i++)
    await owner.call('values.put', { path: `porch/home/n${i}`, body: { value: { value: `list-secret-${i}-value` } } });
  await refusal(
    house.as('service').call('values.put', { path: 'porch/home/n1', body: { value: { value: 'no' } } }),
    'deeds.denied',
  );
  const writes = await owner.call('ledger.list', {
    query: { project: 'porch', environment: 'home', action: 'credential.write', limit: '4' },
  });
  assert.equal(writes.items.length, 4);
  assert.deepEqual(
    writes.items.map(({ outcome }) => outcome),
    ['denied', 'allowed', 'allowed', 'allowed'],
  );
  const rest = await owner.call('ledger.list', {
    query: { project: 'porch', environment: 'home', action: 'credential.write', limit: '4', after: writes.next! },
  });
  assert.equal(rest.items.length, 2);
  const denied = await owner.call('ledger.list', { query: { outcome: 'denied' } });
  assert.deepEqual(
    denied.items.map(({ path }) => path),
    ['porch/home/n1'],
  );
});

test('anybody reads his own entries, and nobody else’s without being told to watch', async (t) => {
  const house = await openControlHouse(t);
  const owner = house.as('session');
  const written = await owner.call('values.put', { path: PATH, body: { value: { value: 'first-secret-value' } } });
  const service = house.as('service');
  const { receipt } = await service.call('values.get', { path: PATH });
  const { items } = await service.call('ledger.list', { query: { own: 'true' } });
  assert.ok(items.length >= 1 && items.every(({ caller }) => caller === items[0]!.caller));
  assert.equal(
    (await service.call('ledger.show', { params: { index: String(receipt) }, query: { own: 'true' } })).action,
    'credential.read',
  );
  await refusal(
    service.call('ledger.show', { params: { index: String(written.receipt) }, query: { own: 'true' } }),
    'ledger.absent',
  );
  assert.ok(
    (await refusal(service.call('ledger.show', { params: { index: String(written.receipt) }, query: {} }))).status >=
      403,
  );
  assert.ok((await refusal(service.call('ledger.list', { query: {} }))).status >= 403);
  const auditor = await house.as('auditor').call('ledger.list', { query: { project: 'porch' } });
  assert.ok(auditor.items.some(({ index }) => index === receipt));
  await refusal(house.as('auditor').call('ledger.list', { query: {} }), 'deeds.denied');
});

test('a proof file shows with the public key alone that an entry stands in the ledger, and opens it', async (t) => {
  const house = await openControlHouse(t);
  const owner = house.as('session');
  const { receipt } = await owner.call('values.put', { path: PATH, body: { value: { value: 'first-secret-value' } } });
  const { proof, entry } = await owner.call('ledger.prove', { params: { index: String(receipt) }, query: {} });
  const key = parseVerifierKey((await (await fetch(`${house.url}/ledger/key`)).text()).trim());
  const proven = verifyProofFile(proof, key);
  assert.equal(proven.index, receipt);
  const opened = JSON.parse(utf8Text(proven.opening)) as typeof entry;
  assert.deepEqual(opened, entry);
  const part = {
    ...opened,
    at: Date.parse(opened.at),
    head: opened.head === null ? null : { version: opened.head.version, hash: fromHex(opened.head.hash) },
  };
  const commitment = commitmentOf(part, fromHex(opened.opening.salt), fromHex(opened.opening.personal_hash));
  assert.deepEqual([...proven.entry.subarray(1)], [...commitment]);
});

test('redacting an identity takes who and where out of its entries and leaves every proof valid', async (t) => {
  const house = await openControlHouse(t);
  const owner = house.as('session');
  await owner.call('values.put', { path: PATH, body: { value: { value: 'first-secret-value' } } });
  const service = house.as('service');
  const { receipt } = await service.call('values.get', { path: PATH });
  const { identity } = await service.call('me.show');
  await refusal(house.as('auditor').call('ledger.redact', { body: { identity, reason: 'asked for' } }));
  assert.equal((await owner.call('ledger.redact', { body: { identity, reason: 'asked for' } })).redacted, 1);
  const { proof, entry } = await owner.call('ledger.prove', { params: { index: String(receipt) }, query: {} });
  assert.deepEqual([entry.caller, entry.address, entry.path, entry.action], [null, null, null, 'credential.read']);
  verifyProofFile(proof, parseVerifierKey((await (await fetch(`${house.url}/ledger/key`)).text()).trim()));
});
