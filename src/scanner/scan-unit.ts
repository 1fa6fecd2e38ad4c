import { type Candidate, MAX_WHOLE_FILE, type WholeFile } from './detector.ts';
import { type Feed, bytesFeed, fill } from './feed.ts';
import { type Found, PRECISION, type Placed, mostPrecise } from './found.ts';
import { type Look, look } from './look.ts';
import { WINDOW } from './matcher/matcher.ts';
import { type Lines, lineCounter } from './lines.ts';
import type { Plan } from './plan.ts';
import { sniff } from './sources/archive/sniff.ts';
import { lfsPointer } from './sources/git/lfs.ts';
import { utf16Of } from './utf16.ts';

/** Bytes behind a hit that are seen with it: the longest private key in armour. */
export const OVERLAP = 32 * 1024;
/** Bytes before a hit that are seen with it: names, words that must stand near. */
export const BEFORE = 1024;
/** Bytes looked at to tell text from other content. */
const HEAD = 8192;
/** Bytes that may be decoded in one unit beyond its own size. */
const DECODED = 8 * 1024 * 1024;
/** Findings of one unit; a file with more is a list of something. */
const MOST_FOUND = 2_000;

export type UnitFacts = { readonly path: string; readonly size: number | null; readonly mode: number | null };

export type UnitResult = {
  readonly found: readonly Found[];
  readonly bytes: number;
  /** Why part of it was not looked through; null when all was. */
  readonly left: Look['left'] | 'too_many' | 'not_parsed' | 'too_wide' | 'lfs_pointer';
  /** Its first bytes are those of an archive, whatever it is called. */
  readonly packed: boolean;
};

/** Finds what one unit holds. `whole` gives all its bytes again, for formats with structure. */
export const scanUnit = async (
  plan: Plan,
  given: UnitFacts,
  feed: Feed,
  whole: (() => Uint8Array | null) | null,
): Promise<UnitResult> => {
  const unit = given.path.includes('!') ? { ...given, path: given.path.replace(COMPRESSED, '$1') } : given;
  const area = plan.matcher.area(0);
  const first = fill(feed, area.bytes, 0);
  let filled = typeof first === 'number' ? first : await first;
  const head = area.bytes.subarray(0, Math.min(filled, HEAD));
  const binary = plan.matcher.hasNul(area, 0, head.length);
  const wide = binary ? utf16Of(head) : null;
  if (wide !== null) return scanWide(plan, unit, feed, filled, wide);
  const packed = binary && sniff(head) !== null;
  const isPointer = filled === head.length && lfsPointer(head) !== null;

  const state: Look = {
    path: unit.path,
    binary,
    seen: new Set(),
    placed: [],
    budget: DECODED,
    left: null,
    needsWords: false,
  };
  const lines: Lines = lineCounter(plan.matcher, area);
  const found: Found[] = [];
  let left: UnitResult['left'] = isPointer ? 'lfs_pointer' : null;
  let base = 0;
  let from = 0;
  for (;;) {
    const last = filled < WINDOW;
    const to = last ? filled : filled - OVERLAP;
    const stretch = { area, filled, from, to, last, depth: 0, base, encodings: [], outer: null };
    look(plan, state, stretch);
    if (state.needsWords) {
      await plan.loadWords();
      state.needsWords = false;
      continue;
    }
    const crowded = state.placed.length > MOST_FOUND * 4;
    if (crowded) state.placed.splice(MOST_FOUND * 4);
    // Lines are counted while their window is there; overlaps are settled within it.
    const settled = mostPrecise(state.placed);
    if (crowded || found.length + settled.length > MOST_FOUND) left = 'too_many';
    for (const one of settled.slice(0, MOST_FOUND - found.length))
      found.push(toFound(one, state.binary ? null : lines.at(one.offset - base)));
    state.placed.length = 0;
    if (last || left === 'too_many') break;
    const next = to - BEFORE;
    lines.leave(next);
    area.bytes.copyWithin(0, next, filled);
    base += next;
    from = BEFORE;
    const more = fill(feed, area.bytes, filled - next);
    filled = typeof more === 'number' ? more : await more;
  }
  const bytes = base + filled;
  left ??= state.left;
  const isWanted = plan.fileDetectors.some((one) => one.wants(unit.path, state.seen));
  if (!isWanted) return { found, bytes, left, packed };
  const file = readWhole(unit, state, base === 0 ? area.bytes.subarray(0, filled) : null, bytes, whole);
  if (file === null) return { found, bytes, left: left ?? 'not_parsed', packed };
  for (const detector of plan.fileDetectors)
    if (detector.load !== undefined && detector.wants(file.path, state.seen)) await detector.load();
  let unread: UnitResult['left'] = null;
  const structured = inFile(plan, { ...file, tellUnread: (why = 'not_parsed') => void (unread ??= why) }, state.seen);
  return { found: settle(found, structured), bytes, left: left ?? unread, packed };
};

/** `.storage/auth.gz!auth` is `.storage/auth` to whoever knows the file by its folder. */
const COMPRESSED = /([^/!]+)(?:\.(?:gz|zst|zstd|xz|bz2))+!\1$/i;

const toFound = (
  { candidate, precision, value, offset, length, encodings }: Placed,
  at: Found['place'] | { line: number; column: number } | null,
): Found => {
  const { start: _, end: __, value: ___, yields: ____, cut: _____, name, ...rest } = candidate;
  return {
    ...rest,
    value,
    precision,
    place: { line: at?.line ?? null, column: at?.column ?? null, offset, length, name, encodings },
  };
};

