import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type Client, openClient } from '#client';
import { httpTransport } from '#client/node';
import { ROUTE_IDS } from '#contract';
import { Secret } from '#kernel';
import { openTestHouse } from './house.ts';
import { type Watch, canariesIn, canaryOf, formsOf, openWatch, plant } from './program/canary.ts';
import { NAMES, badCalls, goodCalls } from './program/every-command.ts';
import { type Request, controlShapes, hostileRequests } from './program/hostile-requests.ts';
import { allowedIn, makeCertificate, openSender, watchProcesses, watchedTransport } from './program/observe.ts';
import { type Place, call, keyOf, makePlace, startServer } from './program/program.ts';
import { APART, tour } from './program/tour.ts';
import { vaultShapes } from './program/vault-shapes.ts';

test('the search finds a canary in every form, at every place, and nothing where there is none', (t) => {
  const planted = plant('value');
  const secret = planted.hostile();
  const forms: Record<string, string | Buffer> = {
    plain: secret,
    quoted: JSON.stringify({ a: secret }),
    percent: encodeURIComponent(secret),
    hex: Buffer.from(secret).toString('hex'),
    'UTF-16': Buffer.from(`x${secret}`, 'utf16le'),
    escaped: [...secret].map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
  };
  for (const before of ['', 'a', 'ab', 'abc']) {
    forms[`base64 after ${before.length}`] = Buffer.from(`${before}${secret}zz`).toString('base64');
    forms[`base64url after ${before.length}`] = Buffer.from(`${before}${secret}`).toString('base64url');
  }
  for (const [form, bytes] of Object.entries(forms))
    assert.deepEqual(canariesIn(bytes, [planted.canary]), ['value'], form);
  assert.deepEqual(canariesIn(gzipSync('nothing'), [planted.canary]), []);
  const key = canaryOf('key', Buffer.from('00ff10'.repeat(12), 'hex'));
  assert.deepEqual(canariesIn(Buffer.from('00ff10'.repeat(12), 'hex').toString('base64'), [key]), ['key']);
  assert.ok(formsOf(Buffer.from('abc')).length > 8);

  // A program that leaks in a file's name, in a file and in what it says is caught at all three.
  const folder = join(makeFolder(t), 'leaky');
  mkdirSync(folder);
  writeFileSync(join(folder, 'log'), `{"msg":"refused ${Buffer.from(secret).toString('base64')}"}`);
  writeFileSync(join(folder, `cache-${planted.plain()}`), '');
  const watch = openWatch();
  watch.add(planted.canary);
  assert.equal(watch.lookThrough(folder), 2);
  watch.look('stdout', spawnSync('sh', ['-c', `echo ${planted.plain()}`]).stdout);
  watch.look('an answer that is meant to show it', secret, ['value']);
  assert.equal(watch.leaks.length, 3, watch.leaks.join('\n'));
});

