import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type Server, createServer } from 'node:http';
import { type AddressInfo, type Socket, connect } from 'node:net';
import { type Duplex, duplexPair } from 'node:stream';
import { after, before, describe, test } from 'node:test';
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import fc from 'fast-check';
import fastify from 'fastify';
import { LIST_ROUTE, listAsRoute } from './list-route.ts';
import { acceptListVerb } from './list-verb.ts';

/** Each case is two conversations over sockets: 10,000 take half a minute. */
const RUNS = Number(process.env['CHATELAINE_FUZZ_RUNS'] ?? 200);

/** Verb and path of each request, in the order in which the handler saw them. */
const seen = new WeakMap<Socket, string[]>();

/** Answers each request with what was read of it; slow answers come late, so that the order is put to the test. */
const echo = (): Server => {
  const server = createServer((request, response) => {
    const body: Buffer[] = [];
    seen.set(request.socket, [...(seen.get(request.socket) ?? []), `${request.method} ${request.url}`]);
    request.on('data', (data: Buffer) => body.push(data));
    request.on('end', () => {
      const answer = () =>
        response.end(`@${request.method} ${request.url} ${Buffer.concat(body).toString('latin1')}\n`);
      if (request.url?.includes('slow')) setTimeout(answer, 2);
      else answer();
    });
    request.on('error', () => {});
  });
  server.keepAliveTimeout = 2_000;
  return server;
};

const listen = async (server: Server): Promise<number> => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
};

/** What a client hears of a conversation, sent in these packets: all bytes until the server closes or falls silent. */
const converse = async (client: Socket | Duplex, packets: readonly Buffer[]): Promise<string> => {
  let heard = '';
  client.on('data', (data: Buffer) => (heard += data.toString('latin1')));
  client.on('error', () => {});
  const closed = new Promise<void>((resolve) => client.on('end', resolve).on('close', resolve));
  for (const packet of packets) {
    if (client.destroyed || client.writableEnded) break;
    client.write(packet);
    await turn();
    await turn();
  }
  const silent = wait(150, 'silent', { ref: false });
  const how = await Promise.race([closed, silent]);
  client.destroy();
  return `${heard.replaceAll(/^Date: .*\r\n/gm, '')}${how ?? 'closed'}`;
};

const overTcp = async (port: number, packets: readonly Buffer[]): Promise<string> => {
  const client = connect({ port, host: '127.0.0.1', noDelay: true });
  await once(client, 'connect');
  return converse(client, packets);
};

const overDuplex = (server: Server, packets: readonly Buffer[]): Promise<string> => {
  const [client, far] = duplexPair();
  server.emit('connection', far);
  return converse(client, packets);
};

const packets = (...texts: string[]): Buffer[] => texts.map((text) => Buffer.from(text, 'latin1'));
const bodies = (heard: string): string[] => [...heard.matchAll(/^@(.*)$/gm)].map(([, line]) => line!.trimEnd());
const END = 'GET /end HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';
const LIST = 'LIST /secrets HTTP/1.1\r\nHost: a\r\n\r\n';

