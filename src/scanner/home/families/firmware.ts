import { aboutKind } from '../about.ts';
import type { KindId } from '#catalogue';
import { type About, type Also, type Claim, type Family, claim, facts, openToOthers } from '../claim.ts';
import { judged } from '../judged.ts';
import { isPlaceholder } from '../../filters/placeholders.ts';

const IN_FIRMWARE: Also = { code: 'in-firmware', why: 'every image built from it holds it in clear' };

/** Sketches and their headers (AR-01), and `platformio.ini` (PI-01): what is compiled in. */
export const arduino: Family = {
  id: 'arduino',
  reads: ({ base, text }) =>
    base === 'platformio.ini' ||
    (/\.(?:ino|h|hpp|c|cc|cpp)$/.test(base) &&
      text.length < 1024 * 1024 &&
      /wifi|mqtt|secret_|ota/i.test(text) &&
      /pass|psk|token|_key|secret|\.begin\(/i.test(text)),
  find: (file) =>
    judged(file, {
      refine: () => ({ also: [IN_FIRMWARE] }),
    }),
};

const config = (kind: KindId): About => ({ ...aboutKind(kind, 'esp-idf'), vendor: 'ESP-IDF' });

/** `CONFIG_…="…"` of which the name ends so (ID-01). Public keys and paths of key files are none. */
const CONFIG =
  /^(CONFIG_\w{0,100}(?:PASSWORD|PASSWD|PASSPHRASE|PASS|PWD|PSK|TOKEN|SECRET|API_KEY|ACCESS_KEY|PRIVATE_KEY|AUTH_KEY|ENCRYPTION_KEY|_KEY))="([^"\r\n]{3,400})"/gm;
const NO_VALUE = /(?:PUBLIC|FILE|PATH|NAME|LEN|SIZE|TYPE|COUNT|_ID)(?:_\w+)?$/;
const NO_KEY = /^(?:[./~][\w./-]*|[\w./-]+\.(?:pem|der|bin|key|crt|csv))$/;

/** `sdkconfig`, `sdkconfig.defaults`, `sdkconfig.ci`. */
export const sdkconfig: Family = {
  id: 'esp-idf',
  reads: ({ base, text }) => base.startsWith('sdkconfig') && text.includes('CONFIG_'),
  find: ({ text }) =>
    Array.from(text.matchAll(CONFIG), (match): Claim | null => {
      const [whole, name = '', value = ''] = match;
      if (NO_VALUE.test(name) || NO_KEY.test(value) || value.startsWith('$')) return null;
      const start = match.index + whole.length - 1 - value.length;
      const kind = kindOfConfig(name);
      return claim(
        { ...config(kind), rule: `esp-idf-${kind}` },
        { keyPath: [name], text: value, start, end: start + value.length },
        {
          why: `is compiled in as ${name}`,
          confidence: SHIPPED.test(value) || isPlaceholder(value) ? 'note' : 'likely',
          also: [IN_FIRMWARE],
        },
      );
    }).filter((one) => one !== null),
};

/** What the examples of ESP-IDF ship with. */
const SHIPPED = /^(?:mypassword|mypass|esp32|password|12345678)$/i;

const kindOfConfig = (name: string): KindId =>
  /WIFI|SSID|STA_|_AP_|WPA/.test(name) && /PASS|PSK|PWD/.test(name)
    ? 'wifi-passphrase'
    : /MQTT|BROKER/.test(name) && /PASS|PWD/.test(name)
      ? 'mqtt-password'
      : name.endsWith('TOKEN')
        ? 'access-token'
        : /PASS|PWD/.test(name)
          ? 'password'
          : name.endsWith('PSK')
            ? 'pre-shared-key'
            : /API_KEY|ACCESS_KEY|AUTH_KEY/.test(name)
              ? 'api-key'
              : 'unknown-secret';

const NVS: About = {
  rule: 'esp-idf-nvs-entry',
  title: 'Credential in an NVS partition of ESP-IDF',
  vendor: 'ESP-IDF',
  kind: 'unknown-secret',
  tier: 'gold',
  rotation: 'reflash',
  opens: 'what the device signs in to; one image for many devices opens all of them',
  remedy:
    'Make it again where it was issued, one per device, write the partition encrypted (nvs_partition_gen.py encrypt), keep the CSV out of the repository.',
};

/** `key,type,encoding,value` for nvs_partition_gen.py (ID-02; ESP-IDF, NVS Partition Generator Utility). */
export const nvs: Family = {
  id: 'esp-idf-nvs',
  reads: ({ base, text }) => base.endsWith('.csv') && /^key,type,encoding,value/m.test(text.slice(0, 400)),
  find: (file) =>
    Array.from(
      file.text.matchAll(/^([\w-]{1,15}),data,(string|hex2bin|base64|binary),"?([^",\r\n]{4,4000})"?\r?$/gm),
      (match): Claim | null => {
        const [whole, name = '', , value = ''] = match;
        if (
          !/pass|pwd|psk|key|secret|token|dac|spake|verifier|passcode|pin|salt/i.test(name) ||
          /pub|cert|salt|count|iter/i.test(name)
        )
          return null;
        const start = match.index + whole.lastIndexOf(value);
        return claim(
          {
            ...NVS,
            kind: /dac.?key|priv/i.test(name)
              ? 'private-key'
              : /wifi.?pass|psk/i.test(name)
                ? 'wifi-passphrase'
                : NVS.kind,
          },
          { keyPath: [name], text: value, start, end: start + value.length },
          { why: `stands as ${name} in a table for an NVS partition`, also: openToOthers(file) },
        );
      },
    ).filter((one) => one !== null),
};

const RAW: Readonly<Record<string, { readonly about: About; readonly lengths: readonly number[] }>> = {
  flash: {
    lengths: [32, 64],
    about: {
      rule: 'esp-idf-flash-encryption-key',
      title: 'Flash encryption key of ESP devices',
      vendor: 'ESP-IDF',
      kind: 'pre-shared-key',
      tier: 'gold',
      rotation: 'none',
      opens: 'the firmware of every device into which it was burned',
      remedy: 'It is fused into the devices: keep it sealed, make the next series with a key per device.',
    },
  },
};

/** `flash_encryption_key.bin`: 32 or 64 bytes of chance (espsecure.py generate_flash_encryption_key). */
export const flashKey: Family = {
  id: 'esp-idf-flash-key',
  reads: ({ base, bytes }) =>
    /(?:flash_encryption|nvs|hmac|encryption)[\w-]*key[\w-]*\.bin$/.test(base) &&
    RAW['flash']!.lengths.includes(bytes.length),
  find(file) {
    if (new Set(file.bytes).size < 16) return [];
    const text = Buffer.from(file.bytes).toString('hex');
    return [
      claim(
        RAW['flash']!.about,
        { keyPath: [file.base], text, start: 0, end: file.text === '' ? file.bytes.length : file.text.length },
        {
          why: `${file.bytes.length} bytes of chance in a file of that name`,
          facts: facts({ bytes: String(file.bytes.length) }),
          also: openToOthers(file),
        },
      ),
    ];
  },
};
