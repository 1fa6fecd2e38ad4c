import type { KindId } from '#catalogue';
import { aboutKind } from '../about.ts';
import { type About, type Claim, type Family, claim, facts } from '../claim.ts';
import { type HomeFile, type Value, textAt } from '../home-file.ts';

type Row = readonly [path: RegExp, about: About, text?: RegExp];

/** A JSON document of a device or a tool, its credentials by key path. */
const jsonFamily = (
  id: string,
  reads: (file: HomeFile) => boolean,
  rows: readonly Row[],
  more: (value: Value, values: readonly Value[]) => Readonly<Record<string, string>> = () => ({}),
): Family => ({
  id,
  reads,
  find(file) {
    const values = file.json();
    return values.flatMap((value): readonly Claim[] => {
      const path = value.keyPath.join('.');
      const row = rows.find(([pattern]) => pattern.test(path));
      if (row?.[2]?.test(value.text) === false) return [{ start: value.start, end: value.end, plain: true }];
      return row === undefined || value.text.length < 3
        ? []
        : [
            claim(row[1], value, {
              why: `stands as ${value.keyPath.at(-1)} in a file of ${row[1].vendor}`,
              facts: more(value, values),
            }),
          ];
    });
  },
});

const of = (vendor: string, rule: string, kind: KindId, words: Partial<About>): About => ({
  ...aboutKind(kind, null),
  vendor,
  rule,
  ...words,
});

/** `wsec.json` (wled/WLED, wled00/cfg.cpp, serializeConfigSec), and backups that hold the same object (WL-01). */
export const wled = jsonFamily(
  'wled',
  ({ base, text }) => base === 'wsec.json' || (/wled/.test(base) && /"(?:psk|pwd)"/.test(text)),
  [
    [
      /^nw\.ins\.\d+\.psk$/,
      of('WLED', 'wled-wifi-passphrase', 'wifi-passphrase', { title: 'Wi-Fi passphrase kept by WLED' }),
    ],
    [
      /^ap\.psk$/,
      of('WLED', 'wled-hotspot-passphrase', 'wifi-passphrase', {
        title: 'Passphrase of a WLED hotspot',
        tier: 'bronze',
        opens: 'the hotspot of the lamp and its settings',
        remedy: 'Change it under Config, WiFi setup. The shipped one is wled1234.',
      }),
    ],
    [
      /^(?:if\.)?mqtt\.psk$/,
      of('WLED', 'wled-mqtt-password', 'mqtt-password', { title: 'MQTT password of a WLED lamp' }),
    ],
    [/^if\.hue\.key$/, of('WLED', 'wled-hue-key', 'hue-key', { title: 'Hue application key kept by WLED' })],
    [
      /^ota\.pwd$/,
      of('WLED', 'wled-ota-password', 'esphome-ota-password', {
        title: 'WLED password for updates',
        remedy: 'Change it under Config, Security & Updates.',
      }),
      /^(?!wledota$)/,
    ],
    [
      /^pin$/,
      of('WLED', 'wled-settings-pin', 'pin', { title: 'PIN of WLED’s settings', opens: 'the settings of the lamp' }),
    ],
  ],
);

/** Backups and RPC logs of Shelly devices: `ha1` is SHA-256 of user, realm and password (shelly-api-docs, Gen2, Authentication). */
export const shelly: Family = jsonFamily(
  'shelly',
  ({ base, text }) =>
    base.endsWith('.json') &&
    /"ha1"|shelly/i.test(text) &&
    /"(?:ha1|auth_key|pass|auth)"/.test(text) &&
    /shelly/i.test(base + text),
  [
    [
      /(?:^|\.)ha1$/,
      of('Shelly', 'shelly-ha1', 'password-hash', {
        title: 'Digest secret of a Shelly device',
        opens: 'the device: who has it needs no password',
        remedy:
          'RPC Shelly.SetAuth {"user":"admin","realm":ID,"ha1":NEW}; MQTT and the outbound WebSocket have logins of their own.',
      }),
      /^[\da-f]{64}$/i,
    ],
    [
      /(?:^|\.)(?:wifi|sta1?|ap|wifi_sta1?|wifi_ap)\.(?:.*\.)?(?:pass|key)$/,
      of('Shelly', 'shelly-wifi-passphrase', 'wifi-passphrase', { title: 'Wi-Fi passphrase kept by a Shelly device' }),
    ],
    [
      /(?:^|\.)mqtt\.(?:.*\.)?(?:pass|password)$/,
      of('Shelly', 'shelly-mqtt-password', 'mqtt-password', {
        title: 'MQTT password of a Shelly device',
        remedy: 'RPC Mqtt.SetConfig with another login, after a second one was made at the broker.',
      }),
    ],
    [
      /(?:^|\.)auth_key$/,
      of('Shelly', 'shelly-cloud-key', 'api-key', {
        title: 'Key of a Shelly Cloud account',
        opens: 'every device of the account, from anywhere',
        remedy:
          'In the Shelly app: User settings, Authorization cloud key, Get key anew; changing the account’s password makes a new one, too.',
      }),
    ],
    [/(?:^|\.)login\.password$/, of('Shelly', 'shelly-password', 'password', { title: 'Password of a Shelly device' })],
  ],
);

