import type { KindId } from '#catalogue';
import { aboutKind } from '../about.ts';
import type { About, Also, Claim, Family } from '../claim.ts';
import { setting } from '../claim.ts';
import type { HomeFile, Value } from '../home-file.ts';
import { judged } from '../judged.ts';

type Row = readonly [path: RegExp, kind: KindId, words: Partial<About>, also?: Also];

const about = (kind: KindId, words: Partial<About>): About => ({
  ...aboutKind(kind, 'esphome'),
  vendor: 'ESPHome',
  ...words,
});

/** Where each key of a device stands (esphome.io, components api, ota, wifi, mqtt, web_server, wireguard). */
const ROWS: readonly Row[] = [
  [/^api\.encryption\.key$/, 'esphome-api-key', { rule: 'esphome-api-key' }],
  [
    /^api\.password$/,
    'password',
    {
      rule: 'esphome-api-password',
      title: 'Password of ESPHome’s plain API',
      tier: 'gold',
      rotation: 'reflash',
      opens: 'the device: every entity and action',
      remedy: 'Replace api.password by api.encryption.key and run esphome run FILE.',
    },
    { code: 'plain-api', why: 'the API without encryption sends it in clear; ESPHome has dropped it' },
  ],
  [
    /^ota(?:\.\d+)?\.encryption\.(?:key|old_key)$/,
    'pre-shared-key',
    {
      rule: 'esphome-ota-key',
      title: 'ESPHome key for updates over the air',
      tier: 'gold',
      rotation: 'reflash',
      opens: 'new firmware on the device',
      remedy: 'Put a new key in, keep this one as old_key for one upload, run esphome run FILE, then remove old_key.',
    },
  ],
  [/^ota(?:\.\d+)?\.(?:password|.*\.password)$/, 'esphome-ota-password', { rule: 'esphome-ota-password' }],
  [
    /^wifi\.ap\.password$/,
    'wifi-passphrase',
    {
      rule: 'esphome-fallback-passphrase',
      title: 'Passphrase of an ESPHome fallback hotspot',
      tier: 'bronze',
      opens: 'the hotspot that the device opens when it loses the network: its setup page, and new firmware',
      remedy: 'Put another one into wifi.ap.password, one per device, and run esphome run FILE.',
    },
  ],
  [/^wifi(?:\.networks\.\d+)?(?:\.eap)?\.password$/, 'wifi-passphrase', { rule: 'esphome-wifi-passphrase' }],
  [/^mqtt\.password$/, 'mqtt-password', { rule: 'esphome-mqtt-password', title: 'MQTT password of an ESPHome device' }],
  [
    /^web_server\.auth\.password$/,
    'password',
    {
      rule: 'esphome-web-password',
      title: 'Password of an ESPHome device’s web page',
      rotation: 'reflash',
      opens: 'the web page of the device: every switch, and new firmware',
      remedy: 'Put another one into web_server.auth.password and run esphome run FILE.',
    },
  ],
  [
    /^wireguard\.(?:private_key|peer_preshared_key)$/,
    'private-key',
    {
      rule: 'esphome-wireguard-key',
      title: 'WireGuard key of an ESPHome device',
      rotation: 'reflash',
      opens: 'the tunnel of the device into the network',
      remedy:
        'Make a new pair (wg genkey), put the new public key at the peer, run esphome run FILE, remove the old peer.',
    },
  ],
];

/** Device files of ESPHome (ES-01 to ES-03). What they take from `!secret` is found where it is kept. */
export const esphome: Family = {
  id: 'esphome',
  reads: ({ base, text }) =>
    /\.ya?ml$/.test(base) && /^(?:esphome|api|ota)[ \t]*:/m.test(text) && /^(?:esphome|packages)[ \t]*:/m.test(text),
  find(file) {
    const claims = judged(file, {
      system: 'esphome',
      refine: (value, kind) => refined(value, kind),
    });
    return [...claims, ...openHotspot(file)];
  },
};

const refined = (value: Value, kind: KindId) => {
  const row = ROWS.find(([path]) => path.test(value.keyPath.join('.')));
  if (row === undefined) return undefined;
  const [, rowKind, words, also] = row;
  // The row knows better than the name what stands here, except for hashes and the like.
  return {
    about: about(kind === 'bcrypt-hash' ? kind : rowKind, words),
    confidence: 'certain' as const,
    ...(also === undefined ? {} : { also: [also] }),
  };
};

/** `ap:` without a password: whoever stands at the door may join when the router restarts. */
const openHotspot = (file: HomeFile): readonly Claim[] => {
  const { leaves } = file.reading();
  const hotspot = leaves.find(({ keyPath }) => keyPath[0] === 'wifi' && keyPath[1] === 'ap');
  if (hotspot === undefined || leaves.some(({ keyPath }) => keyPath.join('.') === 'wifi.ap.password')) return [];
  const { start, end } = hotspot.span;
  return [
    setting(
      {
        rule: 'esphome-open-hotspot',
        title: 'Fallback hotspot without a password',
        vendor: 'ESPHome',
        tier: 'bronze',
        opens: 'the setup page of the device, whenever it loses its network',
        remedy: 'Add wifi.ap.password, one per device, and run esphome run FILE.',
      },
      { start, end, written: `wifi.ap without password in ${file.base}` },
      { why: 'wifi.ap has no password', confidence: 'note' },
    ),
  ];
};
