import { checkDigitOf } from './verhoeff.ts';

/** Numbers from 0 to below 1, the same for the same seed. */
export type Chance = () => number;

/** One credential in a file as people have it: what a scan must say of it. */
export type Plant = {
  readonly path: string;
  readonly text: string | Uint8Array;
  readonly rule: string;
  readonly value: string;
  /** Must be among what is also wrong. */
  readonly also?: string;
};

const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const DIGITS = '0123456789';
const ALNUM = UPPER + LOWER + DIGITS;

export const draw = (chance: Chance, length: number, letters = ALNUM): string =>
  Array.from({ length }, () => letters[Math.floor(chance() * letters.length)]!).join('');
const hex = (chance: Chance, length: number): string => draw(chance, length, `${DIGITS}abcdef`);
const bytes = (chance: Chance, length: number): Buffer => Buffer.from(hex(chance, length * 2), 'hex');
const base64 = (chance: Chance, length: number): string => bytes(chance, length).toString('base64');
/** With a digit, a capital and no pattern, so that no filter may take it for a word. */
const password = (chance: Chance): string => `${draw(chance, 5)}-${draw(chance, 4, DIGITS)}q${draw(chance, 6)}`;
const bcrypt = (chance: Chance): string => `$2b$12$${draw(chance, 53, `${ALNUM}./`)}`;
/** In two parts, so that no reader takes this source for a key. */
const KEY = ['PRIVATE', 'KEY'].join(' ');
const pem = (chance: Chance): string =>
  `-----BEGIN RSA ${KEY}-----\n${base64(chance, 300)
    .match(/.{1,64}/g)!
    .join('\n')}\n-----END RSA ${KEY}-----`;
const ecDer = (chance: Chance): Buffer =>
  Buffer.concat([
    Buffer.from('30770201010420', 'hex'),
    bytes(chance, 32),
    Buffer.from('a00a06082a8648ce3d030107', 'hex'),
  ]);
const json = (value: unknown): string => JSON.stringify(value, null, 2);
const storage = (key: string, data: unknown): string => json({ version: 1, minor_version: 1, key, data });

const pinOf = (chance: Chance): string =>
  `${draw(chance, 3, '13579')}-${draw(chance, 2, '2468')}-${draw(chance, 3, '135790')}`;

/** A dataset as OpenThread prints it: active timestamp, channel, PAN ids, keys, name. */
export const threadDataset = (chance: Chance, key: string): string =>
  `0e080000000000010000000300000f35060004001fffe00208${hex(chance, 16)}0708fd${hex(chance, 14)}0510${key}030e4f70656e54687265616444656d6f01021234` +
  `0410${hex(chance, 32)}0c0402a0f7f8`;

/** Eleven digits with a check digit (Matter core specification, section 5.1.4). */
export const manualCode = (passcode: number, discriminator: number): string => {
  const short = discriminator >> 8;
  const digits =
    String(short >> 2) +
    String((passcode & 0x3fff) | ((short & 3) << 14)).padStart(5, '0') +
    String(passcode >> 14).padStart(4, '0');
  return digits + checkDigitOf(digits);
};

/** 19 letters of base 38 (section 5.1.3). */
export const qrCode = (passcode: number, discriminator: number, vendorId: number, productId: number): string => {
  const alphabet = `${DIGITS}${UPPER}-.`;
  let bits = 0n;
  let at = 0n;
  for (const [value, size] of [
    [0, 3],
    [vendorId, 16],
    [productId, 16],
    [0, 2],
    [4, 8],
    [discriminator, 12],
    [passcode, 27],
    [0, 4],
  ] as const) {
    bits |= BigInt(value) << at;
    at += BigInt(size);
  }
  const all = Array.from({ length: 11 }, (_, index) => Number((bits >> BigInt(8 * index)) & 0xffn));
  let text = 'MT:';
  for (let i = 0; i < 11; i += 3) {
    const chunk = all.slice(i, i + 3);
    let value = chunk.reduce((sum, byte, index) => sum + byte * 256 ** index, 0);
    for (let n = 0; n < (chunk.length === 3 ? 5 : 4); n++) {
      text += alphabet[value % 38];
      value = Math.floor(value / 38);
    }
  }
  return text;
};

