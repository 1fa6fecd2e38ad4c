/* oxlint-disable typescript/no-explicit-any -- the client's own types are any */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import nodeVault from 'node-vault';
import { type TestHouse, openTestHouse } from '../house.ts';

/** npm's node-vault as it comes, against a listening server. */
describe('node-vault', () => {
  let house: TestHouse;
  const clientOf = (token: string, options: Record<string, unknown> = {}) =>
    nodeVault({ endpoint: house.url, token, ...options }) as any;
  before(async () => {
    house = await openTestHouse();
  });
  after(() => house.close());

  test('asks how the server is', async () => {
    const client = clientOf('');
    assert.deepEqual(pick(await client.health(), 'initialized', 'sealed', 'standby'), {
      initialized: true,
      sealed: false,
      standby: false,
    });
    assert.deepEqual(await client.initialized(), { initialized: true });
    assert.equal((await client.status()).sealed, false);
  });

  test('writes, reads, patches, lists, deletes, undeletes, destroys and forgets', async () => {
    const client = clientOf(house.tokens.owner);
    const first = await client.write('secret/data/porch/home/z2m/mqtt', {
      data: { user: 'z2m', password: 'correct-horse-battery' },
    });
    assert.equal(first.data.version, 1);
    const second = await client.write('secret/data/porch/home/z2m/mqtt', {
      options: { cas: 1 },
      data: { user: 'z2m', password: 'another-horse' },
    });
    assert.equal(second.data.version, 2);
    assert.equal(
      (await client.read('secret/data/porch/home/z2m/mqtt?version=1')).data.data.password,
      'correct-horse-battery',
    );
    await client.update('secret/data/porch/home/z2m/mqtt', { data: { user: null } });
    const { data } = await client.read('secret/data/porch/home/z2m/mqtt');
    assert.deepEqual(data.data, { password: 'another-horse' });
    assert.equal(data.metadata.version, 3);

    assert.deepEqual((await client.list('secret/metadata/porch/home')).data.keys, ['z2m/']);
    assert.deepEqual(
      (await clientOf(house.tokens.owner, { noCustomHTTPVerbs: true }).list('secret/metadata/porch/home/z2m')).data
        .keys,
      ['mqtt'],
    );

    await client.delete('secret/data/porch/home/z2m/mqtt');
    await refused(() => client.read('secret/data/porch/home/z2m/mqtt'), 404);
    await client.write('secret/undelete/porch/home/z2m/mqtt', { versions: [3] });
    assert.equal((await client.read('secret/data/porch/home/z2m/mqtt')).data.data.password, 'another-horse');
    await client.write('secret/destroy/porch/home/z2m/mqtt', { versions: [1, 2] });
    const metadata = (await client.read('secret/metadata/porch/home/z2m/mqtt')).data;
    assert.deepEqual(
      Object.values<any>(metadata.versions).map(({ destroyed }) => destroyed),
      [true, true, false],
    );
    await client.write('secret/metadata/porch/home/z2m/mqtt', { max_versions: 3, custom_metadata: { room: 'attic' } });
    assert.deepEqual((await client.read('secret/metadata/porch/home/z2m/mqtt')).data.custom_metadata, {
      room: 'attic',
    });
    await client.delete('secret/metadata/porch/home/z2m/mqtt');
    await refused(() => client.read('secret/data/porch/home/z2m/mqtt'), 404);
    await refused(() => client.list('secret/metadata/porch/home'), 404);
  });

  test('reads through a namespace', async () => {
    const client = clientOf(house.tokens.owner, { namespace: 'porch' });
    await client.write('secret/data/home/wifi', { data: { psk: 'one-more-horse-battery' } });
    assert.equal((await client.read('secret/data/home/wifi')).data.data.psk, 'one-more-horse-battery');
    assert.deepEqual((await client.list('secret/metadata/home')).data.keys, ['wifi']);
  });

  test('makes, looks up, renews and revokes tokens', async () => {
    const child = clientOf(house.tokens.owner);
    const made = await child.tokenCreate({ ttl: '20m', renewable: true, display_name: 'node-vault' });
    assert.equal(child.token, made.auth.client_token);
    const self = (await child.tokenLookupSelf()).data;
    assert.ok(self.ttl > 1_190 && self.ttl <= 1_200, `a life of ${self.ttl} seconds`);
    assert.equal(self.orphan, false);
    assert.equal((await child.tokenRenewSelf({ increment: '30m' })).auth.client_token, child.token);
    const parent = clientOf(house.tokens.owner);
    assert.equal((await parent.tokenLookupAccessor({ accessor: self.accessor })).data.display_name, 'node-vault');
    assert.equal((await parent.tokenLookup({ token: child.token })).data.accessor, self.accessor);
    await parent.tokenRevokeAccessor({ accessor: self.accessor });
    await refused(() => child.tokenLookupSelf(), 403, /^permission denied$/);

    const own = clientOf(house.tokens.developer);
    await own.tokenCreate({ ttl: '60s' });
    await own.tokenRevokeSelf();
    await refused(() => own.tokenLookupSelf(), 403);
  });

  test('revoking a token revokes what was made from it', async () => {
    const parent = clientOf(house.tokens.owner);
    await parent.tokenCreate({ ttl: '20m' });
    const child = clientOf(parent.token);
    await child.tokenCreate({ ttl: '10m' });
    await parent.tokenRevokeSelf();
    await refused(() => child.tokenLookupSelf(), 403);
  });

  test('lists accessors for who may look at anybody’s tokens, and shows what is behind one', async () => {
    const maker = clientOf(house.tokens.developer);
    await maker.tokenCreate({ ttl: '10m', display_name: 'nodered' });
    const { accessor } = (await maker.tokenLookupSelf()).data;
    const owner = clientOf(house.tokens.owner);
    const { keys } = (await owner.tokenAccessors()).data;
    assert.ok(keys.includes(accessor));
    assert.equal(new Set(keys).size, keys.length);
    assert.equal((await owner.tokenLookupAccessor({ accessor })).data.display_name, 'nodered');
    await refused(() => clientOf(house.tokens.maintainer).tokenAccessors(), 403);
    await refused(() => clientOf(house.tokens.maintainer).tokenLookupAccessor({ accessor }), 404);
    await maker.tokenRevokeSelf();
    assert.ok(!(await owner.tokenAccessors()).data.keys.includes(accessor));
  });

  test('wraps and unwraps an answer once', async () => {
    const client = clientOf(house.tokens.owner);
    await client.write('secret/data/porch/home/wrapped', { data: { password: 'wrapped-horse-battery' } });
    const { wrap_info } = await client.read('secret/data/porch/home/wrapped', {
      headers: { 'X-Vault-Wrap-TTL': '5m' },
    });
    assert.equal(wrap_info.creation_path, 'secret/data/porch/home/wrapped');
    const receiver = clientOf(wrap_info.token);
    assert.equal((await receiver.unwrap({})).data.data.password, 'wrapped-horse-battery');
    await refused(() => receiver.unwrap({}), 400, /^wrapping token is not valid or does not exist$/);
  });

  test('a token of one use wraps the answer that uses it up, and no other', async () => {
    const client = clientOf(house.tokens.owner);
    await client.write('secret/data/porch/home/handed', { data: { password: 'handed-horse-battery' } });
    const wrapped = () => ({ headers: { 'X-Vault-Wrap-TTL': '5m' } });
    const once = async () => {
      const made = clientOf(house.tokens.owner);
      await made.tokenCreate({ num_uses: 1 });
      return made;
    };
    const reader = await once();
    const { wrap_info } = await reader.read('secret/data/porch/home/handed', wrapped());
    await refused(() => reader.read('secret/data/porch/home/handed', wrapped()), 403);
    await refused(() => reader.tokenLookupSelf(), 403);
    const receiver = clientOf(wrap_info.token);
    assert.equal((await receiver.unwrap({})).data.data.password, 'handed-horse-battery');
    await refused(() => receiver.unwrap({}), 400, /^wrapping token is not valid or does not exist$/);

    const sender = await once();
    const sent = await sender.write('sys/wrapping/wrap', { hello: 'there' }, wrapped());
    await refused(() => sender.write('sys/wrapping/wrap', { hello: 'again' }, wrapped()), 403);
    assert.equal((await clientOf(sent.wrap_info.token).unwrap({})).data.hello, 'there');
  });

  test('of many who unwrap at once, one gets the answer', async () => {
    const client = clientOf(house.tokens.owner);
    const { wrap_info } = await client.write(
      'sys/wrapping/wrap',
      { once: true },
      { headers: { 'X-Vault-Wrap-TTL': 60 } },
    );
    const tries = await Promise.allSettled(Array.from({ length: 20 }, () => clientOf(wrap_info.token).unwrap({})));
    assert.equal(tries.filter(({ status }) => status === 'fulfilled').length, 1);
    for (const one of tries)
      if (one.status === 'rejected') assert.match(one.reason.message, /wrapping token is not valid/);
  });

  test('shows errors with the useful text first', async () => {
    const client = clientOf(house.tokens.owner);
    await refused(
      () => client.write('secret/data/porch/home/errors', { options: { cas: 7 }, data: {} }),
      400,
      /^check-and-set parameter did not match the current version$/,
    );
    await refused(
      () => client.write('secret/data/shed/home/errors', { data: { a: 'b' } }),
      404,
      /chatelaine project create shed/,
    );
    await refused(() => client.mount({ mount_point: 'secret', type: 'kv' }), 400, /path is already in use at secret\//);
    await refused(() => clientOf('hvs.nonsense').read('secret/data/porch/home/errors'), 403, /^permission denied$/);
    await refused(() => client.list('secret/metadata/porch/prod'), 404);
  });
});

const refused = async (work: () => Promise<unknown>, status: number, message?: RegExp): Promise<void> => {
  await assert.rejects(work, (error: any) => {
    assert.equal(error.response?.statusCode, status, error.message);
    if (message !== undefined) assert.match(error.message, message);
    return true;
  });
};

const pick = (from: Record<string, unknown>, ...keys: readonly string[]) =>
  Object.fromEntries(keys.map((key) => [key, from[key]]));
