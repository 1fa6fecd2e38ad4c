import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { suspendIdentity } from '#identity';
import { createProject } from '#inventory';
import { Duration } from '#kernel';
import { type TestHouse, openTestHouse, somebody, tokenFor } from '../house.ts';
import { ask, converse, jsonOf, parseAnswer } from './converse.ts';

const VALUE = 'correct-horse-battery';
const RUNS = Number(process.env['CHATELAINE_FUZZ_RUNS'] ?? 1_000);

/** Each group is named for the class of flaws it keeps out; see SECURITY.md. */
describe('what attackers send to the Vault face', () => {
  let house: TestHouse;
  before(async () => {
    house = await openTestHouse();
    const { status } = await ask(house.port, 'POST', '/v1/secret/data/porch/home/mqtt/bridge', {
      token: house.tokens.owner,
      body: JSON.stringify({ data: { password: VALUE } }),
    });
    assert.equal(status, 200);
  });
  after(() => house.close());

  test('canonicalisation (CVE-2025-54996, CVE-2026-3605): a path has one spelling, and no other finds the value', async () => {
    let found = 0;
    await fc.assert(
      fc.asyncProperty(spelling, async (path) => {
        const { status, body } = await ask(house.port, 'GET', `/v1/secret/data/${path}`, { token: house.tokens.owner });
        const same = means(path) === 'porch/home/mqtt/bridge';
        assert.equal(status === 200, same, `${path} answered ${status}`);
        assert.equal(body.includes(VALUE), same);
        if (same) found++;
      }),
      { numRuns: RUNS },
    );
    assert.ok(found > 0, 'some spellings are right');
  });

  test('canonicalisation: no spelling of a path gets around a grant', async () => {
    const { rooms, port } = house;
    const token = await tokenFor(
      rooms,
      await somebody(rooms, 'narrow', 'service', { project: 'porch', environment: 'home', prefix: 'other' }),
    );
    await fc.assert(
      fc.asyncProperty(spelling, async (path) => {
        const { status, body } = await ask(port, 'GET', `/v1/secret/data/${path}`, { token });
        assert.ok([400, 403].includes(status), `${path} answered ${status}`);
        assert.ok(!body.includes(VALUE));
      }),
      { numRuns: RUNS / 4 },
    );
  });

  test('policy logic (GHSA-xp3c-3jw3-4vcr): every way to LIST shows the same, and only what may be seen', async () => {
    const { rooms, port, tokens } = house;
    for (const name of ['secret-place/inside', 'mqtt2', 'mqtt/deep/er'])
      await ask(port, 'POST', `/v1/secret/data/porch/home/${name}`, { token: tokens.owner, body: '{"data":{"a":1}}' });
    const narrow = await tokenFor(
      rooms,
      await somebody(rooms, 'lister', 'service', { project: 'porch', environment: 'home', prefix: 'mqtt' }),
    );
    const expected: [string, readonly string[]][] = [
      ['', ['porch/']],
      ['porch/', ['home/']],
      ['porch/home/', ['mqtt/']],
      ['porch/home/mqtt/', ['bridge', 'deep/']],
    ];
    for (const [place, keys] of expected) {
      const path = `/v1/secret/metadata/${place}`;
      const listed = `LIST ${path} HTTP/1.1\r\nHost: localhost\r\nX-Vault-Token: ${narrow}\r\n\r\n`;
      const last = listed.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n');
      const answers = [
        ...(await converse(port, [listed + last])).split(/(?=HTTP\/1\.1 )/), // kept alive and pipelined
        await converse(port, [...last.slice(0, 9).split(''), last.slice(9)], 5), // cut into packets
        await converse(house.socket, [last]),
        await converse(port, [last.replace('LIST', 'GET').replace(path, `${path}?list=true`)]),
        await converse(port, [last.replace('LIST', 'GET').replace(path, `${path.replace(/\/$/, '')}?list=1`)]),
      ];
      assert.equal(answers.length, 6);
      for (const answer of answers) assert.deepEqual(jsonOf(parseAnswer(answer)).data.keys, keys, place);
    }
    for (const place of ['porch/prod/', 'porch/home/secret-place/', 'shed/', 'porch/home/mqtt2/'])
      assert.equal((await ask(port, 'LIST', `/v1/secret/metadata/${place}`, { token: narrow })).status, 403, place);
  });

  test('cross-tenant handles (CVE-2026-40264): a foreign path answers alike whether something is there or not', async () => {
    const { port, tokens } = house;
    const there = '/porch/home/mqtt/bridge';
    const bodies = ['{"data":{"a":1}}', '{"versions":[1]}'];
    for (const [method, part] of [
      ['GET', 'data'],
      ['POST', 'data'],
      ['DELETE', 'data'],
      ['GET', 'metadata'],
      ['POST', 'metadata'],
      ['DELETE', 'metadata'],
      ['GET', 'subkeys'],
      ['POST', 'delete'],
      ['POST', 'undelete'],
      ['POST', 'destroy'],
    ] as const)
      for (const body of method === 'GET' || method === 'DELETE' ? [''] : bodies) {
        const said = await Promise.all(
          [there, '/porch/home/none', '/porch/none/none', '/none/none/none'].map((path) =>
            ask(port, method, `/v1/secret/${part}${path}`, { token: tokens.stranger, body }),
          ),
        );
        assert.equal(
          new Set(said.map(({ status, body: text }) => `${status} ${text}`)).size,
          1,
          `${method} ${part}: ${JSON.stringify(said)}`,
        );
        assert.ok([400, 403].includes(said[0]!.status));
      }
    const { data } = jsonOf(await ask(port, 'GET', `/v1/secret/metadata${there}`, { token: tokens.owner }));
    assert.equal(data.current_version, 1, 'nothing was changed');
  });

  test('info leak (CVE-2025-54999): a token that never was, was revoked, ended or belongs to nobody active reads the same', async () => {
    const { rooms, port } = house;
    const revoked = await tokenFor(rooms, await somebody(rooms, 'revoked', 'service'));
    await ask(port, 'POST', '/v1/auth/token/revoke-self', { token: revoked });
    const left = await somebody(rooms, 'left', 'service');
    const suspended = await tokenFor(rooms, left);
    await rooms.deeds.perform(suspendIdentity(rooms.identityPorts), rooms.owner, { identity: left });
    const usedUp = await tokenFor(rooms, await somebody(rooms, 'used', 'service'), 1);
    await ask(port, 'GET', '/v1/secret/data/porch/home/mqtt/bridge', { token: usedUp });
    const other = await openTestHouse();
    await other.close();
    const said = await Promise.all(
      [revoked, suspended, usedUp, other.tokens.owner, 'root', '', 'chtl_', 'x'.repeat(5_000)].map((token) =>
        ask(port, 'GET', '/v1/secret/data/porch/home/mqtt/bridge', { token }),
      ),
    );
    for (const { status, body } of said) assert.deepEqual([status, body], [403, '{"errors":["permission denied"]}\n']);
  });

  test('unauthenticated maintenance (CVE-2025-4656, CVE-2026-5807): nothing is started, cancelled or joined', async () => {
    const { port, rooms } = house;
    const size = rooms.deeds.head()!.size;
    for (const path of [
      'rekey/init',
      'rekey/update',
      'rekey/verify',
      'rekey/backup',
      'rekey-recovery-key/init',
      'generate-root/attempt',
      'generate-root/update',
      'rotate',
      'rotate/root/init',
      'rotate/config',
      'seal',
      'step-down',
      'storage/raft/join',
      'storage/raft/bootstrap',
      'audit/file',
      'raw/core/keyring',
      'mounts/x',
      'policy/root',
      'policies/acl/root',
      'auth/x',
      'plugins/catalog/x',
      'leases/revoke',
      'wrapping/wrap',
      'pprof/heap',
      'monitor',
      'metrics',
      'config/state/sanitized',
    ])
      for (const method of ['GET', 'PUT', 'POST', 'DELETE', 'PATCH', 'LIST']) {
        const { status, body } = await ask(port, method, `/v1/sys/${path}`, { body: '{"nonce":"","key":"a"}' });
        assert.deepEqual([status, body], [403, '{"errors":["permission denied"]}\n'], `${method} sys/${path}`);
      }
    assert.equal(rooms.seal.state(), 'unlocked');
    assert.equal(rooms.deeds.head()!.size, size, 'strangers who knock write no entries');
  });

  test('audit abuse (CVE-2025-6000): no path of this face makes a file, a device of the audit, a policy or a plugin', async () => {
    const { port, tokens } = house;
    for (const path of [
      'audit/file',
      'policy/x',
      'policies/acl/x',
      'plugins/catalog/auth/x',
      'raw/x',
      'storage/raft/snapshot',
    ])
      assert.equal(
        (
          await ask(port, 'PUT', `/v1/sys/${path}`, {
            token: tokens.session,
            body: '{"type":"file","options":{"file_path":"/tmp/x"}}',
          })
        ).status,
        404,
        path,
      );
  });

  test('resource exhaustion (CVE-2025-6203): nesting, members and size have limits, told before anything is done', async () => {
    const { port, tokens } = house;
    const deep = `{"data":${'{"a":'.repeat(60)}1${'}'.repeat(60)}}`;
    const wide = `{"data":{${Array.from({ length: 20_000 }, (_, i) => `"k${i}":1`).join(',')}}}`;
    const large = `{"data":{"a":"${'x'.repeat(700_000)}"}}`;
    for (const [body, status] of [
      [deep, 400],
      [wide, 400],
      [large, 400],
      [`{"data":{"a":"${'x'.repeat(1_100_000)}"}}`, 413],
      ['{"data":{"__proto__":{"a":1}}}', 400],
      ['\u0000', 400],
      [Buffer.from([0x7b, 0xff, 0x7d]), 400],
    ] as const) {
      const said = await ask(port, 'POST', '/v1/secret/data/porch/home/exhausting', { token: tokens.owner, body });
      assert.equal(said.status, status, said.body);
      assert.match(said.headers, /\r\ncontent-type: application\/json(\r\n|$)/i);
    }
    assert.equal(
      (await ask(port, 'GET', '/v1/secret/metadata/porch/home/exhausting', { token: tokens.owner })).status,
      404,
    );
  });

  test('request data in errors (CVE-2025-4166): neither answers nor logs repeat a value, whatever is wrong with it', async () => {
    const { port, tokens } = house;
    const canary = 'canary-8f14e45f';
    for (const body of [
      `{"data":{"a":"${canary}"`,
      `{"data":"${canary}"}`,
      `["${canary}"]`,
      `{"options":{"cas":"${canary}"},"data":{}}`,
      canary,
      `{"data":{"a":"${canary}"},"options":{"cas":9}}`,
    ])
      for (const path of [
        '/v1/secret/data/porch/home/canary',
        '/v1/secret/metadata/porch/home/canary',
        '/v1/sys/unseal',
        '/v1/sys/wrapping/wrap',
        '/v1/auth/token/create',
      ]) {
        const said = await ask(port, 'POST', path, {
          token: tokens.owner,
          body,
          headers: { 'Content-Type': 'application/json' },
        });
        assert.ok(!said.body.includes(canary) && !said.headers.includes(canary), `${path}: ${said.body}`);
      }
    for (const text of [canary, VALUE, tokens.owner, tokens.session]) assert.ok(!house.logged().includes(text));
  });

  test('value oracle: whether a value is in use elsewhere is told ten times a minute, and its place to nobody who may not see it', async () => {
    const { rooms, port } = house;
    await rooms.deeds.perform(createProject(rooms.sealing, rooms.random), rooms.owner, {
      name: 'shed',
      posture: 'home',
      environments: [{ name: 'home', production: false }],
    });
    const token = await tokenFor(
      rooms,
      await somebody(rooms, 'guesser', 'developer', { project: 'shed', environment: null, prefix: null }),
    );
    const guess = (n: number, password: string) =>
      ask(port, 'POST', `/v1/secret/data/shed/home/guess-${n}`, {
        token,
        body: JSON.stringify({ data: { password } }),
      });
    for (let n = 0; n < 10; n++) {
      const said = await guess(n, VALUE);
      assert.equal(said.status, 400);
      assert.match(said.body, /in use in another environment/);
      assert.ok(!said.body.includes('porch') && !said.body.includes('mqtt'), said.body);
    }
    const refused = await guess(10, 'a-value-of-my-own-1');
    assert.equal(refused.status, 429);
    assert.match(refused.headers, /\r\nretry-after: \d+/i);
    const findings = await ask(port, 'GET', '/api/findings?project=porch', { token: house.tokens.owner });
    assert.match(findings.body, /tried-elsewhere/);
  });

  test('wrapped answers end in time, and with the token that made them', async () => {
    let now = 1_800_000_000_000;
    const own = await openTestHouse({ clock: { now: () => now, monotonic: () => performance.now() } });
    try {
      const wrap = async (token: string, ttl: string) =>
        jsonOf(
          await ask(own.port, 'POST', '/v1/sys/wrapping/wrap', {
            token,
            body: '{"a":1}',
            headers: { 'X-Vault-Wrap-TTL': ttl },
          }),
        ).wrap_info.token as string;
      const late = await wrap(own.tokens.developer, '60');
      now += Duration.of(61, 's').ms;
      assert.equal((await ask(own.port, 'POST', '/v1/sys/wrapping/unwrap', { token: late })).status, 400);
      const orphaned = await wrap(own.tokens.developer, '60');
      await ask(own.port, 'POST', '/v1/auth/token/revoke-self', { token: own.tokens.developer });
      assert.equal((await ask(own.port, 'POST', '/v1/sys/wrapping/unwrap', { token: orphaned })).status, 400);
    } finally {
      await own.close();
    }
  });
});

