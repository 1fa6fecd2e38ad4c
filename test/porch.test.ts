import assert from 'node:assert/strict';
import { createDecipheriv, createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { crc32 } from 'node:zlib';
import { parseAllDocuments } from 'yaml';

const PORCH = join(import.meta.dirname, '../examples/porch');
const read = (path: string): string => readFileSync(join(PORCH, path), 'utf8');
const MQTT_PASSWORD = /mqtt_password: (.+)/.exec(read('homeassistant/secrets.yaml'))![1]!;

suite('the example home is one that the real programs would read', () => {
  test('every YAML and JSON file parses', () => {
    const files = ['**/*.yaml', '**/*.yml', '**/*.json', 'homeassistant/.storage/*', '.github/workflows/*'];
    const found = files.flatMap((pattern) => globSync(pattern, { cwd: PORCH }));
    assert.ok(found.length > 20, found.join());
    for (const path of found) {
      if (/storage|json$/.test(path)) JSON.parse(read(path));
      else for (const document of parseAllDocuments(read(path))) assert.deepEqual(document.errors, [], path);
    }
  });

  test("Node-RED's credentials decrypt under the secret in its settings", () => {
    const secret = /credentialSecret: '([^']+)'/.exec(read('nodered/settings.js'))![1]!;
    const { $ } = JSON.parse(read('nodered/flows_cred.json')) as { $: string };
    const key = createHash('sha256').update(secret).digest();
    const decipher = createDecipheriv('aes-256-ctr', key, Buffer.from($.slice(0, 32), 'hex'));
    const credentials = JSON.parse(decipher.update($.slice(32), 'base64', 'utf8') + decipher.final('utf8')) as object;
    const nodes = JSON.parse(read('nodered/flows.json')) as { id: string }[];
    for (const id of Object.keys(credentials))
      assert.ok(
        nodes.some((node) => node.id === id),
        id,
      );
    assert.ok(JSON.stringify(credentials).includes('${MQTT_PASSWORD}'));
  });

  test('both long-lived tokens are signed by the keys in .storage/auth', () => {
    const auth = JSON.parse(read('homeassistant/.storage/auth')) as {
      data: { refresh_tokens: { id: string; jwt_key: string; token_type: string }[] };
    };
    const text = read('homeassistant/secrets.yaml') + read('alexa-lambda/.env');
    const tokens = text.match(/eyJ[\w-]+\.[\w-]+\.[\w-]+/g)!;
    assert.equal(tokens.length, 2);
    for (const token of tokens) {
      const [header, claims, signature] = token.split('.');
      const { iss } = JSON.parse(Buffer.from(claims!, 'base64url').toString()) as { iss: string };
      const row = auth.data.refresh_tokens.find(({ id }) => id === iss)!;
      assert.equal(row.token_type, 'long_lived_access_token');
      assert.equal(createHmac('sha256', row.jwt_key).update(`${header}.${claims}`).digest('base64url'), signature);
    }
  });

  test("Mosquitto's hashes are of the password that everything uses", () => {
    const lines = read('mosquitto/passwd').trim().split('\n');
    assert.equal(lines.length, 3);
    for (const line of lines) {
      const [, , iterations, salt, hash] = line.split('$');
      const made = pbkdf2Sync(MQTT_PASSWORD, Buffer.from(salt!, 'base64'), Number(iterations), 64, 'sha512');
      assert.equal(made.toString('base64'), hash);
    }
  });
});

suite('the example home has the mistakes that its README names', () => {
  test('one MQTT password stands in six files', () => {
    const files = globSync(['**/*', 'homeassistant/.storage/*'], { cwd: PORCH, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name !== 'README.md')
      .filter((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8').includes(MQTT_PASSWORD));
    assert.equal(new Set(files.map((entry) => join(entry.parentPath, entry.name))).size, 6);
  });

  test('one name has no value, and two values have no user', () => {
    const names = (path: string): string[] => Array.from(read(path).matchAll(/^(\w+):/gm), ([, name]) => name!);
    const used = (folder: string): Set<string> =>
      new Set(
        globSync(`${folder}/**/*.yaml`, { cwd: PORCH }).flatMap((path) =>
          Array.from(read(path).matchAll(/!secret (\w+)/g), ([, name]) => name!),
        ),
      );
    const home = used('homeassistant');
    const known = names('homeassistant/secrets.yaml');
    assert.deepEqual(
      [...home].filter((name) => !known.includes(name)),
      ['heatpump_token'],
    );
    assert.deepEqual(
      known.filter((name) => !home.has(name)),
      ['ifttt_key'],
    );
    const devices = used('esphome');
    assert.deepEqual(
      names('esphome/secrets.yaml').filter((name) => !devices.has(name)),
      ['old_wifi_password'],
    );
  });

  test("its GitHub token fails GitHub's checksum, so that it alarms nobody", () => {
    const [, body, checksum] = /ghp_(\w{30})(\w{6})/.exec(read('.github/workflows/deploy.yml'))!;
    const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
    let text = '';
    for (let rest = crc32(body!); text.length < 6; rest = Math.floor(rest / 62)) text = digits[rest % 62] + text;
    assert.notEqual(text, checksum);
  });
});
