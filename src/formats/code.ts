import { type Language, type Token, tokenise } from './tokens.ts';
import type { Span } from './source-file.ts';

/** A place in source code that holds, or fetches, one value. */
export type CodeValue = {
  readonly keyPath: readonly string[];
  readonly span: Span;
  readonly value: { readonly text: string } | Fetched;
  readonly fixed?: string;
};

export type Fetched = {
  readonly name: string;
  readonly syntax: 'process-env' | 'os-environ' | 'c-macro';
  /** The literal used when the environment has no such name. */
  readonly fallback?: string;
};

export type CodeReading = {
  readonly values: readonly CodeValue[];
  /** Paths as written in `#include "…"`, with the offset behind the last one's line. */
  readonly includes: readonly string[];
};

/**
 * String literals and fetches from the environment, with the name they are given: the variable, the property with the
 * objects around it, the `#define`, the keyword argument, or what the called function calls its argument.
 */
export const readCode = (text: string, language: Language): CodeReading => {
  const tokens = tokenise(text, language);
  const values: CodeValue[] = [];
  const includes: string[] = [];
  const stack: Level[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    if (token.kind === 'punctuation') {
      step(stack, tokens, i, language);
      continue;
    }
    const fetched = fetchAt(tokens, i, language);
    if (fetched !== null) {
      values.push({
        keyPath: keyPathAt(stack, tokens, i, fetched.name),
        span: { start: token.start, end: tokens[fetched.last]!.end },
        value: fetched.value,
      });
      i = fetched.last;
    } else if (token.kind === 'string') {
      if (language === 'c' && tokens[i - 1]?.text === 'include') includes.push(token.text);
      else if (token.text !== '' && !isKey(tokens, i, stack))
        values.push({
          keyPath: keyPathAt(stack, tokens, i, 'literal'),
          span: { start: token.start, end: token.end },
          value: { text: token.text },
          ...fixedBy(tokens, i),
        });
    } else if (language === 'c' && isMacroUse(tokens, i))
      values.push({
        keyPath: keyPathAt(stack, tokens, i, token.text),
        span: { start: token.start, end: token.end },
        value: { name: token.text, syntax: 'c-macro' },
      });
  }
  return { values, includes };
};

type Level = {
  readonly open: string;
  readonly keys: readonly string[];
  readonly callee: string | null;
  first: string | null;
  index: number;
};

/** Bounds the work on text that only opens brackets. */
const MAX_LEVELS = 200;

const step = (stack: Level[], tokens: readonly Token[], i: number, language: Language): void => {
  const char = tokens[i]!.text;
  if (char === '{' || char === '[' || char === '(') {
    if (stack.length >= MAX_LEVELS) stack.length = 0;
    const callee = char === '(' && tokens[i - 1]?.kind === 'word' ? tokens[i - 1]!.text : null;
    const key = char === '(' ? null : ownKey(tokens, i);
    const owner =
      callee !== null && tokens[i - 2]?.text === '.' && tokens[i - 3]?.kind === 'word' ? [tokens[i - 3]!.text] : [];
    const outer = callee !== null && language !== 'js' ? [...owner] : key === null ? [] : [key];
    const next = tokens[i + 1];
    stack.push({
      open: char,
      keys: outer,
      callee,
      first: next?.kind === 'string' && tokens[i + 2]?.text === ',' ? next.text : null,
      index: 0,
    });
  } else if (char === '}' || char === ']' || char === ')') stack.pop();
  else if (char === ',') {
    const level = stack.at(-1);
    if (level !== undefined) level.index++;
  }
};

/** What the arguments of well-known functions are called. */
const ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  begin: ['ssid', 'password'],
  addap: ['ssid', 'password'],
  softap: ['ssid', 'password'],
  connect: ['client_id', 'username', 'password'],
  login: ['username', 'password'],
  setpassword: ['password'],
  setcredentials: ['username', 'password'],
  username_pw_set: ['username', 'password'],
  httpbasicauth: ['username', 'password'],
  setauthorization: ['username', 'password'],
  settoken: ['token'],
};

