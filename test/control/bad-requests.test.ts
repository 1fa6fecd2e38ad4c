import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ROUTES, ROUTE_IDS, type Route } from '#contract';
import { bearer, openControlHouse, raw, refusal } from './control-house.ts';

const PATH = 'porch/home/mqtt/password';
const codeOf = (body: string): string => (JSON.parse(body) as { code: string }).code;

test('bodies that are no JSON, of another type, too large, too deep or not UTF-8 are refused, and nothing is written', async (t) => {
  const house = await openControlHouse(t);
  const headers = bearer(house.tokens.session);
  const put = async (body: string | Uint8Array<ArrayBuffer>, more: Record<string, string> = {}) => {
    const { status, body: text } = await raw(house, 'PUT', `/api/values/${PATH}`, {
      headers: { ...headers, ...more },
      body,
    });
    return [status, codeOf(text)];
  };
  const good = JSON.stringify({ value: { value: 'first-secret-value' } });
  assert.deepEqual(await put('{"value":'), [400, 'json.malformed']);
  assert.deepEqual(await put(''), [400, 'control.bad_request']);
  assert.deepEqual(await put('[]'), [400, 'control.bad_request']);
  assert.deepEqual(await put(`{"value":${'['.repeat(40)}${']'.repeat(40)}}`), [400, 'json.too_complex']);
  assert.deepEqual(await put('{"value":{"__proto__":{"a":1}}}'), [400, 'json.malformed']);
  assert.deepEqual(await put(new Uint8Array([0x7b, 0xff, 0x7d])), [400, 'control.bad_request']);
  assert.deepEqual(await put(good, { 'content-type': 'text/plain' }), [415, 'http.wrong_type']);
  assert.deepEqual(await put(good, { 'content-type': 'application/x-www-form-urlencoded' }), [415, 'http.wrong_type']);
  assert.deepEqual(await put(good, { 'content-type': 'application/json; charset=utf-16' }), [415, 'http.wrong_type']);
  assert.deepEqual(await put(JSON.stringify({ value: { value: 'x'.repeat(700_000) } })), [413, 'http.too_large']);
  assert.deepEqual(await put(JSON.stringify({ value: { value: 'x' }, extra: 1 })), [400, 'control.bad_request']);
  assert.deepEqual(await put(JSON.stringify({ value: { value: 'x' }, checkAndSet: -1 })), [400, 'control.bad_request']);
  assert.deepEqual(await put(JSON.stringify({ value: { value: 'x' }, checkAndSet: 1.5 })), [
    400,
    'control.bad_request',
  ]);
  assert.deepEqual(await put(JSON.stringify({ value: 'not an object' })), [400, 'control.bad_request']);
  await refusal(house.as('session').call('credentials.show', { path: PATH }), 'inventory.no_credential');
  assert.deepEqual(await put(good, { 'content-type': 'application/json;charset=utf-8' }).catch(String), [
    200,
    undefined,
  ]);
});

test('a refusal quotes no value: neither the answer nor the log holds what was sent', async (t) => {
  const house = await openControlHouse(t);
  const canary = 'Kanarienvogel-7f3a9c';
  const headers = bearer(house.tokens.session);
  const bodies = [
    `{"value":{"value":"${canary}"`,
    `{"value":"${canary}"}`,
    `{"value":{},"pending":"${canary}"}`,
    `{"value":{"${canary}":1},"checkAndSet":"${canary}"}`,
  ];
  for (const body of bodies) {
    const answer = await raw(house, 'PUT', `/api/values/${PATH}`, { headers, body });
    assert.equal(answer.status, 400);
    assert.ok(!answer.body.includes(canary), answer.body);
  }
  const { status } = await raw(house, 'PUT', `/api/values/${PATH}`, {
    headers,
    body: JSON.stringify({ value: { value: canary } }),
  });
  assert.equal(status, 200);
  await raw(house, 'POST', '/api/sign-in', {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code: canary }),
  });
  assert.ok(!house.logged().includes(canary));
});

