import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { hasCode } from '#kernel';
import { defaultPlaces } from './places.ts';
import { planStart } from './plan.ts';
import { readSettings, variableOf } from './read-settings.ts';
import { SETTING_NAMES } from './settings.ts';

const fileWith = (t: TestContext, text: string): string => {
  const folder = mkdtempSync(join(tmpdir(), 'chatelaine-settings-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'chatelaine.yaml');
  writeFileSync(file, text);
  return file;
};
const fails = (work: () => unknown, code: string, text: RegExp) =>
  assert.throws(work, (error) => hasCode(error, code) && text.test(`${error.message} ${error.hint}`));

test('flags win over variables, variables over the file', (t) => {
  const file = fileWith(t, 'data: /file\nlisten: 127.0.0.1:1\nbody-limit: 4096\n');
  const environment = { CHATELAINE_DATA: '/variable', CHATELAINE_LISTEN: '127.0.0.1:2', PATH: '/bin' };
  const settings = readSettings({ flags: { listen: '127.0.0.1:3' }, environment, file });
  assert.deepEqual([settings.data, settings.listen, settings['body-limit']], ['/variable', '127.0.0.1:3', 4096]);
});

test('an unknown key is an error that names the nearest known one, in the spelling of its source', (t) => {
  fails(
    () => readSettings({ flags: { lsiten: 'x' }, environment: {}, file: undefined }),
    'server.unknown_setting',
    /--lsiten.*"--listen"/,
  );
  fails(
    () => readSettings({ flags: {}, environment: { CHATELAINE_DATABSE_URL: 'x' }, file: undefined }),
    'server.unknown_setting',
    /CHATELAINE_DATABASE_URL/,
  );
  fails(
    () => readSettings({ flags: {}, environment: {}, file: fileWith(t, 'tls_cert: x\n') }),
    'server.unknown_setting',
    /tls-cert/,
  );
});

test('a value that does not fit is an error that says where it came from', (t) => {
  fails(
    () => readSettings({ flags: { listen: 'nowhere' }, environment: {}, file: undefined }),
    'server.bad_setting',
    /--listen is HOST:PORT/,
  );
  fails(
    () => readSettings({ flags: {}, environment: { CHATELAINE_SEAL: 'tape' }, file: undefined }),
    'server.bad_setting',
    /CHATELAINE_SEAL/,
  );
  fails(
    () => readSettings({ flags: {}, environment: {}, file: fileWith(t, '- a list') }),
    'server.bad_setting',
    /not a table/,
  );
  fails(
    () => readSettings({ flags: {}, environment: {}, file: fileWith(t, 'a: &x [*x, *x]') }),
    'server.bad_setting',
    /YAML/,
  );
  fails(
    () => readSettings({ flags: {}, environment: {}, file: '/nowhere/at/all' }),
    'server.unreadable_file',
    /nowhere/,
  );
});

test('every setting has a variable of its own', () => {
  const variables = SETTING_NAMES.map(variableOf);
  assert.equal(new Set(variables).size, SETTING_NAMES.length);
  assert.equal(variableOf('database-url'), 'CHATELAINE_DATABASE_URL');
});

test('plain HTTP is served on loopback only, unless that is said', () => {
  const places = defaultPlaces({ HOME: '/home/ada' }, 'linux');
  const plan = (listen: string, more = {}) => planStart({ listen, ...more }, places, {});
  assert.equal(plan('127.0.0.1:8200').listen.port, 8200);
  assert.equal(plan('[::1]:8200').listen.host, '::1');
  assert.equal(plan('localhost:0').listen.host, 'localhost');
  for (const open of ['0.0.0.0:8200', '[::]:8200', '192.168.1.2:8200', 'hub.local:8200', '127.0.0.1.evil.example:8200'])
    fails(() => plan(open), 'server.open_to_network', /certificate/);
  assert.equal(plan('0.0.0.0:8200', { 'allow-plain-http': true }).listen.host, '0.0.0.0');
});

test('a key inside the data folder is refused before anything starts to use it', async () => {
  const places = defaultPlaces({}, 'linux');
  const { provider } = planStart({ data: '/srv/chatelaine', 'key-file': '/srv/chatelaine/root.key' }, places, {});
  await assert.rejects(provider!.obtain({}), (error) => hasCode(error, 'sealing.key_inside'));
});

test('a password in an argument is refused, with the way that is not seen', () => {
  for (const url of ['postgres://ada:s3cret@db/x', 'postgres://db/x?password=s3cret'])
    fails(
      () => readSettings({ flags: { 'database-url': url }, environment: {}, file: undefined }),
      'server.bad_setting',
      /seen by everybody.*CHATELAINE_DATABASE_URL/,
    );
  readSettings({ flags: { 'database-url': 'postgres://ada@db/x' }, environment: {}, file: undefined });
  readSettings({ flags: {}, environment: { CHATELAINE_DATABASE_URL: 'postgres://ada:s3cret@db/x' }, file: undefined });
});

test('local callers show who they are beside the socket, wherever that is', () => {
  const places = defaultPlaces({ HOME: '/home/ada' });
  assert.equal(planStart({ data: '/srv/chatelaine' }, places, {}).http.doorstep, '/srv/chatelaine/sign-in');
  const moved = planStart({ data: '/srv/chatelaine', socket: '/run/chatelaine/here.sock' }, places, {});
  assert.equal(moved.http.doorstep, '/run/chatelaine/sign-in');
});
