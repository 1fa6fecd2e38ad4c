import { fromBase64, isJsonObject, parseJson } from '#kernel';
import type { KindId } from './kinds.ts';

/** A form that is a secret wherever it stands and whatever it is called. */
export type Shape = { readonly kind: KindId; readonly pattern: RegExp; readonly why: string };

const shape = (kind: KindId, source: string, why: string): Shape => ({ kind, pattern: new RegExp(source, 'g'), why });

const START = String.raw`(?<![\w-])`;
const END = String.raw`(?![\w-])`;

/**
 * Forms that their issuers gave a mark. Every repetition is bounded and every pattern begins with a literal or a look
 * behind, so that a search is linear in the text.
 */
export const SHAPES: readonly Shape[] = [
  shape(
    'private-key',
    String.raw`-----BEGIN (?:[A-Z]{2,10} |ENCRYPTED )?PRIVATE KEY-----[\w+/=\s:,\\-]{16,16000}?-----END (?:[A-Z]{2,10} |ENCRYPTED )?PRIVATE KEY-----`,
    'a PEM private key',
  ),
  shape('tunnel-token', String.raw`${START}eyJhIjoi[\w+/=-]{60,400}`, 'a Cloudflare tunnel token'),
  shape(
    'access-token',
    String.raw`${START}eyJ[\w-]{8,2000}\.eyJ[\w-]{8,8000}\.[\w-]{8,1000}${END}`,
    'a JSON web token',
  ),
  shape('github-token', String.raw`${START}gh[pousr]_[A-Za-z0-9]{36,251}${END}`, 'a GitHub token'),
  shape('github-token', String.raw`${START}github_pat_\w{22,255}${END}`, 'a GitHub token'),
  shape('access-token', String.raw`${START}glpat-[\w-]{20,64}${END}`, 'a GitLab token'),
  shape('access-token', String.raw`${START}npm_[A-Za-z0-9]{36}${END}`, 'an npm token'),
  shape('access-token', String.raw`${START}dckr_pat_[\w-]{20,64}${END}`, 'a Docker Hub token'),
  shape('access-token', String.raw`${START}xox[abeprs]-[\w-]{10,250}${END}`, 'a Slack token'),
  shape('api-key', String.raw`${START}sk-(?:proj-|ant-)?[\w-]{20,200}${END}`, 'an API key'),
  shape('aws-access-key-id', String.raw`${START}(?:AKIA|ASIA)[A-Z2-7]{16}${END}`, 'an AWS access key id'),
  shape('google-api-key', String.raw`${START}AIza[\w-]{35}${END}`, 'a Google API key'),
  shape('client-secret', String.raw`${START}GOCSPX-[\w-]{20,40}${END}`, 'a Google client secret'),
  shape('access-token', String.raw`${START}ya29\.[\w-]{20,2000}${END}`, 'a Google access token'),
  shape('refresh-token', String.raw`${START}1//0[\w-]{30,300}${END}`, 'a Google refresh token'),
  shape(
    'client-secret',
    String.raw`${START}amzn1\.oa2-cs\.v1\.[\da-f]{40,128}${END}`,
    'a Login with Amazon client secret',
  ),
  shape('access-token', String.raw`${START}Atza\|[\w+/=-]{20,2000}`, 'a Login with Amazon access token'),
  shape('refresh-token', String.raw`${START}Atzr\|[\w+/=-]{20,2000}`, 'a Login with Amazon refresh token'),
  shape('access-token', String.raw`${START}tskey-(?:auth|api|client)-[\w-]{10,100}${END}`, 'a Tailscale key'),
  shape('telegram-bot-token', String.raw`(?<![\w-])\d{8,10}:[\w-]{35}(?![\w-])`, 'a Telegram bot token'),
  shape('access-token', String.raw`${START}oh\.[a-z]\w{0,40}\.[A-Za-z0-9]{40,100}${END}`, 'an openHAB API token'),
  shape('local-key', String.raw`${START}irk:[\da-f]{32}${END}`, 'an identity resolving key of Bluetooth'),
  shape('bcrypt-hash', String.raw`\$2[abxy]\$\d\d\$[./A-Za-z0-9]{53}`, 'a bcrypt hash'),
  shape('bcrypt-hash', String.raw`${START}JDJ[hi5]J[\w+/=]{60,80}`, 'a bcrypt hash in base64'),
  shape(
    'password-hash',
    String.raw`\$argon2(?:id|i|d)\$v=\d+\$[\w=,]{5,60}\$[\w+/]{8,100}\$[\w+/]{16,200}`,
    'an Argon2 hash',
  ),
  shape('password-hash', String.raw`\$7\$\d{1,8}\$[\w+/=]{8,100}\$[\w+/=]{40,200}`, 'a PBKDF2 hash of Mosquitto'),
  shape('password-hash', String.raw`\$6\$(?:rounds=\d{1,9}\$)?[\w+/=.]{4,100}\$[\w+/=.]{40,200}`, 'a SHA-512 hash'),
];

