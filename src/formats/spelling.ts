import { dotenvValue } from './dotenv.ts';
import type { Layer, Style } from './reading.ts';
import { isTyped, plainIsSafe, yamlDouble, yamlList, yamlLiteral, yamlSingle } from './yaml-spelling.ts';

/** What decides the spelling of a new value in the place of an old one. */
export type Place = { readonly style: Style; readonly layer: Layer; readonly indent: string };

/**
 * Spells a value so that its program reads back exactly this text: in the old quoting where that can hold it,
 * else in the one that can. Null when the place cannot hold it at all.
 */
export const spell = (place: Place, value: string): string | null => {
  const text = place.layer === 'compose' ? value.replaceAll('$', '$$$$') : value;
  switch (place.style) {
    case 'yaml-plain':
      return plainIsSafe(text, false) ? text : yamlDouble(text);
    case 'yaml-flow-plain':
      return plainIsSafe(text, true) ? text : yamlDouble(text);
    case 'yaml-typed':
      return isTyped(text) || plainIsSafe(text, true) ? text : yamlDouble(text);
    case 'yaml-single':
      return yamlSingle(text) ?? yamlDouble(text);
    case 'yaml-literal':
      return yamlLiteral(text, place.indent) ?? yamlDouble(text);
    case 'yaml-folded':
    case 'yaml-double':
      return yamlDouble(text);
    case 'yaml-list':
      return yamlList(text) ?? yamlDouble(text);
    case 'json-string':
      return JSON.stringify(text);
    case 'json-number':
      return /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/.test(text) ? text : JSON.stringify(text);
    case 'json-list':
      return yamlList(text) ?? JSON.stringify(text);
    case 'dotenv':
      return dotenvValue(text);
    case 'js-string':
      return jsString(text);
    case 'python-string':
      return pythonString(text);
    case 'code-single':
      return codeSingle(text);
    case 'c-string':
      return cString(text);
    default:
      return /[\0-\x08\x0a-\x1f\x7f]/.test(text) || text.trim() !== text || text === '' ? null : text;
  }
};

/** The separators end a line in JavaScript before ES2019. */
const jsString = (text: string): string =>
  JSON.stringify(text).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');

const codeSingle = (text: string): string =>
  `'${jsString(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;

/** Python reads JSON's escapes, except that characters beyond 16 bits must not be written as two surrogates; we write them as they are. */
const pythonString = (text: string): string => JSON.stringify(text);

/**
 * ISO C 6.4.5 and 6.4.4.4. Octal escapes of three digits, because `\x` has no end; `?` is escaped against trigraphs
 * (5.2.1.1). Null for NUL, which would end the string.
 */
const cString = (text: string): string | null => {
  if (text.includes('\0')) return null;
  let out = '"';
  for (const char of text) {
    const code = char.codePointAt(0)!;
    if (char === '"' || char === '\\') out += `\\${char}`;
    else if (char === '\n') out += '\\n';
    else if (char === '\r') out += '\\r';
    else if (char === '\t') out += '\\t';
    else if (char === '?') out += '\\?';
    else if (code < 0x20 || code === 0x7f) out += `\\${code.toString(8).padStart(3, '0')}`;
    else out += char;
  }
  return `${out}"`;
};
