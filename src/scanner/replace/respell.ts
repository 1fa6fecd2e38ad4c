import { gunzipSync, gzipSync } from 'node:zlib';
import type { Occurrence } from '../finding.ts';
import { spelt } from './mask.ts';

/**
 * A fake as its value is written: escaped in JSON, percent-encoded, in base64, in lines behind a margin. A copy in which
 * that was lost would not load. Where the spelling is not known, the fake as it is.
 */
export const respell = (written: string, value: string, fake: string, encodings: Occurrence['encodings']): string => {
  if (written === value) return fake;
  if (encodings.length > 0) return encoded(written, value, fake, encodings) ?? fake;
  for (const spelling of SPELLINGS) if (spelling(value) === written) return spelling(fake);
  if (value.startsWith('-----BEGIN')) return inLines(written, value, fake) ?? escapedLike(written, fake);
  return aligned(written, value, fake) ?? fake;
};

const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);

const SPELLINGS: readonly ((text: string) => string)[] = [
  inJson,
  (text) => inJson(text).replaceAll('/', '\\/'),
  (text) => inJson(inJson(text)),
  (text) => encodeURIComponent(text.toWellFormed()),
  (text) => text.replaceAll("'", "''"),
  (text) => text.replaceAll('%', '%%'),
  (text) => text.replaceAll('$', '$$$$'),
];

const LETTER = /^[A-Za-z\d]$/;
/** An escape of C and JSON, of an address (RFC 3986 section 2.1), of XML; or one character. */
const SIGN = /\\(?:u[\da-fA-F]{4}|x[\da-fA-F]{2}|.)|%([\da-fA-F]{2})|&#(\d{1,4});|&[a-z]{2,6};|[\s\S]/g;

/** Letter by letter, where a fake has letters and digits at the places where its value has them. */
const aligned = (written: string, value: string, fake: string): string | null => {
  if (fake.length !== value.length) return null;
  const letters = [...value].flatMap((letter, at) => (LETTER.test(letter) ? [[letter, fake[at]!] as const] : []));
  let next = 0;
  let out = '';
  for (const [sign, percent, entity] of written.matchAll(SIGN)) {
    const code = percent === undefined ? Number(entity ?? Number.NaN) : Number.parseInt(percent, 16);
    const letter = Number.isNaN(code) ? sign : String.fromCharCode(code);
    if (!LETTER.test(letter)) {
      out += sign;
      continue;
    }
    const [expected, other] = letters[next++] ?? [];
    if (expected !== letter || other === undefined) return null;
    if (percent !== undefined) out += `%${other.charCodeAt(0).toString(16).toUpperCase()}`;
    else out += entity === undefined ? other : `&#${other.charCodeAt(0)};`;
  }
  return next === letters.length ? out : null;
};

/** `%41`, `&#65;`, `&quot;`, or a character as it is. */
const ENCODED = /%([\da-fA-F]{2})|&#(\d{1,4});|&#x([\da-fA-F]{1,4});|&(quot|amp|lt|gt|apos);|[\s\S]/g;
const NAMED: Readonly<Record<string, string>> = { quot: '"', amp: '&', lt: '<', gt: '>', apos: "'" };

/** A value somewhere in a longer stretch, sign by sign as its place has them. */
const amongSigns = (written: string, value: string, fake: string): string | null => {
  if (fake.length !== value.length) return null;
  const signs = [...written.matchAll(ENCODED)].map(([sign, percent, decimal, hex, name]) => {
    if (name !== undefined) return { sign, is: NAMED[name]! };
    const code = percent ?? hex;
    const number = code === undefined ? Number(decimal ?? Number.NaN) : Number.parseInt(code, 16);
    return { sign, is: Number.isNaN(number) ? sign : String.fromCharCode(number) };
  });
  // One character each, so that places in the text are places in the list.
  const text = signs.map(({ is }) => is).join('');
  const copy = signs.map(({ sign }) => sign);
  let found = false;
  for (let at = text.indexOf(value); at !== -1; at = text.indexOf(value, at + value.length)) {
    found = true;
    for (let i = 0; i < value.length; i++) {
      const { is, sign } = signs[at + i]!;
      const other = fake[i]!;
      const code = other.charCodeAt(0);
      if (other === is) continue;
      copy[at + i] = sign.length === 1 ? other : sign.startsWith('%') ? `%${code.toString(16)}` : `&#${code};`;
    }
  }
  return found ? copy.join('') : null;
};

const bodyOf = (armour: string): string => armour.replaceAll(/-----[^-]+-----|\n/g, '');

/** A key in armour: line by line, whatever stands around a line. */
const inLines = (written: string, value: string, fake: string): string | null => {
  const body = bodyOf(value);
  const other = bodyOf(fake);
  if (body.length !== other.length) return null;
  let done = 0;
  let at = 0;
  let out = '';
  for (const { 0: run, index } of written.matchAll(/[A-Za-z\d+/]{16,}={0,2}/g)) {
    // The `n` of an escaped line end, `+` of a patch, `//` of a comment stand at its beginning.
    const skipped = [0, 1, 2].find((skip) => body.startsWith(run.slice(skip), done));
    if (skipped === undefined) return null;
    const from = index + skipped;
    const to = index + run.length;
    out += written.slice(at, from) + other.slice(done, done + to - from);
    done += to - from;
    at = to;
  }
  const last = body.slice(done);
  const place = last === '' ? at : written.indexOf(last, at);
  if (done === 0 || place === -1) return null;
  return out + written.slice(at, place) + other.slice(done) + written.slice(place + last.length);
};

/** On one line, as strings of programs have it. */
const escapedLike = (written: string, fake: string): string =>
  written.includes('\n') || !written.includes('\\n') ? fake : inJson(fake);

const encoded = (written: string, value: string, fake: string, encodings: Occurrence['encodings']): string | null => {
  const way = encodings.join(' ');
  if (way === 'percent' || way === 'xml') return amongSigns(written, value, fake);
  if (way !== 'base64' && way !== 'base64 gzip' && way !== 'hex') return null;
  try {
    const bytes = Buffer.from(written, way === 'hex' ? 'hex' : 'base64');
    const inside = (way === 'base64 gzip' ? gunzipSync(bytes, { maxOutputLength: MOST }) : bytes).toString('latin1');
    const others = spelt(fake);
    let copy = inside;
    spelt(value).forEach((text, at) => (copy = copy.replaceAll(latin1(text), () => latin1(others[at]!))));
    if (copy === inside) return null;
    const text = Buffer.from(copy, 'latin1');
    if (way === 'hex') return text.toString('hex');
    return inBase64(way === 'base64' ? text : gzipSync(text), written);
  } catch {
    return null;
  }
};

const latin1 = (text: string): string => Buffer.from(text).toString('latin1');

/** Bytes; a value in something larger is replaced without what surrounds it. */
const MOST = 8 * 1024 * 1024;

/** Of the same alphabet, in lines as long, filled up where it was. */
const inBase64 = (bytes: Buffer, like: string): string => {
  const letters = /[-_]/.test(like) ? bytes.toString('base64url') : bytes.toString('base64');
  const filled = like.endsWith('=') || like.length % 4 === 0 ? letters : letters.replace(/=+$/, '');
  const width = /^\S+(?=\s)/.exec(like)?.[0].length;
  const margin = /\s+/.exec(like)?.[0];
  if (width === undefined || margin === undefined) return filled;
  return filled.match(new RegExp(`.{1,${width}}`, 'g'))!.join(margin);
};
