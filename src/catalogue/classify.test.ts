import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { parse } from 'yaml';
import { type LeafContext, classifyLeaf } from './classify.ts';
import type { KindId } from './kinds.ts';
import type { SystemId } from './systems.ts';

const inSecrets = (name: string): LeafContext => ({ system: 'home-assistant', file: 'secrets.yaml', keyPath: [name] });
const at = (system: SystemId | null, file: string, keyPath: string): LeafContext => ({
  system,
  file,
  keyPath: keyPath.split('/'),
});

/** Names as people choose them, with values as they look; the last column is empty for plain. */
const SECRETS_FILE: readonly (readonly [name: string, value: string, kind: KindId | ''])[] = [
  ['home_latitude', '47.37690', ''],
  ['home_longitude', '8.54172', ''],
  ['home_elevation', '408', ''],
  ['web_port', '8123', ''],
  ['public_ip', '203.0.113.7', ''],
  ['lan', '192.168.7.0/24', ''],
  ['ipv6_address', '2001:db8::7', ''],
  ['nas_mac', '02:42:ac:11:00:07', ''],
  ['MQTT_user', 'porch', ''],
  ['broker_username', 'porch', ''],
  ['owner_email', 'someone@example.org', ''],
  ['tls_certificate', '/ssl/fullchain.pem', ''],
  ['tls_key', '/ssl/privkey.pem', ''],
  ['ssl_key', 'privkey.pem', ''],
  ['mqtt_password_file', '/run/secrets/mqtt', ''],
  ['inside_url', 'http://hall.local:8123', ''],
  ['time_zone', 'Europe/Zurich', ''],
  ['south_gate_id', '00000000000000000000017', ''],
  ['calendar_client_id', 'abc123def456ghi789.apps.example.com', ''],
  ['calendarClientId', 'abc123def456ghi789', ''],
  ['telegram_chat_id', '-1001234567890', ''],
  ['doorbell_entity', 'camera.doorbell', ''],
  ['wifi_ssid', 'porch-things', ''],
  ['router_host', 'router.lan', ''],
  ['cloud_pool', 'eu-west-1_PorchPool', ''],
  ['repo_webhook', 'https://docs.example.org/webhooks', ''],
  ['weather_url', 'https://api.example.org/v1/now?lat=47.3&lon=8.5', ''],
  ['token_url', 'https://auth.example.org/token', ''],
  ['token_type', 'Bearer', ''],
  ['password_required', 'true', ''],
  ['retries', '3', ''],
  ['game_server', 'play.example.org', ''],
  ['wireguard_peer_public_key', 'cGVlci1wdWJsaWMta2V5LW9mLXRoZS1wb3JjaC0wMDE=', ''],
  ['mqttuser', 'porch', ''],
  ['bypass', 'Kitchen2Hall', 'unknown-secret'],
  ['push_pub_key', 'BPorchPorch0123456789abcdef', ''],
  ['telephony_sid', 'AC0123456789abcdef0123456789abcdef', ''],
  ['proxies', '0.0.0.0/0', ''],
  ['nuc_mac', '02-42-ac-11-00-07', ''],
  ['vacuum', 'pixel_8_pro_max', ''],
  ['trains', 'AB1234@07:00,AB1235@07:30', ''],
  ['chat_anna', '123456789', ''],
  ['street', '12 Porch Lane', ''],
  ['school', 'calendar.primary_school', ''],
  ['lunch_url', 'https://menu.example.org/{{ now().year }}/{{ now().month }}', ''],
  ['api_client_password', 'xxxxxxxxxxxx', ''],
  ['githubpass', 'hunter2', 'password'],
  ['mail_pw', 'hunter2', 'password'],
  ['push_prv_key', 'anything-at-all', 'private-key'],
  ['music_sp_key_kitchen', '0f8fad5b-d9cb-469f-a165-70867728950e', 'api-key'],
  ['shop_cookie', 'datadome=abcdef', 'session-secret'],
  ['anna_irk', 'irk:0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f', 'local-key'],
  ['anna_state_topic', 'devices/irk:0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f', 'local-key'],
  ['stats_command', 'curl -sSL -H "Authorization: Bearer abc123" http://supervisor/stats', 'url-credential'],
  ['language_model_api_key', 'Bearer a-key-of-some-kind', 'api-key'],
  ['bell_encryption_key', 'cG9yY2gtcG9yY2gtcG9yY2gtcG9yY2gtcG9yY2gtMDA=', 'esphome-api-key'],
  ['web_password', 'hunter2', 'password'],
  ['MQTT_pass', 'password', 'mqtt-password'],
  ['mqttPassword', 'password', 'mqtt-password'],
  ['mqtt-pwd', '12345678', 'mqtt-password'],
  ['wifi_password', 'correct horse battery', 'wifi-passphrase'],
  ['weather_key', 'SomeKeyPhrase', 'api-key'],
  ['weather_api', 'LONGKEYOFLETTERS', 'api-key'],
  ['apikey', 'a1b2c3', 'api-key'],
  ['charger_access_token', 'letters-and-more-letters', 'access-token'],
  ['calendar_client_secret', 'anything', 'client-secret'],
  ['calendarclientsecret', 'anything', 'client-secret'],
  ['forge_token', 'Bearer sampleOfAToken', 'access-token'],
  ['aws_secret_access_key', 'wJalrEXAMPLEEXAMPLE', 'aws-secret-access-key'],
  ['aws_access_key_ID', 'NOTAREALID', 'aws-access-key-id'],
  ['alarm_code', '4711', 'pin'],
  ['front_door_pin', '0815', 'pin'],
  ['doorbell_webhook_id', 'ring', 'webhook-id'],
  ['doorbell_webhook', 'a-long-name-of-a-hook', 'webhook-id'],
  ['camera_url', 'http://192.168.7.20/cgi?cmd=snap&usr=admin&pwd=secret', 'url-credential'],
  ['camera_stream', 'rtsp://viewer:secret@192.168.7.20:554/live', 'url-credential'],
  ['recorder_db_url', 'mysql://ha:secret@core-mariadb/homeassistant?charset=utf8mb4', 'url-credential'],
  ['tablet_on', "curl -s 'http://192.168.7.30:2323/?cmd=screenOn&password=secret'", 'url-credential'],
  ['question_url', 'https://api.example.org/v2/result?appid=AB12CD-34EF56GH78&i=when', 'url-credential'],
  ['zone_three', 'aB3dE5fG7hJ9kL1mN3pQ', 'unknown-secret'],
];