export type Found = { readonly start: number; readonly end: number; readonly kind: KindId; readonly why: string };

/** Every form begins with one of these; most texts hold none, and are done after one search instead of thirty. */
const MARK =
  /-----BEGIN|eyJ|gh[pousr]_|github_pat_|glpat-|npm_|dckr_pat_|xox|sk-|AKIA|ASIA|AIza|GOCSPX|ya29|1\/\/0|amzn1|Atz[ar]|tskey|\d{8}:|\d{9}:|oh\.|irk:|JDJ|\$(?:2|6|7|argon2)/;

/** Every marked form in a text, in UTF-16 offsets. */
export const findShapes = (text: string): readonly Found[] => {
  if (!MARK.test(text)) return [];
  return SHAPES.flatMap(({ kind, pattern, why }) =>
    Array.from(text.matchAll(pattern), (match) => ({
      start: match.index,
      end: match.index + match[0].length,
      ...(why === 'a JSON web token' ? webTokenKind(match[0]) : { kind, why }),
    })),
  );
};

/** The form that is the whole of a value, or null. */
export const shapeOf = (value: string): { readonly kind: KindId; readonly why: string } | null => {
  const whole = findShapes(value).find((found) => found.start === 0 && found.end === value.length);
  return whole === undefined ? null : { kind: whole.kind, why: whole.why };
};

/** Longest life of an ordinary access token of Home Assistant, in seconds; long-lived ones are made for days. */
const ACCESS_TOKEN_LIFE = 1_800;

/**
 * Home Assistant's tokens are HS256 with exactly `iss` (32 hex: the id of the refresh token), `iat` and `exp`
 * (home-assistant/core, `homeassistant/auth/__init__.py`). Nothing is verified: we look, we do not trust.
 */
const webTokenKind = (token: string): { readonly kind: KindId; readonly why: string } => {
  const [header, claims] = token.split('.').map(decodePart);
  if (header?.['alg'] === 'HS256' && claims !== undefined && Object.keys(claims).toSorted().join() === 'exp,iat,iss') {
    const { iss, iat, exp } = claims;
    if (typeof iss === 'string' && /^[\da-f]{32}$/.test(iss) && typeof iat === 'number' && typeof exp === 'number')
      return exp - iat > ACCESS_TOKEN_LIFE
        ? { kind: 'ha-long-lived-token', why: 'a long-lived token of Home Assistant' }
        : { kind: 'access-token', why: 'an access token of Home Assistant' };
  }
  return { kind: 'access-token', why: 'a JSON web token' };
};

const decodePart = (part: string): Readonly<Record<string, unknown>> | undefined => {
  try {
    const bytes = fromBase64(part.replaceAll('-', '+').replaceAll('_', '/'));
    const value = parseJson(new TextDecoder().decode(bytes));
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

/** Base64 of exactly 32 bytes: ESPHome's API key, WireGuard's keys, Azure's shared keys. */
export const isBase64Of32 = (value: string): boolean => /^[A-Za-z\d+/]{43}=$/.test(value);

/** Sixteen bytes written as integers, with or without brackets, or null. */
export const sixteenIntegers = (value: string): readonly number[] | null => {
  if (!/^\[?\s*\d{1,3}(?:\s*,\s*\d{1,3}){15}\s*\]?$/.test(value)) return null;
  const numbers = value.match(/\d+/g)!.map(Number);
  return numbers.every((number) => number <= 255) ? numbers : null;
};