test('unknown fields of a query, repeated ones, a body where none is taken and a precondition that is not understood are refused', async (t) => {
  const house = await openControlHouse(t);
  const auth = bearer(house.tokens.session, null);
  const code = async (method: string, target: string, init: RequestInit = {}) => {
    const { status, body } = await raw(house, method, target, { headers: auth, ...init });
    return [status, codeOf(body)];
  };
  assert.deepEqual(await code('GET', `/api/values/${PATH}?versoin=1`), [400, 'control.bad_request']);
  assert.deepEqual(await code('GET', `/api/values/${PATH}?version=1&version=2`), [400, 'control.bad_request']);
  assert.deepEqual(await code('GET', '/api/me?verbose=1'), [400, 'control.bad_request']);
  assert.deepEqual(await code('GET', '/api/findings?__proto__=1'), [400, 'control.bad_request']);
  assert.deepEqual(await code('DELETE', '/api/sign-in', { headers: bearer(house.tokens.session), body: '{}' }), [
    400,
    'control.body_refused',
  ]);
  assert.deepEqual(
    await code('PUT', `/api/values/${PATH}`, {
      headers: { ...bearer(house.tokens.session), 'if-match': '"1"' },
      body: '{"value":{}}',
    }),
    [400, 'control.if_match_refused'],
  );
  assert.deepEqual(
    await code('PATCH', `/api/credentials/${PATH}`, {
      headers: { ...bearer(house.tokens.session), 'if-match': '*' },
      body: '{}',
    }),
    [400, 'control.bad_request'],
  );
});

test('nobody without a proof gets further than the few public routes, and learns nothing of what a request may hold', async (t) => {
  const house = await openControlHouse(t);
  for (const id of ROUTE_IDS) {
    const route: Route = ROUTES[id];
    if (route.auth === 'public') continue;
    const target = `/api${route.path.replace('{path}', PATH).replaceAll(/\{\w+\}/g, 'x')}`;
    const body = route.body === undefined ? undefined : '{"nonsense":true}';
    for (const headers of [
      {},
      { authorization: 'Bearer chtl_nonsense' },
      { authorization: `Basic ${house.tokens.session}` },
    ]) {
      const typed = body === undefined ? headers : { ...headers, 'content-type': 'application/json' };
      const answer = await raw(house, route.method, target, {
        headers: typed as Record<string, string>,
        ...(body === undefined ? {} : { body }),
      });
      assert.deepEqual([answer.status, codeOf(answer.body)], [401, 'identity.unauthenticated'], id);
      assert.match(answer.headers.get('www-authenticate') ?? '', /^Bearer/);
    }
  }
});

