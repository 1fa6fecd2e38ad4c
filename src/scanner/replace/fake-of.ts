import { createHmac } from 'node:crypto';
import { PREFIXES } from './prefixes.ts';

/**
 * A value of the same shape that opens nothing: letters become letters, digits digits, the rest stays, and so does a
 * prefix by which the vendor's programs know their tokens. The same value has the same fake everywhere in one copy, so
 * that what belongs together still does; `seed` is drawn for one copy and forgotten.
 */
export const fakeOf = (seed: Uint8Array, value: string): string => {
  if (WEB_TOKEN.test(value)) return fakeToken(seed, value) ?? plainFake(seed, value);
  const armour = ARMOUR.exec(value);
  if (armour !== null) {
    const [, begin = '', body = '', end = ''] = armour;
    return begin + fakeArmour(seed, body) + end;
  }
  return plainFake(seed, value);
};

const plainFake = (seed: Uint8Array, value: string): string => {
  const kept = PREFIXES.find((prefix) => value.startsWith(prefix) && value.length > prefix.length + 4) ?? '';
  const rest = value.slice(kept.length);
  // A fake that happens to be the value would be no fake: the next one is taken.
  for (let attempt = 0; ; attempt++) {
    const fake = kept + shaped(rest, stream(seed, value, attempt, rest.length));
    if (fake !== value || !/\S/.test(rest)) return fake;
  }
};

const WEB_TOKEN = /^eyJ[\w-]+\.eyJ[\w-]+\.[\w-]*$/;
const ARMOUR = /^(-----BEGIN [A-Z\d ]+-----\n)([\s\S]*?)(\n?-----END [A-Z\d ]+-----\n?)$/;

/** Still a web token (RFC 7519) with the same claims by name and kind; nobody's signature, nobody's identity. */
const fakeToken = (seed: Uint8Array, value: string): string | null => {
  const [header = '', payload = '', signature = ''] = value.split('.');
  const decode = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  const encode = (part: unknown): string => Buffer.from(JSON.stringify(part)).toString('base64url');
  const faked = (claim: unknown, key = ''): unknown => {
    // The program that reads it may refuse another algorithm; times of years say how long it lives.
    if (typeof claim === 'string') return KEPT_CLAIMS.has(key) ? claim : plainFake(seed, claim);
    if (Array.isArray(claim)) return claim.map((one) => faked(one, key));
    if (typeof claim !== 'object' || claim === null) return claim;
    return Object.fromEntries(Object.entries(claim).map(([name, one]) => [name, faked(one, name)]));
  };
  try {
    return `${encode(faked(decode(header)))}.${encode(faked(decode(payload)))}.${plainFake(seed, signature)}`;
  } catch {
    return null;
  }
};

/** They say what the token is and not whose. */
const KEPT_CLAIMS: ReadonlySet<string> = new Set(['alg', 'typ', 'cty', 'enc', 'token_use', 'token_type']);

/**
 * The same armour, the same number of letters in lines as long, and the same structure as far as its first bytes and
 * lengths tell it: long stretches of chance are what a key is made of, and only those are drawn anew.
 */
const fakeArmour = (seed: Uint8Array, body: string): string => {
  const bytes = Buffer.from(body, 'base64');
  const fresh = stream(seed, body, 0, bytes.length);
  const fake = Buffer.from(bytes);
  for (const { end, start } of contents(bytes))
    for (let i = start; i < end; i++) fake[i] = keptSign(fresh[i]!, i, start);
  const letters = fake.toString('base64');
  let at = 0;
  return body.replaceAll(/[\w+/=]/g, () => letters[at++] ?? '=');
};

/** An INTEGER stays positive and minimal (X.690 section 8.3.2). */
const keptSign = (byte: number, at: number, start: number): number => (at === start ? (byte & 0x3f) | 0x40 : byte);

type Stretch = { readonly start: number; readonly end: number };

