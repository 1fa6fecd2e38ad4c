import { createHash, generateKeyPairSync } from 'node:crypto';
import type { Random } from '#kernel';
import { compileRule, patternOf } from '../compile-rule.ts';
import { exampleOf } from '../rules/example-of.ts';
import { RULES } from '../rules/index.ts';
import type { Rule } from '../rule.ts';

/** One generated credential: how it is written, under which name, and what a scan must say of it. */
export type Planted = {
  /** As it stands in the file; longer than the value where something goes round it (`Bearer …`, a URL). */
  readonly written: string;
  readonly name: string;
  readonly value: string;
  readonly rule: string;
  /** Other names that are as right: a parser of homes says more of the same value. */
  readonly or?: RegExp;
  /** Has a mark of its own, so that it must be found in binary content, too. */
  readonly marked: boolean;
};

/** Gives a fresh one at each call. */
export type Sort = { readonly id: string; readonly make: () => Planted };

/** The same bytes for the same seed: SHAKE256 of a counter. */
export const seededRandom = (seed: string): Random => {
  let counter = 0;
  return {
    bytes: (length) => createHash('shake256', { outputLength: length }).update(`${seed}/${counter++}`).digest(),
  };
};

export type Draw = { readonly below: (count: number) => number; readonly one: <T>(from: readonly T[]) => T };

export const openDraw = (random: Random): Draw => {
  const below = (count: number): number => Buffer.from(random.bytes(6)).readUIntBE(0, 6) % count;
  return { below, one: (from) => from[below(from.length)]! };
};

const ALNUM = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** One sort per rule, and one per thing that a detector knows. */
export const sortsOf = (random: Random): readonly Sort[] => [
  ...RULES.map((rule) => ofRule(rule, random)),
  ...webTokens(random),
  ...privateKeys(),
  ...addresses(random),
  ...headers(random),
  ...assignments(random),
];

const ofRule = (rule: Rule, random: Random): Sort => {
  const { bits, prefix } = compileRule(rule);
  const marked = rule.checksum !== undefined || (rule.near === undefined && prefix >= 4 && bits >= 80);
  const word = rule.near?.words.find((one) => /^[a-z][a-z\d_-]*$/i.test(one));
  const name = word ?? `${rule.vendor.toLowerCase().split(/[^a-z\d]/)[0] ?? 'x'}_value`;
  return {
    id: rule.id,
    make: () => {
      const value = exampleOf(rule, random);
      return { written: surrounded(rule, value, random), name, value, rule: rule.id, marked };
    },
  };
};

/** With the address in front of it, or the connection string round it, where its rule asks for one. */
const surrounded = (rule: Rule, value: string, random: Random): string => {
  if (rule.lead !== undefined) return `https://${exampleOf({ shape: rule.lead }, random)}${value}`;
  if (rule.near === undefined || rule.near.words.some((one) => /^[a-z][a-z\d_-]*$/i.test(one))) return value;
  const example = rule.examples[0]!.replaceAll('·', '');
  return example.replace(new RegExp(`${patternOf(rule.shape)}(?![\\w+/])`), () => value);
};

const draw = (random: Random, length: number, letters = ALNUM): string => {
  const { one } = openDraw(random);
  return Array.from({ length }, () => one([...letters])).join('');
};
const hex = (random: Random, length: number): string => draw(random, length, '0123456789abcdef');

const whole = (id: string, name: string, marked: boolean, make: () => string): Sort => ({
  id,
  make: () => {
    const value = make();
    return { written: value, name, value, rule: id.split(' ')[0]!, marked };
  },
});

const webTokens = (random: Random): readonly Sort[] => {
  const token =
    (claims: () => object, header: object = { alg: 'HS256', typ: 'JWT' }) =>
    (): string =>
      `${part(header)}.${part(claims())}.${draw(random, 43)}`;
  const start = 1_764_000_000;
  return [
    whole(
      'home-assistant-long-lived-token',
      'hass_access',
      true,
      token(() => ({ iss: hex(random, 32), iat: start, exp: start + 315_360_000 })),
    ),
    whole(
      'supabase-service-role-key',
      'supabase',
      true,
      token(() => ({ iss: 'supabase', ref: draw(random, 20, 'abcdefghij'), role: 'service_role', iat: start })),
    ),
    whole(
      'kubernetes-service-account-token',
      'cluster',
      true,
      token(() => ({ iss: 'kubernetes/serviceaccount', sub: `system:serviceaccount:home:${hex(random, 6)}` })),
    ),
    whole(
      'firebase-token',
      'session',
      true,
      token(() => ({ iss: `https://securetoken.google.com/p-${hex(random, 6)}`, sub: hex(random, 20), exp: start })),
    ),
    whole(
      'json-web-token',
      'session',
      true,
      token(() => ({ iss: 'https://porch.lan', sub: hex(random, 12), exp: start }), { alg: 'RS256', kid: 'k1' }),
    ),
    whole('cloudflare-tunnel-token', 'tunnel', true, () =>
      Buffer.from(
        JSON.stringify({ a: hex(random, 32), t: 'b1c2d3e4-0000-4000-8000-aabbccddeeff', s: draw(random, 44) }),
      ).toString('base64'),
    ),
  ];
};

