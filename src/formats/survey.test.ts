import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { CredentialPath } from '#kernel';
import { file } from '../../test/hostile.ts';
import { survey } from './index.ts';

const home = (texts: Readonly<Record<string, string>>, secretsFile?: string) =>
  survey(
    Object.entries(texts).map(([path, text]) => file(path, text)),
    secretsFile === undefined ? {} : { secretsFile },
  );

test('one key inside many addresses is one credential with a text around each', () => {
  const { credentials, shared } = home({
    'configuration.yaml': 'a: !secret cam_stream\nb: !secret cam_snapshot\n',
    'secrets.yaml':
      'cam_stream: rtsp://viewer:Gl0ckenturm@10.0.0.9/live\ncam_snapshot: http://10.0.0.9/snap?user=viewer&password=Gl0ckenturm&w=640\n',
  });
  assert.equal(credentials.length, 1);
  const [only] = credentials;
  assert.equal(only!.name, 'cam-password');
  assert.deepEqual(
    only!.foundAt.map(({ within }) => within?.text),
    ['rtsp://viewer:…@10.0.0.9/live', 'http://10.0.0.9/snap?user=viewer&password=…&w=640'],
  );
  assert.equal(only!.consumers.length, 2);
  assert.deepEqual(shared, [], 'one camera is one use');
});

test('a password that is percent-encoded in an address is the same credential as the plain one', () => {
  const { credentials } = home({
    'secrets.yaml': 'db_password: "T0p/S3cret?"\ndb_url: mysql://ha:T0p%2FS3cret%3F@db/ha\n',
  });
  assert.deepEqual(
    credentials.map(({ name, foundAt }) => [name, foundAt.length]),
    [['db-password', 2]],
  );
});

test('the nearest secrets file that has the name wins, and a farther one answers for the rest', () => {
  const { credentials, missing } = home({
    'configuration.yaml': 'homeassistant:\n',
    'packages/a.yaml': 'x:\n  token: !secret a_token\n  other: !secret b_token\n',
    'packages/secrets.yaml': 'a_token: near-Tok3n-1\n',
    'secrets.yaml': 'a_token: far-Tok3n-22\nb_token: far-Tok3n-33\n',
  });
  const used = credentials.filter(({ consumers }) => consumers.length > 0).map(({ value }) => value.revealText());
  assert.deepEqual(used.toSorted(), ['far-Tok3n-33', 'near-Tok3n-1']);
  assert.deepEqual(missing, []);
});

test('an ESPHome secrets file may take in the one above it', () => {
  const { credentials } = home({
    'esphome/a.yaml': 'esphome:\n  name: a\nwifi:\n  password: !secret wifi_password\n',
    'esphome/secrets.yaml': '<<: !include ../secrets.yaml\n',
    'secrets.yaml': 'wifi_password: Fluss-Ufer-99\n',
  });
  assert.deepEqual(
    credentials.map(({ name, kind, consumers }) => [name, kind, consumers[0]?.file]),
    [['wifi-password', 'wifi-passphrase', 'esphome/a.yaml']],
  );
});

test('ESPHome does not look above its own folder, so what lies there is missing', () => {
  const { missing, orphans } = home({
    'esphome/common/wifi.yaml': 'wifi:\n  password: !secret wifi_password\n  ap: {password: !secret ap_password}\n',
    'esphome/secrets.yaml': 'wifi_password: Fluss-Ufer-99\n',
    'secrets.yaml': 'ap_password: Fluss-Ufer-77\n',
  });
  assert.deepEqual(
    missing.map(({ name, belongsIn }) => [name, belongsIn]),
    [['ap_password', 'esphome/secrets.yaml']],
  );
  assert.deepEqual(
    orphans.map(({ name }) => name),
    ['ap_password'],
  );
});

test('names without a value, names without a user and values under several names are told', () => {
  const { missing, orphans, shared, plain } = home({
    'configuration.yaml': 'homeassistant:\nmqtt:\n  password: !secret mqtt_password\n  token: !secret nowhere\n',
    'secrets.yaml':
      'mqtt_password: Leuchtturm-7\nold_password: Sandburg-99\nbackup_password: Leuchtturm-7\nhome_latitude: 47.2\n',
  });
  assert.deepEqual(
    missing.map(({ name, held, belongsIn }) => [name, held, belongsIn]),
    [['nowhere', 'nowhere', 'secrets.yaml']],
  );
  assert.deepEqual(
    orphans.map(({ name, credential }) => [name, credential]),
    [
      ['old_password', 'old-password'],
      ['backup_password', 'mqtt-password'],
      ['home_latitude', null],
    ],
  );
  assert.deepEqual(
    shared.map(({ names }) => names),
    [['mqtt_password', 'backup_password']],
  );
  assert.deepEqual(
    plain.map(({ name }) => name),
    ['home_latitude'],
  );
});

test('variables are followed from compose through .env and env_file into Node-RED', () => {
  const { credentials, missing } = home({
    'docker-compose.yml':
      'services:\n  nodered:\n    environment:\n      NODE_RED_SECRET: ${NR_SECRET}\n      OTHER_TOKEN: ${ABSENT_TOKEN}\n      LEVEL: ${LOG_LEVEL}\n  db:\n    env_file: db.env\n',
    '.env': 'NR_SECRET=Wolkenbruch-12\n',
    'db.env': 'MARIADB_PASSWORD=Kiesgrube-44\n',
    'nodered/settings.js': 'module.exports = { credentialSecret: process.env.NODE_RED_SECRET };\n',
  });
  const byName = new Map(
    credentials.map((one) => [one.name, one.consumers.map(({ file: path, by }) => `${path} ${by}`)]),
  );
  assert.deepEqual(byName.get('nr-secret'), ['docker-compose.yml compose-variable', 'nodered/settings.js process-env']);
  assert.deepEqual(byName.get('mariadb-password'), ['docker-compose.yml env-file']);
  assert.deepEqual(
    missing.map(({ name, held }) => [name, held]),
    [['ABSENT_TOKEN', 'environment']],
  );
});

