import { createHash } from 'node:crypto';
import { aboutKind } from '../about.ts';
import { type About, type Also, type Claim, type Family, claim, facts, openToOthers } from '../claim.ts';
import { type HomeFile, type Value, valueOf } from '../home-file.ts';

const KEY: About = {
  ...aboutKind('zwave-key', 'zwave-js'),
  rule: 'zwave-security-key',
  vendor: 'Z-Wave JS',
};
const JS_UI_PASSWORD: About = {
  rule: 'zwave-js-ui-password',
  title: 'Password hash of a Z-Wave JS UI user',
  vendor: 'Z-Wave JS',
  kind: 'password-hash',
  opens: 'Z-Wave JS UI: every Z-Wave device and the security keys',
  remedy: 'Change the password in Z-Wave JS UI under the user’s menu.',
};

/**
 * Names of keys: zwave-js (`securityKeys`, `securityKeysLongRange`), the add-on of Home Assistant (`s0_legacy_key`,
 * `s2_access_control_key`, older `s2_accesscontrol_key`), and the old single `network_key`.
 */
const CLASSES: readonly (readonly [path: RegExp, name: string])[] = [
  [/(?:^|\.)securitykeyslongrange\.s2_accesscontrol$|(?:^|\.)lr_s2_access_?control_key$/, 'Long Range access control'],
  [/(?:^|\.)securitykeyslongrange\.s2_authenticated$|(?:^|\.)lr_s2_authenticated_key$/, 'Long Range authenticated'],
  [/(?:^|\.)securitykeys\.s0_legacy$|(?:^|\.)s0_legacy_?key$/, 'S0 legacy'],
  [/(?:^|\.)securitykeys\.s2_unauthenticated$|(?:^|\.)s2_unauthenticated_?key$/, 'S2 unauthenticated'],
  [/(?:^|\.)securitykeys\.s2_authenticated$|(?:^|\.)s2_authenticated_?key$/, 'S2 authenticated'],
  [/(?:^|\.)securitykeys\.s2_accesscontrol$|(?:^|\.)s2_access_?control_?key$/, 'S2 access control'],
  [/(?:^|\.)network_?key$/, 'S0 legacy (old name)'],
];

/** SHA-256 (first 8 bytes) of keys that the add-on of Home Assistant and Z-Wave JS UI print in their documentation. */
const PUBLISHED = new Set(
  (
    '6375e805508d30bd 4a7e6a2bbf20e3d3 f5099ab5ab1f9d78 a56962356a1855b0 4e6aa5b0c79217ea 3c287c3a86a951ce ' +
    'e64ee318a2c101fb 906ea47d20b0ad25 12e46f0bd2f226bd baa3fd3ccc7dad47 b706b8f10cf68515'
  ).split(' '),
);

const isPublished = (hex: string): boolean =>
  PUBLISHED.has(createHash('sha256').update(hex).digest('hex').slice(0, 16));

const isZwave = (text: string): boolean => /s0_legacy|s2_access|securitykeys|zwave|z-wave/i.test(text);

/** Z-Wave JS UI's settings and users, the configuration of zwave-js-server, options of the add-on (ZW-01, ZW-02). */
export const zWave: Family = {
  id: 'zwave-js',
  reads: ({ base, text }) =>
    /\.(?:json|jsonl|ya?ml|js)$/.test(base) &&
    isZwave(text) &&
    /s0_legacy|s2_|securitykeys|network_?key|passwordHash/i.test(text),
  find(file) {
    const values = /\.ya?ml$/.test(file.base)
      ? file.reading().leaves.map((leaf) => valueOf(file.text, leaf))
      : file.json();
    const keys = values.flatMap((value) => {
      const path = value.keyPath.join('.').toLowerCase();
      const row = CLASSES.find(([pattern]) => pattern.test(path));
      const hex = hexOf(value.text);
      return row === undefined || hex === null ? [] : [{ value, hex, name: row[1] }];
    });
    return [
      ...keys.map(({ value, hex, name }) => zWaveKey(file, value, hex, name, keys)),
      ...(file.base === 'users.json' ? users(values) : []),
    ];
  },
};

const zWaveKey = (
  file: HomeFile,
  value: Value,
  hex: string,
  name: string,
  all: readonly { readonly hex: string; readonly name: string }[],
): Claim => {
  const twins = all.filter((other) => other.hex === hex && other.name !== name);
  return claim(KEY, value, {
    why: `stands as the key of ${name}`,
    value: hex,
    title: `Z-Wave security key, ${name}`,
    facts: facts({ class: name }),
    also: [
      ...keyAlso(
        hex,
        twins.map((twin) => twin.name),
      ),
      ...openToOthers(file),
    ],
  });
};

const keyAlso = (hex: string, twins: readonly string[]): readonly Also[] => [
  ...(twins.length > 0
    ? [{ code: 'same-key', why: `is the key of ${twins.join(' and ')}, too: every class needs its own` }]
    : []),
  ...(isPublished(hex)
    ? [{ code: 'published-default', why: 'an example key of the documentation: everybody has it' }]
    : []),
  ...(/^(..)\1+$/.test(hex) ? [{ code: 'repeated', why: 'the same byte again and again' }] : []),
];

/** 32 hex digits, or the old list `0x01, 0x02, …`. */
const hexOf = (text: string): string | null => {
  if (/^(?:0x)?[\da-f]{32}$/i.test(text)) return text.replace(/^0x/i, '').toLowerCase();
  const bytes = /^\[?\s*(?:0x[\da-f]{1,2}\s*,\s*){15}0x[\da-f]{1,2}\s*\]?$/i.test(text)
    ? text.match(/0x[\da-f]{1,2}/gi)!
    : null;
  return bytes === null ? null : Buffer.from(bytes.map(Number)).toString('hex');
};

/** `store/users.json` (zwave-js-ui): `passwordHash`, PBKDF2 written as `salt:hash` or scrypt. */
const users = (values: readonly Value[]): readonly Claim[] =>
  values
    .filter(({ keyPath, text }) => keyPath.at(-1) === 'passwordHash' && text.length >= 20)
    .map((value) => claim(JS_UI_PASSWORD, value, { why: 'stands as the password hash of a user' }));
