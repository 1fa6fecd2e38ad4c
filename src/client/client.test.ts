import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import fc from 'fast-check';
import { CredentialPath, Secret, hasCode, utf8 } from '#kernel';
import { httpTransport } from '#client/node';
import { type Answered, type Exchange, fetchTransport, openClient } from './index.ts';

const STATUS = { state: 'unlocked', demo: false, version: '1.0.0' };

const answering = (status: number, body: string | Uint8Array, type = 'application/json') => {
  const sent: Exchange[] = [];
  const client = openClient({
    transport: {
      async send(exchange): Promise<Answered> {
        sent.push(exchange);
        return { status, headers: { 'content-type': type }, body: typeof body === 'string' ? utf8(body) : body };
      },
      close() {},
    },
    token: () => Secret.fromText('chtl_test'),
  });
  return { client, sent };
};

test('a request carries its parts where the contract puts them, the token in its header alone', async () => {
  const { client, sent } = answering(204, '');
  await client.call('credentials.destroy', {
    path: 'porch/home/a b/ü',
    query: { reason: 'it is & was', forget: 'true' },
  });
  assert.deepEqual(sent[0], {
    method: 'DELETE',
    target: '/api/credentials/porch/home/a%20b/%C3%BC?reason=it+is+%26+was&forget=true',
    headers: { accept: 'application/json, application/problem+json', authorization: 'Bearer chtl_test' },
    body: null,
  });
});

test('every canonical path survives being written into a URL and read back', async () => {
  const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).map((text) => `porch/home/${text}`);
  await fc.assert(
    fc.asyncProperty(name, async (text) => {
      let path: CredentialPath;
      try {
        path = CredentialPath.parse(text);
      } catch {
        return;
      }
      const { client, sent } = answering(204, '');
      await client.call('credentials.destroy', { path, query: { reason: 'x' } });
      const raw = sent[0]!.target.slice('/api/credentials/'.length).split('?', 1)[0]!;
      const read = CredentialPath.parse(raw.split('/').map(decodeURIComponent).join('/'));
      assert.equal(read.toString(), path.toString());
      assert.equal(new URL(sent[0]!.target, 'http://localhost').pathname, sent[0]!.target.split('?', 1)[0]);
    }),
    { numRuns: 2_000 },
  );
});

test('a refusal is the error that the server raised', async () => {
  const problem = {
    type: 'urn:chatelaine:problem:inventory.no_credential',
    title: 'Not Found',
    status: 404,
    detail: 'There is no credential porch/home/x.',
    instance: 'urn:chatelaine:request:1',
    code: 'inventory.no_credential',
    fault: 'absent',
    hint: 'See what there is.',
    details: { project: 'porch' },
  };
  const { client } = answering(404, JSON.stringify(problem), 'application/problem+json');
  await assert.rejects(client.call('status.show'), {
    name: 'ChatelaineError',
    code: 'inventory.no_credential',
    status: 404,
    exit: 3,
    hint: 'See what there is.',
    details: { project: 'porch', request: 'urn:chatelaine:request:1' },
  });
});

test('an answer of another form is a fault of the server, whatever it is', async () => {
  const bad: readonly [number, string | Uint8Array, string?][] = [
    [200, '<html>'],
    [200, '{"state":"unlocked"}'],
    [200, JSON.stringify({ ...STATUS, more: 1 })],
    [200, new Uint8Array([0x22, 0xff, 0x22])],
    [200, `${'['.repeat(100_000)}`],
    [204, ''],
    [302, ''],
    [500, 'oops', 'text/plain'],
    [502, '{"code":1}', 'application/problem+json'],
  ];
  for (const [status, body, type] of bad)
    await assert.rejects(answering(status, body, type).client.call('status.show'), { code: 'client.bad_answer' });
});

test('whatever bytes answer, the client gives an answer or an error of ours', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 100, max: 599 }),
      fc.oneof(fc.uint8Array(), fc.json().map(utf8)),
      fc.boolean(),
      async (status, body, problem) => {
        const { client } = answering(status, body, problem ? 'application/problem+json' : 'application/json');
        await client
          .call('status.show')
          .catch((error: unknown) => assert.ok(hasCode(error, 'client.bad_answer'), String(error)));
      },
    ),
    { numRuns: 10_000 },
  );
});

test('both transports carry the same, keep to one connection, and say when nobody answers', async (t) => {
  let connections = 0;
  const server = createServer((request, response) => {
    request.resume();
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ ...STATUS, version: `${request.method} ${request.url}` }));
  });
  server.on('connection', () => connections++);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const http = openClient({ transport: httpTransport({ place: { url }, agent: 'test' }) });
  for (let i = 0; i < 3; i++) assert.equal((await http.call('status.show')).version, 'GET /api/status');
  assert.equal(connections, 1);
  http.close();
  assert.equal((await openClient({ transport: fetchTransport(url) }).call('status.show')).version, 'GET /api/status');
  await new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  });
  for (const transport of [
    httpTransport({ place: { url }, agent: 'test' }),
    httpTransport({ place: { socket: '/nonexistent' }, agent: 'test' }),
    fetchTransport(url),
  ]) {
    const client = openClient({ transport });
    t.after(() => client.close());
    await assert.rejects(client.call('status.show'), { code: 'client.unreachable', exit: 5 });
  }
});