test('a default in the place of a missing variable is a value in clear', () => {
  const { credentials } = home({
    'docker-compose.yml': 'services:\n  a:\n    environment:\n      DB_PASSWORD: ${DB_PASSWORD:-Standard-Wort-1}\n',
    'a.py': 'import os\nTOKEN = os.environ.get("API_TOKEN", "k3y-of-my-house-99")\n',
  });
  assert.deepEqual(credentials.map(({ value }) => value.revealText()).toSorted(), [
    'Standard-Wort-1',
    'k3y-of-my-house-99',
  ]);
});

test('a macro of a sketch finds its header, and a value known elsewhere is recognised in any text', () => {
  const { credentials } = home({
    'sketch/a.ino': '#include "arduino_secrets.h"\nvoid setup() { WiFi.begin(SECRET_SSID, SECRET_PASS); }\n',
    'sketch/arduino_secrets.h': '#define SECRET_SSID "home"\n#define SECRET_PASS "Regenbogen-2024-x"\n',
    'ha/configuration.yaml': 'homeassistant:\n  note: the guests use Regenbogen-2024-x today\n',
  });
  assert.deepEqual(
    credentials.map(({ name, consumers }) => [name, consumers.map(({ file: path, by }) => `${path} ${by}`)]),
    [['arduino/sketch/wifi-passphrase', ['sketch/a.ino c-macro', 'ha/configuration.yaml literal']]],
  );
});

test('names are fit for a path, one per credential, however odd their files', () => {
  const { credentials } = home({
    'secrets.yaml':
      'Öffnungs Code (Tür): 4711\nöffnungs_code_tür: 4712\n"a/b": pa55word-x\n"..": T0ken-abcdef\npassword: Zzz-12345678\nPASSWORD: Zzz-87654321\n',
    'esphome/a.yaml': 'esphome:\n  name: a\nota:\n  password: Aaa-11111111\n',
  });
  const names = credentials.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  for (const name of names) assert.equal(CredentialPath.parse(`porch/home/${name}`).name, name);
});

test('a survey names its problems with their places and goes on', () => {
  const { problems, credentials } = survey([
    file('configuration.yaml', 'homeassistant:\n\tname: [\n'),
    { path: 'secrets.yaml', bytes: Uint8Array.from([0x61, 0xff, 0x62]) },
    { path: 'big.yaml', bytes: new Uint8Array(8 * 1024 * 1024 + 1) },
    file('b.yaml', `${'a'.repeat(1024 * 1024)}: b\n`),
    file('.env', 'TOKEN=abc-Def-123-xyz\n'),
    { path: 'picture.jpg', bytes: Uint8Array.from([0xff, 0xd8, 0, 1]) },
  ]);
  assert.deepEqual(
    [...new Set(problems.map(({ file: path, code }) => `${path} ${code}`))],
    ['b.yaml too_large', 'big.yaml too_large', 'configuration.yaml syntax', 'secrets.yaml not_utf8'],
  );
  assert.equal(problems[2]!.line, 2);
  assert.equal(credentials.length, 1);
});

test('values are compared through the fingerprint that is given, and never printed', () => {
  const found = survey([file('secrets.yaml', 'a_password: Geheim-123\nb_password: Geheim-123\n')], {
    fingerprint: (value) => `fp-${value.size}`,
  });
  assert.deepEqual(
    found.credentials.map(({ fingerprint }) => fingerprint),
    ['fp-10'],
  );
  const { readings: _, ...rest } = found;
  assert.doesNotMatch(inspect(rest.credentials, { depth: 9 }) + JSON.stringify(rest.credentials), /Geheim/);
});

const homes = process.env['CHATELAINE_HOMES'];

test(
  'every secret name of a real home is known, with a value or as missing',
  { skip: homes === undefined ? 'set CHATELAINE_HOMES to a folder of homes' : false },
  () => {
    const root = join(homes!, 'bear-stone');
    const files = readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => ({ path: relative(root, path), bytes: new Uint8Array(readFileSync(path)) }));
    const found = survey(files);
    const asked = new Set<string>();
    for (const { path, bytes } of files)
      if (/\.ya?ml$/.test(path))
        for (const [, name] of new TextDecoder().decode(bytes).matchAll(/^[^#\n]*!secret +([\w-]+)/gm))
          asked.add(name!);
    assert.ok(asked.size >= 25);
    const known = new Map(found.missing.map(({ name, consumers }) => [name, consumers.length]));
    for (const { consumers } of found.credentials)
      for (const { name } of consumers) if (name !== null) known.set(name, consumers.length);
    for (const { name, consumers } of found.plain) if (consumers > 0) known.set(name, consumers);
    assert.deepEqual(
      [...asked].filter((name) => !((known.get(name) ?? 0) > 0)),
      [],
    );
    assert.ok(found.plain.length >= 30 && found.plain.length <= 42, `${found.plain.length} plain entries`);
    assert.ok(
      found.credentials.some(({ foundAt }) => foundAt.length === 9 && foundAt.every(({ within }) => within !== null)),
      'one key in nine addresses',
    );
    assert.deepEqual(found.problems, []);
  },
);