const makeFolder = (t: TestContext): string => {
  const folder = join(import.meta.dirname, '..', 'node_modules', '.cache', `canary-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  t.after(() => spawnSync('rm', ['-rf', folder]));
  return folder;
};

test('no secret is anywhere it should not be, whatever is asked, at debug level', async (t) => {
  const plants = Object.fromEntries(
    ['value', 'body', 'name', 'header', 'path', 'query', 'token', 'argv', 'input', 'passphrase'].map((name) => [
      name,
      plant(name),
    ]),
  ) as Record<
    'value' | 'body' | 'name' | 'header' | 'path' | 'query' | 'token' | 'argv' | 'input' | 'passphrase',
    ReturnType<typeof plant>
  >;
  const watch = openWatch();
  watch.add(...Object.values(plants).map(({ canary }) => canary));

  const place = await placeWithTls(t);
  const secrets = join(place.root, 'secrets');
  mkdirSync(secrets, { mode: 0o700 });
  const tokenFile = join(secrets, 'operator-token');
  const server = await startServer(t, place, ['--operator-token-file', tokenFile]);
  let pids = [server.pid];
  const processes = watchProcesses(() => [...pids, process.pid], watch);
  const { port, ca } = place;
  const sender = openSender(port, ca);
  t.after(() => sender.close());
  const clients = openClients(t, place, watch);

  // Secrets that the program made, and may show at one place each.
  const code = (await call(place, ['token', 'sign-in'])).out.trim();
  assert.match(code, /^chtl_\w{20,}$/);
  watch.add(canaryOf('first code', code), canaryOf('operator token', readFileSync(tokenFile, 'utf8').trim()));
  watch.add(canaryOf('key file', keyOf(place)), canaryOf('key', Buffer.from(keyOf(place), 'hex')));
  if (place.tlsKey !== undefined) watch.add(canaryOf('TLS key', readFileSync(place.tlsKey, 'utf8').split('\n')[1]!));
  const session = await clients.stranger().call('sign-in.code', { body: { code } });
  // Its own answer was looked at before it was known; from here on it must not be seen again.
  watch.add(canaryOf('session', session.token));
  const owner = clients.with(session.token);

  const answered = new Set<string>();
  await t.test('every route of our API, as it is meant', async () => {
    await tour({
      stranger: clients.stranger(),
      owner,
      local: clients.local(),
      withToken: clients.with,
      value: plants.value,
      revealed: (name, secret) => watch.add({ ...canaryOf(name, secret), name }),
    });
    for (const id of clients.used()) answered.add(id);
    assert.deepEqual(
      ROUTE_IDS.filter((id) => !answered.has(id) && !APART.includes(id)),
      [],
    );
  });

  const isOwn = ({ method, headers }: Request) => method !== 'GET' && headers['x-vault-token'] === session.token;
  const hostile = async (shapes: ReturnType<typeof controlShapes>): Promise<number> => {
    let asked = 0;
    for (const shape of shapes)
      for (const token of [session.token, '']) {
        for (const request of hostileRequests(shape, plants, token === '' ? plants.token.plain() : token)) {
          // Those that would end the session or lock up in front of the next.
          if (
            /^\/(?:v1\/sys\/seal|v1\/auth\/token\/revoke-self|api\/lock|api\/sign-in)(?:\?|$)/.test(request.target) &&
            isOwn(request)
          )
            continue;
          const { status, headers, body } = await sender.send(request);
          const where = `${request.method} ${request.target}`;
          asked++;
          assert.ok(status > 0 && status !== 500, `${where}: ${status} ${body.toString()}`);
          const own = request.target.startsWith('/v1/auth/token/') ? ['session'] : [];
          watch.look(where.split('?')[0]!, body, [
            ...allowedIn(request.method, request.target, status),
            'path',
            'name',
            ...own,
          ]);
          watch.look(`headers of ${where}`, JSON.stringify(headers));
          if (request.target.startsWith('/v1/') && status !== 204 && body.length > 0)
            assert.equal(headers['content-type'], 'application/json', where);
        }
      }
    return asked;
  };
  await t.test('every route of our API, with everything wrong', async () => {
    assert.ok((await hostile(controlShapes())) > 1_000);
  });
  await t.test('every path and verb of the Vault face, with everything wrong', async (inner) => {
    const twin = await openTestHouse();
    inner.after(() => twin.close());
    const shapes = vaultShapes(twin.rooms);
    assert.ok(shapes.length > 60, String(shapes.length));
    assert.ok((await hostile(shapes)) > 1_000);
  });
  await t.test('the Vault face, as it is meant', async () => {
    await vaultTour(sender.send, session.token, plants.value.hostile, watch);
  });
  await t.test('what is too large', async () => {
    const huge = JSON.stringify({ value: { value: plants.body.hostile().repeat(60_000) } });
    for (const target of [
      '/api/values/porch/home/huge',
      '/v1/secret/data/porch/home/huge',
      '/api/adoptions/porch/home',
    ]) {
      const method = target.startsWith('/v1') || target.includes('adoptions') ? 'POST' : 'PUT';
      const headers = { authorization: `Bearer ${session.token}`, 'content-type': 'application/json' };
      const { status, body } = await sender
        .send({ method, target, headers, body: huge })
        .catch(() => ({ status: 413, body: '' }));
      assert.ok(status >= 400 && status < 500, `${target} ${status}`);
      watch.look(target, body);
    }
  });
  await t.test('numbers, health and the published record', async () => {
    for (const target of [
      '/metrics',
      '/healthz',
      '/readyz',
      '/ledger/checkpoint',
      '/ledger/tile/0/000',
      '/ledger/tile/entries/000',
      '/api/openapi.json',
      '/v1/sys/health',
    ])
      watch.look(target, (await sender.send({ method: 'GET', target, headers: {} })).body);
  });

  const used = new Set<string>();
  const run = async ({ args, options = {}, shows = [] }: ReturnType<typeof goodCalls>[number]) => {
    const { exit, out, err } = await call(place, args, options);
    for (const name of NAMES) if (`${args.join(' ')} `.startsWith(`${name} `)) used.add(name);
    watch.look(`the output of ${args.join(' ').slice(0, 40)}`, out, shows);
    watch.look(`the remarks of ${args.join(' ').slice(0, 40)}`, err);
    return { exit, out, err };
  };
  await t.test('every command that asks the server', async () => {
    for (const each of goodCalls(secrets, plants)) {
      const { exit, err } = await run(each);
      // The doctor may have remarks of its own.
      if (each.args[0] !== 'doctor') assert.equal(exit, each.exit ?? 0, `${each.args.join(' ')}: ${err}`);
    }
    const { out: code } = await call(place, ['token', 'sign-in']);
    watch.add({ ...canaryOf('code', code.trim()), name: 'code' });
    const server = ['--server', `${ca === undefined ? 'http' : 'https'}://localhost:${port}`];
    const login = [
      'login',
      ...server,
      '--stdin',
      ...(ca === undefined ? [] : ['--ca', join(place.root, 'tls/tls.crt')]),
    ];
    for (const [args, input] of [
      [login, code],
      [['status'], ''],
      [login, `${plants.token.plain()}\n`],
      [['logout'], ''],
    ] as const)
      await run({ args, options: { input } });
  });
  await t.test('every command, used as it should not be', async () => {
    const calls = badCalls(plants);
    const next = calls[Symbol.iterator]();
    const worker = async () => {
      for (const each of next) {
        const { exit } = await run(each);
        assert.notEqual(exit, 70, each.args.join(' '));
      }
    };
    await Promise.all([worker(), worker()]);
    assert.deepEqual(
      NAMES.filter((name) => !used.has(name)),
      [],
    );
  });

  await t.test('kit, backup, rekey, lock and unlock', async () => {
    const lost = await owner.call('kit.create', { body: {} });
    for (const line of secretLines(lost.page)) watch.add({ ...canaryOf('kit', line), name: 'kit' });
    await owner.call('kit.show', {});
    await owner.call('kit.revoke', {});
    const kit = await owner.call('kit.create', { body: {} });
    for (const line of secretLines(kit.page)) watch.add({ ...canaryOf('kit', line), name: 'kit' });
    await owner.call('kit.confirm', { body: {} });
    await owner.call('backup.create', { body: {} });
    await owner.call('rekey.do', { body: {} });
    await owner.call('rekey.do', { body: { passphrase: plants.passphrase.plain() } }).catch(() => undefined);
    await owner.call('doctor.run', { body: {} });
    await owner.call('lock.do', { body: {} });
    await clients
      .stranger()
      .call('unlock.do', { body: { passphrase: plants.passphrase.plain() } })
      .catch(() => undefined);
    await clients
      .stranger()
      .call('unlock.do', { body: { recoveryKey: plants.passphrase.plain() } })
      .catch(() => undefined);
    await sender.send({
      method: 'PUT',
      target: '/v1/sys/unseal',
      headers: {},
      body: JSON.stringify({ key: plants.passphrase.plain() }),
    });
    await sender.send({
      method: 'GET',
      target: `/v1/secret/data/porch/home/${plants.path.plain()}`,
      headers: { 'x-vault-token': session.token },
    });
    await clients.local().call('unlock.do', { body: {} });
    await owner.call('me.show');
    const recovery = /chtl_\w{20,}/.exec(kit.page)?.[0] ?? '';
    await clients
      .stranger()
      .call('sign-in.kit', { body: { kit: plants.token.plain() } })
      .catch(() => undefined);
    const { token } = await clients.stranger().call('sign-in.kit', { body: { kit: recovery } });
    watch.add({ ...canaryOf('kit', token), name: 'kit' });
    for (const id of clients.used()) answered.add(id);
    assert.deepEqual(
      ROUTE_IDS.filter((id) => !answered.has(id)),
      [],
    );
  });

  await t.test('while it runs: its files', () => look(place, watch));
  assert.equal(await server.stop(), 0);
  pids = [];
  await t.test('after it stopped: its files, and what it said', async () => {
    for (const args of [
      ['doctor'],
      ['status'],
      ['restore', '--check', newestBackup(place), '--kit-file', place.keyFile],
    ])
      await run({ args });
    look(place, watch);
    watch.look('what the server said', server.output());
  });
  assert.ok(processes.stop() > 10, 'processes were seen');
  assert.ok(watch.bytes() > 5_000_000, `${watch.bytes()} bytes were looked at`);
  assert.deepEqual([...new Set(watch.leaks)], []);
});

