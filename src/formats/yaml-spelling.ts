/**
 * Spelling of values in YAML, for readers of 1.1 (PyYAML: Home Assistant, ESPHome) and of 1.2 (js-yaml: Zigbee2MQTT) alike.
 *
 * A string is written so that both read a string; what either reads as a number, a boolean, null or a date is `typed`.
 */

const TYPED =
  /^(?:~|null|true|false|yes|no|on|off|y|n|=|<<|[-+]?\.(?:inf|nan)|[-+]?0b[01_]+|[-+]?0o?[0-7_]+|[-+]?\d[\d_]*|[-+]?0x[\da-f_]+|[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?|[-+]?(?:\d[\d_]*)?\.[\d_]*(?:e[-+]?\d+)?|[-+]?(?:\d[\d_]*)?(?:\.[\d_]*)?e[-+]?\d+|\d{4}-\d\d?-\d\d?(?:(?:[Tt]|[ \t]+)[\d:.]+[ \t]*(?:Z|[-+]\d\d?(?::?\d\d)?)?)?)$/i;

/** True when a reader of YAML 1.1 or 1.2 takes the plain text for something else than a string (1.2 §10.3.2; 1.1 type repository). */
export const isTyped = (text: string): boolean => text === '' || TYPED.test(text);

/** Control characters, and what YAML 1.1 takes for a line break or refuses in a stream (1.1 §4.1.1, §4.1.4). */
const UNPRINTABLE = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\uFEFF\uFFFE\uFFFF]/;

/** True when the text can stand unquoted and is read back the same, as a string. PyYAML ends a plain text inside brackets at any `?`. */
export const plainIsSafe = (text: string, flow: boolean): boolean =>
  !isTyped(text) &&
  !UNPRINTABLE.test(text) &&
  !/[\t\n\r]/.test(text) &&
  text.trim() === text &&
  !/^(?:[,[\]{}#&*!|>'"%@`]|[-?:](?:\s|$)|---|\.\.\.)/.test(text) &&
  !/: | #|:$/.test(text) &&
  !(flow && /[,[\]{}?]|^[-:]|:(?=$|["'])/.test(text));

export const yamlDouble = (text: string): string => {
  let out = '"';
  for (const char of text) out += escaped(char);
  return `${out}"`;
};

const escaped = (char: string): string => {
  if (char === '"' || char === '\\') return `\\${char}`;
  if (char === '\n') return '\\n';
  if (char === '\t') return '\\t';
  if (char === '\r') return '\\r';
  if (!UNPRINTABLE.test(char)) return char;
  const code = char.codePointAt(0)!;
  return code <= 0xff ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
};

/** Null when single quotes cannot hold it on one line. */
export const yamlSingle = (text: string): string | null =>
  UNPRINTABLE.test(text) || /[\t\n\r]/.test(text) ? null : `'${text.replaceAll("'", "''")}'`;

/** A literal block; null when it would not be read back the same. */
export const yamlLiteral = (text: string, indent: string): string | null => {
  if (
    indent === '' ||
    UNPRINTABLE.test(text) ||
    /[\t\r]/.test(text) ||
    /^\s|\s\n|\n\n$|[^\S\n]$/.test(text) ||
    text === ''
  )
    return null;
  const keep = text.endsWith('\n');
  const lines = (keep ? text.slice(0, -1) : text).split('\n');
  return `|${keep ? '' : '-'}\n${lines.map((line) => (line === '' ? '' : indent + line)).join('\n')}`;
};

/** A list of numbers given as JSON text; null when it is not one. */
export const yamlList = (text: string): string | null =>
  /^\[\s*\d+(?:\s*,\s*\d+)*\s*\]$/.test(text) ? `[${text.match(/\d+/g)!.join(', ')}]` : null;
