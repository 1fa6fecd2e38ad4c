import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import fc from 'fast-check';
import { PROBLEM_TYPE, ROUTES, ROUTE_IDS, type Route, type RouteId } from '#contract';
import { CredentialPath, Duration, Secret } from '#kernel';
import { createProject } from '#inventory';
import { writeVersion } from '#secrets';
import { checkAnswer } from './control/control-house.ts';
import { type FuzzedRequest, FUZZED, LEFT_OUT, controlRequest, vaultRequest } from './fuzz/requests.ts';
import { type Answer, bytesOf, exchange } from './fuzz/wire.ts';
import { type TestHouse, openTestHouse, somebody, tokenFor } from './house.ts';
import { vaultShapes } from './program/vault-shapes.ts';

/** A nightly run may set more. Requests are made of routes, so that this many become several times as many in all. */
const RUNS = Math.min(Number(process.env['CHATELAINE_FUZZ_RUNS'] ?? 100), 200_000);
const PER_ROUTE = Math.max(10, Math.ceil(RUNS / 25));

/** Every code that a room's table declares: what a caller may have to switch on. */
const CODES: ReadonlySet<string> = (() => {
  const source = join(import.meta.dirname, '../src');
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.test.ts'),
  );
  const codes = new Set<string>();
  for (const file of files) {
    const text = readFileSync(join(source, file), 'utf8');
    for (const [, room, table] of text.matchAll(/defineErrors\('([\w-]+)', \{([\s\S]*?)\n\}\)/g))
      for (const [, code] of table!.matchAll(/^ {2}(\w+): \{/gm)) codes.add(`${room}.${code}`);
  }
  return codes;
})();

/** Statuses that a caller's request may get. 500 is none of them, and 503 only while something is really wrong. */
const EXPECTED: ReadonlySet<number> = new Set([
  200, 201, 204, 400, 401, 403, 404, 405, 409, 412, 413, 415, 417, 421, 422, 429, 431, 501,
]);

let house: TestHouse;
let known: readonly string[];
before(async () => {
  house = await openTestHouse();
  await keep('porch/home/mqtt/password');
  const { rooms } = house;
  await rooms.deeds.perform(createProject(rooms.sealing, rooms.random), rooms.owner, {
    name: 'other',
    posture: 'home',
    environments: [{ name: 'home', production: false }],
  });
  await keep('other/home/mqtt/password');
  known = ['self', await somebody(rooms, 'expendable', 'developer')];
});
after(() => house.close());

/** A token of the owner's that no request before can have ended. */
const fresh = (): Promise<string> => tokenFor(house.rooms, house.rooms.owner.identity);

const keep = (path: string) =>
  writeVersion(house.rooms.secrets, house.rooms.owner, {
    path: CredentialPath.parse(path),
    value: Secret.fromText(JSON.stringify({ password: `kept-value-of-${path}` })),
    leaves: 'all',
    provenance: { how: 'entered', from: null, scopes: [] },
  });

const said = (request: FuzzedRequest, { status, body }: Answer): string =>
  `${status} ${body.slice(0, 200)} to ${request.method} ${request.target.slice(0, 200)} ${JSON.stringify(request.headers)} ${request.body.slice(0, 200)}`;

/** Bytes that no target may have (RFC 9112 section 3.2): refused by the parser, before there is anybody to explain. */
const isUnreadable = ({ target }: FuzzedRequest): boolean => !/^[\x21-\x7e]+$/.test(target);

const assertControlAnswer = (request: FuzzedRequest, answer: Answer): void => {
  const { status, headers, body } = answer;
  assert.ok(EXPECTED.has(status), said(request, answer));
  if (isUnreadable(request)) return assert.equal(status, 400, said(request, answer));
  if (status >= 400) {
    assert.equal(headers.get('content-type'), PROBLEM_TYPE, said(request, answer));
    const { code } = JSON.parse(body) as { code: string };
    assert.ok(CODES.has(code), `${code} is in no table: ${said(request, answer)}`);
  }
  // A path that a trick led to another route, or to none, is no route's to answer.
  if (status < 400 || !/[%;\\]|\/\/|\/\.|\/$/.test(request.target))
    checkAnswer(request.method, request.target, status, headers.get('content-type'), body);
};