suite('a file of secrets', () => {
  for (const [name, value, kind] of SECRETS_FILE)
    test(`${name} is ${kind === '' ? 'plain' : kind}`, () => {
      const verdict = classifyLeaf(inSecrets(name), value);
      assert.equal(verdict.secret ? verdict.kind : '', kind, verdict.why);
    });
});

const PLACES: readonly (readonly [LeafContext, value: string, kind: KindId | ''])[] = [
  [at('home-assistant', 'automations.yaml', '0/trigger/0/webhook_id'), 'porch_bell', 'webhook-id'],
  [at('home-assistant', 'packages/alarm.yaml', 'alarm_control_panel/0/code'), '2580', 'pin'],
  [at('home-assistant', 'packages/boiler.yaml', 'template/0/vendor_error_code'), 'not_exposed', ''],
  [at('home-assistant', 'packages/rooms.yaml', 'action/0/data/room_key'), 'kitchen', ''],
  [at('home-assistant', 'packages/ai.yaml', 'action/0/data/max_tokens'), '32', ''],
  [
    at('home-assistant', 'configuration.yaml', 'rest/0/headers/Authorization'),
    'Bearer abcdef0123456789',
    'access-token',
  ],
  [at('home-assistant', 'configuration.yaml', 'rest/0/headers/Authorization'), 'Bearer {{ token }}', ''],
  [at('home-assistant', '.storage/core.config_entries', 'key'), 'core.config_entries', ''],
  [at('home-assistant', '.storage/application_credentials', 'key'), 'application_credentials', ''],
  [at('home-assistant', '.storage/core.config_entries', 'data/entries/0/entry_id'), '01JBXW2Z4Q8V6M3K9T5R7N1P0C', ''],
  [at('home-assistant', '.storage/core.entity_registry', 'data/entities/0/translation_key'), 'battery', ''],
  [at('home-assistant', '.storage/auth', 'data/refresh_tokens/0/jwt_key'), 'ab'.repeat(64), 'signing-key'],
  [at('home-assistant', '.storage/auth', 'data/refresh_tokens/0/token_type'), 'normal', ''],
  [at('home-assistant', 'custom_components/x/translations/en.json', 'config/data/password'), 'Password', ''],
  [
    at('esphome', 'esphome/bell.yaml', 'api/encryption/key'),
    'cG9yY2gtcG9yY2gtcG9yY2gtcG9yY2gtcG9yY2gtMDA=',
    'esphome-api-key',
  ],
  [at('esphome', 'esphome/bell.yaml', 'ota/0/password'), 'porch', 'esphome-ota-password'],
  [at('esphome', 'esphome/bell.yaml', 'wifi/ap/password'), 'fallback', 'wifi-passphrase'],
  [at('esphome', 'esphome/bell.yaml', 'binary_sensor/0/pin'), 'GPIO4', ''],
  [at('esphome', 'esphome/bell.yaml', 'binary_sensor/0/pin/number'), '4', ''],
  [
    at('zigbee2mqtt', 'zigbee2mqtt/configuration.yaml', 'advanced/network_key'),
    '[1,3,5,7,9,11,13,15,0,2,4,6,8,10,12,13]',
    'zigbee-network-key',
  ],
  [at('zigbee2mqtt', 'zigbee2mqtt/configuration.yaml', 'advanced/network_key/3'), '7', 'zigbee-network-key'],
  [at('zigbee2mqtt', 'zigbee2mqtt/configuration.yaml', 'advanced/network_key'), 'GENERATE', ''],
  [at('zigbee2mqtt', 'zigbee2mqtt/configuration.yaml', 'mqtt/password'), '!secret.yaml password', ''],
  [at('zwave-js', 'settings.json', 'zwave/securityKeys/S2_AccessControl'), '0123456789abcdef'.repeat(2), 'zwave-key'],
  [at('node-red', 'settings.js', 'credentialSecret'), 'porch', 'credential-secret'],
  [at('node-red', 'settings.js', 'adminAuth/users/0/password'), `$2b$08$${'a'.repeat(53)}`, 'bcrypt-hash'],
  [at('node-red', 'flows_cred.json', '$'), `${'0f'.repeat(16)}q83vEjRWeJA=`, ''],
  [at('mosquitto', 'mosquitto/passwd', 'porch'), `$7$101$${'A'.repeat(16)}$${'b'.repeat(86)}==`, 'password-hash'],
  [at('arduino', 'arduino_secrets.h', 'SECRET_SSID'), 'porch-things', ''],
  [at('arduino', 'arduino_secrets.h', 'SECRET_PASS'), 'hunter22', 'wifi-passphrase'],
  [at('arduino', 'gate.ino', 'LED_PIN'), '13', ''],
  [at('github', '.github/workflows/x.yml', 'jobs/build/permissions/id-token'), 'write', ''],
  [at('github', '.github/workflows/x.yml', 'jobs/build/env/HASS_TOKEN'), '${{ secrets.HASS_TOKEN }}', ''],
  [at('docker', 'compose.yml', 'services/db/environment/MYSQL_ROOT_PASSWORD'), 'root', 'database-password'],
  [at('docker', 'compose.yml', 'services/db/environment/MYSQL_PASSWORD'), '${MYSQL_PASSWORD}', ''],
  [at('docker', 'compose.yml', 'services/db/secrets/0'), 'mysql_password', ''],
  [at('docker', '.env', 'TZ'), 'Europe/Zurich', ''],
  [at('docker', '.env', 'BROKER_IMAGE'), 'eclipse-mosquitto:2.0.20', ''],
  [at('homebridge', 'config.json', 'bridge/pin'), '518-08-247', 'homekit-code'],
  [at('home-assistant', 'configuration.yaml', 'notify/0/name'), `ghp_${'a1B2c3D4e5F6'.repeat(3)}`, 'github-token'],
  [at('aws', '.env', 'SOMETHING'), 'AKIAIOSFODNN7EXAMPLE', 'aws-access-key-id'],
];