/** `X-HM://` of a setup code (HAP, section 4.2.1.2 and its QR form). */
export const setupUri = (code: string, category: number): string => {
  let value = (BigInt(category) << 31n) | (2n << 27n) | BigInt(code.replaceAll('-', ''));
  let text = '';
  for (let i = 0; i < 9; i++) {
    text = `${DIGITS}${UPPER}`[Number(value % 36n)]! + text;
    value /= 36n;
  }
  return `X-HM://${text}AB12`;
};

/** A backup of Tasmota's settings: mixed with a counter, texts in their pool. */
export const tasmotaDump = (texts: readonly string[]): Uint8Array => {
  const settings = Buffer.alloc(4096);
  settings.write(`${texts.join('\0')}\0`, 0x17, 'latin1');
  for (let i = 2; i < settings.length; i++) settings[i]! ^= (0x5a + i) & 0xff;
  settings[0] = 0xa5;
  settings[1] = 1;
  return settings;
};

type Maker = (chance: Chance) => Plant;

const at =
  (
    path: string,
    rule: string,
    make: (chance: Chance) => { readonly value: string; readonly text: string | Uint8Array; readonly also?: string },
  ): Maker =>
  (chance) => ({ path, rule, ...make(chance) });

/** One for every family of the catalogue, in its own file. */
export const PLANTS: Readonly<Record<string, Maker>> = {
  'refresh token': at('ha/.storage/auth', 'home-assistant-refresh-token', (chance) => {
    const value = hex(chance, 128);
    return {
      value,
      text: storage('auth', {
        users: [{ id: hex(chance, 32), name: 'Mara' }],
        refresh_tokens: [{ id: hex(chance, 32), token_type: 'normal', token: value, jwt_key: hex(chance, 128) }],
      }),
    };
  }),
  'signing key': at('ha/.storage/auth', 'home-assistant-signing-key', (chance) => {
    const value = hex(chance, 128);
    return {
      value,
      also: 'long-life',
      text: storage('auth', {
        users: [],
        refresh_tokens: [
          {
            id: hex(chance, 32),
            client_name: 'panel',
            token_type: 'long_lived_access_token',
            access_token_expiration: 315360000,
            token: hex(chance, 128),
            jwt_key: value,
          },
        ],
      }),
    };
  }),
  'password of a user': at('ha/.storage/auth_provider.homeassistant', 'home-assistant-password-hash', (chance) => {
    const value = Buffer.from(bcrypt(chance)).toString('base64');
    return { value, text: storage('auth_provider.homeassistant', { users: [{ username: 'mara', password: value }] }) };
  }),
  'second factor': at('ha/.storage/auth_module.totp', 'home-assistant-second-factor', (chance) => {
    const value = draw(chance, 32, `${UPPER}234567`);
    return { value, text: storage('auth_module.totp', { users: { [hex(chance, 32)]: value } }) };
  }),
  'config entry': at('ha/.storage/core.config_entries', 'home-assistant-entry-password', (chance) => {
    const value = password(chance);
    return {
      value,
      also: 'second-copy',
      text: storage('core.config_entries', {
        entries: [
          {
            domain: 'reolink',
            title: 'Garden',
            entry_id: '1',
            data: { host: '192.168.7.9', password: value },
            options: { password: value },
          },
        ],
      }),
    };
  }),
  'application credential': at(
    'ha/.storage/application_credentials',
    'home-assistant-application-credential',
    (chance) => {
      const value = draw(chance, 24);
      return {
        value,
        text: storage('application_credentials', {
          items: [{ domain: 'spotify', client_id: hex(chance, 32), client_secret: value }],
        }),
      };
    },
  ),
  'cloud account': at('ha/.cloud/production_auth.json', 'nabu-casa-account-token', (chance) => {
    const value = draw(chance, 300);
    return { value, text: json({ id_token: draw(chance, 40), access_token: draw(chance, 40), refresh_token: value }) };
  }),
  'cloud PIN': at('ha/.storage/cloud', 'home-assistant-cloud-pin', (chance) => {
    const value = draw(chance, 6, '13579');
    return { value, text: storage('cloud', { google_enabled: true, google_secure_devices_pin: value }) };
  }),
  'backup key': at('ha/.storage/backup', 'home-assistant-backup-key', (chance) => {
    const value = Array.from({ length: 7 }, () => draw(chance, 4, UPPER + DIGITS)).join('-');
    return {
      value,
      text: storage('backup', { backups: [], config: { create_backup: { agent_ids: [], password: value } } }),
    };
  }),
  'emergency kit': at(
    'downloads/home_assistant_backup_emergency_kit_home.txt',
    'home-assistant-emergency-kit',
    (chance) => {
      const value = Array.from({ length: 7 }, () => draw(chance, 4, UPPER + DIGITS)).join('-');
      return {
        value,
        text: `Home Assistant Backup Emergency Kit\n\nEncryption key:\n${value}\n\nKeep it somewhere safe.\n`,
      };
    },
  ),
  'YAML password': at('ha/packages/heating.yaml', 'home-password', (chance) => {
    const value = password(chance);
    return {
      value,
      text: `homeassistant:\nsensor:\n  - platform: rest\n    resource: http://192.168.7.41/x\n    username: installer\n    password: ${value}\n    value_template: "{{ value }}"\n`,
    };
  }),
  'secrets file': at('ha/secrets.yaml', 'home-wifi-passphrase', (chance) => {
    const value = password(chance);
    return { value, text: `home_latitude: 47.1\nwifi_password: "${value}"\n` };
  }),
  'webhook of an automation': at('ha/automations.yaml', 'home-webhook-id', (chance) => {
    const value = draw(chance, 24, LOWER + DIGITS);
    return {
      value,
      text: `- alias: Bell\n  triggers:\n    - trigger: webhook\n      webhook_id: ${value}\n  actions:\n    - action: light.turn_on\n      target:\n        entity_id: light.porch\n`,
    };
  }),
  'webhook URL': at('notes/todo', 'home-assistant-webhook-url', (chance) => {
    const value = hex(chance, 64);
    return { value, text: `curl -X POST http://192.168.7.10:8123/api/webhook/${value}\n` };
  }),
  'cloud webhook URL': at('notes/todo', 'nabu-casa-webhook-url', (chance) => {
    const value = `gAAAAA${draw(chance, 120, `${ALNUM}-_`)}==`;
    return { value, text: `<https://hooks.nabu.casa/${value}>\n` };
  }),
  'supervisor token': at('addon/run.log', 'home-assistant-supervisor-token', (chance) => {
    const value = hex(chance, 112);
    return { value, text: `[12:01:44] INFO: SUPERVISOR_TOKEN=${value}\n` };
  }),
  'add-on options': at('addons/data/core_zwave_js/options.json', 'zwave-security-key', (chance) => {
    const value = hex(chance, 32);
    return {
      value,
      text: json({ device: '/dev/ttyACM0', s0_legacy_key: value.toUpperCase(), s2_authenticated_key: hex(chance, 32) }),
    };
  }),
  'ESPHome API key': at('esphome/gate.yaml', 'esphome-api-key', (chance) => {
    const value = base64(chance, 32);
    return {
      value,
      text: `esphome:\n  name: gate\napi:\n  encryption:\n    key: "${value}"\nwifi:\n  ssid: !secret wifi_ssid\n`,
    };
  }),
  'ESPHome OTA password': at('esphome/gate.yaml', 'esphome-ota-password', (chance) => {
    const value = password(chance);
    return { value, text: `esphome:\n  name: gate\nota:\n  - platform: esphome\n    password: ${value}\n` };
  }),
  'ESPHome Wi-Fi': at('config/esphome/pump.yaml', 'esphome-wifi-passphrase', (chance) => {
    const value = password(chance);
    return {
      value,
      text: `esphome:\n  name: pump\nwifi:\n  networks:\n    - ssid: Porchlight\n      password: '${value}'\n  ap:\n    password: !secret ap\n`,
    };
  }),
  'ESPHome WireGuard': at('esphome/far.yaml', 'esphome-wireguard-key', (chance) => {
    const value = base64(chance, 32);
    return {
      value,
      text: `esphome:\n  name: far\nwireguard:\n  address: 10.0.0.2\n  private_key: ${value}\n  peer_public_key: ${base64(chance, 32)}\n`,
    };
  }),
  'Zigbee2MQTT network key': at('zigbee2mqtt/configuration.yaml', 'zigbee-network-key', (chance) => {
    const list = [...bytes(chance, 16)];
    return {
      value: JSON.stringify(list),
      text: `mqtt:\n  base_topic: zigbee2mqtt\nserial:\n  port: /dev/ttyUSB0\nadvanced:\n  network_key:\n${list.map((byte) => `    - ${byte}`).join('\n')}\n  channel: 11\n`,
    };
  }),
  'Zigbee2MQTT auth token': at('zigbee2mqtt/configuration.yaml', 'zigbee2mqtt-auth-token', (chance) => {
    const value = password(chance);
    return {
      value,
      text: `mqtt:\n  base_topic: zigbee2mqtt\nserial:\n  port: /dev/ttyUSB0\nfrontend:\n  auth_token: ${value}\n`,
    };
  }),
  'coordinator backup': at('zigbee2mqtt/coordinator_backup.json', 'zigbee-network-key', (chance) => {
    const value = hex(chance, 32);
    return {
      value,
      text: json({
        metadata: { format: 'zigpy/open-coordinator-backup', version: 1 },
        pan_id: '1a62',
        network_key: { key: value, sequence_number: 0, frame_counter: 4 },
        devices: [],
      }),
    };
  }),
  'link key': at('ha/zha_backup.json', 'zigbee-link-key', (chance) => {
    const value = hex(chance, 32);
    return {
      value,
      text: json({
        backup_time: '2026',
        network_info: {
          network_key: { key: hex(chance, 32).match(/../g)!.join(':') },
          key_table: [{ key: value.match(/../g)!.join(':'), partner_ieee: '00:11' }],
        },
      }),
    };
  }),
  'Zigbee log': at('zigbee2mqtt/log/2026-11-02/log.log', 'zigbee-network-key', (chance) => {
    const key = bytes(chance, 16);
    return {
      value: key.toString('hex'),
      text: `error: z2m: network_key mismatch, configured: networkKey: [${[...key].join(', ')}], adapter…\n`,
    };
  }),
  'ZHA database': at('ha/zigbee.db', 'zigbee-network-key', (chance) => {
    const value = hex(chance, 32);
    const page = Buffer.alloc(8192);
    page.write('SQLite format 3\0', 0, 'latin1');
    page.write(
      `{"network_info": {"network_key": {"key": "${value.match(/../g)!.join(':')}", "seq": 0}}}`,
      5000,
      'latin1',
    );
    return { value, text: page };
  }),
  'Z-Wave JS UI': at('store/settings.json', 'zwave-security-key', (chance) => {
    const value = hex(chance, 32);
    return {
      value,
      also: 'same-key',
      text: json({ zwave: { securityKeys: { S0_Legacy: value, S2_Authenticated: value } } }),
    };
  }),
  'Node-RED secret': at('nodered/settings.js', 'node-red-credential-secret', (chance) => {
    const value = draw(chance, 24);
    return { value, text: `module.exports = {\n  credentialSecret: "${value}",\n  uiPort: 1880,\n};\n` };
  }),
  'Node-RED made secret': at('nodered/.config.runtime.json', 'node-red-generated-secret', (chance) => {
    const value = hex(chance, 64);
    return { value, text: json({ instanceId: hex(chance, 16), _credentialSecret: value }) };
  }),
  'Node-RED credentials': at('nodered/flows_cred.json', 'node-red-credentials', (chance) => {
    const value = password(chance);
    return { value, also: 'not-encrypted', text: json({ [hex(chance, 16)]: { user: 'porch', password: value } }) };
  }),
  'Node-RED session': at('nodered/.sessions.json', 'node-red-session', (chance) => {
    const value = base64(chance, 96);
    return {
      value,
      text: json({
        [value]: {
          user: 'mara',
          client: 'node-red-editor',
          scope: ['*'],
          accessToken: value,
          expires: 1_790_000_000_000,
        },
      }),
    };
  }),
  'Mosquitto hash': at('mosquitto/passwd', 'mosquitto-password-hash', (chance) => {
    const value = `$7$101$${base64(chance, 12)}$${base64(chance, 64)}`;
    return { value, also: 'weak-hash', text: `porch:${value}\n` };
  }),
  'Mosquitto dynamic security': at('mosquitto/dynamic-security.json', 'mosquitto-dynamic-security-hash', (chance) => {
    const value = base64(chance, 64);
    return {
      value,
      also: 'weak-hash',
      text: json({
        defaultACLAccess: {},
        clients: [
          {
            username: 'admin',
            password: value,
            salt: base64(chance, 12),
            iterations: 101,
            roles: [{ rolename: 'admin' }],
          },
        ],
      }),
    };
  }),
  'Mosquitto bridge': at('mosquitto/mosquitto.conf', 'mosquitto-bridge-password', (chance) => {
    const value = password(chance);
    return {
      value,
      text: `listener 1883\nconnection far\naddress far.example.net\nremote_username porch\nremote_password ${value}\n`,
    };
  }),
  'EMQX API key': at('emqx/etc/api_keys.txt', 'emqx-api-secret', (chance) => {
    const value = draw(chance, 40);
    return { value, text: `${hex(chance, 16)}:${value}:administrator\n` };
  }),
  'EMQX cookie': at('emqx/etc/emqx.conf', 'emqx-node-cookie', (chance) => {
    const value = draw(chance, 20);
    return { value, text: `node {\n  name = "emqx@127.0.0.1"\n  cookie = "${value}"\n}\n` };
  }),
  'openHAB thing': at('openhab/conf/things/mqtt.things', 'openhab-thing-credential', (chance) => {
    const value = password(chance);
    return {
      value,
      text: `Bridge mqtt:broker:main "Broker" [ host="192.168.7.10", username="porch", password="${value}" ]\n`,
    };
  }),
  'openHAB service': at('openhab/conf/services/influxdb.cfg', 'openhab-service-credential', (chance) => {
    const value = password(chance);
    return { value, text: `# persistence\nurl=http://192.168.7.10:8086\nuser=openhab\npassword=${value}\n` };
  }),
  'openHAB cloud': at('userdata/openhabcloud/secret', 'openhab-cloud-secret', (chance) => {
    const value = draw(chance, 20);
    return { value, text: `${value}\n` };
  }),
  'openHAB token': at('rules/lamp.py', 'openhab-api-token', (chance) => {
    const value = `oh.porch.${draw(chance, 80)}`;
    return { value, text: `requests.get(url, auth=("${value}", ""))\n` };
  }),
  'Tasmota source': at('tasmota/user_config_override.h', 'tasmota-wifi-passphrase', (chance) => {
    const value = password(chance);
    return {
      value,
      also: 'in-firmware',
      text: `#undef  STA_PASS1\n#define STA_PASS1         "${value}"     // [Password1]\n`,
    };
  }),
  'Tasmota backup': at('backups/Config_plug_13.0.dmp', 'tasmota-mqtt-password', (chance) => {
    const value = password(chance);
    const texts = [
      'http://ota.tasmota.com/tasmota.bin.gz',
      'cmnd',
      'stat',
      'tele',
      'Porchlight',
      '',
      password(chance),
      '',
      'plug',
      '',
      password(chance),
      '',
      'mqtt.lan',
      'plug',
      'porch',
      value,
      '%prefix%/%topic%/',
    ];
    return { value, text: tasmotaDump(texts) };
  }),
  WLED: at('wled/wsec.json', 'wled-wifi-passphrase', (chance) => {
    const value = password(chance);
    return {
      value,
      text: json({
        nw: { ins: [{ psk: value }] },
        ap: { psk: 'wled1234' },
        if: { mqtt: { psk: '' } },
        ota: { pwd: 'wledota' },
      }),
    };
  }),
  Shelly: at('shelly/plug-backup.json', 'shelly-ha1', (chance) => {
    const value = hex(chance, 64);
    return {
      value,
      text: json({
        id: 'shellyplus1-a8032ab',
        method: 'Shelly.SetAuth',
        params: { user: 'admin', realm: 'shellyplus1-a8032ab', ha1: value },
      }),
    };
  }),
  'Hue client': at('home/.python_hue', 'hue-application-key', (chance) => {
    const value = draw(chance, 40);
    return { value, text: json({ '192.168.7.30': { username: value } }) };
  }),
  'Hue URL': at('shell/lamps.sh', 'hue-key-in-url', (chance) => {
    const value = draw(chance, 40);
    return { value, text: `curl http://192.168.7.30/api/${value}/lights/3\n` };
  }),
  'Homebridge pin': at('homebridge/config.json', 'homebridge-pin', (chance) => {
    const value = pinOf(chance);
    return {
      value,
      text: json({ bridge: { name: 'Homebridge', pin: value, port: 51826 }, platforms: [], accessories: [] }),
    };
  }),
  'Homebridge plugin': at('homebridge/config.json', 'home-password', (chance) => {
    const value = password(chance);
    return {
      value,
      also: 'shared-with-plugins',
      text: json({
        bridge: { name: 'Homebridge', port: 51826 },
        accessories: [],
        platforms: [{ platform: 'Garage', username: 'mara', password: value }],
      }),
    };
  }),
  'HomeKit accessory key': at(
    'homebridge/persist/AccessoryInfo.CC223DE3CEF3.json',
    'homekit-accessory-key',
    (chance) => {
      const value = hex(chance, 128);
      return {
        value,
        text: json({
          displayName: 'Homebridge',
          category: 2,
          pincode: pinOf(chance),
          signSk: value,
          signPk: hex(chance, 64),
          pairedClients: {},
        }),
      };
    },
  ),
  'Homebridge UI': at('homebridge/.uix-secrets', 'homebridge-ui-secret', (chance) => {
    const value = hex(chance, 64);
    return { value, text: json({ secretKey: value }) };
  }),
  'HomeKit QR': at('notes/labels.csv', 'homekit-setup-code', (chance) => {
    const value = pinOf(chance);
    return { value, text: `lamp,${setupUri(value, 5)},kitchen\n` };
  }),
  'HomeKit code': at('notes/devices', 'homekit-setup-code', (chance) => {
    const value = pinOf(chance);
    return { value, text: `lock on the door: HomeKit ${value}\n` };
  }),
  'Matter QR': at('notes/devices', 'matter-setup-code', (chance) => {
    const value = qrCode(10_000_000 + Math.floor(chance() * 2e7), Math.floor(chance() * 4096), 0x1217, 0x0002);
    return { value, text: `plug ${value} bought in May\n` };
  }),
  'Matter manual code': at('notes/devices', 'matter-setup-code', (chance) => {
    const value = manualCode(10_000_000 + Math.floor(chance() * 2e7), Math.floor(chance() * 4096));
    return { value, text: `plug, pairing code: ${value.slice(0, 4)}-${value.slice(4, 7)}-${value.slice(7)}\n` };
  }),
  'matter.js authority': at('.matter/controller/certificates.rootKeyPair', 'matter-controller-key', (chance) => {
    const value = hex(chance, 64);
    return {
      value,
      text: JSON.stringify({
        publicKey: JSON.stringify({ __object__: 'Uint8Array', __value__: `04${hex(chance, 128)}` }),
        privateKey: JSON.stringify({ __object__: 'Uint8Array', __value__: value }),
      }),
    };
  }),
  'CHIP authority': at('tmp/chip_tool_config.alpha.ini', 'matter-controller-key', (chance) => {
    const value = Buffer.concat([Buffer.from([4]), bytes(chance, 96)]).toString('base64');
    return {
      value,
      also: 'example-issuer',
      text: `[Default]\nExampleOpCredsCAKey0=${value}\nLocalNodeId=aQEAAAAAAAA=\n`,
    };
  }),
  'Matter attestation key': at('factory/acme-1217-DAC-Key.der', 'matter-attestation-key', (chance) => {
    const der = ecDer(chance);
    return { value: der.toString('base64'), text: der };
  }),
  'Thread dataset': at('ha/.storage/thread.datasets', 'thread-dataset', (chance) => {
    const value = threadDataset(chance, hex(chance, 32));
    return {
      value,
      text: storage('thread.datasets', { datasets: [{ id: '1', source: 'otbr', tlv: value.toUpperCase() }] }),
    };
  }),
  'Tuya devices': at('tuya/devices.json', 'tuya-local-key', (chance) => {
    const value = `${draw(chance, 12)}$;'{`;
    return {
      value,
      text: json([{ name: 'Fan', id: `bf${draw(chance, 20, LOWER + DIGITS)}`, key: value, mac: '00:11:22:33:44:55' }]),
    };
  }),
  'Tuya project': at('tuya/tinytuya.json', 'tuya-api-secret', (chance) => {
    const value = hex(chance, 32);
    return {
      value,
      text: json({ apiKey: draw(chance, 20, LOWER + DIGITS), apiSecret: value, apiRegion: 'eu', apiDeviceID: 'scan' }),
    };
  }),
  Tapo: at('tapo/device.json', 'tapo-credentials-hash', (chance) => {
    const value = base64(chance, 42);
    return { value, text: json({ host: '192.168.7.60', device_type: 'SMART.TAPOPLUG', credentials_hash: value }) };
  }),
  SmartThings: at('streamdeck/settings.yaml', 'smartthings-personal-access-token', (chance) => {
    const value = [8, 4, 4, 4, 12].map((length) => hex(chance, length)).join('-');
    return { value, text: `smartthings_token: ${value}\n` };
  }),
  Alexa: at('lambda/config.js', 'amazon-client-secret-old', (chance) => {
    const value = hex(chance, 64);
    return { value, text: `const LWA_CLIENT_SECRET = '${value}';\n` };
  }),
  'Google service account': at('ha/SERVICE_ACCOUNT.JSON', 'google-service-account-key', (chance) => {
    const value = `${pem(chance)}\n`;
    return {
      value,
      text: json({
        type: 'service_account',
        project_id: 'porch',
        private_key_id: hex(chance, 40),
        private_key: value,
        client_email: 'homegraph@porch.iam.gserviceaccount.com',
      }),
    };
  }),
  'AWS IoT': at('certs/9f3ac1d2e4-private.pem.key', 'aws-iot-private-key', (chance) => {
    const value = pem(chance);
    return { value, text: `${value}\n` };
  }),
  'Azure IoT': at('device/main.py', 'azure-iot-connection-string', (chance) => {
    const value = base64(chance, 32);
    return {
      value,
      also: 'too-strong',
      text: `CONNECTION = "HostName=porch.azure-devices.net;SharedAccessKeyName=iothubowner;SharedAccessKey=${value}"\n`,
    };
  }),
  'Cloudflare tunnel': at('cloudflared/6d4c2f.json', 'cloudflare-tunnel-credentials', (chance) => {
    const value = base64(chance, 32);
    return {
      value,
      text: json({
        AccountTag: hex(chance, 32),
        TunnelSecret: value,
        TunnelID: '6d4c2f6e-0000-4000-8000-000000000001',
      }),
    };
  }),
  'Frigate+': at('frigate/.env', 'frigate-plus-api-key', (chance) => {
    const value = `${[8, 4, 4, 4, 12].map((length) => hex(chance, length)).join('-')}:${hex(chance, 40)}`;
    return { value, text: `PLUS_API_KEY=${value}\n` };
  }),
  'Arduino header': at('sketch/arduino_secrets.h', 'home-wifi-passphrase', (chance) => {
    const value = password(chance);
    return { value, also: 'in-firmware', text: `#define SECRET_SSID "Porchlight"\n#define SECRET_PASS "${value}"\n` };
  }),
  'Arduino sketch': at('sketch/rain.ino', 'home-wifi-passphrase', (chance) => {
    const value = password(chance);
    return { value, text: `#include <WiFi.h>\nvoid setup() {\n  WiFi.begin("Porchlight", "${value}");\n}\n` };
  }),
  PlatformIO: at('sketch/platformio.ini', 'home-esphome-ota-password', (chance) => {
    const value = draw(chance, 16);
    return {
      value,
      text: `[env:plug]\nplatform = espressif32\nupload_protocol = espota\nupload_flags = --auth=${value}\n`,
    };
  }),
  sdkconfig: at('firmware/sdkconfig.defaults', 'esp-idf-wifi-passphrase', (chance) => {
    const value = password(chance);
    return { value, also: 'in-firmware', text: `CONFIG_IDF_TARGET="esp32"\nCONFIG_ESP_WIFI_PASSWORD="${value}"\n` };
  }),
  'NVS table': at('factory/unit-0001.csv', 'esp-idf-nvs-entry', (chance) => {
    const value = draw(chance, 32);
    return {
      value,
      text: `key,type,encoding,value\ncreds,namespace,,\nmqtt_token,data,string,${value}\nserial,data,string,0001\n`,
    };
  }),
  'Tasmota URL': at('shell/lamps.sh', 'tasmota-password-in-url', (chance) => {
    const value = password(chance);
    return { value, text: `curl "http://192.168.7.50/cm?user=admin&password=${value}&cmnd=Power%20On"\n` };
  }),
  'GCP IoT': at('device/main.py', 'gcp-iot-private-key', (chance) => {
    const value = pem(chance);
    return { value, also: 'obsolete', text: `HOST = "mqtt.googleapis.com"\nKEY = """${value}"""\n` };
  }),
  'ring-mqtt': at('ring/ring-state.json', 'home-access-token', (chance) => {
    const value = draw(chance, 80);
    return { value, text: json({ systemId: hex(chance, 32), ring_token: value }) };
  }),
  'MQTT logins of an add-on': at('addons/core_mosquitto/options.json', 'home-password', (chance) => {
    const value = password(chance);
    return { value, text: json({ logins: [{ username: 'porch', password: value }], require_certificate: false }) };
  }),
  'flash key': at('keys/flash_encryption_key.bin', 'esp-idf-flash-encryption-key', (chance) => {
    const key = bytes(chance, 32);
    return { value: key.toString('hex'), text: key };
  }),
};
