import { aboutKind } from '../about.ts';
import { type About, type Also, type Claim, type Family, claim, openToOthers, setting } from '../claim.ts';
import { type HomeFile, type Value, valueOf } from '../home-file.ts';
import { judged } from '../judged.ts';

const NETWORK: About = {
  ...aboutKind('zigbee-network-key', 'zigbee2mqtt'),
  rule: 'zigbee-network-key',
  vendor: 'Zigbee',
  title: 'Zigbee network key',
};
const LINK: About = {
  ...NETWORK,
  rule: 'zigbee-link-key',
  title: 'Zigbee link key of a device',
  tier: 'silver',
  opens: 'what is sent to that one device, and the network key when it joins',
  remedy: 'Remove the device and pair it again: it gets a new link key.',
};
const SEED: About = {
  ...LINK,
  rule: 'zigbee-link-key-seed',
  title: 'Seed of all Zigbee link keys',
  tier: 'gold',
  opens: 'the link key of every device of the network',
  remedy: 'Form a new network with a new key and pair every device again.',
};
const FRONTEND: About = {
  rule: 'zigbee2mqtt-auth-token',
  title: 'Password of Zigbee2MQTT’s web page',
  vendor: 'Zigbee2MQTT',
  kind: 'access-token',
  opens: 'every Zigbee device, the network key, and new devices on the network',
  remedy: 'Change frontend.auth_token (best as !secret.yaml auth_token) and restart Zigbee2MQTT.',
};

/** Zigbee2MQTT (Koenkk/zigbee2mqtt, lib/util/settings.ts): configuration, and its side file. */
export const zigbee2mqtt: Family = {
  id: 'zigbee2mqtt',
  reads: (file) => {
    if (!/\.ya?ml$/.test(file.base) || !/base_topic|network_key|zigbee2mqtt/.test(file.folder + file.text))
      return false;
    return file.reading().system === 'zigbee2mqtt';
  },
  find(file) {
    const defaults = networkAlso(file);
    const claims = judged(file, {
      refine(value, kind) {
        const path = value.keyPath.join('.');
        if (path === 'frontend.auth_token') return { about: FRONTEND, confidence: 'certain' };
        if (kind === 'zigbee-network-key') return { about: NETWORK, also: defaults, confidence: 'certain' };
        return undefined;
      },
    });
    return [...claims, ...openFrontend(file)];
  },
};

/** PAN ids of the documentation say that the network was formed with defaults; alone they are no secret. */
const networkAlso = (file: HomeFile): readonly Also[] =>
  /^[ \t]+pan_id[ \t]*:[ \t]*(?:0x1a62|6754)\b/im.test(file.text)
    ? [{ code: 'default-pan-id', why: 'the PAN id is the default, too: the network is easy to find' }]
    : [];

/** `auth_token` null or missing while the page listens for everybody. */
const openFrontend = (file: HomeFile): readonly Claim[] => {
  const { leaves } = file.reading();
  const of = (name: string) => leaves.find(({ keyPath }) => keyPath.join('.') === `frontend.${name}`);
  const host = of('host');
  if (host === undefined || of('auth_token') !== undefined) return [];
  const { text, start, end } = valueOf(file.text, host);
  if (text !== '0.0.0.0' && text !== '::') return [];
  return [
    setting(
      {
        rule: 'zigbee2mqtt-open-frontend',
        title: 'Zigbee2MQTT’s web page without a password',
        vendor: 'Zigbee2MQTT',
        tier: 'silver',
        opens: 'every Zigbee device, to whoever is on the network',
        remedy: 'Set frontend.auth_token (as !secret.yaml auth_token), or frontend.host to 127.0.0.1, and restart.',
      },
      { start, end, written: `frontend on ${text} without auth_token` },
      { why: `frontend listens on ${text} and has no auth_token` },
    ),
  ];
};

/** 16 bytes as hex, with or without colons (zigpy writes `aa:bb:…`, open-coordinator-backup plain). */
const KEY = /^(?:[\da-f]{32}|[\da-f]{2}(?::[\da-f]{2}){15})$/i;

/**
 * Backups of coordinators: open-coordinator-backup (zigpy/open-coordinator-backup, README), as Zigbee2MQTT's
 * coordinator_backup.json and ZHA's downloads hold it, and zigpy's own form with `node_info` and `network_info`.
 */
