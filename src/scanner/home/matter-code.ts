import { hasCheckDigit } from './verhoeff.ts';

/** What an onboarding payload says (Matter core specification, section 5.1). */
export type MatterCode = {
  readonly passcode: number;
  readonly discriminator: number;
  readonly vendorId?: number;
  readonly productId?: number;
};

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-.';
/** 88 bits of payload, in base 38: five letters for three bytes, four for two. */
const LENGTH = 19;

/** Section 5.1.7: passcodes that no device may have. */
const FORBIDDEN = new Set([
  ...Array.from({ length: 10 }, (_, digit) => Number(String(digit).repeat(8))),
  12345678,
  87654321,
]);

/** `MT:` and 19 letters of base 38; more letters are optional TLV data. Null when the bits make no sense. */
export const readQrCode = (text: string): MatterCode | null => {
  const body = text.slice(3, 3 + LENGTH);
  if (!text.startsWith('MT:') || body.length < LENGTH) return null;
  const bytes: number[] = [];
  for (let at = 0; at < LENGTH;) {
    const count = LENGTH - at >= 5 ? 5 : 4;
    let value = 0;
    for (let i = count - 1; i >= 0; i--) {
      const digit = ALPHABET.indexOf(body[at + i]!);
      if (digit === -1) return null;
      value = value * 38 + digit;
    }
    const size = count === 5 ? 3 : 2;
    if (value >= 256 ** size) return null;
    for (let i = 0; i < size; i++) bytes.push((value >>> (8 * i)) & 0xff);
    at += count;
  }
  let bits = 0n;
  for (const [index, byte] of bytes.entries()) bits |= BigInt(byte) << BigInt(8 * index);
  const take = (count: number): number => {
    const value = Number(bits & ((1n << BigInt(count)) - 1n));
    bits >>= BigInt(count);
    return value;
  };
  const version = take(3);
  const [vendorId, productId, flow, , discriminator, passcode, padding] = [16, 16, 2, 8, 12, 27, 4].map(take) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (version !== 0 || padding !== 0 || flow === 3 || !isPasscode(passcode)) return null;
  return { passcode, discriminator, vendorId, productId };
};

/** Eleven or twenty-one digits, dashes allowed (section 5.1.4). Null when the check digit or the bits are wrong. */
export const readManualCode = (text: string): MatterCode | null => {
  const digits = text.replaceAll('-', '');
  if (!/^[0-7](?:\d{10}|\d{20})$/.test(digits) || !hasCheckDigit(digits)) return null;
  const first = Number(digits[0]);
  const long = (first & 4) !== 0;
  if (long !== (digits.length === 21)) return null;
  const middle = Number(digits.slice(1, 6));
  const high = Number(digits.slice(6, 10));
  if (middle > 0xffff || high > 0x1fff) return null;
  const passcode = (middle & 0x3fff) | (high << 14);
  if (!isPasscode(passcode)) return null;
  const discriminator = ((first & 3) << 2) | (middle >> 14);
  if (!long) return { passcode, discriminator };
  const vendorId = Number(digits.slice(10, 15));
  const productId = Number(digits.slice(15, 20));
  return vendorId > 0xffff || productId > 0xffff ? null : { passcode, discriminator, vendorId, productId };
};

const isPasscode = (passcode: number): boolean => passcode >= 1 && passcode <= 99_999_998 && !FORBIDDEN.has(passcode);

/** The passcode of every example, and vendor ids of the standard for tests (section 2.5.2). */
export const isTest = ({ passcode, vendorId }: MatterCode): boolean =>
  passcode === 20202021 || (vendorId !== undefined && vendorId >= 0xfff1 && vendorId <= 0xfff4);