/** What a raw path means when every segment is decoded once; null where it cannot be read in one way. */
const means = (path: string): string | null => {
  if (/[?#]/.test(path) || /%(?:2f|5c|00)/i.test(path)) return null;
  try {
    const segments = path.split('/').map(decodeURIComponent);
    return segments.some((segment) => segment === '' || segment === '.' || segment === '..')
      ? null
      : segments.join('/').normalize('NFC');
  } catch {
    return null;
  }
};

const RIGHT = ['porch', 'home', 'mqtt', 'bridge'];
const encodeOne = (text: string): string => `%${text.charCodeAt(0).toString(16)}${text.slice(1)}`;
const wrong = fc.constantFrom<(text: string) => string>(
  (text) => text.toUpperCase(),
  (text) => text[0]!.toUpperCase() + text.slice(1),
  (text) => `${text}%20`,
  (text) => `%20${text}`,
  (text) => `${text}%2f`,
  (text) => `${text}%2F..`,
  (text) => `${text}/`,
  (text) => `./${text}`,
  (text) => `${text}/../${text}`,
  (text) => `%2e%2e/${text}`,
  (text) => `${text}%00`,
  (text) => `${text};v=1`,
  (text) => `${text}%252f`,
  (text) => `${text}%e2%80%8b`,
  (text) => text.replace('o', '%EF%BD%8F'),
  (text) => text.replace('e', '%D0%B5'),
  (text) => `${text}%cc%81`,
  (text) => `${text}%`,
  (text) => `${text}%zz`,
  (text) => `${text}%c0%af`,
  (text) => `${text}\\`,
  (text) => `${text}.`,
  (text) => `${text}*`,
  (text) => `+${text}`,
);
const right = fc.constantFrom<(text: string) => string>((text) => text, encodeOne);
const either = fc.oneof({ weight: 3, arbitrary: right }, { weight: 1, arbitrary: wrong });
const spelling = fc
  .tuple(either, either, either, either)
  .map((how) => RIGHT.map((segment, i) => how[i]!(segment)).join('/'))
  .filter((path) => !path.includes('#'));
