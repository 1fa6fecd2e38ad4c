/** The languages whose string literals we find. A tokeniser, not a parser: broken code gives fewer tokens, never an error. */
export type Language = 'js' | 'python' | 'c';

export type Token = {
  readonly kind: 'word' | 'string' | 'punctuation';
  /** The word, the decoded string, or the one character. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Why the literal's span must not be replaced. */
  readonly fixed?: string;
};

export const tokenise = (text: string, language: Language): readonly Token[] => {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const next = skipBlank(text, at, language, tokens.at(-1));
    if (next > at) {
      at = next;
      continue;
    }
    const token = stringAt(text, at, language) ??
      wordAt(text, at) ?? { kind: 'punctuation' as const, text: text[at]!, start: at, end: at + 1 };
    if (token.text !== '' || token.kind === 'string') tokens.push(token);
    at = token.end;
  }
  return tokens;
};

/** Past white space, comments, and what only looks like a string: C's characters, JavaScript's regular expressions. */
const skipBlank = (text: string, at: number, language: Language, before: Token | undefined): number => {
  const char = text[at]!;
  if (/\s|\uFEFF/.test(char)) return at + 1;
  if (language === 'python') return char === '#' ? lineEnd(text, at) : at;
  if (text.startsWith('//', at)) return lineEnd(text, at);
  if (text.startsWith('/*', at)) {
    const close = text.indexOf('*/', at + 2);
    return close === -1 ? text.length : close + 2;
  }
  if (language === 'c' && char === "'") return past(/'(?:\\.|[^'\\\n])*'?/y, text, at);
  // A slash divides after a value and opens a regular expression anywhere else.
  if (
    language === 'js' &&
    char === '/' &&
    (before === undefined || (before.kind === 'punctuation' && !/[)\]}]/.test(before.text)) || before.text === 'return')
  )
    return past(REGULAR_EXPRESSION, text, at);
  return at;
};

/** Bounded, so that a line of brackets costs no more than its length. */
const REGULAR_EXPRESSION = /\/(?:\\.|\[(?:\\.|[^\]\\\n]){0,200}\]|[^/\\\n[]){1,500}\/[a-z]*/y;

const lineEnd = (text: string, at: number): number => {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end;
};

const past = (pattern: RegExp, text: string, at: number): number => {
  pattern.lastIndex = at;
  return at + (pattern.exec(text)?.[0].length ?? 0);
};

const WORD = /[\p{L}\p{N}_$]+/uy;

const wordAt = (text: string, at: number): Token | null => {
  WORD.lastIndex = at;
  const word = WORD.exec(text)?.[0];
  return word === undefined ? null : { kind: 'word', text: word, start: at, end: at + word.length };
};

const PREFIX = /(?:[rRbBuUfF]{0,2}|u8|[LR]|u8R|[uUL]R)(?=["'`])/y;

const stringAt = (text: string, at: number, language: Language): Token | null => {
  let prefix = '';
  if (language !== 'js') {
    PREFIX.lastIndex = at;
    prefix = PREFIX.exec(text)?.[0] ?? '';
  }
  const open = at + prefix.length;
  const quote = text[open];
  if (quote !== '"' && quote !== "'" && !(quote === '`' && language === 'js')) return null;
  if (language === 'c') return quote === '"' ? cString(text, at, open, prefix) : null;
  const triple = language === 'python' && text.startsWith(quote.repeat(3), open) ? quote.repeat(3) : quote;
  const raw = language === 'python' && /r/i.test(prefix);
  const many = triple.length === 3 || quote === '`';
  const close = closing(text, open + triple.length, triple, many);
  if (close === -1) return { kind: 'punctuation', text: quote, start: at, end: open + 1 };
  const inner = text.slice(open + triple.length, close);
  const fixed =
    quote === '`' && inner.includes('${')
      ? 'it is a template with expressions'
      : /f/i.test(prefix)
        ? 'it is a formatted string'
        : /b/i.test(prefix)
          ? 'it is a byte string'
          : undefined;
  return {
    kind: 'string',
    text: raw ? inner : unescape(inner, language),
    start: at,
    end: close + triple.length,
    ...(fixed === undefined ? {} : { fixed }),
  };
};

/** Longest raw string, in UTF-16 units. */
const MAX_RAW = 16 * 1024;

const cString = (text: string, at: number, open: number, prefix: string): Token => {
  if (prefix.endsWith('R')) {
    const delimiter = /"([^()\\\s]{0,16})\(/y;
    delimiter.lastIndex = open;
    const head = delimiter.exec(text);
    const close = head === null ? -1 : text.slice(open, open + MAX_RAW).indexOf(`)${head[1]}"`);
    const end = open + close;
    if (head !== null && close !== -1)
      return {
        kind: 'string',
        text: text.slice(open + head[0].length, end),
        start: at,
        end: end + head[1]!.length + 2,
        fixed: 'it is a raw string',
      };
  }
  const close = closing(text, open + 1, '"', false);
  if (close === -1) return { kind: 'punctuation', text: '"', start: at, end: open + 1 };
  const token: Token = { kind: 'string', text: unescape(text.slice(open + 1, close), 'c'), start: at, end: close + 1 };
  return prefix === '' ? token : { ...token, fixed: 'it is a wide or encoded string' };
};

const closing = (text: string, from: number, quote: string, many: boolean): number => {
  for (let i = from; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '\n' && !many) return -1;
    else if (text.startsWith(quote, i)) return i;
  }
  return -1;
};

const NAMED: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f', v: '\v' };

const unescape = (inner: string, language: Language): string =>
  inner.replaceAll(
    /\\(?:(\r\n|\n)|x([\da-fA-F]{1,8})|u\{([\da-fA-F]{1,6})\}|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{1,3})|([^]))/g,
    (whole, line, x?: string, brace?: string, short?: string, long?: string, octal?: string, char?: string) => {
      if (line !== undefined) return '';
      if (x !== undefined) return language === 'c' ? codePoint(x) : codePoint(x.slice(0, 2)) + x.slice(2);
      const hex = brace ?? short ?? long;
      if (hex !== undefined) return codePoint(hex);
      if (octal !== undefined) return String.fromCharCode(parseInt(octal, 8) & 0xff);
      if (char === 'a' && language !== 'js') return '\x07';
      if (char !== undefined && char in NAMED) return NAMED[char]!;
      return language === 'python' && !/["'\\]/.test(char ?? '') ? whole : (char ?? '');
    },
  );

const codePoint = (hex: string): string => {
  const code = parseInt(hex, 16);
  return code <= 0x10ffff ? String.fromCodePoint(code) : '\uFFFD';
};
