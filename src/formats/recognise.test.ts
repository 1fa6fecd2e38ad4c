import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { FORMATS, NO_SURROUNDINGS, recognise, surroundingsOf } from './recognise.ts';

const CASES: readonly (readonly [string, string, string | null])[] = [
  ['configuration.yaml', 'homeassistant:\n', 'home-assistant-yaml'],
  ['x/lights.yaml', 'a: !secret b\n', 'home-assistant-yaml'],
  ['mkdocs.yml', 'site_name: x\n', 'other-yaml'],
  ['blueprints/automation/x.yaml', 'a: b\n', 'home-assistant-shared'],
  ['secrets.yaml', 'a: b\n', 'home-assistant-secrets'],
  ['config/travis_secrets.yaml', 'a: b\n', 'home-assistant-secrets'],
  ['packages/secret_santa.yaml', 'a: b\n', 'other-yaml'],
  ['esphome/secrets.yaml', 'a: b\n', 'esphome-secrets'],
  ['esphome/common/wifi.yaml', 'wifi:\n', 'esphome-yaml'],
  ['devices/gate.yaml', 'esphome:\n  name: gate\n', 'esphome-yaml'],
  ['config/.storage/core.config_entries', '{}', 'home-assistant-storage'],
  ['data/configuration.yaml', 'mqtt:\n  base_topic: z\nserial:\n  port: x\n', 'zigbee2mqtt-yaml'],
  ['zigbee2mqtt/secret.yaml', 'a: b\n', 'zigbee2mqtt-side-file'],
  ['docker-compose.override.yml', 'services:\n  a: {}\n', 'compose'],
  ['.github/workflows/ci.yaml', 'on: push\n', 'github-workflow'],
  ['template.yaml', '\uFEFFAWSTemplateFormatVersion: "2010-09-09"\n', 'cloudformation-yaml'],
  ['node-red/settings.js', 'module.exports = { flowFile: "x" }', 'node-red-settings'],
  ['settings.js', 'export const colour = 1;', null],
  ['flows_porch_cred.json', '{}', 'node-red-credentials'],
  ['backup.json', '[{"id":"a","wires":[]}]', 'node-red-flows'],
  ['nodered/environment', 'A=1\n', 'node-red-environment'],
  ['etc/environment', 'A=1\n', null],
  ['.env.local', 'A=1\n', 'dotenv'],
  ['.env.example', 'A=1\n', null],
  ['mosquitto/conf.d/bridge.conf', 'connection a\n', 'mosquitto-conf'],
  ['nginx.conf', 'server {}\n', null],
  ['mosquitto/passwd', 'u:$7$101$a$b\n', 'mosquitto-passwd'],
  ['etc/passwd', 'root:x:0:0::/root:/bin/sh\n', null],
  ['sketch/arduino_secrets.h', '', 'c-header'],
  ['sketch/sketch.ino', '', 'c-source'],
  ['package.json', '{}', null],
  ['README.md', 'secrets.yaml', null],
];

test('files are recognised by their names, and by their text where names do not tell', () => {
  for (const [path, text, format] of CASES) assert.equal(recognise(path, text, NO_SURROUNDINGS), format, path);
});

test('YAML below a Home Assistant configuration is Home Assistant\u2019s, and a stand-in serves where secrets.yaml is missing', () => {
  const around = surroundingsOf(
    [
      { path: 'ha/configuration.yaml', text: 'homeassistant:\n' },
      { path: 'ha/test_secrets.yaml', text: 'a: b\n' },
      { path: 'b/secrets.yaml', text: 'a: b\n' },
      { path: 'b/fake_secrets.yaml', text: 'a: b\n' },
      { path: 'c/keys.yaml', text: 'a: b\n' },
    ],
    'keys.yaml',
  );
  assert.equal(recognise('ha/packages/x.yaml', 'a: b\n', around), 'home-assistant-yaml');
  assert.equal(recognise('other/x.yaml', 'a: b\n', around), 'other-yaml');
  assert.deepEqual(
    [...around.standIns],
    [
      ['ha/secrets.yaml', 'ha/test_secrets.yaml'],
      ['c/secrets.yaml', 'c/keys.yaml'],
    ],
  );
});

test('the table in the documents has a row for every format', () => {
  const table = readFileSync(new URL('../../docs/formats.md', import.meta.url), 'utf8');
  for (const [id, { title }] of Object.entries(FORMATS)) assert.ok(table.includes(`\`${id}\``), `${id} (${title})`);
});
