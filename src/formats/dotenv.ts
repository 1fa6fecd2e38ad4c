import type { Scalar } from './reading.ts';
import { BOM } from './source-file.ts';
import type { Fault, ScalarsOf } from './yaml.ts';

/**
 * A `.env` file as Docker Compose, systemd's EnvironmentFile and a shell's `source` read it. Where they differ, reading
 * follows Compose; writing keeps to what all three read alike.
 *
 *     NAME=bare words       to ` #` or the end of the line
 *     export NAME='literal, over several lines too'
 *     NAME="with \n \" \\ \$ and ${OTHER}"
 */
export const readDotenv = (text: string): ScalarsOf => {
  const scalars: Scalar[] = [];
  const faults: Fault[] = [];
  let at = text.startsWith(BOM) ? 1 : 0;
  while (at < text.length) {
    const lineEnd = endOfLine(text, at);
    const head = /^[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_.-]*)[ \t]*=[ \t]*/.exec(text.slice(at, lineEnd));
    if (head === null) {
      if (!/^\s*(?:#|$)/.test(text.slice(at, lineEnd)))
        faults.push({ offset: at, code: 'syntax', message: 'This line is neither NAME=value nor a comment.' });
      at = lineEnd + 1;
      continue;
    }
    const start = at + head[0].length;
    const value = readValue(text, start, lineEnd);
    if (value === null) {
      faults.push({ offset: start, code: 'syntax', message: 'The quote that opens this value is never closed.' });
      at = lineEnd + 1;
      continue;
    }
    if (value.end > start)
      scalars.push({
        keyPath: [head[1]!],
        span: { start, end: value.end },
        style: 'dotenv',
        text: value.text,
        ...(value.literal ? { tag: 'literal' } : {}),
      });
    at = endOfLine(text, value.end) + 1;
  }
  return { scalars, faults: faults.slice(0, 5) };
};

/** `literal` when the value was in single quotes, where `$` means nothing. */
type Value = { readonly text: string; readonly end: number; readonly literal: boolean };

const readValue = (text: string, start: number, lineEnd: number): Value | null => {
  const quote = text[start];
  if (quote === "'") {
    const close = text.indexOf("'", start + 1);
    return close === -1
      ? null
      : { text: text.slice(start + 1, close).replaceAll('\r\n', '\n'), end: close + 1, literal: true };
  }
  if (quote === '"') {
    const close = closingQuote(text, start);
    if (close === -1) return null;
    const inner = text.slice(start + 1, close).replaceAll('\r\n', '\n');
    // `\$` stays escaped here: it is told apart from a reference where references are read.
    return {
      text: inner.replaceAll(/\\([nrt"\\`])/g, (_, char: string) => ESCAPES[char] ?? char),
      end: close + 1,
      literal: false,
    };
  }
  const line = text.slice(start, lineEnd);
  const comment = /(?:^|[ \t])#/.exec(line);
  const bare = (comment === null ? line : line.slice(0, comment.index)).trimEnd();
  return { text: bare, end: start + bare.length, literal: false };
};

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

const closingQuote = (text: string, open: number): number => {
  for (let i = open + 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '"') return i;
  }
  return -1;
};

const endOfLine = (text: string, from: number): number => {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
};

/**
 * The spelling on which Compose, systemd and `source` agree; null when there is none.
 *
 * Single quotes: all three take everything up to the next one as it is, but Compose takes `\'` for an escape, so a value
 * may not end in a backslash there. Double quotes: all three unescape `\"` and `\\`; a shell needs `\$` and a backslash in
 * front of a backtick, which Compose does not take away.
 */
export const dotenvValue = (text: string): string | null => {
  if (/[\0\r]/.test(text)) return null;
  if (/^[A-Za-z0-9_.:/@%+,-]*$/.test(text)) return text;
  if (!text.includes("'") && !text.endsWith('\\')) return `'${text}'`;
  if (/[$`]/.test(text)) return null;
  return `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
};
