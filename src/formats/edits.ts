import { utf8 } from '#kernel';
import { formatsError } from './errors.ts';
import { type SourceFile, decodeFile, sha256 } from './source-file.ts';

/** Replaces a span of a text, in UTF-16 offsets; `start === end` inserts. */
export type TextEdit = { readonly start: number; readonly end: number; readonly replacement: string };

/** Edits of one file, valid for exactly the bytes they were made for. */
export type FileEdit = {
  readonly path: string;
  /** SHA-256 in hex of the bytes the spans belong to. */
  readonly sha256: string;
  /** In order, not overlapping. */
  readonly edits: readonly TextEdit[];
};

/** The text with the edits made, everything else as it was. Throws `formats.overlapping` on edits that contradict. */
export const applyEdits = (text: string, edits: readonly TextEdit[]): string => {
  let out = '';
  let at = 0;
  for (const edit of inOrder(edits, text.length)) {
    out += text.slice(at, edit.start) + edit.replacement;
    at = edit.end;
  }
  return out + text.slice(at);
};

/** The file after its edits. Throws `formats.changed` when it is not the file the edits were made for. */
export const applyFileEdit = (file: SourceFile, edit: FileEdit): SourceFile => {
  if (file.path !== edit.path || sha256(file.bytes) !== edit.sha256)
    throw formatsError('changed', `${edit.path} has changed since it was read.`, { path: edit.path });
  const text = decodeFile(file);
  if (typeof text !== 'string') throw formatsError('changed', text.message, { path: edit.path });
  return { path: file.path, bytes: utf8(applyEdits(text, edit.edits)) };
};

/** Sorted by place; insertions at one place keep their order. */
export const inOrder = (edits: readonly TextEdit[], length: number): readonly TextEdit[] => {
  const sorted = edits.toSorted((a, b) => a.start - b.start || a.end - b.end);
  let at = 0;
  for (const { start, end } of sorted) {
    if (start < at || end < start || end > length)
      throw formatsError('overlapping', 'Two edits of one file touch the same text, or lie outside it.', {
        start,
        end,
      });
    at = end;
  }
  return sorted;
};
