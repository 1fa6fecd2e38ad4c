/** UTF-8 with every byte counted: a byte order mark is kept, because a signature covers it. */
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Text of exact UTF-8; null when the bytes are not. */
export const exactText = (bytes: Uint8Array): string | null => {
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
};

/** Bytes of canonical base64 (RFC 4648 section 4, padded, no white space, no stray bits); null otherwise. */
export const exactBase64 = (text: string): Uint8Array | null => {
  try {
    const bytes = Uint8Array.fromBase64(text, { lastChunkHandling: 'strict' });
    return bytes.toBase64() === text ? bytes : null;
  } catch {
    return null;
  }
};

/** A whole number in ASCII decimal without leading zeroes, below 2^53; null otherwise. */
export const exactDecimal = (text: string): number | null => {
  const number = /^(?:0|[1-9]\d{0,15})$/.test(text) ? Number(text) : NaN;
  return Number.isSafeInteger(number) ? number : null;
};