const keyPathAt = (
  stack: readonly Level[],
  tokens: readonly Token[],
  i: number,
  fallback: string,
): readonly string[] => {
  const level = stack.at(-1);
  const outer = stack.flatMap((one) => one.keys);
  const own = ownKey(tokens, i);
  if (own !== null) return [...outer, own];
  if (level !== undefined && level.callee !== null) {
    const name = ARGUMENTS[level.callee.toLowerCase()]?.[level.index];
    // `addHeader("Authorization", "…")`: the first argument names the others, where the function itself says nothing.
    return [
      ...outer,
      level.callee,
      name ?? (level.index > 0 && level.first !== null ? level.first : `argument${level.index + 1}`),
    ];
  }
  if (level?.open === '[') return [...outer, String(level.index)];
  return [...outer, fallback];
};

/** The name in front of `:` or `=` or after `#define`. */
const ownKey = (tokens: readonly Token[], i: number): string | null => {
  const before = tokens[i - 1];
  if (before === undefined) return null;
  if (tokens[i - 2]?.text === 'define' && tokens[i - 3]?.text === '#') return before.text;
  if (before.text !== '=' && before.text !== ':') return null;
  let key = i - 2;
  if (tokens[key]?.text === '=' || tokens[key]?.text === '!') return null;
  if (tokens[key]?.text === ']') {
    if (tokens[key - 1]?.kind === 'string') return tokens[key - 1]!.text;
    while (key > 0 && tokens[key]!.text !== '[') key--;
    key--;
  }
  const token = tokens[key];
  return token === undefined || token.kind === 'punctuation' ? null : token.text;
};

const isKey = (tokens: readonly Token[], i: number, stack: readonly Level[]): boolean => {
  const after = tokens[i + 1]?.text;
  return (after === ':' && stack.at(-1)?.open === '{') || (after === ']' && tokens[i + 2]?.text === '=');
};

/** Two literals side by side are one value in Python and C; replacing one of them would change the other's meaning. */
const fixedBy = (tokens: readonly Token[], i: number): { fixed?: string } => {
  const token = tokens[i]!;
  if (token.fixed !== undefined) return { fixed: token.fixed };
  return tokens[i + 1]?.kind === 'string' || tokens[i - 1]?.kind === 'string'
    ? { fixed: 'it is joined to the literal beside it' }
    : {};
};

type Fetch = { readonly last: number; readonly name: string; readonly value: Fetched };

const fetchAt = (tokens: readonly Token[], i: number, language: Language): Fetch | null => {
  const words = (...expected: readonly string[]) => expected.every((text, offset) => tokens[i + offset]?.text === text);
  const string = (index: number) => (tokens[index]?.kind === 'string' ? tokens[index].text : undefined);
  const found = (syntax: Fetched['syntax'], last: number, name: string | undefined, fallback?: string): Fetch | null =>
    name === undefined
      ? null
      : { last, name, value: { name, syntax, ...(fallback === undefined ? {} : { fallback }) } };
  const call = (open: number): Fetch | null => {
    if (tokens[open + 2]?.text === ')') return found('os-environ', open + 2, string(open + 1));
    if (tokens[open + 2]?.text !== ',' || tokens[open + 4]?.text !== ')') return null;
    return found('os-environ', open + 4, string(open + 1), string(open + 3));
  };
  if (language === 'js' && words('process', '.', 'env')) {
    if (tokens[i + 3]?.text === '.') return found('process-env', i + 4, tokens[i + 4]?.text);
    if (tokens[i + 3]?.text === '[' && tokens[i + 5]?.text === ']') return found('process-env', i + 5, string(i + 4));
  }
  if (language === 'python' && words('os', '.')) {
    if (words('os', '.', 'environ', '[') && tokens[i + 5]?.text === ']')
      return found('os-environ', i + 5, string(i + 4));
    if (words('os', '.', 'environ', '.', 'get', '(')) return call(i + 5);
    if (words('os', '.', 'getenv', '(')) return call(i + 3);
  }
  return null;
};

const isMacroUse = (tokens: readonly Token[], i: number): boolean =>
  /^[A-Z][A-Z0-9_]{2,}$/.test(tokens[i]!.text) &&
  !(tokens[i - 2]?.text === '#' || tokens[i - 1]?.text === '#') &&
  tokens[i + 1]?.text !== '(';
