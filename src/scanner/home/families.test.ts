import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { scanBytes } from '../engine.fixture.ts';
import { chance } from '../tokens.fixture.ts';
import { type Search } from '../open-plan.ts';
import { PLANTS, type Plant } from './plants.fixture.ts';

const SEARCH: Search = {};

const found = async ({ path, text }: Pick<Plant, 'path' | 'text'>) => (await scanBytes(text, path, SEARCH)).found;

const assertFound = async (plant: Plant, told: string): Promise<void> => {
  const all = await found(plant);
  const one = all.find(({ value }) => value === plant.value);
  assert.ok(one !== undefined, `${told}: not found among ${all.map(({ rule }) => rule).join(', ') || 'nothing'}`);
  assert.equal(one.rule, plant.rule, told);
  assert.notEqual(one.confidence, 'note', told);
  if (plant.also !== undefined)
    assert.ok(
      one.also.some(({ code }) => code === plant.also),
      `${told}: ${plant.also} is not told`,
    );
  assert.ok(one.opens !== '' && one.remedy !== '' && one.title !== '' && one.why !== '', told);
  for (const text of [
    one.why,
    one.title,
    one.opens,
    one.remedy,
    ...Object.values(one.facts),
    ...one.also.map(({ why }) => why),
  ])
    assert.ok(plant.value.length < 5 || !text.includes(plant.value), `${told}: the value is told`);
};

describe('a credential of each family', () => {
  for (const [name, make] of Object.entries(PLANTS))
    test(`${name}: is found in its file, named, with its way out`, () => assertFound(make(chance(20261123)), name));

  test('is found whatever its value, line ends, byte order mark and folder, and inside an archive', async () => {
    const names = Object.keys(PLANTS);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...names),
        fc.integer(),
        fc.constantFrom('as it is', 'CRLF', 'BOM', 'archive', 'deep'),
        async (name, seed, dress) => {
          const plant = PLANTS[name]!(chance(seed));
          await assertFound(dressed(plant, dress), `${name}, ${dress}, seed ${seed}`);
        },
      ),
      { numRuns: 400, seed: 20261123 },
    );
  });

  test('stands where it stands: the place holds the value as it is written', async () => {
    for (const [name, make] of Object.entries(PLANTS)) {
      const plant = make(chance(7));
      const bytes = Buffer.from(plant.text);
      const one = (await found(plant)).find(({ value }) => value === plant.value)!;
      const written = bytes.subarray(one.place.offset, one.place.offset + one.place.length).toString('latin1');
      if (plant.path.endsWith('.dmp') || one.rule === 'homekit-setup-code') continue;
      const seen = written.toLowerCase().replaceAll(/[^\da-z]/g, '');
      const same = plant.value.toLowerCase().replaceAll(/[^\da-z]/g, '');
      assert.ok(
        seen.includes(same.slice(0, 8)) || typeof plant.text !== 'string' || /zigbee/.test(one.rule),
        `${name}: ${written}`,
      );
    }
  });
});

const dressed = (plant: Plant, dress: string): Plant => {
  const { path, text } = plant;
  if (dress === 'archive') return { ...plant, path: `backup.tar!./homeassistant.tar.gz!${path}` };
  if (dress === 'deep') return { ...plant, path: `srv/2026/old/${path}` };
  if (typeof text !== 'string' || plant.value.includes('\n') || path.includes('notes/')) return plant;
  if (dress === 'CRLF') return { ...plant, text: text.replaceAll('\n', '\r\n') };
  return dress === 'BOM' && !path.endsWith('.uix-secrets') ? { ...plant, text: `\uFEFF${text}` } : plant;
};