const assertVaultAnswer = (request: FuzzedRequest, answer: Answer): void => {
  const { status, headers, body } = answer;
  assert.ok(EXPECTED.has(status), said(request, answer));
  if (isUnreadable(request)) return assert.equal(status, 400, said(request, answer));
  if (request.method === 'HEAD' || status === 204) return assert.equal(body, '', said(request, answer));
  assert.equal(headers.get('content-type'), 'application/json', said(request, answer));
  const parsed = JSON.parse(body) as { errors?: unknown };
  if (status >= 400 && !/sys\/(?:health|init|seal-status)/.test(request.target))
    assert.ok(
      Array.isArray(parsed.errors) && parsed.errors.every((one) => typeof one === 'string'),
      said(request, answer),
    );
};

const fuzz = (
  token: string,
  make: () => fc.Arbitrary<FuzzedRequest>,
  look: (request: FuzzedRequest, answer: Answer) => void,
  runs: number,
) =>
  fc.assert(
    fc.asyncProperty(make(), async (request) => {
      look(request, await exchange(house.port, bytesOf(request, token)));
    }),
    { numRuns: runs, endOnFailure: true, timeout: 20_000 },
  );

suite('fuzz: whatever is asked', () => {
  test('the routes left out are those that end what this stands on', () => {
    assert.deepEqual(ROUTE_IDS.filter((id) => !FUZZED.includes(id)).toSorted(), [...LEFT_OUT].toSorted());
    assert.ok(CODES.size > 60 && CODES.has('http.malformed') && CODES.has('deeds.denied'), String(CODES.size));
  });

  test('our API answers by its document, with a problem of its tables, and never by a fault', async () => {
    for (const id of FUZZED) await fuzz(await fresh(), () => controlRequest(id, known), assertControlAnswer, PER_ROUTE);
    await assertHealthy();
  });

  test('the Vault face answers in its form, with exactly its content type, and never by a fault', async () => {
    const paths = [...new Set(vaultShapes(house.rooms).map(({ path }) => path.slice('/v1/'.length)))].filter(
      (path) => !/^sys\/(?:seal|unseal)$|revoke-self/.test(path),
    );
    assert.ok(paths.length > 25);
    for (const path of paths)
      await fuzz(await fresh(), () => vaultRequest(path, ['secret', 'data', ...known]), assertVaultAnswer, PER_ROUTE);
    await assertHealthy();
  });

  test('what was a fault once is none any more', async () => {
    const json = [['Content-Type', 'application/json']] as const;
    const once: readonly FuzzedRequest[] = [
      { method: 'POST', target: '/api/policies', headers: json, body: '{"project":"porch","text":"\\ud800"}' },
      { method: 'POST', target: '/v1/sys/capabilities-self', headers: json, body: '{"paths":["secret/data/\\ud800"]}' },
      {
        method: 'POST',
        target: '/v1/sys/capabilities-self',
        headers: json,
        body: '{"paths":["secret/constructor/a/b/c"]}',
      },
      {
        method: 'POST',
        target: '/api/projects',
        headers: json,
        body: '{"name":"twice","posture":"home","environments":[{"name":"a","production":true},{"name":"a","production":false}]}',
      },
      { method: 'OPTIONS', target: '/v1/sys/seal-status', headers: json, body: '{"data":' },
    ];
    for (const request of once) {
      const answer = await exchange(house.port, bytesOf(request, await fresh()));
      (request.target.startsWith('/v1/') ? assertVaultAnswer : assertControlAnswer)(request, answer);
    }
  });

  test('a stranger gets nothing of what is there, and changes nothing, with any request', async () => {
    const before = await everything();
    const look = (check: typeof assertControlAnswer) => (request: FuzzedRequest, answer: Answer) => {
      check(request, answer);
      assert.ok(!answer.body.includes('kept-value-of'), said(request, answer));
    };
    // What people may do with their own things: their tokens, and asking.
    const own: ReadonlySet<RouteId> = new Set<RouteId>([
      'tokens.create',
      'tokens.renew',
      'tokens.revoke',
      'sign-in.code',
      'sign-in.os',
      'sign-in.os-challenge',
    ]);
    for (const id of FUZZED.filter((one) => !own.has(one)))
      await fuzz(
        house.tokens.stranger,
        () => controlRequest(id, known),
        look(assertControlAnswer),
        Math.ceil(PER_ROUTE / 3),
      );
    for (const path of [
      'secret/data/*',
      'secret/metadata/*',
      'secret/delete/*',
      'secret/undelete/*',
      'secret/destroy/*',
      'secret/subkeys/*',
    ])
      await fuzz(house.tokens.stranger, () => vaultRequest(path, known), look(assertVaultAnswer), PER_ROUTE);
    assert.deepEqual(await everything(), before);
  });

  test('what is foreign is 404 for every verb, in the same words as what never was', async () => {
    const denials: Record<string, unknown> = {};
    for (const id of ROUTE_IDS) {
      const route: Route = ROUTES[id];
      if (!/\{(?:path|id)\}/.test(route.path) || route.body !== undefined || id.startsWith('tokens.')) continue;
      const query = id === 'credentials.destroy' ? '?reason=mine' : '';
      const bodies = [];
      for (const thing of route.path.includes('{path}')
        ? ['other/home/mqtt/password', 'other/home/none', 'nowhere/home/none']
        : ['idn_00000000000000000000000', house.rooms.owner.identity]) {
        const filled = route.path
          .replace('{path}', thing)
          .replace('{id}', thing)
          .replaceAll('{project}', 'other')
          .replaceAll('{environment}', 'home');
        const { status, body } = await exchange(
          house.port,
          bytesOf(
            { method: route.method, target: `/api${filled}${query}`, headers: [], body: '' },
            house.tokens.developer,
          ),
        );
        assert.equal(status, 404, `${id} ${filled} ${body}`);
        bodies.push({ ...(JSON.parse(body) as object), instance: '' });
      }
      for (const body of bodies) assert.deepEqual(body, bodies[0], id);
      denials[id] = bodies[0];
    }
    assert.ok(Object.keys(denials).length > 5);
  });
});