/** UTF-16 is decoded whole: only text of people and of Windows is written so, and never gigabytes of it. */
const scanWide = async (
  plan: Plan,
  unit: UnitFacts,
  feed: Feed,
  filled: number,
  wide: 'utf-16le' | 'utf-16be',
): Promise<UnitResult> => {
  const area = plan.matcher.area(0);
  const parts: Uint8Array[] = [area.bytes.slice(0, filled)];
  let size = filled;
  let left: UnitResult['left'] = null;
  for (let part = area.bytes.slice(0, WINDOW); filled === WINDOW;) {
    const count = await fill(feed, part, 0);
    if (count === 0) break;
    if (size + count > MAX_WHOLE_FILE) {
      left = 'too_wide';
      break;
    }
    parts.push(part.slice(0, count));
    size += count;
    if (count < WINDOW) break;
    part = new Uint8Array(WINDOW);
  }
  const text = new TextDecoder(wide).decode(Buffer.concat(parts));
  const bytes = Buffer.from(text, 'utf8');
  const result = await scanUnit(plan, { ...unit, size: bytes.length }, bytesFeed(bytes), () => bytes);
  const mark = parts[0]![0]! >= 0xfe ? 2 : 0;
  const found = result.found.map((one): Found => {
    const start = bytes.subarray(0, one.place.offset).toString('utf8').length;
    const length = bytes.subarray(one.place.offset, one.place.offset + one.place.length).toString('utf8').length;
    return {
      ...one,
      place: {
        ...one.place,
        offset: mark + start * 2,
        length: length * 2,
        encodings: ['utf-16', ...one.place.encodings],
      },
    };
  });
  return { found, bytes: size, left: left ?? result.left, packed: false };
};

/** The file as a whole; null where it is too large for that, comes as a stream that is gone, or changed meanwhile. */
const readWhole = (
  unit: UnitFacts,
  state: Look,
  held: Uint8Array | null,
  size: number,
  whole: (() => Uint8Array | null) | null,
): WholeFile | null => {
  if (size > MAX_WHOLE_FILE) return null;
  const bytes = held === null ? (whole?.() ?? null) : held.slice();
  if (bytes === null) return null;
  return { path: unit.path, bytes, mode: unit.mode, text: state.binary ? '' : new TextDecoder().decode(bytes) };
};

const inFile = (plan: Plan, file: WholeFile, seen: ReadonlySet<string>): readonly Found[] => {
  const candidates: Candidate[] = [];
  for (const detector of plan.fileDetectors)
    if (detector.wants(file.path, seen)) candidates.push(...detector.detect(file));
  if (candidates.length > MOST_FOUND) file.tellUnread?.('too_many');
  const text = file.text;
  const mark = file.bytes[0] === 0xef && file.bytes[1] === 0xbb && file.bytes[2] === 0xbf ? 3 : 0;
  const placed = candidates.slice(0, MOST_FOUND).map((candidate): Placed => {
    const binary = text === '';
    const offset = binary ? candidate.start : mark + Buffer.byteLength(text.slice(0, candidate.start));
    const written = binary
      ? Buffer.from(file.bytes.subarray(candidate.start, candidate.end)).toString('utf8')
      : text.slice(candidate.start, candidate.end);
    const length = binary ? candidate.end - candidate.start : Buffer.byteLength(written);
    const precision = candidate.yields === true ? PRECISION.named : PRECISION.file;
    return { candidate, precision, value: candidate.value ?? written, offset, length, encodings: [] };
  });
  return mostPrecise(placed).map((one) => {
    const { start } = one.candidate;
    const lineStart = text.lastIndexOf('\n', start - 1) + 1;
    let line = 1;
    for (let i = text.indexOf('\n'); i !== -1 && i < start; i = text.indexOf('\n', i + 1)) line++;
    return toFound(one, text === '' ? null : { line, column: start - lineStart + 1 });
  });
};

/**
 * What the parser of the format says wins over what the text looks like; where it knows no more than a name, that name
 * is given to the rule that knows the value.
 */
const settle = (found: readonly Found[], structured: readonly Found[]): readonly Found[] => {
  const better = structured.filter(
    (one) =>
      (one.precision > PRECISION.named && !(one.kind === 'unknown-secret' && isOpened(found, one))) ||
      !found.some((other) => overlaps(one, other) && other.precision >= PRECISION.near),
  );
  const rest = found.filter((one) => !better.some((other) => overlaps(one, other)));
  return [
    ...better,
    ...rest.map((one): Found => {
      const named = structured.find((other) => overlaps(one, other));
      if (named === undefined) return one;
      const around = [...(one.around ?? []), ...(named.around ?? [])];
      return {
        ...one,
        ...(around.length === 0 ? {} : { around }),
        place: { ...one.place, name: named.place.name },
      };
    }),
  ];
};

/** What lies inside an encoding says more than that the encoding looks like a secret. */
const isOpened = (found: readonly Found[], outer: Found): boolean =>
  found.some((inner) => inner.place.encodings.length > 0 && overlaps(inner, outer));

const overlaps = (a: Found, b: Found): boolean =>
  a.place.offset < b.place.offset + b.place.length && b.place.offset < a.place.offset + a.place.length;
