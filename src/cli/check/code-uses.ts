import type { SourceFile } from '#formats';
import type { Use } from './use.ts';

/** Longest source that is looked at, in bytes; what is longer was generated. */
const MOST_CODE = 1_048_576;

/** Source code that `#formats` has no reader for: cloud services, scripts, builds. */
const CODE = /\.(?:[cm]?[jt]sx?|vue|svelte|go|rs|rb|php|java|kts?|cs|swift|dart|lua|sh|bash|zsh)$/i;

export const isCode = (path: string): boolean => CODE.test(path.slice(path.lastIndexOf('/') + 1));

const NAME = '([A-Za-z_][A-Za-z0-9_]*)';
const QUOTED = `["'\`]${NAME}["'\`]`;

/** How languages read a variable of their process. Every pattern is linear: no part repeats inside another. */
const READS: readonly RegExp[] = [
  // JavaScript and TypeScript: Node, Vite, Bun, Deno
  new RegExp(`\\b(?:process|import\\.meta|Bun)\\.env\\??\\.${NAME}`, 'g'),
  new RegExp(`\\b(?:process|import\\.meta|Bun)\\.env(?:\\?\\.)?\\[${QUOTED}\\]`, 'g'),
  new RegExp(`\\bDeno\\.env\\.get\\(${QUOTED}`, 'g'),
  // Go, Rust, Ruby, PHP, Java and Kotlin, C#, Lua, Dart, Swift
  new RegExp(`\\bos\\.(?:Getenv|LookupEnv|getenv)\\(${QUOTED}`, 'g'),
  new RegExp(`\\b(?:env::var(?:_os)?|env!|option_env!)\\(${QUOTED}`, 'g'),
  new RegExp(`\\bENV(?:\\.fetch\\(|\\[)${QUOTED}`, 'g'),
  new RegExp(`(?:\\bgetenv\\(|\\$_(?:ENV|SERVER)\\[)${QUOTED}`, 'g'),
  new RegExp(`\\b(?:System\\.getenv|GetEnvironmentVariable|fromEnvironment)\\(${QUOTED}`, 'g'),
  new RegExp(`\\b(?:System\\.getenv\\(\\)|\\.environment)\\[${QUOTED}\\]`, 'g'),
];

/** `const { A, B: b } = process.env` */
const TAKEN_APART = /\{([^{}]{1,2000})\}\s{0,20}=\s{0,20}(?:process|import\.meta|Bun)\.env\b(?!\.|\[)/g;
const SHELL = new RegExp(`\\$(?:${NAME}|\\{${NAME})`, 'g');
const ASSIGNED =
  /(?:^|[;&|]|\b(?:local|export|declare|readonly|read|for))[ \t]*([A-Za-z_]\w*)(?==|[ \t]+in\b|[ \t]*$)/gm;

type Read = { readonly name: string; readonly written: string; readonly at: number };

/** Variables that source code reads, comments left out; null when there is too much of it to look at. */
export const codeUses = ({ path, bytes }: SourceFile): readonly Use[] | null => {
  if (bytes.length > MOST_CODE) return null;
  // Names of variables are ASCII: bytes that are no UTF-8 hide none of them.
  const text = Buffer.from(bytes).toString('utf8');
  const isShell = /\.(?:sh|bash|zsh)$/i.test(path);
  const reads = isShell ? shellReads(text) : [...READS.flatMap((read) => matches(text, read)), ...takenApart(text)];
  return reads
    .filter(({ at }) => !isComment(text, at, path))
    .toSorted((a, b) => a.at - b.at)
    .map(({ name, written, at }) => ({
      name,
      written,
      file: path,
      line: lineAt(text, at),
      syntax: isShell ? 'shell-variable' : 'environment-read',
      elsewhere: 'environment',
      isHeld: false,
      holds: [],
    }));
};

const matches = (text: string, pattern: RegExp): readonly Read[] =>
  [...text.matchAll(pattern)].map((match) => ({
    name: match[1] ?? match[2] ?? '',
    written: match[0],
    at: match.index,
  }));

const takenApart = (text: string): readonly Read[] =>
  [...text.matchAll(TAKEN_APART)].flatMap((match) =>
    match[1]!.split(',').flatMap((part) => {
      const name = /^\s*([A-Za-z_]\w*)/.exec(part)?.[1];
      return name === undefined ? [] : [{ name, written: `{ ${name} } = process.env`, at: match.index }];
    }),
  );

/** Not those that the script itself sets. */
const shellReads = (text: string): readonly Read[] => {
  const own = new Set([...text.matchAll(ASSIGNED)].map(([, name]) => name));
  return matches(text, SHELL).filter(({ name }) => !own.has(name));
};

/** How a line of comment begins, in languages without `//`. */
const HASH = /\.(?:sh|bash|zsh|rb)$/i;
const DASHES = /\.lua$/i;

/** In doubt it is code: `//` behind an open quote is part of a text. */
const isComment = (text: string, at: number, path: string): boolean => {
  const before = text.slice(Math.max(text.lastIndexOf('\n', at - 1) + 1, at - LONGEST_LINE), at);
  if (HASH.test(path)) return /^\s*#/.test(before);
  if (DASHES.test(path)) return /^\s*--/.test(before);
  if (/^\s*\*/.test(before)) return true;
  const slashes = /(?:^|[\s;{}),])\/\//.exec(before);
  return (
    slashes !== null && !['"', "'", '`'].some((quote) => before.slice(0, slashes.index).split(quote).length % 2 === 0)
  );
};

/** How far back a comment is looked for, in UTF-16 units: minified code has none. */
const LONGEST_LINE = 1_000;

const lineAt = (text: string, at: number): number => {
  let line = 1;
  for (let next = text.indexOf('\n'); next !== -1 && next < at; next = text.indexOf('\n', next + 1)) line++;
  return line;
};