suite('fuzz: bytes on a connection', () => {
  const bad: FuzzedRequest = {
    method: 'PUT',
    target: '/api/values/porch/home/fuzzed',
    headers: [['Content-Type', 'application/json']],
    body: '{"value":{"value":"half a value is none"}}',
  };
  const good: FuzzedRequest = { method: 'GET', target: '/v1/sys/health', headers: [], body: '' };
  const keptAlive = (bytes: Buffer): Buffer =>
    Buffer.from(bytes.toString('latin1').replace('Connection: close\r\n', ''), 'latin1');

  test('cut off, in pieces, one after another, or with noise between: every connection ends, and the next is served', async () => {
    const settings = { requestTimeout: Duration.of(1, 's'), maxConnections: 32, bodyLimit: 4_096 };
    const own = await openTestHouse({ settings });
    try {
      const token = own.tokens.owner;
      let answered = 0;
      const whole = [
        bytesOf(bad, token),
        bytesOf(good, token),
        Buffer.from('LIST /v1/secret/metadata/porch HTTP/1.1\r\nHost: localhost\r\n\r\n'),
      ];
      const stream = fc.record({
        messages: fc.array(fc.nat(2), { minLength: 1, maxLength: 5 }),
        cut: fc.oneof(
          fc.constant(1),
          fc.noBias(fc.nat(1_000)).map((part) => part / 1_000),
        ),
        noise: fc.option(fc.uint8Array({ minLength: 1, maxLength: 40 }), { nil: null, freq: 1 }),
        pieces: fc.integer({ min: 1, max: 6 }),
        leaves: fc.boolean(),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(stream, { minLength: 24, maxLength: 24 }), async (streams) => {
          const heard = await Promise.all(
            streams.map(({ messages, cut, noise, pieces, leaves }) => {
              const sent = Buffer.concat(messages.map((one) => keptAlive(whole[one]!)));
              const at = Math.floor(cut * sent.length);
              const bytes =
                noise === null ? sent.subarray(0, at) : Buffer.concat([sent.subarray(0, at), noise, sent.subarray(at)]);
              const parts = messages.map((one) => keptAlive(whole[one]!).length);
              const ends = parts.map((_size, i) => parts.slice(0, i + 1).reduce((sum, size) => sum + size, 0));
              const count = noise === null && at > 0 ? ends.indexOf(at) + 1 : -1;
              return pour(own.port, bytes, pieces, leaves).then((end) => ({
                ...end,
                count,
                isCut: noise === null && count === 0,
              }));
            }),
          );
          for (const { text, closed, count, isCut } of heard) {
            const statuses = Array.from(text.matchAll(/HTTP\/1\.1 (\d{3}) /g), ([, status]) => Number(status));
            for (const status of statuses)
              assert.ok(EXPECTED.has(status) || [408, 503, 505].includes(status), text.slice(0, 300));
            if (count > 0)
              assert.equal(statuses.length, count, `each whole request has one answer: ${text.slice(0, 300)}`);
            if (isCut) assert.ok(closed, `half a request holds a connection: ${text.slice(0, 300)}`);
            answered += count > 0 ? count : 0;
          }
          assert.equal((await exchange(own.port, bytesOf(good, token))).status, 200);
        }),
        { numRuns: Math.min(Math.ceil(RUNS / 50), 8), endOnFailure: true },
      );
      assert.ok(answered > 10, `${answered} requests came through whole`);
      const { status, body } = await exchange(
        own.port,
        bytesOf({ ...good, target: '/v1/secret/data/porch/home/fuzzed' }, token),
      );
      assert.ok(status === 404 || /half a value is none/.test(body), 'a value is there whole or not at all');
    } finally {
      await own.close();
    }
  });
});