/** Files that look like those above and hold nothing: references, stand-ins, hashes of other things, public keys. */
const NOTHING: readonly (readonly [path: string, text: string])[] = [
  [
    'ha/.storage/core.device_registry',
    '{"key":"core.device_registry","data":{"devices":[{"id":"6f1e2d3c4b5a69788796a5b4c3d2e1f0","identifiers":[["mqtt","0x00158d0003a1b2c4"]]}]}}',
  ],
  [
    'ha/.storage/core.config_entries',
    '{"key":"core.config_entries","data":{"entries":[{"domain":"sun","entry_id":"01HX2MT9BS7B4EXQHXGCYNBBPC","data":{},"options":{}}]}}',
  ],
  [
    'ha/configuration.yaml',
    'mqtt:\n  password: !secret mqtt_password\nhttp:\n  api_password: !env_var PASS\nhomeassistant:\n  name: Porch\n',
  ],
  [
    'ha/secrets.yaml',
    'home_latitude: 47.265\nmqtt_host: 192.168.7.10\nmqtt_username: porch\nexternal_url: https://porch.example.net\n',
  ],
  [
    'esphome/gate.yaml',
    'esphome:\n  name: gate\napi:\n  encryption:\n    key: !secret gate_key\nota:\n  - platform: esphome\n    password: ${ota_password}\nwifi:\n  ssid: Porchlight\n  password: !secret wifi\n  ap:\n    password: !secret ap\n',
  ],
  [
    'zigbee2mqtt/configuration.yaml',
    "mqtt:\n  base_topic: zigbee2mqtt\n  password: '!secret.yaml password'\nadvanced:\n  network_key: GENERATE\n  ext_pan_id: [221, 221, 221, 221, 221, 221, 221, 221]\n",
  ],
  [
    'nodered/settings.js',
    'module.exports = {\n  credentialSecret: process.env.NODE_RED_SECRET,\n  uiPort: 1880,\n};\n',
  ],
  ['mosquitto/mosquitto.conf', 'listener 1883 127.0.0.1\nallow_anonymous true\n'],
  [
    'mosquitto/mosquitto.conf',
    'persistence true\nallow_anonymous false\npassword_file /mosquitto/passwd\nlistener 1883\n',
  ],
  ['emqx/etc/emqx.conf', 'node {\n  name = "emqx@127.0.0.1"\n  cookie = ${EMQX_COOKIE}\n}\n'],
  ['openhab/conf/things/a.things', 'Thing mqtt:topic:lamp "Lamp" [ availabilityTopic="a/b", payloadOn="ON" ]\n'],
  ['tasmota/user_config_override.h', '#define STA_PASS1 "STA_PASS1"\n#define MQTT_PASS "MQTT_PASS"\n'],
  [
    'firmware/sdkconfig',
    'CONFIG_PARTITION_TABLE_FILENAME="partitions.csv"\nCONFIG_SECURE_BOOT_SIGNING_KEY="secure_boot_signing_key.pem"\nCONFIG_TLS_PUBLIC_KEY="abc/def.pem"\n',
  ],
  [
    'factory/a.csv',
    'key,type,encoding,value\nns,namespace,,\nserial,data,string,0001-ABCD\ncert,data,string,certificate-text-here\n',
  ],
  ['store/settings.json', '{"zwave":{"port":"/dev/ttyACM0","securityKeys":{"S0_Legacy":"","S2_Authenticated":""}}}'],
  [
    'homebridge/config.json',
    '{"bridge":{"name":"Homebridge","username":"CC:22:3D:E3:CE:F3","port":51826},"platforms":[{"platform":"config","port":8581}],"accessories":[]}',
  ],
  ['homebridge/persist/IdentifierCache.CC223DE3CEF3.json', '{"cache":{"a|b":2}}'],
  ['.matter/controller/certificates.rootCertBytes', '{"__object__":"Uint8Array","__value__":"1530010100240201370324"}'],
  ['factory/acme-DAC-Cert.der', 'no key in here'],
  [
    'certs/9f3ac1d2e4-certificate.pem.crt',
    `-----BEGIN CERTIFICATE-----\n${'QUJD'.repeat(40)}\n-----END CERTIFICATE-----\n`,
  ],
  ['tuya/devices.json', '[{"name":"Fan","id":"bf0123456789abcdef0123","key":"","mac":""}]'],
  ['notes/todo', 'see MT:BOARD.PIN.LAYOUT.V1.2 and pairing code 12345678901, code 555-12-3456, HomeKit is nice\n'],
  [
    'notes/todo',
    'commit 0e080000000000010000000300000f35060004001fffe0 and digest 35060004001fffe0aabbccddeeff0011223344556677\n',
  ],
  [
    'docker-compose.yml',
    'services:\n  mqtt:\n    image: eclipse-mosquitto\n    environment:\n      MQTT_PASSWORD: ${MQTT_PASSWORD}\n      TZ: Europe/Vienna\n',
  ],
  ['.env', 'MQTT_HOST=192.168.7.10\nTZ=Europe/Vienna\nPUID=1000\n'],
  ['wled/wsec.json', '{"nw":{"ins":[{"psk":""}]},"ap":{"psk":""},"ota":{"pwd":"wledota"}}'],
];