suite('places in a home', () => {
  for (const [context, value, kind] of PLACES)
    test(`${context.file} ${context.keyPath.join('.')} holding ${value.slice(0, 12)}… is ${kind === '' ? 'plain' : kind}`, () => {
      const verdict = classifyLeaf(context, value);
      assert.equal(verdict.secret ? verdict.kind : '', kind, verdict.why);
    });
});

const webToken = (claims: object): string => {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}.${'s'.repeat(43)}`;
};

suite('forms that override the name', () => {
  const issued = { iss: '0f'.repeat(16), iat: 1_700_000_000 };

  test('a long-lived token of Home Assistant is known by its claims', () => {
    const verdict = classifyLeaf(
      at(null, 'notes.txt', 'note'),
      webToken({ ...issued, exp: 1_700_000_000 + 315_360_000 }),
    );
    assert.deepEqual([verdict.secret, verdict.kind], [true, 'ha-long-lived-token']);
  });

  test('a token of half an hour, or with other claims, is an ordinary access token', () => {
    for (const claims of [
      { ...issued, exp: 1_700_001_800 },
      { ...issued, exp: 2_000_000_000, sub: 'x' },
      { iss: 'x', iat: 1, exp: 9 },
    ])
      assert.equal(classifyLeaf(at(null, 'notes.txt', 'note'), webToken(claims)).kind, 'access-token');
  });

  test('a PEM private key is one, and a certificate is plain', () => {
    const pem = (label: string): string => `-----BEGIN ${label}-----\n${'QUJD'.repeat(20)}\n-----END ${label}-----\n`;
    assert.equal(classifyLeaf(inSecrets('some_file'), pem('EC PRIVATE KEY')).kind, 'private-key');
    assert.equal(classifyLeaf(inSecrets('device_certificate'), pem('CERTIFICATE')).secret, false);
  });

  test('base64 of 32 bytes is a key under any name that does not say otherwise', () => {
    const value = Buffer.alloc(32, 'porch').toString('base64');
    assert.equal(classifyLeaf(at('esphome', 'esphome/secrets.yaml', 'bell'), value).kind, 'esphome-api-key');
    assert.equal(classifyLeaf(at('wireguard', 'wg.yaml', 'peers/0/public_key'), value).secret, false);
  });
});

suite('properties', () => {
  const place = fc.record({
    system: fc.constantFrom<SystemId | null>(null, 'home-assistant', 'esphome', 'hue', 'arduino'),
    file: fc.oneof(fc.constantFrom('secrets.yaml', '.env', 'configuration.yaml', '.storage/auth'), fc.string()),
    keyPath: fc.array(fc.oneof(fc.string(), fc.constantFrom('key', 'password', 'pin', 'headers', '0', '__proto__')), {
      maxLength: 5,
    }),
  });

  test('any place and any text get a verdict whose reason does not quote the value', () => {
    fc.assert(
      fc.property(place, fc.string({ unit: 'binary', maxLength: 300 }), (context, value) => {
        const verdict = classifyLeaf(context, value);
        assert.equal(verdict.secret, verdict.kind !== 'plain');
        // Reasons may repeat the name, so only a value that is no part of it proves anything.
        const name = context.keyPath.join(' ').toLowerCase();
        if (value.length > 12 && !name.includes(value.toLowerCase())) assert.ok(!verdict.why.includes(value));
      }),
      { numRuns: 2_000 },
    );
  });

  test('hostile texts of a million characters are judged in well under a second', () => {
    const unit = [
      'a',
      '-',
      'eyJ',
      'http://',
      'a.',
      'a:',
      '"a":"',
      '-u ',
      '--token ',
      '${A:-',
      '1,',
      'AKIA',
      'mosquitto_pub ',
      '-----BEGIN PRIVATE KEY-----',
      '://a/',
      '?a=',
      "'",
    ];
    for (const piece of unit) {
      const started = process.hrtime.bigint();
      classifyLeaf(at('home-assistant', 'secrets.yaml', 'some_url'), piece.repeat(1_000_000 / piece.length));
      const ms = Number(process.hrtime.bigint() - started) / 1e6;
      assert.ok(ms < 800, `${piece} took ${ms.toFixed(0)} ms`);
    }
  });
});

suite('a real home', () => {
  const homes = process.env['CHATELAINE_HOMES'];
  const skip = homes === undefined ? 'set CHATELAINE_HOMES to the folder that holds bear-stone' : false;

  test('of the 81 entries of bear-stone, 37 are plain', { skip }, () => {
    const text = readFileSync(join(homes!, 'bear-stone/config/travis_secrets.yaml'), 'utf8');
    const entries = Object.entries(parse(text) as Record<string, unknown>);
    const plain = entries
      .filter(([name, value]) => !classifyLeaf(inSecrets(name), String(value)).secret)
      .map(([name]) => name);
    assert.deepEqual([entries.length, plain.length], [81, 37]);
    const expected =
      /(?:user(?:name)?|email|_id|clientid|url|port|ip|itude|elevation|host|pool|relayer|resource|certificate|ssl_key|webhook|minecraft)$/i;
    assert.deepEqual(
      plain.filter((name) => !expected.test(name)),
      [],
    );
    const secret = /pass|secret|token|_key$|_api$|camera|bedroom|key_ID$/;
    assert.deepEqual(
      entries.map(([name]) => name).filter((name) => !plain.includes(name) && !secret.test(name)),
      [],
    );
  });
});
