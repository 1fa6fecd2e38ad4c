import fc from 'fast-check';
import { utf8 } from '#kernel';
import type { SourceFile } from '#formats';

/** Texts that break quoting, for the tests of every room that writes them somewhere. */

/** Property runs; CI sets more. */
export const RUNS = Number(process.env['CHATELAINE_FUZZ_RUNS'] ?? 200);

export const file = (path: string, text: string): SourceFile => ({ path, bytes: utf8(text) });

/** What breaks quoting in one of the formats. */
const HOSTILE = [
  '"',
  "'",
  '\\',
  '#',
  ' #',
  ': ',
  ':',
  '*',
  '&',
  '!',
  '%',
  '@',
  '`',
  '|',
  '>',
  '-',
  '- ',
  '?',
  '{',
  '}',
  '[',
  ']',
  ',',
  '=',
  '$',
  '$$',
  '${X}',
  '$(id)',
  '{{',
  '}}',
  '{{ x }}',
  '\n',
  '\t',
  ' ',
  '  ',
  '\u2028',
  '\u00e9',
  '\u{1f511}',
  '\u0085',
  '\u00a0',
  '%41',
  '%',
  '&amp;',
  'yes',
  'null',
  '0123',
  '1e3',
  '0x1F',
  '1:30',
  '2024-01-01',
  '~',
  '<<',
  '---',
  '...',
  '//',
  '/*',
  '*/',
  '??=',
  '\\n',
  '\\u0041',
  "'''",
  '"""',
  '~',
  'é',
];

/** Texts that people could have as a secret: never empty, without NUL and carriage return. */
export const hostileText: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...HOSTILE) },
      { weight: 2, arbitrary: fc.stringMatching(/^[A-Za-z0-9]{1,6}$/) },
    ),
    { minLength: 1, maxLength: 8 },
  )
  .map((parts) => parts.join(''));

/** A password nobody would take for a word, with something hostile in it. */
export const hostilePassword: fc.Arbitrary<string> = fc
  .tuple(fc.stringMatching(/^[A-Za-z0-9]{6,12}$/), hostileText, fc.stringMatching(/^[A-Za-z0-9]{2,6}$/))
  .map((parts) => parts.join(''));
