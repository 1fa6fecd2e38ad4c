import { constants, gunzipSync } from 'node:zlib';
import { entityStretch } from './entities.ts';
import type { Occurrence } from './finding.ts';
import { type Matcher, INNER } from './matcher/matcher.ts';
import type { Look, Stretch } from './look.ts';

/** What an encoded stretch of a window says. */
export type Inner = {
  readonly start: number;
  readonly end: number;
  readonly bytes: Uint8Array;
  readonly encodings: Occurrence['encodings'];
};

/** Places, in order, at which something is percent-encoded or written as an entity. */
export type Marked = { readonly percent: number[]; readonly entity: number[] };

/** Longest percent-encoded stretch that is read, to either side of where it was noticed, in bytes. */
const PERCENT_REACH = 8 * 1024;
/** Lines of wrapped base64 that are joined (RFC 2045 section 6.8 wraps at 76, RFC 7468 at 64). */
const WRAPPED = /[ \t]{0,32}\r?\n[ \t]{0,32}([A-Za-z0-9+/_-]{1,128}={0,2})(?=[\s"'\\]|$)/y;

/** Whether something is encoded in a stretch that may not be decoded any more. */
export const hidesMore = (matcher: Matcher, { area, filled, from, to }: Stretch): boolean =>
  matcher
    .runs(area, from, Math.min(filled, to + 64), filled)
    .some(({ start }) => start >= from && start < to && new Set(area.bytes.subarray(start, start + 32)).size >= VARIED);

/** Different letters in 32 of what is encoded; `VVVV` decodes to `UUU`, and so on. */
const VARIED = 8;

/** Stretches of base64, hex and percent-encoding that decode to text. What is left out is told in `state.left`. */
export const encodedStretches = function* (
  matcher: Matcher,
  { area, filled, from, last, to }: Stretch,
  marked: Marked,
  state: Pick<Look, 'budget' | 'left'>,
  textOf: () => string,
): Generator<Inner> {
  let done = 0;
  for (const run of matcher.runs(area, from, Math.min(filled, to + 64), filled)) {
    if (run.start < from || run.start >= to || run.start < done) continue;
    const text = textOf();
    // A segment of a web token, or of a name with dots: the detector of those reads them itself.
    if (run.encoding === 'base64' && text[run.start - 1] === '.') continue;
    if (run.encoding === 'hex') {
      done = run.end;
      const digits = text.slice(run.start, run.end - ((run.end - run.start) % 2));
      yield { start: run.start, end: run.end, bytes: Buffer.from(digits, 'hex'), encodings: ['hex'] };
      continue;
    }
    const { letters, end: inner, cut } = unwrapped(text, run.start, run.end);
    if (cut) state.left ??= 'too_large';
    const end = text[inner] !== '=' ? inner : text[inner + 1] !== '=' ? inner + 1 : inner + 2;
    done = end;
    const bytes = Buffer.from(letters, 'base64');
    if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
      // The next line may look like more of it and be none.
      const inflated =
        inflate(bytes, state.budget) ?? inflate(Buffer.from(text.slice(run.start, run.end), 'base64'), state.budget);
      // One that goes on behind the window is no damaged one.
      if (inflated === null) state.left ??= inner === filled && !last ? 'too_large' : 'broken';
      else {
        if (inflated.cut) state.left ??= 'too_large';
        yield { start: run.start, end, bytes: inflated.bytes, encodings: ['base64', 'gzip'] };
      }
    } else yield { start: run.start, end, bytes, encodings: ['base64'] };
  }
  let seen = 0;
  for (const at of marked.percent) {
    if (at < seen) continue;
    const text = textOf();
    const start = edge(text, at, -1);
    const end = edge(text, at, 1);
    seen = end;
    yield { start, end, bytes: percentDecoded(text.slice(start, end)), encodings: ['percent'] };
  }
  seen = 0;
  for (const at of marked.entity) {
    if (at < seen) continue;
    const found = entityStretch(textOf(), at);
    seen = found.end;
    if ('bytes' in found) yield { ...found, encodings: ['xml'] };
  }
};

const unwrapped = (text: string, start: number, first: number) => {
  let end = first;
  let letters = text.slice(start, end);
  const width = end - start;
  // Only full lines go on: the next one belongs to it when this one is as wide as those before.
  for (let last = width; last === width && (width === 64 || width === 76 || width % 4 === 0);) {
    WRAPPED.lastIndex = end;
    const next = WRAPPED.exec(text);
    if (next === null || next[1]!.length > width) break;
    letters += next[1]!;
    end = WRAPPED.lastIndex;
    last = next[1]!.length;
    if (letters.length > INNER * 2) return { letters, end, cut: true };
  }
  return { letters, end, cut: false };
};

const edge = (text: string, at: number, step: 1 | -1): number => {
  let i = at;
  for (let n = 0; n < PERCENT_REACH; n++) {
    const next = step === 1 ? i : i - 1;
    const code = text.charCodeAt(next);
    // Blanks, quotes, angle brackets end it; beyond the text `charCodeAt` is NaN.
    if (!(code > 32 && code !== 34 && code !== 39 && code !== 60 && code !== 62 && code !== 96)) break;
    i += step;
  }
  return i;
};

const percentDecoded = (text: string): Uint8Array => {
  const bytes = Buffer.allocUnsafe(text.length);
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const value = text[i] === '%' ? Number.parseInt(text.slice(i + 1, i + 3), 16) : Number.NaN;
    if (Number.isNaN(value)) bytes[length++] = text.charCodeAt(i);
    else {
      bytes[length++] = value;
      i += 2;
    }
  }
  return bytes.subarray(0, length);
};

type Inflated = { readonly bytes: Uint8Array; readonly cut: boolean };

/**
 * What a gzip member holds, as much of it as there is room for; null for a damaged one. Of one that ends before its end
 * everything is given out.
 */
const inflate = (packed: Uint8Array, room: number): Inflated | null => {
  // zlib gives nothing of what is too much: half of the input is half of the output, more or less.
  for (let length = packed.length; length > 0; length >>= 1)
    try {
      const bytes = gunzipSync(packed.subarray(0, length), {
        maxOutputLength: Math.max(1, room),
        finishFlush: constants.Z_SYNC_FLUSH,
      });
      return { bytes, cut: length < packed.length };
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE')) return null;
    }
  return { bytes: new Uint8Array(), cut: true };
};
