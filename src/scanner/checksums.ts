import { crc32 } from 'node:zlib';
import type { ChecksumId } from './rule.ts';

/** `absent`: this token is of an older form that carries none. */
export type ChecksumResult = 'valid' | 'invalid' | 'absent';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const CRC_IN_BASE62 = 6;

/** What the last characters of a token say about the others. */
export const checksumOf = (id: ChecksumId, token: string): ChecksumResult => CHECKS[id](token);

const inBase62 = (value: number): string => {
  let text = '';
  for (let rest = value; text.length < CRC_IN_BASE62; rest = Math.floor(rest / 62)) text = BASE62[rest % 62]! + text;
  return text;
};

const said = (valid: boolean): ChecksumResult => (valid ? 'valid' : 'invalid');

/**
 * `ghp_`, `npm_` or `polar_oat_`, then letters of base 62, the last six of which are the CRC-32 of the ones before
 * (GitHub, 2021; polarsource/polar, server/polar/kit/crypto.py).
 */
const afterPrefix = (token: string): ChecksumResult => {
  const body = token.slice(token.lastIndexOf('_') + 1, -CRC_IN_BASE62);
  return said(body.length > 0 && inBase62(crc32(body)) === token.slice(-CRC_IN_BASE62));
};

/**
 * `syt_localpart_letters_` and the CRC-32 of all before that underscore in base 62 (Synapse, handlers/auth.py). The
 * authentication service (`mat_`, `mar_`, `mct_`, `mcr_`) writes its digits least first and pads in front of them
 * (matrix-authentication-service, crates/data-model/src/tokens.rs).
 */
const matrix = (token: string): ChecksumResult => {
  const at = token.lastIndexOf('_');
  const digits = inBase62(crc32(token.slice(0, at)));
  return said(token.slice(at + 1) === (token.startsWith('sy') ? digits : leastFirst(digits)));
};

const leastFirst = (digits: string): string =>
  [...digits.replace(/^0+/, '')].toReversed().join('').padStart(CRC_IN_BASE62, '0');

/** `glsa_secret_` and the CRC-32 of all before that underscore, four bytes with the least first (satokengen/tokengen.go). */
const grafana = (token: string): ChecksumResult => {
  const at = token.lastIndexOf('_');
  const sum = Buffer.alloc(4);
  sum.writeUInt32LE(crc32(token.slice(0, at)));
  return said(token.slice(at + 1) === sum.toString('hex'));
};

/**
 * Routable tokens: `prefix payload . version . length(2) crc(7)`, CRC-32 of all before it, in base 36 (GitLab,
 * lib/authn/token_field/generator/routable_token.rb).
 */
const gitlab = (token: string): ChecksumResult => {
  if (!/\.[0-9a-z]{2}\.[0-9a-z]{9}$/.test(token)) return 'absent';
  return said(crc32(token.slice(0, -7)).toString(36).padStart(7, '0') === token.slice(-7));
};

/** ISO/IEC 7812-1 annex B, over the digits. */
const luhn = (token: string): ChecksumResult => {
  const digits = token.replaceAll(/\D/g, '');
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]);
    sum += i % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2;
  }
  return said(digits.length > 1 && sum % 10 === 0);
};

/** Some stretch of the token is base64 of a JSON object or array. */
const json = (token: string): ChecksumResult => {
  for (const [stretch] of token.matchAll(/(?:eyJ|e30|W3s|eyA|ewog|ewo)[\w+/-]*={0,2}/g)) {
    const text = Buffer.from(stretch.replaceAll('-', '+').replaceAll('_', '/'), 'base64').toString('utf8');
    try {
      if (typeof JSON.parse(text) === 'object') return 'valid';
    } catch {
      // Another stretch may be.
    }
  }
  return 'invalid';
};

const CHECKS: Readonly<Record<ChecksumId, (token: string) => ChecksumResult>> = {
  'github-crc32': afterPrefix,
  'npm-crc32': afterPrefix,
  'polar-crc32': afterPrefix,
  'grafana-crc32': grafana,
  'matrix-crc32': matrix,
  'gitlab-crc32': gitlab,
  chatelaine: afterPrefix,
  luhn,
  'base64-json': json,
};
