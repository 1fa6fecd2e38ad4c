import { type FileReading, type Leaf, isReference, readFile } from '#formats';
import type { WholeFile } from '../detector.ts';

/** A scalar of a file with its place, quotes outside. */
export type Value = {
  readonly keyPath: readonly string[];
  /** Decoded, as its program sees it. */
  readonly text: string;
  /** UTF-16 offsets in the file's text. */
  readonly start: number;
  readonly end: number;
};

/** A file as the families see it: parsed once, when the first of them asks. */
export type HomeFile = WholeFile & {
  /** The name behind the last `/` or `!`, in lower case. */
  readonly base: string;
  /** In lower case, with `/` before and after, so that `/.storage/` finds a folder anywhere. */
  readonly folder: string;
  /** As its own format says. */
  reading(): FileReading;
  /** Every scalar of a JSON text, whatever the file is called; empty when it is none. */
  json(): readonly Value[];
};

export const openHomeFile = (file: WholeFile): HomeFile => {
  const path = file.path.replaceAll('!', '/').toLowerCase();
  const cut = path.lastIndexOf('/');
  let reading: FileReading | null = null;
  let json: readonly Value[] | null = null;
  return {
    ...file,
    base: path.slice(cut + 1),
    folder: `/${path.slice(0, Math.max(0, cut))}/`,
    reading: () =>
      (reading ??= heard(file, readFile({ path: file.path.replaceAll('!', '/'), bytes: plainBytes(file) }))),
    json: () =>
      (json ??= heard(file, readFile({ path: 'document.json', bytes: plainBytes(file) })).leaves.map((leaf) =>
        valueOf(file.text, leaf),
      )),
  };
};

/** What is broken is nobody's file of a home; what is too large or too deep may be one, and was not read. */
const heard = (file: WholeFile, reading: FileReading): FileReading => {
  if (reading.problems.some(({ code }) => code === 'too_large' || code === 'too_complex')) file.tellUnread?.();
  return reading;
};

/** The reading is placed in `text`, from which a byte order mark was taken. */
const plainBytes = ({ bytes, text }: WholeFile): Uint8Array =>
  bytes[0] === 0xef && text.charCodeAt(0) !== 0xfeff ? bytes.subarray(3) : bytes;

/** Styles whose span holds the quotes around the value. */
const QUOTED = new Set(['yaml-single', 'yaml-double', 'json-string', 'js-string', 'python-string', 'c-string']);

export const valueOf = (text: string, leaf: Leaf): Value => {
  const decoded = leaf.parts.map((part) => (isReference(part) ? part.written : part.revealText())).join('');
  let { start, end } = leaf.span;
  if (start === end) {
    // The default inside a reference: `${X:-default}`.
    const at = text.lastIndexOf(decoded, end);
    return {
      keyPath: leaf.keyPath,
      text: decoded,
      start: at === -1 ? start : at,
      end: at === -1 ? end : at + decoded.length,
    };
  }
  const first = text[start];
  const isQuoted = QUOTED.has(leaf.style) || leaf.style === 'code-single' || leaf.style === 'dotenv';
  if (isQuoted && (first === '"' || first === "'" || first === '`') && text[end - 1] === first && end - start >= 2) {
    start++;
    end--;
  }
  const written = text.slice(start, end);
  if (written !== decoded) {
    const at = written.indexOf(decoded);
    if (at !== -1) return { keyPath: leaf.keyPath, text: decoded, start: start + at, end: start + at + decoded.length };
  }
  return { keyPath: leaf.keyPath, text: decoded, start, end };
};

/** The values below one place of the document: `below(values, ['data', 'users'])`. */
export const below = (values: readonly Value[], ...keyPath: readonly string[]): readonly Value[] =>
  values.filter((value) => keyPath.every((key, index) => value.keyPath[index] === key));

/** The text of one place, or undefined. */
export const textAt = (values: readonly Value[], ...keyPath: readonly string[]): string | undefined =>
  values.find((value) => value.keyPath.length === keyPath.length && keyPath.every((key, i) => value.keyPath[i] === key))
    ?.text;
