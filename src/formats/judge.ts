import { type KindId, type Verdict, classifyLeaf, findEmbedded } from '#catalogue';
import { Secret } from '#kernel';
import { type FileReading, type Leaf, type Reference, isReference } from './reading.ts';

/** A credential's value where it stands: the whole of a leaf, or a part of it. */
export type Found = {
  readonly secret: Secret;
  readonly kind: KindId;
  readonly why: string;
  /** Where in the surrounding text: `query pwd`, `header Bearer`; null when the leaf is nothing else. */
  readonly role: string | null;
  readonly encoding: 'none' | 'percent';
};

/** A leaf taken apart: its own text, references, credentials. */
export type Segment = { readonly text: string } | { readonly reference: Reference } | { readonly found: Found };

/** The leaf's segments when it holds a credential's value; null when it is plain, or nothing but references. */
export const judge = (reading: FileReading, leaf: Leaf): readonly Segment[] | null => {
  const context = { system: reading.system, file: reading.path, keyPath: leaf.keyPath };
  const literal = leaf.parts.some(isReference)
    ? null
    : leaf.parts.map((part) => (part as Secret).revealText()).join('');
  if (literal === null) return leaf.parts.every(isReference) ? null : dissect(leaf, null);
  const verdict = classifyLeaf(context, literal);
  if (!verdict.secret) return null;
  const inside = isSentence(literal) ? dissect(leaf, verdict) : null;
  return (
    inside ?? [
      {
        found: { secret: Secret.fromText(literal), kind: verdict.kind, why: verdict.why, role: null, encoding: 'none' },
      },
    ]
  );
};

/** Only a longer text has a template around its credential; a password that happens to hold `key=` has none. */
const isSentence = (text: string): boolean => /\s|:\/\/|[?&;][\w.-]+=|=[^=;]*;|\/api\/webhook\//.test(text);

const dissect = (leaf: Leaf, verdict: Verdict | null): readonly Segment[] | null => {
  const segments: Segment[] = [];
  const text = leaf.parts.map((part) => (isReference(part) ? part.written : part.revealText())).join('');
  const references = spansOf(leaf);
  const embedded = findEmbedded(text).filter(({ start, end }) =>
    references.every((span) => end <= span.start || start >= span.end),
  );
  if (embedded.length === 0) return null;
  const plain = (start: number, end: number) => {
    let at = start;
    for (const { start: from, end: to, reference } of references) {
      if (from < start || to > end) continue;
      if (from > at) segments.push({ text: text.slice(at, from) });
      segments.push({ reference });
      at = to;
    }
    if (end > at) segments.push({ text: text.slice(at, end) });
  };
  let at = 0;
  for (const { start, end, kind, role } of embedded) {
    plain(at, start);
    const written = text.slice(start, end);
    const decoded = inUrl(text, start) ? percentDecoded(written) : null;
    const why = verdict?.why ?? `carries a credential (${role})`;
    segments.push({
      found: {
        secret: Secret.fromText(decoded ?? written),
        kind,
        why,
        role,
        encoding: decoded === null ? 'none' : 'percent',
      },
    });
    at = end;
  }
  plain(at, text.length);
  return segments;
};

const spansOf = (leaf: Leaf) => {
  let at = 0;
  return leaf.parts.flatMap((part) => {
    const start = at;
    at += isReference(part) ? part.written.length : part.revealText().length;
    return isReference(part) ? [{ start, end: at, reference: part }] : [];
  });
};

/** Longest address that is looked at, in UTF-16 units. */
const MAX_URL = 2048;

const inUrl = (text: string, offset: number): boolean => {
  let start = offset;
  while (start > 0 && offset - start < MAX_URL && !/[\s"'<>]/.test(text[start - 1]!)) start--;
  return text.slice(start, offset).includes('://');
};

/** Null unless encoding it again gives the same text: then a new value can be encoded in its place. */
const percentDecoded = (written: string): string | null => {
  try {
    const decoded = decodeURIComponent(written);
    return encodeURIComponent(decoded) === written ? decoded : null;
  } catch {
    return null;
  }
};
