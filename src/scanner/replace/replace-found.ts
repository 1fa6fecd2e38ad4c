import type { Found } from '../found.ts';
import { scanContent } from '../scan-content.ts';
import type { Plan } from '../plan.ts';

/** What stands in the place of a value that is `written` so; null leaves it. */
export type Replacement = (
  found: Pick<Found, 'value' | 'title' | 'kind' | 'rule' | 'confidence' | 'place'>,
  written: string,
) => string | null;

export type Replaced = {
  readonly bytes: Uint8Array;
  readonly count: number;
  /** False: a limit was reached, and what is left may still hold values. Then `bytes` must not be shown. */
  readonly complete: boolean;
};

/**
 * A copy of content with what the scanner finds in it replaced, and everything else byte for byte the same. A value that
 * was found anywhere is replaced at all its places, also where nothing says that it is one: a log names the password
 * once and then uses it. Marks that an earlier pass left are no values.
 */
export const replaceFound = async (
  plan: Plan,
  path: string,
  bytes: Uint8Array,
  replacement: Replacement,
): Promise<Replaced> => {
  const { found, gap } = await scanContent(plan, {
    path,
    size: bytes.length,
    mode: null,
    content: { type: 'bytes', bytes },
  });
  const spans = new Map<string, Span>();
  const texts = new Map<string, string>();
  const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const one of found) {
    if (one.value.includes('‹')) continue;
    const start = one.place.offset;
    const end = start + one.place.length;
    // Several in one encoded stretch: each takes its own out of what the others left.
    const before = spans.get(`${start} ${end}`)?.text ?? source.toString('utf8', start, end);
    const text = replacement(one, before);
    if (text === null) continue;
    spans.set(`${start} ${end}`, { start, end, text });
    if (one.place.encodings.length === 0 && one.value.length >= LEAST_REPEATED) {
      const plain = replacement(one, one.value);
      if (plain !== null) texts.set(one.value, plain);
    }
  }
  const all = [...spans.values()];
  for (const [value, text] of texts)
    for (let at = source.indexOf(value); at !== -1; at = source.indexOf(value, at + 1))
      all.push({ start: at, end: at + Buffer.byteLength(value), text });
  return { ...spliced(source, all), complete: gap === null };
};

/** Shorter values stand in other words by chance; they are replaced only where they were found. */
const LEAST_REPEATED = 6;

type Span = { readonly start: number; readonly end: number; readonly text: string };

/** Overlapping spans become one, with the text of the first: nothing between two halves of a value is left. */
const spliced = (source: Buffer, spans: readonly Span[]): { readonly bytes: Uint8Array; readonly count: number } => {
  const merged: { start: number; end: number; text: string }[] = [];
  for (const span of spans.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const last = merged.at(-1);
    if (last !== undefined && span.start < last.end) last.end = Math.max(last.end, span.end);
    else merged.push({ ...span });
  }
  if (merged.length === 0) return { bytes: source, count: 0 };
  const parts: Buffer[] = [];
  let at = 0;
  for (const { start, end, text } of merged) {
    parts.push(source.subarray(at, start), Buffer.from(text));
    at = end;
  }
  parts.push(source.subarray(at));
  return { bytes: Buffer.concat(parts), count: merged.length };
};
