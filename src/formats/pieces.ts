import type { FoundCredential } from './found.ts';
import type { Found, Segment } from './judge.ts';
import type { Occurrence } from './occurrence.ts';
import type { FileReading } from './reading.ts';
import type { Survey } from './survey.ts';
import type { Piece, Slot, Template } from './template.ts';

export const slotShape = (one: Occurrence): Omit<Slot, 'pieces'> => {
  const { style, layer, indent, pad, lead } = one.leaf;
  return { style, layer, indent, pad, lead };
};

/** The occurrence's value with holes for its credentials. */
export const piecesOf = (survey: Survey, one: Occurrence): readonly Piece[] =>
  one.segments.map((segment: Segment): Piece =>
    'text' in segment
      ? segment
      : 'reference' in segment
        ? { written: segment.reference.written }
        : holeOf(survey, segment.found, one),
  );

export const holeOf = (survey: Survey, found: Found, one: Occurrence): Piece => {
  const credential = credentialFor(survey, found, one);
  return { credential: credential.name, encoding: found.encoding };
};

export const credentialFor = (survey: Survey, found: Found, one: Occurrence): FoundCredential => {
  const index = one.segments.filter((segment) => 'found' in segment).findIndex((segment) => segment.found === found);
  return survey.credentialOf.get(one.keys[index]!)!;
};

/** Any file's text with slots in place of the credentials found in it: what `render` and `leave` write back. */
export const templateOf = (survey: Survey, reading: FileReading): Template => {
  const text = reading.text ?? '';
  const parts: (string | Slot)[] = [];
  let at = 0;
  for (const one of survey.occurrences) {
    if (one.reading !== reading || one.leaf.span.end === one.leaf.span.start) continue;
    parts.push(text.slice(at, one.leaf.span.start), { ...slotShape(one), pieces: piecesOf(survey, one) });
    at = one.leaf.span.end;
  }
  return { path: reading.path, parts: joinParts([...parts, text.slice(at)]) };
};

export const joinParts = (parts: readonly (string | Slot)[]): readonly (string | Slot)[] => {
  const out: (string | Slot)[] = [];
  for (const part of parts) {
    const last = out.at(-1);
    if (typeof part === 'string' && typeof last === 'string') out[out.length - 1] = last + part;
    else if (part !== '') out.push(part);
  }
  return out;
};