describe('the verb LIST', () => {
  const server = echo();
  const plain = echo();
  let port = 0;
  before(async () => {
    acceptListVerb(server);
    port = await listen(server);
    await listen(plain);
  });
  after(() => [server, plain].forEach((one) => one.close() && one.closeAllConnections()));

  const ask = async (...texts: string[]) => overTcp(port, packets(...texts));

  test('is refused by Node alone (so these tests can fail)', async () => {
    const heard = await overTcp((plain.address() as AddressInfo).port, packets(LIST));
    assert.match(heard, /^HTTP\/1\.1 400 .*closed$/s);
  });

  test('is read alone, kept alive, pipelined and with a body', async () => {
    assert.deepEqual(bodies(await ask(LIST, END)), ['LIST /secrets', 'GET /end']);
    assert.deepEqual(bodies(await ask(LIST + LIST + END)), ['LIST /secrets', 'LIST /secrets', 'GET /end']);
    const post = 'POST /slow HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nLIST';
    assert.deepEqual(bodies(await ask(post + LIST + post + END)), [
      'POST /slow LIST',
      'LIST /secrets',
      'POST /slow LIST',
      'GET /end',
    ]);
    const withBody = 'LIST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc';
    assert.deepEqual(bodies(await ask(withBody + END)), ['LIST /x abc', 'GET /end']);
  });

  test('is read however it is cut into packets', async () => {
    const whole = `GET /a HTTP/1.1\r\nHost: a\r\n\r\n${LIST}${LIST}${END}`;
    const expected = ['GET /a', 'LIST /secrets', 'LIST /secrets', 'GET /end'];
    assert.deepEqual(bodies(await ask(...whole.split(''))), expected);
    for (let cut = 25; cut < 75; cut++)
      assert.deepEqual(bodies(await ask(whole.slice(0, cut), whole.slice(cut))), expected, `cut at ${cut}`);
  });

  test('is read when the answer before it is sent between its letters', async () => {
    const heard = await overDuplex(server, packets('POST / HTTP/1.1\r\nHost: a\r\n\r\nL', 'I', LIST.slice(2) + END));
    assert.deepEqual(bodies(heard), ['POST /', 'LIST /secrets', 'GET /end']);
  });

  test('a thousand in one packet overflow no stack', async () => {
    const heard = bodies(await ask('LIST / HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(2_000) + END));
    assert.equal(heard.filter((line) => line === 'LIST /').length, 2_000);
  });

  test('no other verb becomes LIST, however it is cut', async () => {
    for (const verb of ['UNLIST', 'LISX', 'LISTS', 'LIS', 'BIST', 'GEST', 'GELIST', 'list', 'L IST', 'LISLIST']) {
      const line = `${verb} / HTTP/1.1\r\nHost: a\r\n\r\n`;
      for (let cut = 0; cut < verb.length; cut++) {
        const heard = await ask(line.slice(0, cut), line.slice(cut));
        assert.match(heard, /^HTTP\/1\.1 400 .*closed$/s, `${verb} cut at ${cut}`);
      }
    }
    assert.deepEqual(bodies(await ask('UNLINK / HTTP/1.1\r\nHost: a\r\n\r\n', END)), ['UNLINK /', 'GET /end']);
  });

  test('what cannot be told from UNLIST is refused', async () => {
    const post = 'POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nUN';
    const heard = await ask(post + LIST);
    assert.doesNotMatch(heard, /@LIST/);
    assert.match(heard, /closed$/);
    assert.deepEqual(bodies(await ask(post, '\r\n', LIST, END)), ['POST /a UN', 'LIST /secrets', 'GET /end']);
  });

  test('a conversation of any requests is heard as if LIST were one of Node’s own verbs', async () => {
    let listed = 0;
    let whole = 0;
    await fc.assert(
      fc.asyncProperty(conversation, cuts, fc.boolean(), async (texts, at, tcp) => {
        const asLock = texts.map(lockForList);
        const hear = async (some: readonly string[]) => {
          const sent = cutInto(Buffer.from(some.join('') + END, 'latin1'), at);
          const accepted = once(server, 'connection') as Promise<[Socket]>;
          const heard = await (tcp ? overTcp(port, sent) : overDuplex(server, sent));
          const [socket] = await accepted;
          return { heard: lockForList(heard), requests: seen.get(socket) ?? [] };
        };
        const mine = await hear(texts);
        const reference = await hear(asLock);
        assert.deepEqual(mine.requests.map(lockForList), reference.requests);
        // A fault cuts off the answers that were not sent yet, so how many of them arrive is a matter of time.
        const [one, other] = [mine.heard, reference.heard].map(
          (heard) => heard.split(/HTTP\/1\.1 4|(?:closed|silent)$/)[0]!,
        );
        const cutOff = mine.heard.includes('HTTP/1.1 4') || texts.some((text) => /^(CONNECT|PRI) /.test(text));
        if (cutOff) assert.ok(one!.startsWith(other!) || other!.startsWith(one!));
        else assert.equal(mine.heard, reference.heard);
        if (mine.requests.some((line) => line.startsWith('LIST '))) listed++;
        if (mine.requests.includes('GET /end')) whole++;
      }),
      { numRuns: RUNS },
    );
    assert.ok(listed > RUNS / 5 && whole > RUNS / 20, `${listed} with LIST, ${whole} to the end, of ${RUNS}`);
  });

  describe('keeps every limit of the connection', () => {
    const serverWith = async (limits: Partial<Server>) => {
      const limited = Object.assign(echo(), limits);
      acceptListVerb(limited);
      return { limited, at: await listen(limited) };
    };

    test('requests per connection', async () => {
      const { at, limited } = await serverWith({ maxRequestsPerSocket: 3 });
      const heard = await overTcp(at, packets(LIST, LIST, LIST + LIST));
      assert.equal(heard.match(/HTTP\/1\.1 200/g)?.length, 3);
      assert.equal(heard.match(/HTTP\/1\.1 503/g)?.length, 1);
      limited.close();
    });

    test('size of the head', async () => {
      const heard = await ask(`LIST / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`);
      assert.match(heard, /^HTTP\/1\.1 431 .*closed$/s);
    });

    test('time for the head, and no connection is left in the server’s books', async () => {
      const limited = Object.assign(createServer({ connectionsCheckingInterval: 20 }), {
        headersTimeout: 100,
        requestTimeout: 100,
      });
      acceptListVerb(limited);
      const client = connect(await listen(limited), '127.0.0.1').on('error', () => {});
      client.write('LIST / HTTP/1.1\r\nHo');
      const [data] = (await once(client, 'data')) as [Buffer];
      assert.match(String(data), /^HTTP\/1\.1 408 /);
      limited.close();
      await once(limited, 'close');
    });

    test('backlog: a client that reads nothing is not read from without end', async () => {
      const limited = createServer((_, response) => response.end('x'.repeat(100_000)));
      acceptListVerb(limited);
      let asked = 0;
      limited.on('request', () => asked++);
      const client = connect(await listen(limited), '127.0.0.1').on('error', () => {});
      client.pause();
      const count = 400;
      client.write((LIST + LIST).repeat(count / 2).slice(0, -LIST.length) + END);
      await wait(300);
      assert.ok(asked < count, `${asked} of ${count}`);
      let bytes = 0;
      client.on('data', (data: Buffer) => (bytes += data.length));
      client.resume();
      await once(client, 'end');
      assert.equal(asked, count);
      assert.ok(bytes > count * 100_000);
      limited.close();
    });
  });

  test('errors of the connection still reach the server’s other listeners', async () => {
    const errors: string[] = [];
    const listening = echo().on('clientError', (error: NodeJS.ErrnoException, socket) => {
      errors.push(error.code ?? '');
      socket.destroy();
    });
    acceptListVerb(listening);
    const at = await listen(listening);
    await overTcp(at, packets(LIST, 'LIST / HTTP/0.1\r\n\r\n'));
    const client = connect(at, '127.0.0.1');
    client.write(LIST);
    await once(client, 'data');
    client.resetAndDestroy();
    while (errors.length < 2) await wait(5);
    assert.deepEqual(errors, ['HPE_INVALID_VERSION', 'ECONNRESET']);
    listening.close();
  });

  test('no connection outlives a request for an upgrade, after which Node would not tell us of a LIST', async () => {
    const upgrade = 'LIST /a HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n';
    for (const sent of [packets(upgrade), packets(upgrade, LIST), packets(upgrade + LIST)]) {
      const heard = await overTcp(port, sent);
      assert.deepEqual(bodies(heard), ['LIST /a']);
      assert.match(heard, /Connection: close.*closed$/s);
    }
    assert.deepEqual(bodies(await ask(LIST, LIST, END)), ['LIST /secrets', 'LIST /secrets', 'GET /end']);
  });

  test('refuses a server that parses leniently', () => {
    assert.throws(() => acceptListVerb(createServer({ insecureHTTPParser: true })), /strictly/);
  });

  test('has routes in Fastify, under a verb that no client can send', async () => {
    const app = fastify({ serverFactory: (handler) => createServer(listAsRoute(handler)) });
    app.addHttpMethod(LIST_ROUTE);
    acceptListVerb(app.server);
    app.route({ method: LIST_ROUTE, url: '/v1/*', handler: ({ url }) => ({ listed: url }) });
    app.get('/v1/*', ({ url }) => ({ read: url }));
    await app.listen({ port: 0, host: '127.0.0.1' });
    const at = (app.server.address() as AddressInfo).port;

    const line = '/v1/secret/metadata/?a=b HTTP/1.1\r\nHost: a\r\n\r\n';
    const heard = await overTcp(at, packets(`LIST ${line}GET ${line}LIST ${line}`, `SOURCE ${line}`, 'NONSENSE'));
    const answers = [...heard.matchAll(/\{"(\w+)":"\/v1\/secret\/metadata\/\?a=b"\}/g)].map(([, how]) => how);
    assert.deepEqual(answers, ['listed', 'read', 'listed']);
    assert.match(heard, /HTTP\/1\.1 405 .*HTTP\/1\.1 400 .*closed$/s);
    await app.close();
  });
});

/** The same bytes with a verb that Node knows, wherever a message might be found. */
const lockForList = (text: string): string => text.replaceAll(/(?<!UN)LIST(?= \/)/g, 'LOCK');

/** Bytes that look like a request where none may be found. */
const decoy = fc.constantFrom(
  'LIST /x HTTP/1.1\r\nHost: a\r\n\r\n',
  'LIST',
  'LI',
  'L',
  'S',
  '\r\n',
  '0\r\n\r\n',
  'UNLI',
  'abc',
  '\u0000',
);
const body = fc
  .array(decoy, { maxLength: 4 })
  .map((parts) => parts.join(''))
  .filter((text) => !text.endsWith('UN'));
const verb = fc.oneof(
  { weight: 4, arbitrary: fc.constant('LIST') },
  {
    weight: 6,
    arbitrary: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'PATCH', 'OPTIONS', 'LINK', 'UNLINK'),
  },
  { weight: 1, arbitrary: fc.constantFrom('UNLIST', 'LISTS', 'LIS', 'GEST', 'CONNECT', 'PRI') },
);
const path = fc.constantFrom('/', '/slow', '/LIST', '/?list=true', '/slow/LIST%20');
const chunked = (text: string): string =>
  `${text === '' ? '' : `${Buffer.byteLength(text, 'latin1').toString(16)}\r\n${text}\r\n`}0\r\n\r\n`;

const framing = fc.oneof(
  { weight: 3, arbitrary: fc.constant('\r\n') },
  { weight: 4, arbitrary: body.map((text) => `Content-Length: ${text.length}\r\n\r\n${text}`) },
  { weight: 4, arbitrary: body.map((text) => `Transfer-Encoding: chunked\r\n\r\n${chunked(text)}`) },
  {
    weight: 1,
    arbitrary: body.map((text) => `Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n${chunked(text)}`),
  },
  { weight: 1, arbitrary: body.map((text) => `Content-Length: 3\r\nContent-Length: 4\r\n\r\n${text}`) },
  { weight: 1, arbitrary: body.map((text) => `Transfer-Encoding: chunked, gzip\r\n\r\n${chunked(text)}`) },
  { weight: 1, arbitrary: body.map((text) => `Transfer-Encoding:\tchunked\r\n\r\n${text}\r\n0\r\n\r\n`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('Connection: close\r\n\r\n', 'Expect: 100-continue\r\nContent-Length: 2\r\n\r\nLI'),
  },
);
const request = fc.tuple(verb, path, framing).map(([m, p, rest]) => `${m} ${p} HTTP/1.1\r\nHost: a\r\n${rest}`);
const conversation = fc.array(request, { minLength: 1, maxLength: 6 });
const cuts = fc.oneof(
  fc.constant<number[]>([]),
  fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 60 }),
  fc.array(fc.integer({ min: 1, max: 120 }), { maxLength: 12 }),
);

const cutInto = (whole: Buffer, lengths: readonly number[]): Buffer[] => {
  const parts: Buffer[] = [];
  let rest = whole;
  for (const length of lengths) {
    if (rest.length === 0) break;
    parts.push(rest.subarray(0, length));
    rest = rest.subarray(length);
  }
  return rest.length > 0 ? [...parts, rest] : parts;
};