/** The contents of long primitive values of DER (X.690 section 8.1); all but what names the format where it is none. */
const contents = (bytes: Uint8Array): readonly Stretch[] => {
  const found: Stretch[] = [];
  const walk = (from: number, to: number): boolean => {
    let at = from;
    while (at < to) {
      const tag = bytes[at]!;
      let length = bytes[at + 1] ?? 0;
      let start = at + 2;
      // DER knows no indefinite length (section 10.1).
      if (length === 0x80) return false;
      if (length > 0x80) {
        const size = length & 0x7f;
        if (size > 4) return false;
        length = 0;
        for (let i = 0; i < size; i++) length = length * 256 + (bytes[start + i] ?? 0);
        start += size;
      }
      const end = start + length;
      if (end > to) return false;
      const before = found.length;
      if ((tag & 0x20) !== 0) {
        if (!walk(start, end)) return false;
      } else if (tag !== 0x06 && length >= LONG) {
        // An OCTET STRING or BIT STRING may hold more DER, as PKCS #8 does (RFC 5958).
        const inner = tag === 0x03 ? start + 1 : start;
        const nested =
          (tag === 0x04 || tag === 0x03) && (bytes[inner] === 0x30 || bytes[inner] === 0x04) && walk(inner, end);
        if (!nested) {
          found.length = before;
          found.push({ start: bytes[start] === 0 ? start + 1 : start, end });
        }
      }
      at = end;
    }
    return at === to;
  };
  if (bytes[0] === 0x30 && walk(0, bytes.length)) return found;
  return [{ start: Math.min(headOf(bytes), bytes.length), end: bytes.length }];
};

/**
 * Bytes that say what it is and nothing of whose: of OpenSSH's format its magic, cipher, derivation and number of keys
 * (PROTOCOL.key); of an OpenPGP packet its tag, length and version (RFC 9580 sections 4.2 and 5.5.2). Of what is damaged,
 * or protected as a whole, nothing stays: in DER the key of an elliptic curve begins with the eighth byte.
 */
const headOf = (bytes: Uint8Array): number => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (Buffer.from(bytes.subarray(0, MAGIC.length)).toString('latin1') === MAGIC) {
    let at = MAGIC.length;
    for (const _ of ['cipher', 'derivation']) {
      if (at + 4 > bytes.length || view.getUint32(at) > LONGEST_NAME) return MAGIC.length;
      at += 4 + view.getUint32(at);
    }
    return at;
  }
  if ((bytes[0]! & 0x80) === 0) return 0;
  // Of the old format the lowest two bits say how long the length is, of the new one its first byte.
  const lengths =
    (bytes[0]! & 0x40) === 0 ? [1, 2, 4, 0][bytes[0]! & 3]! : bytes[1]! < 192 ? 1 : bytes[1]! < 224 ? 2 : 5;
  return 1 + lengths + 1;
};

const MAGIC = 'openssh-key-v1\0';
const LONGEST_NAME = 64;

/** Bytes from which a value is of chance rather than a version or an exponent. */
const LONG = 12;

const stream = (seed: Uint8Array, value: string, attempt: number, length: number): Uint8Array => {
  const blocks: Buffer[] = [];
  for (let block = 0; block * 32 < length; block++)
    blocks.push(createHmac('sha256', seed).update(`${attempt}:${block}:${value}`).digest());
  return Buffer.concat(blocks);
};

const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const UPPER = LOWER.toUpperCase();

/** Signs stay where they are, unless there is nothing else; letters of other scripts become some of this one. */
const shaped = (text: string, chance: Uint8Array): string => {
  const isHex = /^[\da-f-]+$/i.test(text);
  const isSigns = !/[\p{L}\p{N}]/u.test(text);
  let out = '';
  for (const [i, letter] of [...text].entries()) {
    const roll = chance[i]!;
    if (/\p{N}/u.test(letter)) out += i === 0 && letter !== '0' ? 1 + (roll % 9) : roll % 10;
    else if (/\p{Lu}/u.test(letter)) out += UPPER[roll % (isHex ? 6 : 26)]!;
    else if (/\p{L}/u.test(letter) || (isSigns && /\S/.test(letter))) out += LOWER[roll % (isHex ? 6 : 26)]!;
    else out += letter;
  }
  return out;
};
