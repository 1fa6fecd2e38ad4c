/** Hits of these start a look for text in which XML's marks are written as entities (XML 1.0, section 4.1). */
export const ENTITIES = ['&quot;', '&#34;', '&#x', '&#1', '&#7', '&#9'] as const;

/** Longest stretch that is read to either side of where it was noticed, in bytes: an attribute with JSON in it. */
const REACH = 2 * 1024;
/** Pages are full of quotes; worth decoding is what names a credential, or is written in nothing but numbers. */
const WORTH = /passw|passp|secret|token|_key|apikey|api-key|bearer|auth|credential|(?:&#x?[\da-f]{2,4};){8}/i;
const ENTITY = /&(?:#x([\da-f]{1,4})|#(\d{1,5})|(quot|amp|lt|gt|apos));/gi;
const NAMED: Readonly<Record<string, string>> = { quot: '"', amp: '&', lt: '<', gt: '>', apos: "'" };

export type Decoded = { readonly start: number; readonly end: number; readonly bytes: Uint8Array };

/** The line around a place, its entities resolved; null where it is not worth it. `end` is given in any case. */
export const entityStretch = (text: string, at: number): Decoded | { readonly end: number } => {
  const start = Math.max(text.lastIndexOf('\n', at - 1) + 1, at - REACH);
  const newline = text.indexOf('\n', at);
  const end = Math.min(newline === -1 ? text.length : newline, at + REACH);
  const line = text.slice(start, end);
  if (!WORTH.test(line)) return { end };
  const decoded = resolved(line);
  return decoded === line ? { end } : { start, end, bytes: Buffer.from(decoded, 'latin1') };
};

const resolved = (text: string): string =>
  text.replaceAll(ENTITY, (whole, hex?: string, decimal?: string, name?: string) => {
    if (name !== undefined) return NAMED[name.toLowerCase()] ?? whole;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : whole;
  });

const IN_XML = /\.(?:xml|plist|xhtml)$/i;

/** A value as it is meant: of XML by its name, or behind a quote that is an entity itself. */
export const meant = (written: string, text: string, start: number, path: string): string =>
  written.includes('&') &&
  (IN_XML.test(path) || /&(?:quot|#34|#x22);$/i.test(text.slice(Math.max(0, start - 6), start)))
    ? resolved(written)
    : written;