/** Every file but those that are for holding values: what was adopted and rendered, keys, tokens. */
const look = (place: Place, watch: Watch): void => {
  const files = watch.lookThrough(place.root, (path) => {
    if (/^(?:secrets|keys|tls)(?:\/|$)/.test(path) || path.endsWith('.config/chatelaine/token')) return 'anything';
    // Which path somebody asked for stands in the record, and there alone.
    return path.startsWith('data/chatelaine.db') ? ['path'] : [];
  });
  assert.ok(files > 3, `${files} files were looked at`);
};

const newestBackup = ({ backups }: Place): string => {
  const file = readdirSync(backups).find((name) => name.endsWith('.age'));
  assert.ok(file !== undefined, 'there is a backup');
  return join(backups, file);
};

type TlsPlace = Place & { readonly ca: string | undefined; readonly tlsKey: string | undefined };

const placeWithTls = async (t: TestContext): Promise<TlsPlace> => {
  const place = await makePlace(t);
  const folder = join(place.root, 'tls');
  mkdirSync(folder, { mode: 0o700 });
  const made = makeCertificate(folder);
  if (made === undefined) {
    assert.notEqual(process.env['CHATELAINE_REQUIRE'], '1', 'openssl is missing');
    return { ...place, ca: undefined, tlsKey: undefined };
  }
  const env = { ...place.env, CHATELAINE_TLS_CERT: made.cert, CHATELAINE_TLS_KEY: made.key };
  return { ...place, env, ca: readFileSync(made.cert, 'utf8'), tlsKey: made.key };
};