/** The same few keys each time, since making one takes long: what is tried is where they stand. */
const privateKeys = (): readonly Sort[] => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const ed = generateKeyPairSync('ed25519').privateKey;
  const keys = {
    'private-key-pem of PKCS #8': ed.export({ format: 'pem', type: 'pkcs8' }),
    'private-key-pem of RSA': rsa.export({ format: 'pem', type: 'pkcs1' }),
    'private-key-pem of an elliptic curve': ec.export({ format: 'pem', type: 'sec1' }),
    'private-key-pem with a passphrase': rsa.export({
      format: 'pem',
      type: 'pkcs8',
      cipher: 'aes-256-cbc',
      passphrase: 'porch',
    }),
    'private-key-openssh': opensshKey(),
  };
  return Object.entries(keys).map(([id, key]) => whole(id, 'tls_material', true, () => key));
};

/** As PROTOCOL.key of OpenSSH draws it: magic, cipher, kdf, options, count, public and private part. */
const opensshKey = (): string => {
  const text = (value: Uint8Array | string): Buffer => {
    const bytes = Buffer.from(value as string);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return Buffer.concat([length, bytes]);
  };
  const body = createHash('sha512').update('porch').digest();
  const inside = Buffer.concat([text('ssh-ed25519'), text(body.subarray(0, 32)), text(body), text('mara@porch')]);
  const bytes = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    text('none'),
    text('none'),
    text(''),
    Buffer.from([0, 0, 0, 1]),
    text(Buffer.concat([text('ssh-ed25519'), text(body.subarray(0, 32))])),
    text(inside),
  ]);
  const label = ['OPENSSH', 'PRIVATE', 'KEY'].join(' ');
  return `-----BEGIN ${label}-----\n${bytes
    .toString('base64')
    .match(/.{1,64}/g)!
    .join('\n')}\n-----END ${label}-----\n`;
};

const SCHEMES =
  'mqtt mqtts ws wss rtsp rtmp postgres postgresql mysql mariadb mongodb mongodb+srv redis rediss mssql clickhouse influxdb bolt amqp amqps nats ldap ldaps smtp smtps imap ftp sftp smb ssh git http https jdbc:postgresql odd9';

const addresses = (random: Random): readonly Sort[] =>
  SCHEMES.split(' ').map((scheme) => ({
    id: `url-credential of ${scheme}`,
    make: () => {
      const value = draw(random, 14);
      return {
        written: `${scheme}://hub:${value}@porch.lan:1883/x`,
        name: 'upstream',
        value,
        rule: 'url-credential',
        marked: !scheme.startsWith('odd'),
      };
    },
  }));

const headers = (random: Random): readonly Sort[] => [
  {
    id: 'http-bearer',
    make: () => {
      const value = draw(random, 40);
      return { written: `Bearer ${value}`, name: 'Authorization', value, rule: 'http-bearer', marked: false };
    },
  },
  {
    id: 'http-basic',
    make: () => {
      const value = draw(random, 14);
      const written = `Basic ${Buffer.from(`hub:${value}`).toString('base64')}`;
      return { written, name: 'Authorization', value, rule: 'http-basic', marked: false };
    },
  },
];

const NAMES: Readonly<Record<string, readonly string[]>> = {
  'assigned-password': ['password', 'db_password', 'DB_PASSWD', 'wifiPassphrase', 'admin_pwd', 'broker.password'],
  'assigned-secret': [
    'client_secret',
    'SESSION_SECRET',
    'signing_key',
    'encryptionKey',
    'private_key',
    'secret_access_key',
  ],
  'assigned-api-key': ['api_key', 'apiKey', 'HUB_API_KEY', 'auth_key'],
  'assigned-token': ['token', 'hub_token', 'accessToken', 'BOT_TOKEN', 'refresh_token'],
};

const assignments = (random: Random): readonly Sort[] =>
  Object.entries(NAMES).flatMap(([rule, names]) =>
    names.map((name) => ({
      id: `${rule} as ${name}`,
      make: () => {
        const value = draw(random, 20);
        return { written: value, name, value, rule, or: /^home-/, marked: false };
      },
    })),
  );
