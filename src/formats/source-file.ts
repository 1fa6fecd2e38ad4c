import { createHash } from 'node:crypto';

/** A file as a value. Whoever owns the disk reads and writes it. */
export type SourceFile = {
  /** Relative to the folder that is surveyed, with `/`. */
  readonly path: string;
  readonly bytes: Uint8Array;
};

/** UTF-16 offsets into the file's text, end exclusive. */
export type Span = { readonly start: number; readonly end: number };

export type ProblemCode = 'too_large' | 'not_utf8' | 'binary' | 'syntax' | 'too_complex' | 'encrypted';

/** Why a file, or a part of one, was not understood. Never quotes the file: the text around a fault may be a secret. */
export type Problem = {
  readonly file: string;
  /** From 1; null when the whole file is meant. */
  readonly line: number | null;
  /** From 1, in UTF-16 units. */
  readonly column: number | null;
  readonly code: ProblemCode;
  readonly message: string;
};

/** Largest file read at all, in bytes; configuration is smaller, databases and images are not ours to parse. */
export const MAX_FILE_BYTES = 8 * 1024 * 1024;

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text with its byte order mark, so that encoding it gives the same bytes; or why there is none. */
export const decodeFile = (file: SourceFile): string | Problem => {
  const whole = (code: ProblemCode, message: string): Problem => ({
    file: file.path,
    line: null,
    column: null,
    code,
    message,
  });
  if (file.bytes.length > MAX_FILE_BYTES)
    return whole('too_large', `The file has ${file.bytes.length} bytes; ${MAX_FILE_BYTES} are the most that is read.`);
  let text: string;
  try {
    text = decoder.decode(file.bytes);
  } catch {
    return whole('not_utf8', 'The file is not UTF-8 text. Save it as UTF-8, or leave it out.');
  }
  return text.includes('\0') ? whole('binary', 'The file holds NUL bytes and is taken for binary.') : text;
};

export const BOM = '\uFEFF';

/** Line and column, both from 1, of an offset; built once per file. */
export type Lines = { at(offset: number): { readonly line: number; readonly column: number } };

export const linesOf = (text: string): Lines => {
  const starts = [0];
  for (let i = text.indexOf('\n'); i !== -1; i = text.indexOf('\n', i + 1)) starts.push(i + 1);
  return {
    at(offset) {
      let low = 0;
      let high = starts.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (starts[middle]! <= offset) low = middle;
        else high = middle - 1;
      }
      return { line: low + 1, column: offset - starts[low]! + 1 };
    },
  };
};

/** Lower-case hex. */
export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));
export const baseOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
export const joinPath = (folder: string, name: string): string => (folder === '' ? name : `${folder}/${name}`);

/** The folder and every folder above it, nearest first, ending with `''`. */
export const foldersUpwards = (folder: string): readonly string[] => {
  const folders = [folder];
  for (let at = folder; at !== ''; at = folderOf(at)) folders.push(folderOf(at));
  return folders;
};

/** A path as written in a file, seen from that file's folder; null when it leads out of the surveyed folder. */
export const resolvePath = (folder: string, written: string): string | null => {
  const out = written.startsWith('/') ? [] : folder.split('/').filter((part) => part !== '');
  for (const part of written.split('/')) {
    if (part === '..') {
      if (out.pop() === undefined) return null;
    } else if (part !== '.' && part !== '') out.push(part);
  }
  return out.join('/');
};