const openClients = (t: TestContext, { port, ca, data }: TlsPlace, watch: Watch) => {
  const opened: Client[] = [];
  const used = new Set<string>();
  t.after(() => opened.forEach((client) => client.close()));
  const scheme = ca === undefined ? 'http' : 'https';
  const web = { url: `${scheme}://localhost:${port}`, ...(ca === undefined ? {} : { ca }) };
  const open = (at: typeof web | { socket: string }, token?: string): Client => {
    const transport = watchedTransport(httpTransport({ place: at, agent: 'canary' }), watch);
    const client = openClient({ transport, token: () => (token === undefined ? undefined : Secret.fromText(token)) });
    opened.push(client);
    return {
      ...client,
      call: async (id, ...input) => {
        const answer = await client.call(id, ...input);
        used.add(id);
        return answer;
      },
    };
  };
  return {
    stranger: () => open(web),
    with: (token: string) => open(web, token),
    local: () => open({ socket: join(data, 'chatelaine.sock') }),
    used: () => used,
  };
};

const secretLines = (page: string): string[] => [
  ...(page.match(/AGE-SECRET-KEY-\S+|chtl_\w{20,}/g) ?? []),
  ...(page.match(/(?:[A-Z2-7]{4}[- ]){5,}[A-Z2-7]{4}/g) ?? []),
];

const vaultTour = async (
  send: ReturnType<typeof openSender>['send'],
  token: string,
  value: () => string,
  watch: Watch,
): Promise<void> => {
  const ask = async (method: string, path: string, body?: object, headers: Record<string, string> = {}) => {
    const heard = await send({
      method,
      target: `/v1/${path}`,
      headers: { 'x-vault-token': token, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    watch.look(`${method} ${path}`, heard.body, [...allowedIn(method, `/v1/${path}`, heard.status), 'session']);
    assert.ok(heard.status < 300, `${method} ${path}: ${heard.status} ${heard.body.toString()}`);
    if (heard.status !== 204) assert.equal(heard.headers['content-type'], 'application/json');
    // oxlint-disable-next-line typescript/no-explicit-any -- Vault's answers have no types here
    return (heard.status === 204 ? {} : JSON.parse(heard.body.toString())) as any;
  };
  const at = 'secret/data/porch/home/vault/a';
  await ask('POST', at, { data: { password: value(), user: 'ada' } });
  await ask('GET', at);
  await ask('PATCH', at, { data: { password: value() } }, { 'content-type': 'application/merge-patch+json' });
  await ask('GET', 'secret/subkeys/porch/home/vault/a');
  const wrapped = await ask('GET', at, undefined, { 'x-vault-wrap-ttl': '60s' });
  watch.add({ ...canaryOf('token', wrapped.wrap_info.token), name: 'token' });
  await ask('POST', 'sys/wrapping/unwrap', { token: wrapped.wrap_info.token });
  await ask('LIST', 'secret/metadata/porch/home');
  await ask('POST', 'secret/metadata/porch/home/vault/a', { custom_metadata: { purpose: 'tour' } });
  await ask('GET', 'secret/metadata/porch/home/vault/a');
  await ask('DELETE', at);
  await ask('POST', 'secret/undelete/porch/home/vault/a', { versions: [2] });
  await ask('POST', 'secret/destroy/porch/home/vault/a', { versions: [1] });
  const { auth } = await ask('POST', 'auth/token/create', { ttl: '1h' });
  watch.add({ ...canaryOf('token', auth.client_token), name: 'token' });
  await ask('POST', 'auth/token/lookup', { token: auth.client_token });
  await ask('GET', 'auth/token/lookup-self');
  await ask('POST', 'auth/token/revoke', { token: auth.client_token });
  await ask('POST', 'sys/capabilities-self', { paths: [at] });
};
