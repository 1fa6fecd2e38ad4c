import { crc32 } from 'node:zlib';
import { type Mac, type Random, Secret, utf8 } from '#kernel';

const PREFIX = 'chtl_';
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 62^43 > 2^256: digits that 32 bytes take. */
const BODY = 43;
/** 62^6 > 2^32: digits that a CRC-32 takes. */
const CHECKSUM = 6;
const SHAPE = /^chtl_[0-9A-Za-z]{49}$/;
/** Length of a token's text. */
export const TOKEN_LENGTH = PREFIX.length + BODY + CHECKSUM;

/**
 * A fresh token: `chtl_`, 32 random bytes in base 62 (43 digits), and their CRC-32 in base 62 (6 digits).
 * Prefix and checksum let scanners find a leaked one without false alarms; they add no secrecy.
 */
export const newToken = (random: Random): Secret => {
  const body = base62(BigInt(`0x${random.bytes(32).toHex()}`), BODY);
  return Secret.fromText(`${PREFIX}${body}${checksum(body)}`);
};

/** True for a text that `newToken` could have made; told before any lookup. */
export const isToken = (token: Secret): boolean => {
  if (token.size !== TOKEN_LENGTH) return false;
  const text = token.revealText();
  return SHAPE.test(text) && checksum(text.slice(PREFIX.length, -CHECKSUM)) === text.slice(-CHECKSUM);
};

/** What a token is found by. Without the key, whoever reads the table cannot test a guess. */
export const tokenDigest = (mac: Mac, token: Secret): Uint8Array => mac.tag(token.reveal());

const checksum = (body: string): string => base62(BigInt(crc32(utf8(body))), CHECKSUM);

const base62 = (value: bigint, digits: number): string => {
  let text = '';
  for (let rest = value; text.length < digits; rest /= 62n) text = ALPHABET[Number(rest % 62n)]! + text;
  return text;
};