test('what is foreign answers as what never was, for every noun with a path, and leaves no trace but the denial', async (t) => {
  const house = await openControlHouse(t);
  const owner = house.as('session');
  await owner.call('values.put', { path: PATH, body: { value: { value: 'first-secret-value' } } });
  const before = await owner.call('credentials.show', { path: PATH });
  const headers = bearer(house.tokens.stranger);
  const bodies: Record<string, unknown> = {
    'credentials.describe': { owner: 'eve' },
    'consumers.declare': { consumers: [] },
    'states.change': { ending: 'suspend', reason: 'mine now' },
    'values.put': { value: { value: 'planted' } },
    'generations.create': { kind: 'password' },
    'versions.change': { change: 'destroy', versions: [] },
    'promotions.create': { credential: before.id, serial: 1 },
    'rollbacks.create': { version: 1 },
  };
  for (const id of ROUTE_IDS) {
    const route: Route = ROUTES[id];
    if (!route.path.endsWith('{path}')) continue;
    const answers = [];
    for (const path of [PATH, 'porch/home/none', 'nowhere/home/none', 'porch/none/none']) {
      const target = `/api${route.path.replace('{path}', path)}${id === 'credentials.destroy' ? '?reason=mine' : ''}`;
      const body = id === 'transfers.create' ? { to: `${path.split('/').slice(0, 2).join('/')}/stolen` } : bodies[id];
      const answer = await raw(house, route.method, target, {
        headers: body === undefined ? bearer(house.tokens.stranger, null) : headers,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const { instance: _instance, ...rest } = JSON.parse(answer.body) as { instance: string; status: number };
      answers.push(rest);
    }
    assert.equal(answers[0]!.status, 404, id);
    for (const answer of answers) assert.deepEqual(answer, answers[0], id);
  }
  const after = await owner.call('credentials.show', { path: PATH });
  assert.deepEqual(after, before);
  const denied = await owner.call('ledger.list', { query: { outcome: 'denied', project: 'porch' } });
  assert.ok(denied.items.length >= 12);
});

test('a path reaches a credential only in its one canonical form (the class of CVE-2025-54996, CVE-2026-3605)', async (t) => {
  const house = await openControlHouse(t);
  const owner = house.as('session');
  await owner.call('values.put', { path: PATH, body: { value: { value: 'first-secret-value' } } });
  const headers = bearer(house.tokens.session, null);
  const hostile = [
    'porch/home/mqtt%2fpassword',
    'porch/home/mqtt%2Fpassword',
    'porch%2fhome/mqtt/password',
    'porch/home//mqtt/password',
    'porch/home/mqtt/password/',
    'porch/home/mqtt/./password',
    'porch/home/x/../mqtt/password',
    'porch/home/mqtt/password%20',
    'porch/home/mqtt/password%00',
    'porch/home/mqtt%5cpassword',
    'porch/home/mqtt/%2570assword',
    'PORCH/home/mqtt/password',
    'porch/home/mqtt/password%ff',
    'porch/home/mqtt/pass%e2%80%8bword',
    'porch/home/mqtt/PASSWORD',
    'porch/home/mqtt',
    'porch/home',
    'porch',
    '%70orch/home/mqtt/password%',
    'porch/home/mqtt/%2e%2e/mqtt/password',
  ];
  for (const path of hostile) {
    // fetch would repair the path before sending it.
    const status = await rawStatus(house.port, `/api/values/${path}`, house.tokens.session);
    assert.ok(status >= 400 && status < 500, `${path}: ${status}`);
  }
  assert.equal((await raw(house, 'GET', `/api/values/porch/home/mqtt/%70assword`, { headers })).status, 200);

  const piece = fc.constantFrom(
    'porch',
    'home',
    'mqtt',
    'password',
    '.',
    '..',
    '',
    '%2f',
    '%2e',
    '%',
    '%20',
    ' ',
    '\\',
    '%5c',
    '%00',
    'Password',
    '?',
    '#',
    '*',
    '%c3%a9',
    'e%cc%81',
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(piece, { minLength: 1, maxLength: 8 }),
      fc.constantFrom('/', '//', '%2f', '/./'),
      async (pieces, glue) => {
        const path = pieces.join(glue);
        const status = await rawStatus(house.port, `/api/values/${path}`, house.tokens.session);
        const isIt = path === PATH || path.startsWith(`${PATH}?`) || path.startsWith(`${PATH}#`);
        assert.ok(isIt ? [200, 400].includes(status) : status >= 400 && status < 500, `${path}: ${status}`);
      },
    ),
    { numRuns: 300 },
  );
});

/** One GET with exactly these bytes as its target; gives the status. */
const rawStatus = async (port: number, target: string, token: string): Promise<number> => {
  const { connect } = await import('node:net');
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () =>
      socket.write(
        `GET ${target} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\nConnection: close\r\n\r\n`,
      ),
    );
    let text = '';
    socket.on('data', (chunk) => (text += chunk.toString('latin1')));
    socket.on('end', () => resolve(Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0)));
    socket.on('error', reject);
  });
};