export const zigbeeBackup: Family = {
  id: 'zigbee-backup',
  reads: ({ text, bytes }) =>
    text !== '' &&
    bytes.length < 8 * 1024 * 1024 &&
    /open-coordinator-backup|"network_info"|"network_key"/.test(text) &&
    /^\s*[[{]/.test(text),
  find: (file) => backupKeys(file.json(), file),
};

const backupKeys = (values: readonly Value[], file: HomeFile): readonly Claim[] =>
  values.flatMap((value): readonly Claim[] => {
    const path = value.keyPath.join('.');
    if (/(?:^|\.)network_key(?:\.key)?$/.test(path) && isKey(value.text))
      return [key(NETWORK, value, 'stands as the network key of a coordinator backup', file)];
    if (/(?:^|\.)(?:link_key\.key|key_table\.\d+\.key)$/.test(path) && isKey(value.text))
      return [key(LINK, value, 'stands as the link key of a device in a coordinator backup', file)];
    if (/(?:^|\.)tc_link_key\.key$/.test(path) && isKey(value.text))
      return isWellKnown(value.text)
        ? [{ start: value.start, end: value.end, plain: true }]
        : [key(LINK, value, 'stands as the trust centre link key of a coordinator backup', file)];
    if (/(?:^|\.)(?:tclk_seed|hashed_tclk)$/.test(path) && isKey(value.text))
      return [key(SEED, value, 'stands as the seed of link keys in a coordinator backup', file)];
    return [];
  });

const isKey = (text: string): boolean => KEY.test(text) || /^\[\d{1,3}(?:,\d{1,3}){15}\]$/.test(text);

/** `ZigBeeAlliance09`, which every device knows. */
const isWellKnown = (text: string): boolean => plainHex(text) === '5a6967426565416c6c69616e63653039';

const plainHex = (text: string): string => text.replaceAll(':', '').toLowerCase();

const key = (about: About, value: Value, why: string, file: HomeFile) =>
  claim(about, value, {
    why,
    value: KEY.test(value.text) ? plainHex(value.text) : value.text,
    also: openToOthers(file),
  });

/** Zigbee2MQTT's database and logs, line by line: an error prints the whole network options (zigbee2mqtt#28445). */
export const zigbeeLines: Family = {
  id: 'zigbee-lines',
  reads: ({ base, text }) =>
    /network_?key/i.test(text) && (/\.(?:log|db|txt|jsonl|ndjson)(?:\.\d+)?$/.test(base) || base.startsWith('log')),
  find(file) {
    const claims: Claim[] = [];
    for (const match of file.text.matchAll(PRINTED)) {
      const written = match[1]!;
      const start = match.index + match[0].length - written.length;
      const bytes = written.startsWith('[')
        ? written.match(/0x[\da-f]{1,2}|\d{1,3}/gi)!.map(Number)
        : [...Buffer.from(plainHex(written), 'hex')];
      if (bytes.length !== 16 || bytes.some((byte) => byte > 255)) continue;
      claims.push(
        claim(
          NETWORK,
          { keyPath: ['network_key'], text: written, start, end: start + written.length },
          {
            why: 'is printed as the network key',
            value: Buffer.from(bytes).toString('hex'),
          },
        ),
      );
    }
    return claims;
  },
};

const PRINTED =
  /network_?key["']?\s{0,4}[:=]\s{0,4}\{?(?:["']?key["']?\s{0,4}:\s{0,4})?["']?(\[[\s\d,xa-f]{31,200}\]|[\da-f]{2}(?::[\da-f]{2}){15}|[\da-f]{32})(?![\da-f])/gi;

/** `zigbee.db` of ZHA (SQLite): zigpy keeps its backups in it as JSON text (zigpy, appdb.py, network_backups). */
export const zhaDatabase: Family = {
  id: 'zha-database',
  reads: ({ base, text, bytes }) =>
    text === '' &&
    /\.db(?:[-.]\w+)?$/.test(base) &&
    Buffer.from(bytes.subarray(0, 15)).toString('latin1') === 'SQLite format 3',
  find(file) {
    const text = Buffer.from(file.bytes.buffer, file.bytes.byteOffset, file.bytes.length).toString('latin1');
    const seen = new Set<string>();
    const claims: Claim[] = [];
    for (const match of text.matchAll(/"network_key": ?\{"key": ?"([\da-f:]{32,47})"/g)) {
      const hex = plainHex(match[1]!);
      if (!KEY.test(match[1]!) || seen.has(hex)) continue;
      seen.add(hex);
      const start = match.index + match[0].length - match[1]!.length - 1;
      claims.push(
        claim(
          NETWORK,
          { keyPath: ['network_backups', 'network_key'], text: match[1]!, start, end: start + match[1]!.length },
          {
            why: 'stands as the network key in a backup inside ZHA’s database',
            value: hex,
            also: openToOthers(file),
          },
        ),
      );
    }
    return claims;
  },
};

/** `zha: zigpy_config: network: key: [...]` of Home Assistant's configuration (ZH-01). */
export const zhaYaml: Family = {
  id: 'zha-yaml',
  reads: ({ base, text }) => /\.ya?ml$/.test(base) && /zigpy_config/.test(text),
  find: (file) =>
    judged(file, {
      leaf: ({ keyPath }) => keyPath.includes('zigpy_config'),
      refine: (value, kind) =>
        kind === 'zigbee-network-key'
          ? { about: { ...NETWORK, title: 'Zigbee network key of ZHA' }, confidence: 'certain' }
          : undefined,
    }),
};