describe('what is nobody’s credential', () => {
  for (const [path, text] of NOTHING)
    test(`${path}: ${text.slice(0, 50).replaceAll(/\s+/g, ' ')} gives nothing`, async () => {
      const all = (await found({ path, text })).filter(({ confidence }) => confidence !== 'note');
      assert.deepEqual(
        all.map(({ rule, value }) => `${rule} ${value}`),
        [],
      );
    });

  test('broken, cut or hostile files of every family never throw', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...Object.keys(PLANTS)),
        fc.integer(),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.uint8Array({ maxLength: 40 }),
        async (name, seed, where, noise) => {
          const { path, text } = PLANTS[name]!(chance(seed));
          const bytes = Buffer.from(text);
          const at = Math.floor(bytes.length * where);
          const { gap } = await scanBytes(
            Buffer.concat([bytes.subarray(0, at), noise, bytes.subarray(at + noise.length)]),
            path,
            SEARCH,
          );
          assert.equal(gap, null);
          assert.equal((await scanBytes(bytes.subarray(0, at), path, SEARCH)).gap, null);
        },
      ),
      { numRuns: 300, seed: 7 },
    );
  });
});

describe('settings that are wrong without a credential', () => {
  const rulesOf = async (path: string, text: string): Promise<readonly string[]> =>
    (await found({ path, text })).map(({ rule }) => rule);

  test('a broker that lets anybody in, on the network', async () => {
    assert.deepEqual(await rulesOf('mosquitto.conf', 'listener 1883\nallow_anonymous true\n'), ['mosquitto-anonymous']);
    assert.deepEqual(await rulesOf('mosquitto.conf', 'listener 1883 0.0.0.0\nallow_anonymous true\n'), [
      'mosquitto-anonymous',
    ]);
  });
  test('a backup without encryption', async () => {
    assert.deepEqual(
      await rulesOf('b.tar!./backup.json', '{"slug":"a1b2","version":2,"protected":false,"homeassistant":{}}'),
      ['home-assistant-backup-open'],
    );
    assert.deepEqual(
      await rulesOf('b.tar!./backup.json', '{"slug":"a1b2","version":2,"protected":true,"homeassistant":{}}'),
      [],
    );
  });
  test('a Home Assistant that still waits for its owner', async () => {
    const onboarding = (done: readonly string[]) => JSON.stringify({ version: 4, key: 'onboarding', data: { done } });
    assert.deepEqual(await rulesOf('ha/.storage/onboarding', onboarding([])), ['home-assistant-open-onboarding']);
    assert.deepEqual(await rulesOf('ha/.storage/onboarding', onboarding(['user', 'core_config'])), []);
  });
  test('Zigbee2MQTT’s page for everybody, Node-RED without encryption, a hotspot without a password', async () => {
    assert.deepEqual(
      await rulesOf(
        'zigbee2mqtt/configuration.yaml',
        'mqtt:\n  base_topic: zigbee2mqtt\nserial:\n  port: /dev/ttyUSB0\nfrontend:\n  host: 0.0.0.0\n',
      ),
      ['zigbee2mqtt-open-frontend'],
    );
    assert.deepEqual(await rulesOf('nodered/settings.js', 'module.exports = {\n  credentialSecret: false,\n}\n'), [
      'node-red-no-encryption',
    ]);
    assert.deepEqual(
      await rulesOf(
        'esphome/gate.yaml',
        'esphome:\n  name: gate\nwifi:\n  ssid: Porchlight\n  password: !secret wifi\n  ap:\n    ssid: Gate\n',
      ),
      ['esphome-open-hotspot'],
    );
  });
  test('a key file that others may read', async () => {
    const { text, path } = PLANTS['matter.js authority']!(chance(1));
    const { scanUnit } = await import('../scan-unit.ts');
    const { planFor } = await import('../open-plan.ts');
    const { bytesFeed } = await import('../feed.ts');
    const bytes = Buffer.from(text);
    const codes = async (mode: number) => {
      const { found: all } = await scanUnit(
        await planFor({}),
        { path, size: bytes.length, mode },
        bytesFeed(bytes),
        () => bytes,
      );
      return all[0]!.also.map(({ code }) => code);
    };
    assert.deepEqual(await codes(0o644), ['readable-by-others']);
    assert.deepEqual(await codes(0o600), []);
  });
});

describe('published values', () => {
  test('the Zigbee key and the Z-Wave keys of the documentation are told as such', async () => {
    const zigbee = await found({
      path: 'zigbee2mqtt/configuration.yaml',
      text: 'mqtt:\n  base_topic: zigbee2mqtt\nserial:\n  port: x\nadvanced:\n  network_key: [1, 3, 5, 7, 9, 11, 13, 15, 0, 2, 4, 6, 8, 10, 12, 13]\n  pan_id: 0x1a62\n',
    });
    assert.deepEqual(zigbee[0]!.also.map(({ code }) => code).toSorted(), ['default-pan-id', 'published-default']);
    const zwave = await found({
      path: 'options.json',
      text: JSON.stringify({ s0_legacy_key: `2232666D100F795E${'5BB17F0A1BB7A146'}`, x: 'zwave' }),
    });
    assert.deepEqual(
      zwave[0]!.also.map(({ code }) => code),
      ['published-default'],
    );
  });
});
