import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { hasCode } from '#kernel';
import { openMemory } from './memory.ts';
import { adoptedFolder, pathOf, placeOf, slugOf } from './place.ts';
import { checkAddress, serverAddress } from './server-address.ts';

const root = mkdtempSync(join(tmpdir(), 'chatelaine-memory-'));
after(() => rmSync(root, { recursive: true, force: true }));
const environment = { XDG_CONFIG_HOME: join(root, 'config') };
const memory = () => openMemory(environment);

suite('what this machine remembers', () => {
  test('is nothing at first, and then what was noted, for its owner only', () => {
    assert.deepEqual(memory().read(), { server: null, ca: null, ledgers: {}, folders: {}, patches: {} });
    memory().update((now) => ({ ...now, folders: { '/h/porch': { project: 'cabin', environment: 'prod' } } }));
    assert.deepEqual(memory().read().folders, { '/h/porch': { project: 'cabin', environment: 'prod' } });
    assert.equal(statSync(memory().file).mode & 0o777, 0o600);
  });

  test('when damaged is an error that says what to do', () => {
    const broken = openMemory({ XDG_CONFIG_HOME: join(root, 'broken') });
    broken.update((now) => now);
    for (const text of ['', '{', '[]', '{"server":1}', '{"server":null,"ca":null,"ledgers":[],"folders":{}}', 'null']) {
      writeFileSync(broken.file, text);
      assert.throws(
        () => openMemory({ XDG_CONFIG_HOME: join(root, 'broken') }).read(),
        (error) => hasCode(error, 'cli.stuck_data'),
        text,
      );
    }
  });
});

suite('a place', () => {
  const here = (directory: string) => ({ memory: memory(), directory });
  const none = { project: undefined, environment: undefined };

  test('is that of the folder adopted, also from below it, else of its name', () => {
    assert.deepEqual(placeOf(here('/h/porch'), none), { project: 'cabin', environment: 'prod' });
    assert.deepEqual(placeOf(here('/h/porch/esphome'), none), { project: 'cabin', environment: 'prod' });
    assert.equal(adoptedFolder(here('/h/porch/esphome'), undefined), '/h/porch');
    assert.deepEqual(placeOf(here('/h/My Häuschen!'), none), { project: 'my-hauschen', environment: 'home' });
    assert.deepEqual(placeOf(here('/h/porch'), { project: 'other', environment: undefined }), {
      project: 'other',
      environment: 'home',
    });
  });

  test('makes a path of a name; a whole path stays what it is', () => {
    assert.equal(pathOf(here('/h/porch'), 'mqtt', none).toString(), 'cabin/prod/mqtt');
    assert.equal(pathOf(here('/h/porch'), 'mqtt/password', none).toString(), 'cabin/prod/mqtt/password');
    assert.equal(pathOf(here('/h/porch'), 'a/b/c', none).toString(), 'a/b/c');
    assert.equal(pathOf(here('/h/porch'), 'a/b/c', { project: 'x', environment: 'y' }).toString(), 'x/y/a/b/c');
  });

  test('has a name for every folder', () => {
    for (const name of ['', '---', '家', 'x'.repeat(200), 'A_B c', '..'])
      assert.match(slugOf(name), /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, name);
  });
});

suite('the server meant', () => {
  const ask = (
    where: { server?: string; data?: string },
    variables: Record<string, string> = {},
    server: string | null = null,
  ) =>
    serverAddress({
      where: { server: where.server, data: where.data },
      environment: variables,
      memory: { ...memory(), read: () => ({ server, ca: null, ledgers: {}, folders: {}, patches: {} }) },
    }).name;

  test('is the one named, then CHATELAINE_ADDR, then the saved login, then the local one', () => {
    assert.equal(ask({ server: 'https://a' }, { CHATELAINE_ADDR: 'https://b' }, 'https://c'), 'https://a');
    assert.equal(ask({}, { CHATELAINE_ADDR: 'https://b:1/' }, 'https://c'), 'https://b:1');
    assert.equal(ask({ data: '/d' }, { CHATELAINE_ADDR: 'https://b' }, 'https://c'), '/d/chatelaine.sock');
    assert.equal(ask({}, {}, 'https://c'), 'https://c');
    assert.equal(ask({}, { CHATELAINE_DATA: '/d' }), '/d/chatelaine.sock');
    assert.equal(ask({ server: 'unix:/run/c.sock' }), '/run/c.sock');
  });

  test('is reached in clear on this machine only', () => {
    for (const url of [
      'http://localhost:8200',
      'http://127.0.0.1:8200',
      'http://[::1]:8200',
      'https://home.example',
      'home.example:8200',
    ])
      assert.doesNotThrow(() => checkAddress(url), url);
    for (const url of [
      'http://home.example',
      'http://127.0.0.1.evil.example',
      'http://localhost.evil.example',
      'ftp://localhost',
      'https://a/b',
      'https://u:p@a',
      'https://a?x',
      '::::',
    ])
      assert.throws(
        () => checkAddress(url),
        (error) => error instanceof Error && error.name === 'ChatelaineError',
        url,
      );
  });
});
