import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { createApp, openLog } from '#http';
import { listEntries } from '#ledger';
import { Duration } from '#kernel';
import { type TestHouse, openTestHouse } from '../house.ts';
import { ask, converse, jsonOf, parseAnswer } from '../vault/converse.ts';

const HEALTH = '/v1/sys/health';

describe('a connection', () => {
  let house: TestHouse;
  before(async () => {
    house = await openTestHouse({ settings: { hosts: ['porch.example'], trustedProxies: ['127.0.0.1'] } });
  });
  after(() => house.close());

  const raw = async (...lines: readonly string[]) =>
    parseAnswer(await converse(house.port, [`${lines.join('\r\n')}\r\n\r\n`]));

  test('is for a name that is ours, so that no re-bound name gets through (DNS rebinding)', async () => {
    for (const [host, status] of [
      ['localhost:8200', 200],
      ['127.0.0.1', 200],
      ['[::1]:1', 200],
      ['PORCH.example.', 200],
      ['porch.example:443', 200],
      ['evil.example', 421],
      ['localhost.evil.example', 421],
      ['porch.example.evil', 421],
      ['127.0.0.1.evil.example', 421],
      ['192.168.7.7', 421],
      ['evil.example@localhost', 421],
      ['', 421],
    ] as const)
      assert.equal((await raw(`GET ${HEALTH} HTTP/1.1`, `Host: ${host}`, 'Connection: close')).status, status, host);
    const said = await raw(`GET ${HEALTH} HTTP/1.1`, 'Host: evil.example', 'Connection: close');
    assert.match(said.body, /chatelaine up --hosts evil\.example/);
    assert.equal(
      parseAnswer(
        await converse(house.socket, [`GET ${HEALTH} HTTP/1.1\r\nHost: anything\r\nConnection: close\r\n\r\n`]),
      ).status,
      200,
    );
  });

  test('names its host once, and asks for a path', async () => {
    assert.equal(
      (await raw(`GET ${HEALTH} HTTP/1.1`, 'Host: localhost', 'Host: evil.example', 'Connection: close')).status,
      400,
    );
    assert.equal((await raw(`GET ${HEALTH} HTTP/1.1`, 'Connection: close')).status, 400);
    assert.equal(
      (await raw(`GET http://localhost${HEALTH} HTTP/1.1`, 'Host: localhost', 'Connection: close')).status,
      400,
    );
    assert.equal((await raw('OPTIONS * HTTP/1.1', 'Host: localhost', 'Connection: close')).status, 400);
  });

  test('holds no second request inside the first (request smuggling)', async () => {
    const hidden = 'GET /v1/sys/seal-status HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';
    const first = ['POST /v1/sys/unseal HTTP/1.1', 'Host: localhost'];
    for (const framing of [
      ['Content-Length: 4', 'Transfer-Encoding: chunked'],
      ['Content-Length: 0', 'Content-Length: 5'],
      ['Transfer-Encoding: xchunked'],
      ['Transfer-Encoding: chunked, identity'],
      ['Content-Length: +3'],
      ['Content-Length : 3'],
      ['Transfer-Encoding:\u000bchunked'],
      ['X: a', ' folded: b'],
    ]) {
      const said = await converse(house.port, [`${[...first, ...framing].join('\r\n')}\r\n\r\n0\r\n\r\n${hidden}`]);
      assert.match(said, /^HTTP\/1\.1 400 /, framing.join());
      assert.ok(!said.includes('"sealed"'), framing.join());
    }
  });

  test('is believed about where it comes from as far as its proxy is trusted', async () => {
    const from = async (forwarded: string) => {
      await ask(house.port, 'GET', '/v1/secret/data/porch/home/none', {
        token: house.tokens.owner,
        headers: { 'X-Forwarded-For': forwarded, 'User-Agent': `agent \u0085${'x'.repeat(300)}` },
      });
      const { output } = await house.rooms.deeds.perform(listEntries(null), house.rooms.owner, {
        before: null,
        limit: 1,
        action: 'credential.read',
      });
      return output[0]!.personal!;
    };
    assert.equal((await from('203.0.113.9')).address, '203.0.113.9');
    assert.equal((await from('198.51.100.1, 203.0.113.9, 127.0.0.1')).address, '203.0.113.9');
    const { agent } = await from('203.0.113.9, nonsense');
    assert.ok(agent.length <= 120 && !agent.includes('\u0085'));
  });

  test('a head that is too long is refused', async () => {
    assert.match(
      await converse(house.port, [
        `GET /v1/sys/health HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
      ]),
      /^HTTP\/1\.1 431 /,
    );
    assert.equal((await ask(house.port, 'GET', `/v1/secret/data/porch/home/${'x'.repeat(5_000)}`)).status, 400);
  });

  test('on every answer carries headers that keep browsers from misusing it', async () => {
    const { headers } = await ask(house.port, 'GET', HEALTH);
    for (const line of [
      /cache-control: no-store/i,
      /content-security-policy: default-src 'none'; frame-ancestors 'none'/i,
      /x-content-type-options: nosniff/i,
      /referrer-policy: no-referrer/i,
      /cross-origin-resource-policy: same-origin/i,
    ])
      assert.match(headers, line);
    assert.doesNotMatch(headers, /access-control|x-powered-by|server:/i);
  });

  test('shows numbers next to the machine, and elsewhere to whoever may see the status', async () => {
    const own = await openTestHouse();
    try {
      assert.match((await ask(own.port, 'GET', '/metrics')).body, /chatelaine_ledger_entries \d+/);
      assert.match(
        (await ask(own.socket, 'GET', '/metrics')).body,
        /chatelaine_http_requests_total\{face="public",status="200"\} 1/,
      );
      assert.equal(
        (await ask(own.port, 'GET', '/metrics', { headers: { 'X-Forwarded-For': '203.0.113.9' } })).status,
        401,
      );
      assert.equal(
        (await ask(house.port, 'GET', '/metrics', { headers: { 'X-Forwarded-For': '203.0.113.9' } })).status,
        401,
      );
      assert.equal((await ask(own.port, 'GET', '/metrics', { token: own.tokens.service })).status, 403);
      assert.equal((await ask(own.port, 'GET', '/metrics', { token: own.tokens.owner })).status, 200);
    } finally {
      await own.close();
    }
  });

  test('tells liveness from readiness', async () => {
    const own = await openTestHouse();
    try {
      assert.equal((await ask(own.port, 'GET', '/readyz')).status, 200);
      own.rooms.sealing.lock();
      const said = await ask(own.port, 'GET', '/readyz');
      assert.deepEqual([said.status, jsonOf(said)], [503, { ready: false, why: ['locked'] }]);
      assert.equal((await ask(own.port, 'GET', '/healthz')).status, 200);
      assert.equal(
        (await ask(own.port, 'GET', '/v1/secret/data/porch/home/a', { token: own.tokens.owner })).status,
        503,
      );
      assert.match((await ask(own.port, 'GET', '/metrics')).body, /chatelaine_locked_refusals_total 1\n/);
    } finally {
      await own.close();
    }
  });

  test('an error nobody foresaw says nothing of what it was about, and the log says no value', async () => {
    const own = await openTestHouse();
    const lines: string[] = [];
    const broken = {
      ...own.rooms,
      secrets: {
        ...own.rooms.secrets,
        deeds: { ...own.rooms.deeds, perform: () => Promise.reject(new Error('disk on fire')) },
      },
    };
    const app = await createApp(broken, SETTINGS, openLog('debug', { write: (line) => void lines.push(line) }));
    const server = app.listener().listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const { port } = server.address() as { port: number };
      const said = await ask(port, 'POST', '/v1/secret/data/porch/home/a', {
        token: own.tokens.owner,
        body: '{"data":{"password":"canary-77"}}',
      });
      assert.equal(said.status, 500);
      assert.ok(!said.body.includes('fire') && !said.body.includes('canary'), said.body);
      assert.equal(lines.length, 1);
      assert.match(lines[0]!, /disk on fire/);
      assert.ok(!lines[0]!.includes('canary') && !lines[0]!.includes(own.tokens.owner));
    } finally {
      await app.drain(Duration.of(1, 's'));
      await own.close();
    }
  });
});

const SETTINGS = {
  hosts: [],
  trustedProxies: [],
  bodyLimit: 100_000,
  requestTimeout: Duration.of(1, 's'),
  maxConnections: 4,
  maxRequestsPerConnection: 3,
  tls: null,
} as const;

describe('a connection that is slow, greedy or late', () => {
  let house: TestHouse;
  before(async () => {
    house = await openTestHouse({ settings: SETTINGS });
  });
  after(() => house.close());

  test('is closed when its head does not come', async () => {
    assert.match(await converse(house.port, ['GET /v1/sys/health HTTP/1.1\r\nHo']), /^HTTP\/1\.1 408 /);
  });

  test('is closed when its body does not come, though it drips', async () => {
    const drops = Array.from('{"data":{"a":"bbbbbbbbbbbbbbbbbbbbbbbb');
    const head = `POST /v1/secret/data/porch/home/slow HTTP/1.1\r\nHost: localhost\r\nX-Vault-Token: ${house.tokens.owner}\r\nContent-Length: 500\r\n\r\n`;
    const began = performance.now();
    assert.match(await converse(house.port, [head, ...drops], 80), /^HTTP\/1\.1 408 /);
    assert.ok(performance.now() - began < 4_500);
    assert.equal(
      (await ask(house.port, 'GET', '/v1/secret/metadata/porch/home/slow', { token: house.tokens.owner })).status,
      404,
    );
  });

  test('that is half-sent and gone changes nothing', async () => {
    const socket = connect(house.port, '127.0.0.1');
    socket.write(
      `POST /v1/secret/data/porch/home/half HTTP/1.1\r\nHost: localhost\r\nX-Vault-Token: ${house.tokens.owner}\r\nContent-Length: 18\r\n\r\n{"data":{"a":1`,
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.destroy();
    assert.equal(
      (await ask(house.port, 'GET', '/v1/secret/metadata/porch/home/half', { token: house.tokens.owner })).status,
      404,
    );
  });

  test('carries only so many requests', async () => {
    const one = 'GET /v1/sys/health HTTP/1.1\r\nHost: localhost\r\n\r\n';
    const said = await converse(house.port, [one + one + one + one + one]);
    assert.equal(said.match(/HTTP\/1\.1 200/g)?.length, 3);
    assert.ok(!/HTTP\/1\.1 200[\s\S]*HTTP\/1\.1 503[\s\S]*HTTP\/1\.1 200/.test(said));
  });

  test('is one of a limited number', async () => {
    const sockets = Array.from({ length: 8 }, () => connect(house.port, '127.0.0.1').on('error', () => {}));
    const closed = await Promise.all(
      sockets.map((socket) =>
        Promise.race([
          once(socket, 'close').then(() => true),
          new Promise((resolve) => setTimeout(() => resolve(false), 400)),
        ]),
      ),
    );
    for (const socket of sockets) socket.destroy();
    assert.ok(closed.filter(Boolean).length >= 4, `${closed.filter(Boolean).length} of 8 were closed`);
  });

  test('while the program stops, what runs is finished and what comes is refused', async () => {
    const own = await openTestHouse();
    const { deeds } = own.rooms;
    // The first write waits until the drain has begun.
    let release = (): void => {};
    const gate = new Promise<void>((resolve) => (release = resolve));
    const blocked = deeds.housekeep(() => gate);
    const running = ask(own.port, 'POST', '/v1/secret/data/porch/home/late', {
      token: own.tokens.owner,
      body: '{"data":{"a":1}}',
    });
    const keptAlive = connect(own.port, '127.0.0.1');
    await once(keptAlive, 'connect');
    await new Promise((resolve) => setTimeout(resolve, 100));
    const drained = own.app.drain(Duration.of(5, 's'));
    keptAlive.write('GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n');
    const [refused] = (await once(keptAlive, 'data')) as [Buffer];
    assert.match(String(refused), /^HTTP\/1\.1 503 [\s\S]*http\.draining/);
    release();
    await blocked;
    assert.equal((await running).status, 200);
    assert.equal(await drained, true);
    await assert.rejects(once(connect(own.port, '127.0.0.1'), 'connect'));
    await own.rooms.deeds.close();
    await own.rooms.engine.close();
  });
});
