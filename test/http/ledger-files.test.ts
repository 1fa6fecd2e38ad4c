import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { parseVerifierKey, verifyPublished } from '#ledger';
import { type TestHouse, openTestHouse } from '../house.ts';
import { ask } from '../vault/converse.ts';

describe('the ledger as anybody may fetch it', () => {
  let house: TestHouse;
  before(async () => {
    house = await openTestHouse();
    const { tokens, port } = house;
    await ask(port, 'POST', '/v1/secret/data/porch/home/mqtt', {
      token: tokens.owner,
      body: '{"data":{"password":"ledger-horse-battery"}}',
    });
    // More than one tile of entries, so that a complete one, a partial one and a level above are fetched.
    for (let i = 0; i < 5; i++)
      await Promise.all(
        Array.from({ length: 60 }, () => ask(port, 'GET', '/v1/secret/data/porch/home/mqtt', { token: tokens.owner })),
      );
  });
  after(() => house.close());

  const fetched = async (path: string): Promise<Uint8Array | undefined> => {
    const response = await fetch(`${house.url}/ledger/${path}`);
    return response.status === 200 ? new Uint8Array(await response.arrayBuffer()) : undefined;
  };

  test('verifies with its public key alone', async () => {
    const key = parseVerifierKey(new TextDecoder().decode(await fetched('key')).trim());
    const report = await verifyPublished({ files: fetched, key });
    assert.deepEqual(report.faults, []);
    assert.ok(house.rooms.deeds.head()!.size > 300);
  });

  test('says nothing but hashes', async () => {
    const bundle = Buffer.from((await fetched('tile/entries/000'))!);
    assert.equal(bundle.length, 256 * 35);
    for (const text of ['porch', 'mqtt', 'credential', house.rooms.owner.identity]) assert.ok(!bundle.includes(text));
  });

  test('complete tiles may be kept for ever, the checkpoint not at all', async () => {
    const { headers } = await ask(house.port, 'GET', '/ledger/tile/0/000');
    assert.match(headers, /cache-control: public, max-age=31536000, immutable/i);
    assert.match((await ask(house.port, 'GET', '/ledger/checkpoint')).headers, /cache-control: no-store/i);
  });

  test('a tile has one name, and what is not grown yet is not there', async () => {
    for (const path of [
      '0/001',
      '0/999',
      '0/000.p/0',
      '0/000.p/256',
      '0/000.p/257',
      '0/0',
      '0/00',
      '0/x000/000',
      '00/000',
      '64/000',
      '-1/000',
      '0/000?x=1',
      '0/%30%30%30',
      'entries/002',
      'entries/000.p/01',
      '../checkpoint',
      '0//000',
      '',
      'entries',
      '0/000/',
      '1/000',
    ])
      assert.equal((await ask(house.port, 'GET', `/ledger/tile/${path}`)).status, 404, path);
    assert.equal((await ask(house.port, 'GET', '/ledger/tile/1/000.p/1')).status, 200);
    assert.equal((await ask(house.port, 'POST', '/ledger/checkpoint')).status, 405);
  });
});
