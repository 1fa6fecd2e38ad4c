/** Codes that an accessory must not have (HomeKit Accessory Protocol, section 4.2.1.2). */
const TRIVIAL = new Set([...Array.from({ length: 10 }, (_, digit) => String(digit).repeat(8)), '12345678', '87654321']);

export const isTrivialCode = (code: string): boolean => TRIVIAL.has(code.replaceAll('-', ''));

/**
 * `X-HM://`, nine letters of base 36 and four of a setup id: 3 bits of version, 4 reserved, 8 of category, 4 of flags,
 * 27 of setup code. Null when there is no code in them.
 */
export const readSetupUri = (text: string): { readonly code: string; readonly category: number } | null => {
  const match = /^X-HM:\/\/([0-9A-Z]{9})([0-9A-Z]{4})?/.exec(text);
  if (match === null) return null;
  let bits = 0n;
  for (const letter of match[1]!) bits = bits * 36n + BigInt(Number.parseInt(letter, 36));
  const digits = String(bits & 0x7ffffffn).padStart(8, '0');
  const category = Number((bits >> 31n) & 0xffn);
  if (bits >> 46n !== 0n || digits.length > 8 || digits === '00000000' || category === 0) return null;
  return { code: `${digits.slice(0, 3)}-${digits.slice(3, 5)}-${digits.slice(5)}`, category };
};
