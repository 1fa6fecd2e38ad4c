import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type Server, createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { Secret, hasCode } from '#kernel';
import type { Context } from './context.ts';
import { readDotenv, readSops } from './import-sources.ts';
import { singleText, textLeaves, valueFrom } from './value.ts';
import { walkVault } from './vault-source.ts';

const root = mkdtempSync(join(tmpdir(), 'chatelaine-import-'));
after(() => rmSync(root, { recursive: true, force: true }));
const signal = new AbortController().signal;
const context = (environment: Record<string, string> = {}) =>
  ({ directory: root, environment, signal }) as unknown as Context;
const file = (name: string, content: string): string => {
  writeFileSync(join(root, name), content);
  return name;
};

suite('a value', () => {
  test('typed is one text; a line end at its end is nobody’s intention', () => {
    assert.deepEqual(valueFrom(Secret.fromText('a b\n'), false), { value: 'a b' });
    assert.deepEqual(valueFrom(Secret.fromText('a\nb\n\n'), false), { value: 'a\nb\n' });
    assert.throws(
      () => valueFrom(Secret.fromBytes(Uint8Array.of(0xff)), false),
      (error) => hasCode(error, 'cli.not_text'),
    );
    assert.throws(
      () => valueFrom(Secret.fromText('["a"]'), true),
      (error) => hasCode(error, 'cli.wrong_use'),
    );
  });

  test('stands as text by its field value, or by its only field', () => {
    assert.equal(singleText({ value: 'a', other: 'b' }), 'a');
    assert.equal(singleText({ token: 'a' }), 'a');
    assert.equal(singleText({ a: 'a', b: 'b' }), undefined);
    assert.deepEqual(textLeaves({ a: { b: ['x', 1] }, n: null }), [
      [['a', 'b', '0'], 'x'],
      [['a', 'b', '1'], '1'],
    ]);
  });
});

suite('a .env file', () => {
  test('gives each variable, unquoted, the last of a name', async () => {
    const read = await readDotenv(context(), file('a.env', '# c\nexport A=1\nB="two words"\nC=\'$x\'\nA=2\nEMPTY=\n'));
    assert.deepEqual(Object.fromEntries(read.map(({ name, value }) => [name, value['value']])), {
      A: '2',
      B: 'two words',
      C: '$x',
    });
  });

  test('that is not text is refused by name', async () => {
    writeFileSync(join(root, 'b.env'), Uint8Array.of(0xff, 0xfe, 0));
    await assert.rejects(readDotenv(context(), 'b.env'), (error) => hasCode(error, 'cli.stuck_data'));
    await assert.rejects(readDotenv(context(), 'absent.env'), (error) => hasCode(error, 'cli.unreadable'));
  });
});

suite('a sops file', () => {
  const withSops = (script: string): Context => {
    writeFileSync(join(root, 'sops'), `#!/bin/sh\n${script}\n`);
    chmodSync(join(root, 'sops'), 0o755);
    return context({ PATH: `${root}:/bin:/usr/bin` });
  };

  test('is decrypted by sops, and its tables become names', async () => {
    const name = file('s.yaml', 'a: ENC[x]\nsops:\n  mac: x\n');
    const read = await readSops(
      withSops(
        `echo '{"token":"t","mqtt":{"user":"u","password":"p"},"deep":{"er":{"still":{"a":"1","b":"2"}}},"list":["x"]}'`,
      ),
      name,
    );
    assert.deepEqual(read, [
      { name: 'token', value: { value: 't' } },
      { name: 'mqtt/user', value: { value: 'u' } },
      { name: 'mqtt/password', value: { value: 'p' } },
      { name: 'deep/er/still', value: { a: '1', b: '2' } },
      { name: 'list', value: { value: '["x"]' } },
    ]);
  });

  test('that sops cannot open is told without what sops said', async () => {
    const name = file('s.yaml', 'a: ENC[x]\nsops:\n  mac: x\n');
    await assert.rejects(
      readSops(withSops('echo Canary-Plaintext >&2; exit 128'), name),
      (error: Error) =>
        hasCode(error, 'cli.program_failed') && !`${error.message}${JSON.stringify(error)}`.includes('Canary'),
    );
  });

  test('is told from others by its mark', async () => {
    assert.equal(await readSops(context({ PATH: '/bin' }), file('p.env', 'A=1\n'), true), null);
    await assert.rejects(
      readSops(context({ PATH: '/nonexistent' }), file('s.json', '{"a":"ENC[]","sops":{}}'), true),
      (error) => hasCode(error, 'cli.program_failed'),
    );
  });
});

suite('a Vault', () => {
  const servers: Server[] = [];
  after(() => servers.forEach((server) => server.close()));
  const vault = async (answers: Readonly<Record<string, unknown>>): Promise<string> => {
    const server = createServer((request, response) => {
      const body = request.headers['x-vault-token'] === 'root' ? answers[request.url ?? ''] : undefined;
      response.statusCode = body === undefined ? (request.headers['x-vault-token'] === 'root' ? 404 : 403) : 200;
      response.end(JSON.stringify(body ?? { errors: [] }));
    }).listen(0, '127.0.0.1');
    servers.push(server);
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  };
  const place = (address: string, token = 'root') => ({
    address,
    token: Secret.fromText(token),
    mount: 'kv',
    path: '',
    namespace: undefined,
    signal,
  });

  test('of version 2 is walked to its leaves; deleted ones are left out', async () => {
    const address = await vault({
      '/v1/sys/internal/ui/mounts/kv': { data: { options: { version: '2' } } },
      '/v1/kv/metadata/?list=true': { data: { keys: ['a b', 'deep/', 'gone'] } },
      '/v1/kv/metadata/deep/?list=true': { data: { keys: ['x'] } },
      '/v1/kv/data/a%20b': { data: { data: { value: '1', n: 7 } } },
      '/v1/kv/data/deep/x': { data: { data: { k: 'v' } } },
    });
    assert.deepEqual(await walkVault(place(address)), [
      { name: 'a b', value: { value: '1', n: 7 } },
      { name: 'deep/x', value: { k: 'v' } },
    ]);
  });

  test('of version 1 is walked as well', async () => {
    const address = await vault({
      '/v1/sys/internal/ui/mounts/kv': { data: { options: null } },
      '/v1/kv/?list=true': { data: { keys: ['a'] } },
      '/v1/kv/a': { data: { value: 'x' } },
    });
    assert.deepEqual(await walkVault(place(address)), [{ name: 'a', value: { value: 'x' } }]);
  });

  test('that names itself for ever, refuses, or is not there ends with a way out', async () => {
    const endless = new Proxy(
      {},
      {
        get: (_, url: string) =>
          url.includes('sys/') ? { data: { options: { version: '2' } } } : { data: { keys: ['again/'] } },
      },
    );
    await assert.rejects(walkVault(place(await vault(endless))), (error) => hasCode(error, 'cli.stuck_data'));
    await assert.rejects(walkVault(place(await vault({}), 'wrong')), (error) => hasCode(error, 'cli.program_failed'));
    await assert.rejects(walkVault(place('http://127.0.0.1:9')), (error) => hasCode(error, 'cli.program_failed'));
    await assert.rejects(walkVault(place('http://vault.example')), (error) => hasCode(error, 'cli.insecure_address'));
  });
});
