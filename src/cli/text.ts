import { stripVTControlCharacters } from 'node:util';

/**
 * Text that a file or a server gave, made fit to print: without escape sequences and control or format characters, which
 * could repaint the terminal or turn the direction of reading.
 */
export const printable = (text: string): string =>
  stripVTControlCharacters(text).replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (char) =>
    char === '\t' ? ' ' : '�',
  );

let segmenter: Intl.Segmenter | null = null;
/** Made when a text outside ASCII is first measured: it takes as long to make as the program to start. */
const segmentsOf = (text: string): Intl.Segments =>
  (segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' })).segment(text);
const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303F\uFF01-\uFF60]|\p{Emoji_Presentation}/u;

/** Columns that a text takes on a terminal; escape sequences take none. */
export const widthOf = (text: string): number => {
  const plain = stripVTControlCharacters(text);
  if (/^[\x20-\x7E]*$/.test(plain)) return plain.length;
  let width = 0;
  for (const { segment } of segmentsOf(plain)) width += /^\p{M}+$/u.test(segment) ? 0 : WIDE.test(segment) ? 2 : 1;
  return width;
};

/** At most `columns` wide, the cut marked by an ellipsis. Plain text only. */
export const shorten = (text: string, columns: number): string => {
  if (widthOf(text) <= columns) return text;
  let kept = '';
  let width = 0;
  for (const { segment } of segmentsOf(text)) {
    width += widthOf(segment);
    if (width > columns - 1) break;
    kept += segment;
  }
  return columns < 1 ? '' : `${kept.trimEnd()}…`;
};

/** As `shorten`, keeping the end. */
export const shortenStart = (text: string, columns: number): string => {
  if (widthOf(text) <= columns) return text;
  const segments = [...segmentsOf(text)].map(({ segment }) => segment);
  while (segments.length > 0 && widthOf(segments.join('')) > columns - 1) segments.shift();
  return columns < 1 ? '' : `…${segments.join('').trimStart()}`;
};

/** Words folded into lines of at most `columns`; a longer word stands alone. */
export const fold = (text: string, columns: number): readonly string[] => {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter((one) => one !== '')) {
    if (line !== '' && widthOf(line) + 1 + widthOf(word) > columns) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return line === '' ? lines : [...lines, line];
};

/** `1 file`, `2 files`. */
export const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;

/** `a, b and 3 more`. */
export const some = (names: readonly string[], most: number): string =>
  names.length <= most ? names.join(', ') : `${names.slice(0, most).join(', ')} and ${names.length - most} more`;
