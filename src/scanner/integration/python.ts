import { classifyLeaf } from '#catalogue';
import { type Token, tokenise } from '#formats';

/** A module of an integration. */
export type PythonFile = { readonly path: string; readonly text: string };

export type Module = PythonFile & { readonly tokens: readonly Token[] };

/** A call: what is called, and its arguments as stretches of tokens. */
export type Call = {
  /** Dotted: `_LOGGER.debug`, `requests.get`. */
  readonly callee: string;
  readonly at: Token;
  readonly arguments: readonly Argument[];
  /** Of the tokens. */
  readonly first: number;
  readonly last: number;
};
export type Argument = { readonly name: string | null; readonly tokens: readonly Token[] };

export const openModule = (file: PythonFile): Module => ({ ...file, tokens: tokenise(file.text, 'python') });

/** Most tokens of one call: what has more is data. */
const LONGEST_CALL = 2_000;

/** Every call of a module, inner ones too. */
export const callsIn = ({ tokens }: Module): readonly Call[] => {
  const calls: Call[] = [];
  for (let i = 1; i < tokens.length; i++) {
    if (tokens[i]!.text !== '(' || tokens[i]!.kind !== 'punctuation' || tokens[i - 1]!.kind !== 'word') continue;
    const callee = dottedBefore(tokens, i);
    if (tokens[i - 1 - (callee.split('.').length - 1) * 2 - 1]?.text === 'def') continue;
    const last = closingOf(tokens, i);
    if (last !== -1)
      calls.push({ callee, at: tokens[i - 1]!, arguments: argumentsOf(tokens.slice(i + 1, last)), first: i, last });
  }
  return calls;
};

const dottedBefore = (tokens: readonly Token[], at: number): string => {
  const names = [tokens[at - 1]!.text];
  for (let i = at - 2; i > 0 && tokens[i]!.text === '.' && tokens[i - 1]!.kind === 'word'; i -= 2)
    names.unshift(tokens[i - 1]!.text);
  return names.join('.');
};

const OPEN = new Set(['(', '[', '{']);
const CLOSE = new Set([')', ']', '}']);
const isOpen = ({ kind, text }: Token): boolean => kind === 'punctuation' && OPEN.has(text);
const isClose = ({ kind, text }: Token): boolean => kind === 'punctuation' && CLOSE.has(text);

/** Index of the bracket that closes the one at `at`; -1 when there is none near. */
export const closingOf = (tokens: readonly Token[], at: number): number => {
  let depth = 0;
  for (let i = at; i < Math.min(tokens.length, at + LONGEST_CALL); i++) {
    if (isOpen(tokens[i]!)) depth++;
    else if (isClose(tokens[i]!) && --depth === 0) return i;
  }
  return -1;
};

const argumentsOf = (tokens: readonly Token[]): readonly Argument[] => {
  const parts: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (isOpen(token)) depth++;
    else if (isClose(token)) depth--;
    if (depth === 0 && token.kind === 'punctuation' && token.text === ',') parts.push([]);
    else parts.at(-1)!.push(token);
  }
  return parts
    .filter((part) => part.length > 0)
    .map((part) =>
      part[0]!.kind === 'word' && part[1]?.text === '=' && part[2]?.text !== '='
        ? { name: part[0]!.text, tokens: part.slice(2) }
        : { name: null, tokens: part },
    );
};

/** The expressions that a formatted string holds: `f"{a} {b!r}"`. */
export const expressionsOf = ({ text, fixed }: Token): readonly (readonly Token[])[] =>
  fixed === 'it is a formatted string'
    ? Array.from(text.matchAll(/(?<!\{)\{([^{}]{1,200})\}/g), ([, inside = '']) =>
        tokenise(inside.replace(/=?(?:![rsa])?(?::[^:\]]*)?$/, ''), 'python'),
      )
    : [];

/** Lower-case constants of Home Assistant are their names: `CONF_API_KEY` is `api_key`. */
export type Constants = ReadonlyMap<string, string>;

/** `CONF_X = "x"` and `CONF_X: Final = "x"` of all modules. */
export const constantsOf = (modules: readonly Module[]): Constants => {
  const constants = new Map<string, string>();
  for (const { tokens } of modules)
    for (let i = 0; i + 2 < tokens.length; i++) {
      if (tokens[i]!.kind !== 'word' || !/^[A-Z][A-Z\d_]{2,}$/.test(tokens[i]!.text)) continue;
      const sign = tokens[i + 1]!.text === ':' ? i + 3 : i + 1;
      const value = tokens[sign + 1];
      if (tokens[sign]?.text === '=' && value?.kind === 'string') constants.set(tokens[i]!.text, value.text);
    }
  return constants;
};

/** The key that a token names: a literal, a constant of the integration, or one of Home Assistant's. */
export const keyOf = (token: Token, constants: Constants): string =>
  token.kind === 'string'
    ? token.text
    : (constants.get(token.text) ?? token.text.replace(/^(?:CONF|ATTR|KEY|DATA)_/, '').toLowerCase());

/** A value that no look betrays: what is left is the name. */
const PLAIN_VALUE = 'Gartenzwerg';
const DIGITS = /^(?:pin|pin_?code|pass_?code|access_code|user_code|local_key|username_password)$/i;

/** Whether a value of this name is a credential. */
export const isSecretName = (name: string): boolean =>
  DIGITS.test(name) ||
  classifyLeaf({ system: null, file: 'module.py', keyPath: [name.replace(/^_+/, '')] }, PLAIN_VALUE).secret;
