import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Secret } from '#kernel';
import type { Discovery, Occurrence } from '../finding.ts';
import { crossChecks } from './cross-checks.ts';

const place = (path: string, name: string | null): Occurrence => ({
  path,
  origin: { type: 'file' },
  line: 1,
  column: 1,
  offset: 0,
  length: 8,
  name,
  encodings: [],
});
const discovery = (
  rule: string,
  kind: Discovery['kind'],
  places: readonly (readonly [path: string, name: string | null])[],
): Discovery => ({
  rule,
  title: rule,
  vendor: 'Test',
  kind,
  tier: 'silver',
  rotation: 'api',
  value: Secret.fromText('value'),
  why: 'it is',
  opens: 'it',
  remedy: 'Do it.',
  facts: {},
  also: [],
  confidence: 'certain',
  occurrences: places.map(([path, name]) => place(path, name)),
});
const codes = (...discoveries: readonly Discovery[]): readonly (readonly string[])[] =>
  crossChecks(discoveries).map(({ also }) => also.map(({ code }) => code));

describe('what only the whole scan shows', () => {
  test('one password for updates on three devices', () => {
    const three = discovery('esphome-ota-password', 'esphome-ota-password', [
      ['esphome/a.yaml', 'ota.password'],
      ['esphome/b.yaml', 'ota.password'],
      ['esphome/c.yaml', 'ota.password'],
    ]);
    assert.match(crossChecks([three])[0]!.also[0]!.why, /^3 devices/);
  });
  test('a key that one device and Home Assistant share is as it should be', () => {
    const one = discovery('esphome-api-key', 'esphome-api-key', [
      ['esphome/a.yaml', 'api.encryption.key'],
      ['ha/.storage/core.config_entries', 'data.entries.1.data.noise_psk'],
    ]);
    assert.deepEqual(codes(one), [[]]);
  });
  test('one value for the network and the broker', () => {
    const reused = discovery('home-mqtt-password', 'mqtt-password', [
      ['ha/secrets.yaml', 'mqtt_password'],
      ['ha/secrets.yaml', 'wifi_password'],
    ]);
    assert.deepEqual(codes(reused), [['reused']]);
    assert.match(crossChecks([reused])[0]!.also[0]!.why, /Wi-Fi and the broker/);
  });
  test('a credential secret beside the file that it opens, in the same folder only', () => {
    const sealed = discovery('node-red-encrypted-credentials', 'unknown-secret', [['nodered/flows_cred.json', '$']]);
    const beside = discovery('node-red-credential-secret', 'credential-secret', [
      ['nodered/settings.js', 'credentialSecret'],
    ]);
    const apart = discovery('node-red-credential-secret', 'credential-secret', [
      ['other/settings.js', 'credentialSecret'],
    ]);
    assert.deepEqual(codes(sealed, beside, apart), [[], ['key-beside-lock'], []]);
  });
  test('told once, and nothing else is changed', () => {
    const known = {
      ...discovery('esphome-ota-password', 'esphome-ota-password', [
        ['a.yaml', 'x'],
        ['b.yaml', 'x'],
      ]),
      also: [{ code: 'shared-by-devices', why: 'known' }],
    };
    assert.deepEqual(crossChecks([known]), [known]);
  });
});