const LOCAL_KEY = of('Tuya', 'tuya-local-key', 'local-key', { title: 'Local key of a Tuya device' });
const idBeside = (value: Value, values: readonly Value[]) => {
  const at = (name: string) => textAt(values, ...value.keyPath.slice(0, -1), name);
  return facts({ device: at('id') ?? at('gwId') ?? at('device_id'), name: at('name') });
};

/**
 * tinytuya's `devices.json`, `snapshot.json`, `tuya-raw.json` and `tinytuya.json` (jasonacox/tinytuya, wizard.py,
 * scanner.py), and what others make after them. A local key has 16 printable characters, with signs since 2023
 * (make-all/tuya-local#1065); beside it stands an id of 20 to 22 (TU-01).
 */
export const tuya = jsonFamily(
  'tuya',
  ({ base, text }) =>
    base.endsWith('.json') &&
    (/^(?:devices|snapshot|tinytuya|tuya[-_.\w]*)\.json$/.test(base) || /tuya|local_?key/i.test(text)) &&
    /"(?:key|local_?key|apiSecret|access_?secret)"/i.test(text),
  [
    [/(?:^|\.)(?:local_?key|localKey)$/, LOCAL_KEY, /^[\x21-\x7e]{16}$/],
    [/^(?:devices\.|result\.(?:list\.)?|timestamp\.)?\d+\.key$|^devices\.\d+\.key$/, LOCAL_KEY, /^[\x21-\x7e]{16}$/],
    [
      /(?:^|\.)api_?secret$|(?:^|\.)access_?secret$/i,
      of('Tuya', 'tuya-api-secret', 'client-secret', {
        title: 'Access secret of a Tuya cloud project',
        opens: 'every device of the accounts linked to the project, and their local keys',
        remedy: 'At https://iot.tuya.com open the project, Overview, and reset the Access Secret.',
      }),
      /^[\da-f]{32}$/i,
    ],
  ],
  idBeside,
);

/** `.python_hue`, `phue.conf`, configurations of Hue clients: 40 letters for an application (HU-01). */
export const hue: Family = {
  id: 'hue',
  reads: ({ base, text }) =>
    /^\.?(?:python_hue|phue|hue[\w.-]*)$/.test(base) ||
    (base.endsWith('.json') &&
      /hue|philips/i.test(text) &&
      /"(?:username|clientkey|hue-application-key|appkey|applicationKey)"/i.test(text)),
  find(file) {
    const values = file.json();
    return values.flatMap((value): readonly Claim[] => {
      const field = value.keyPath.at(-1) ?? '';
      if (
        /^(?:username|hue-application-key|app_?key|applicationKey|api_key)$/i.test(field) &&
        /^[\w-]{40}$/.test(value.text)
      )
        return [
          claim(of('Philips Hue', 'hue-application-key', 'hue-key', {}), value, {
            why: 'forty letters as the user name of a Hue client',
            facts: facts({ bridge: value.keyPath[0] }),
          }),
        ];
      if (/^client_?key$/i.test(field) && /^[\da-f]{32}$/i.test(value.text))
        return [
          claim(
            of('Philips Hue', 'hue-client-key', 'pre-shared-key', {
              title: 'Hue entertainment key',
              opens: 'streaming to the lamps of the bridge (DTLS)',
            }),
            value,
            { why: '32 hex digits as the client key of a Hue client' },
          ),
        ];
      return [];
    });
  },
};

/** python-kasa and its users: `credentials_hash` is base64 of a digest of the account (python-kasa, credentials.py). */
export const kasa = jsonFamily(
  'tapo',
  ({ base, text }) =>
    base.endsWith('.json') && /"credentials_hash"|tapo|kasa/i.test(text) && /credentials_hash|password/.test(text),
  [
    [
      /(?:^|\.)credentials_hash$/,
      of('TP-Link', 'tapo-credentials-hash', 'password-hash', {
        title: 'Hash of a TP-Link account',
        opens: 'every Tapo and Kasa device of the account on the local network: the hash itself signs in',
        remedy: 'Change the password of the TP-Link account; then sign the integration in again.',
      }),
      /^[\w+/=-]{20,}$/,
    ],
  ],
);