type Ended = {
  readonly text: string;
  /** By the server; else it was still open, and silent. */ readonly closed: boolean;
};
/** Longer than the time for a request and the time between two looks at it, together. */
const SILENCE_MS = 4_000;

/** Pours bytes into a connection in pieces, and gives what came until the server ended it or fell silent. */
const pour = (port: number, bytes: Buffer, pieces: number, leaves: boolean): Promise<Ended> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let text = '';
    let closed = true;
    socket.setTimeout(SILENCE_MS, () => {
      closed = false;
      socket.destroy();
    });
    socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve({ text, closed }));
    void (async () => {
      const size = Math.ceil(bytes.length / pieces);
      for (let at = 0; at < bytes.length && socket.writable; at += size) {
        socket.write(bytes.subarray(at, at + size));
        await new Promise((next) => setTimeout(next, 5));
      }
      if (leaves) socket.end();
    })();
  });

/** The tables that hold what people keep, row by row. */
const TABLES = [
  'project',
  'environment',
  'credential',
  'version',
  'identity',
  'access_grant',
  'exception',
  'policy',
  'finding',
  'rendering',
  'original',
  'consumer',
] as const;

const everything = async (): Promise<Record<string, unknown>> => {
  type Any = Record<string, Record<string, unknown>>;
  return house.rooms.engine.read(async (tx) => {
    const found: Record<string, unknown> = {};
    const names = await tx.query<Any, { name: string }>(
      (db) => db.selectFrom('sqlite_schema').select('name').where('type', '=', 'table') as never,
    );
    const own = names
      .map(({ name }) => name)
      .filter((name) => TABLES.some((table) => name === table || name.startsWith(`${table}_`)));
    assert.ok(own.length >= 8, names.map(({ name }) => name).join());
    for (const name of own)
      found[name] = await tx.query<Any, Record<string, unknown>>((db) => db.selectFrom(name).selectAll());
    return found;
  });
};

const assertHealthy = async (): Promise<void> => {
  const ask = (target: string, token: string) =>
    exchange(house.port, bytesOf({ method: 'GET', target, headers: [], body: '' }, token));
  assert.equal((await ask('/readyz', '')).status, 200);
  const { status, body } = await ask('/v1/secret/data/other/home/mqtt/password', await fresh());
  assert.deepEqual([status, /kept-value-of-other/.test(body)], [200, true], body);
  assert.doesNotMatch(house.logged(), /"level":"(?:error|fatal)"/);
};