test('a page of another origin changes nothing, and no browser unlocks', async (t) => {
  const house = await openControlHouse(t);
  const headers = { ...bearer(house.tokens.session), origin: 'https://evil.example' };
  const put = await raw(house, 'PUT', `/api/values/${PATH}`, { headers, body: '{"value":{"value":"planted"}}' });
  assert.deepEqual([put.status, codeOf(put.body)], [403, 'http.wrong_origin']);
  const own = { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' };
  const unlock = await rawPost(house.port, '/api/unlock', own);
  assert.equal(unlock, 403);
});

/** fetch may not set Sec-Fetch headers. */
const rawPost = async (port: number, path: string, headers: Record<string, string>): Promise<number> => {
  const http = await import('node:http');
  return new Promise((resolve, reject) => {
    const request = http.request({ port, host: '127.0.0.1', path, method: 'POST', headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.on('error', reject);
    request.end('{}');
  });
};

test('guessing at the lock is slowed down', async (t) => {
  const house = await openControlHouse(t);
  await house.as('session').call('lock.do', { body: {} });
  const statuses = [];
  for (let i = 0; i < 7; i++) {
    const { status } = await raw(house, 'POST', '/api/unlock', {
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    statuses.push(status);
  }
  assert.deepEqual(statuses, [403, 403, 403, 403, 403, 429, 429]);
});

test('a wrong verb is told what the path takes, a wrong path that there is nothing', async (t) => {
  const house = await openControlHouse(t);
  const headers = bearer(house.tokens.session, null);
  const wrong = await raw(house, 'DELETE', '/api/me', { headers });
  assert.deepEqual([wrong.status, wrong.headers.get('allow')], [405, 'GET']);
  assert.equal((await raw(house, 'GET', '/api/nothing', { headers })).status, 404);
});

test('whatever JSON comes, no route fails on our side', async (t) => {
  const house = await openControlHouse(t);
  const headers = bearer(house.tokens.session);
  const writable = ROUTE_IDS.filter(
    (id) => ROUTES[id].method !== 'GET' && !['lock.do', 'unlock.do', 'rekey.do', 'sign-in.end'].includes(id),
  );
  const word = fc.oneof(
    fc.constantFrom(
      'porch',
      'home',
      'self',
      'mqtt',
      '__proto__',
      'constructor',
      '',
      '\u0000',
      '\ud800',
      '9'.repeat(30),
    ),
    fc.string({ unit: 'grapheme', maxLength: 20 }),
  );
  const fields = [
    'value',
    'name',
    'project',
    'environment',
    'reason',
    'life',
    'identity',
    'rule',
    'role',
    'kind',
    'credentials',
    'paths',
    'targets',
    'consumers',
    'versions',
    'change',
    'ending',
    'owner',
    'tier',
    'text',
    'place',
    'content',
    'from',
    'gaps',
    'uid',
    'scope',
    'prefix',
    'to',
    'serial',
    'version',
  ];
  const leaf = fc.oneof(word, fc.integer(), fc.double(), fc.boolean(), fc.constant(null));
  const json = fc.dictionary(
    fc.constantFrom(...fields),
    fc.oneof(leaf, fc.array(leaf, { maxLength: 3 }), fc.dictionary(word, leaf, { maxKeys: 3 })),
    { maxKeys: 6 },
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...writable), fc.array(word, { maxLength: 4 }), json, async (id, words, body) => {
      const rest = words.map((text) => encodeURIComponent(text.toWellFormed())).join('/');
      const target = `/api${ROUTES[id].path.replace('{path}', `porch/home/${rest}`).replaceAll(/\{\w+\}/g, () => encodeURIComponent((words[0] ?? 'x').toWellFormed()))}`;
      const init =
        (ROUTES[id] as Route).body === undefined
          ? { headers: bearer(house.tokens.session, null) }
          : { headers, body: JSON.stringify(body) };
      const { status, body: text } = await raw(house, ROUTES[id].method, target, init);
      assert.ok(status < 500, `${id} ${target} ${JSON.stringify(body)}: ${status} ${text}`);
    }),
    { numRuns: 500 },
  );
});
