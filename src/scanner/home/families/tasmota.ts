import { type About, type Claim, type Family, claim } from '../claim.ts';
import { aboutKind } from '../about.ts';
import type { HomeFile } from '../home-file.ts';

const VENDOR = 'Tasmota';

const restarted = (about: About): About => ({ ...about, vendor: VENDOR, rotation: 'restart' });

const WIFI = restarted({
  ...aboutKind('wifi-passphrase', 'tasmota'),
  rule: 'tasmota-wifi-passphrase',
  remedy: 'Backlog SSId2 NEW; Password2 NEW on every device first, then change the access point, then Password1.',
});
const WEB = restarted({
  rule: 'tasmota-web-password',
  title: 'Password of a Tasmota device’s web page',
  vendor: VENDOR,
  kind: 'password',
  opens: 'the device: every command, and new firmware',
  remedy: 'WebPassword NEW on the console (not in a URL: those are logged).',
});
const MQTT = restarted({
  ...aboutKind('mqtt-password', 'tasmota'),
  rule: 'tasmota-mqtt-password',
  title: 'MQTT password of a Tasmota device',
  remedy:
    'Make a second login at the broker, then Backlog MqttUser NEW; MqttPassword NEW on the device, then remove the old login.',
});

/** Names of `my_user_config.h` and `user_config_override.h` (arendst/Tasmota, tasmota/my_user_config.h). */
const DEFINES: Readonly<Record<string, About>> = {
  STA_PASS1: WIFI,
  STA_PASS2: WIFI,
  WIFI_AP_PASSPHRASE: WIFI,
  WEB_PASSWORD: WEB,
  MQTT_PASS: MQTT,
};

const DEFINE =
  /^[ \t]*#define[ \t]+(STA_PASS[12]|WIFI_AP_PASSPHRASE|WEB_PASSWORD|MQTT_PASS)[ \t]+"([^"\r\n]{1,100})"/gm;

/** What the file ships with. */
const SHIPPED = new Set(['MQTT_PASS', 'DVES_PASS', 'WEB_PASSWORD', 'STA_PASS1', 'STA_PASS2']);

/** Sources (TA-01): `#define STA_PASS1 "…"`. */
export const tasmotaSource: Family = {
  id: 'tasmota-source',
  reads: ({ base, text }) => /\.(?:h|hpp|ino|cpp)$/.test(base) && /STA_PASS|MQTT_PASS|WEB_PASSWORD/.test(text),
  find: ({ text }) =>
    Array.from(text.matchAll(DEFINE), (match): Claim => {
      const [whole, name = '', value = ''] = match;
      const start = match.index + whole.length - 1 - value.length;
      if (SHIPPED.has(value)) return { start, end: start + value.length, plain: true };
      return claim(
        DEFINES[name]!,
        { keyPath: [name], text: value, start, end: start + value.length },
        {
          why: `is compiled in as ${name}`,
          also: [{ code: 'in-firmware', why: 'every firmware image built from it holds it in clear' }],
        },
      );
    }),
};

/** First byte of a backup, and what every further byte is mixed with (arendst/Tasmota, HandleBackupConfiguration). */
const SIGN = 0xa5;
const XOR = 0x5a;
/** Settings of version 8.0 and later keep their texts, NUL-ended and in this order, in one pool (SettingsTextIndex). */
const TEXTS: Readonly<Record<number, About>> = { 6: WIFI, 7: WIFI, 10: WEB, 15: MQTT };
const POOL_LENGTH = 699;

/** Backups of a device (`.dmp`): mixed with a counter, which is no encryption. */
export const tasmotaBackup: Family = {
  id: 'tasmota-backup',
  reads: ({ base, bytes }) =>
    base.endsWith('.dmp') && bytes[0] === SIGN && bytes.length >= 1000 && bytes.length <= 64 * 1024,
  find(file) {
    const settings = Buffer.from(file.bytes);
    if ((settings[1]! & 1) === 1) for (let i = 2; i < settings.length; i++) settings[i]! ^= (XOR + i) & 0xff;
    // The pool begins with the address of updates, which is never empty; 0x017 in today's layout, found by its look.
    const pool = poolStart(settings);
    return pool === null ? [] : textsIn(settings, pool, file);
  },
};

const poolStart = (settings: Buffer): number | null => {
  const at = settings.indexOf('http', 2, 'latin1');
  return at >= 8 && at < 0x800 ? at : null;
};

const textsIn = (settings: Buffer, pool: number, { text }: HomeFile): readonly Claim[] => {
  const claims: Claim[] = [];
  let at = pool;
  for (let index = 0; index <= 15 && at < pool + POOL_LENGTH; index++) {
    const end = settings.indexOf(0, at);
    if (end === -1) break;
    const value = settings.subarray(at, end).toString('utf8');
    const about = TEXTS[index];
    // What is written is not what it says: in text that is no text, the place is the start of the file.
    const place = text === '' ? { start: at, end } : { start: 0, end: 1 };
    if (about !== undefined && /^[\x20-\x7e]{3,64}$/.test(value))
      claims.push(
        claim(
          about,
          { keyPath: ['settings', String(index)], text: value, ...place },
          {
            why: 'stands in a backup of the device’s settings',
            name: ['wifi', 'wifi', 'web', 'mqtt'][[6, 7, 10, 15].indexOf(index)]!,
          },
        ),
      );
    at = end + 1;
  }
  return claims;
};
