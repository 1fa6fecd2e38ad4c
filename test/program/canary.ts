import { randomInt } from 'node:crypto';
import { type Dirent, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** A secret that was planted, or that the program made, and what it would look like wherever it must not be. */
export type Canary = { readonly name: string; readonly needles: readonly Buffer[] };

const LETTERS = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
/** Letters of a mark; 57^14 leaves nothing to chance. */
const MARK_LENGTH = 14;

/** One kind of planted secret: every text of it holds the same mark, so that one search finds them all. */
export type Plant = {
  readonly canary: Canary;
  /** Another text, of letters that every place takes. */
  plain(): string;
  /** Another text, with what breaks quoting and escaping around the mark. */
  hostile(): string;
};

export const plant = (name: string): Plant => {
  const mark = Array.from({ length: MARK_LENGTH }, () => LETTERS[randomInt(LETTERS.length)]!).join('');
  let count = 0;
  return {
    canary: { name, needles: formsOf(Buffer.from(mark)) },
    plain: () => `${mark}-${count++}`,
    hostile: () => `ü"\\'<&%20 ${mark} $\{X}/+${count++}`,
  };
};

/** A secret that was not ours to choose: its beginning and its end, for an excerpt of it is a leak too. */
export const canaryOf = (name: string, secret: string | Uint8Array): Canary => {
  const bytes = Buffer.from(secret);
  const size = Math.min(16, bytes.length);
  return { name, needles: [...formsOf(bytes.subarray(0, size)), ...formsOf(bytes.subarray(bytes.length - size))] };
};

/** Plain; base64 in its three alignments and both alphabets; hexadecimal; percent; JSON's `\u`; UTF-16. */
export const formsOf = (bytes: Buffer): Buffer[] => {
  const hex = bytes.toString('hex');
  const pairs = hex.match(/../g)!;
  const texts = [
    hex,
    hex.toUpperCase(),
    pairs.map((pair) => `%${pair}`).join(''),
    pairs.map((pair) => `%${pair.toUpperCase()}`).join(''),
    pairs.map((pair) => `\\u00${pair}`).join(''),
    pairs.map((pair) => `\\x${pair}`).join(''),
    ...base64Forms(bytes),
  ];
  const wide = Buffer.from(bytes.toString('latin1'), 'utf16le');
  return [bytes, wide, Buffer.from(wide).swap16(), ...texts.map((text) => Buffer.from(text))];
};

/** The letters of base64 that depend on these bytes alone, whatever stands before and after them. */
const base64Forms = (bytes: Buffer): string[] =>
  [0, 1, 2].flatMap((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
    const from = Math.ceil((shift * 8) / 6);
    const to = Math.floor(((shift + bytes.length) * 8) / 6);
    const own = text.slice(from, to);
    const forUrls = own.replaceAll('+', '-').replaceAll('/', '_');
    return own === forUrls ? [own] : [own, forUrls];
  });

/** Names of the canaries that stand in these bytes. */
export const canariesIn = (haystack: string | Uint8Array, canaries: readonly Canary[]): string[] => {
  const bytes =
    typeof haystack === 'string'
      ? Buffer.from(haystack)
      : Buffer.from(haystack.buffer, haystack.byteOffset, haystack.byteLength);
  return canaries.filter(({ needles }) => needles.some((needle) => bytes.includes(needle))).map(({ name }) => name);
};

/** What is wrong, one line each: where which canary was found that has no business there. */
export type Watch = {
  add(...canaries: readonly Canary[]): void;
  /** `allowed`: names of canaries that this place is meant to show. */
  look(where: string, bytes: string | Uint8Array, allowed?: readonly string[]): void;
  /** Looks through every file of a folder, names included. */
  lookThrough(folder: string, allowedIn?: (path: string) => readonly string[] | 'anything'): number;
  readonly leaks: readonly string[];
  readonly bytes: () => number;
};

export const openWatch = (): Watch => {
  const canaries: Canary[] = [];
  const leaks: string[] = [];
  let bytesSeen = 0;
  const watch: Watch = {
    leaks,
    bytes: () => bytesSeen,
    add: (...more) => void canaries.push(...more),
    look(where, bytes, allowed = []) {
      bytesSeen += bytes.length;
      for (const name of canariesIn(bytes, canaries)) if (!allowed.includes(name)) leaks.push(`${where}: ${name}`);
    },
    lookThrough(folder, allowedIn = () => []) {
      let files = 0;
      for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
        const path = join(entry.parentPath, entry.name);
        const allowed = allowedIn(path.slice(folder.length + 1));
        if (allowed === 'anything') continue;
        watch.look(`the name ${path}`, entry.name, allowed);
        if (!entry.isFile()) continue;
        files++;
        watch.look(`the file ${path}`, read(entry), allowed);
      }
      return files;
    },
  };
  return watch;
};

/** A file that went away meanwhile holds nothing. */
const read = (entry: Dirent): Uint8Array => {
  try {
    return readFileSync(join(entry.parentPath, entry.name));
  } catch {
    return new Uint8Array();
  }
};
