import type { FileEdit, TextEdit } from './edits.ts';
import { HolderShelf, type Outside } from './holders.ts';
import type { Found } from './judge.ts';
import type { Occurrence } from './occurrence.ts';
import { credentialFor, holeOf, piecesOf, slotShape } from './pieces.ts';
import type { FileReading } from './reading.ts';
import { formatRow } from './recognise.ts';
import { prelude, referenceRow, type Holder, type ReferenceRow } from './reference-syntax.ts';
import type { Survey } from './survey.ts';
import { type Piece, type Slot, type Template, spellPieces } from './template.ts';

/** A value that stays where it is, and why. */
export type Kept = {
  readonly file: string;
  readonly line: number;
  readonly keyPath: readonly string[];
  readonly credentials: readonly string[];
  readonly why: string;
};

export type RewritePlan = {
  /** Literals replaced by references. No secret in any replacement. */
  readonly edits: readonly FileEdit[];
  /** Every file that `render` writes, as it is with the new entries. */
  readonly targets: readonly Template[];
  readonly outside: readonly Outside[];
  readonly kept: readonly Kept[];
  /** Lines for `.gitignore`, relative to the surveyed folder, beginning with `/`. */
  readonly gitignore: readonly string[];
};

/**
 * Plans the move of every plaintext value out of the files whose system knows references. Values never enter an edit:
 * they go into the templates of the files that are rendered, as holes.
 */
export const planRewrite = (survey: Survey): RewritePlan => {
  const shelf = new HolderShelf(survey);
  const edits: FileEdit[] = [];
  const kept: Kept[] = [];
  const ignored = new Set<string>();
  for (const [reading, occurrences] of Map.groupBy(survey.occurrences, (one) => one.reading)) {
    if (reading.format === null || reading.text === null) continue;
    const { custody, title } = formatRow(reading.format);
    if (custody === 'rendered') {
      if (!shelf.keep(reading))
        for (const one of occurrences)
          kept.push(keep(survey, one, 'nobody reads this file; delete it if its values are real'));
      continue;
    }
    const row = referenceRow(reading.format);
    if (custody === 'known' || row === null) {
      for (const one of occurrences) kept.push(keep(survey, one, `${title}: it is only read, never rewritten`));
      if (reading.format === 'home-assistant-storage')
        ignored.add(`/${reading.path.slice(0, reading.path.lastIndexOf('.storage') + 8)}/`);
      if (reading.format === 'node-red-credentials') ignored.add(`/${reading.path}`);
      continue;
    }
    const rewriter = new FileRewriter(survey, reading, row, shelf);
    for (const one of occurrences) {
      const why = rewriter.take(one);
      if (why !== null) kept.push(keep(survey, one, why));
    }
    if (rewriter.edits.length > 0) edits.push({ path: reading.path, sha256: reading.sha256, edits: rewriter.edits });
  }
  const targets = shelf.templates();
  for (const target of targets) ignored.add(`/${target.path}`);
  return { edits, targets, outside: shelf.outside, kept, gitignore: [...ignored].toSorted() };
};

const keep = (survey: Survey, one: Occurrence, why: string): Kept => ({
  file: one.leaf.file,
  line: one.leaf.line,
  keyPath: one.leaf.keyPath,
  credentials: one.keys.map((key) => survey.credentialOf.get(key)!.name),
  why,
});

class FileRewriter {
  readonly edits: TextEdit[] = [];
  readonly #survey: Survey;
  readonly #reading: FileReading;
  readonly #row: ReferenceRow;
  readonly #shelf: HolderShelf;
  readonly #holder: Holder;
  #hasPrelude = false;

  constructor(survey: Survey, reading: FileReading, row: ReferenceRow, shelf: HolderShelf) {
    this.#survey = survey;
    this.#reading = reading;
    this.#row = row;
    this.#shelf = shelf;
    this.#holder = row.holder(reading.path, shelf.holders);
  }

  /** Null when the occurrence was rewritten; else why not. */
  take(one: Occurrence): string | null {
    if (one.leaf.fixed !== null) return one.leaf.fixed;
    const refusal = this.#shelf.refusal(this.#holder);
    if (refusal !== null) return refusal;
    const replacement = this.#row.extent === 'whole' ? this.#whole(one) : this.#inside(one);
    if ('why' in replacement) return replacement.why;
    const { start, end } = one.leaf.span;
    this.edits.push({ start, end, replacement: replacement.text });
    this.#addPrelude();
    return null;
  }

  #whole(one: Occurrence): { text: string } | { why: string } {
    if (one.segments.some((segment) => 'reference' in segment))
      return { why: 'it is mixed with references that only this file understands' };
    const name = this.#shelf.place(this.#holder, one.leaf, piecesOf(this.#survey, one), suggestName(this.#survey, one));
    if (name === null)
      return { why: `${this.#holder.path ?? 'the other side'} cannot hold this value (see docs/formats.md)` };
    return { text: one.leaf.pad + this.#row.write(name, this.#holder) };
  }

  #inside(one: Occurrence): { text: string } | { why: string } {
    const pieces: Piece[] = [];
    for (const segment of one.segments) {
      if ('text' in segment) pieces.push({ text: segment.text });
      else if ('reference' in segment) pieces.push({ written: segment.reference.written });
      else {
        const hole = holeOf(this.#survey, segment.found, one);
        const value = segment.found.secret.revealText();
        // The value is put into a line of options as it is; with spaces or quotes it would become other options.
        if (one.leaf.style === 'bare' && !/^[\w.@%+,:/=-]+$/.test(value))
          return { why: 'the value would need quoting that this file cannot express' };
        const name = this.#shelf.place(this.#holder, one.leaf, [hole], suggestName(this.#survey, one, segment.found));
        if (name === null)
          return { why: `${this.#holder.path ?? 'the other side'} cannot hold this value (see docs/formats.md)` };
        pieces.push({ written: this.#row.write(name, this.#holder) });
      }
    }
    const slot: Slot = {
      ...slotShape(one),
      style: one.leaf.style === 'yaml-typed' ? 'yaml-plain' : one.leaf.style,
      pieces,
    };
    const text = spellPieces(slot, () => '');
    return text === null ? { why: 'the reference cannot be written in this place' } : { text: slot.pad + text };
  }

  #addPrelude(): void {
    if (this.#hasPrelude) return;
    this.#hasPrelude = true;
    const needed = prelude(this.#reading.format!, this.#reading.text!, this.#holder);
    if (needed !== null) this.edits.unshift({ start: needed.at, end: needed.at, replacement: needed.text });
  }
}

/** Words for a new entry: the credential's own name, and for a longer text the setting's as well. */
const suggestName = (survey: Survey, one: Occurrence, found?: Found): string => {
  const first = found ?? one.segments.flatMap((segment) => ('found' in segment ? [segment.found] : []))[0]!;
  const { name } = credentialFor(survey, first, one);
  const own = one.leaf.keyPath.at(-1) ?? '';
  // A setting with the name of a variable keeps it.
  if (/^[A-Z][A-Z0-9_]{3,}$/.test(own) && first.encoding === 'none') return own;
  const short = name.split('/').slice(-2).join('_');
  const alone = found !== undefined ? first.encoding === 'none' : one.segments.length === 1;
  return alone
    ? short
    : `${short}_${found === undefined ? (one.leaf.keyPath.findLast((key) => !/^\d+$/.test(key)) ?? 'text') : 'in_url'}`;
};
