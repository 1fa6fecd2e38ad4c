import type { Detector, Window } from '../detector.ts';
import { contextOf } from '../filters/context.ts';
import { isBroken, isPlaceholder } from '../filters/placeholders.ts';
import { isWordy, looksRandom, rarityOf } from '../filters/rarity.ts';
import { isExpression, isReference } from '../filters/references.ts';
import { type Description, candidate } from './describe.ts';

const PASSWORD: Description = {
  rule: 'assigned-password',
  title: 'Password in a file',
  vendor: 'Generic',
  kind: 'password',
  tier: 'silver',
  rotation: 'restart',
  opens: 'whatever asks for it',
  remedy: 'Change it where it is asked for, and put a reference (an environment variable, !secret) in its place.',
};
const SECRET: Description = {
  ...PASSWORD,
  rule: 'assigned-secret',
  title: 'Secret in a file',
  kind: 'unknown-secret',
  rotation: 'api',
  remedy:
    'Make a new one where it was issued, revoke this one, and put a reference (an environment variable, !secret) in its place.',
};
const API_KEY: Description = { ...SECRET, rule: 'assigned-api-key', title: 'API key in a file', kind: 'api-key' };
const TOKEN: Description = { ...SECRET, rule: 'assigned-token', title: 'Token in a file', kind: 'access-token' };

/** What a name must hold; in lower case. */
const WORDS: Readonly<Record<string, Description>> = {
  password: PASSWORD,
  passwd: PASSWORD,
  passphrase: PASSWORD,
  passcode: PASSWORD,
  _pwd: PASSWORD,
  'pwd=': PASSWORD,
  secret: SECRET,
  credential: SECRET,
  api_key: API_KEY,
  apikey: API_KEY,
  access_key: API_KEY,
  accesskey: API_KEY,
  auth_key: API_KEY,
  authkey: API_KEY,
  private_key: SECRET,
  privatekey: SECRET,
  encryption_key: SECRET,
  encryptionkey: SECRET,
  signing_key: SECRET,
  token: TOKEN,
};

/** Ends of names that hold something else than the credential: where it lies, how long it is, what it is called. */
const ELSEWHERE =
  /(?:name|names|id|ids|identifier|type|types|url|uri|urls|path|paths|file|files|filename|dir|folder|field|fields|label|regex|regexp|pattern|length|len|size|count|limit|policy|expiry|expires?|expiration|expires_?in|ttl|age|prefix|suffix|header|headers|endpoint|env|var|ref|refs|reference|placeholder|hint|message|msg|error|errors|title|text|description|desc|format|class|index|algorithm|alg|method|mode|provider|manager|store|storage|service|strategy|kind|status|state|enabled|required|valid|invalid|usage|uses|scope|scopes|input|output|tokenizer|tokens|tokenize|tokenized|version|schema|validator|check|checker|checksum|digest|hash|hashed|public|handler|callback|func|function|helper|factory|builder|generator|prompt|reset|change|forgot|confirm|confirmation|strength|rules|options|config|settings|arn|alias|column|attribute|attr|property|prop|param|parameter|keys?words?|secrets|locations?|source|sources|rotation|backend|mount|spec|issuer|audience|button|icon|page|form|link|view|screen|style|color|width|position|pos|start|end|offset|line|separator|delimiter|list|map|set|dict|array|object|stream|reader|writer|parser|lexer|scanner|buffer|cache|pool|request|response|result|info|data_type|metadata)$/i;

/** Words before it that make it something else: how many tokens, the token of a parser, whether there is a password. */
const OTHERS: ReadonlySet<string> = new Set(
  (
    'public pub no csrf xsrf next prev previous page cursor continuation sync cancel cancellation lexer syntax stop ' +
    'start end eos bos pad mask special reset has is show hide toggle missing invalid wrong bad expected max min num ' +
    'n total'
  ).split(' '),
);

/** From behind the word: the rest of the name, what closes it, what gives a value. */
const GIVES =
  /([\w-]{0,40}(?:\.[\w-]{1,30}){0,3})((?:\\{0,3}["'`\]]|&quot;){0,2}\)?(?:[ \t]{0,8}:[ \t]{0,2}(?:&?(?:'static )?[A-Za-z][\w.<>[\]?| ]{0,24})(?=[ \t]{0,4}=))?[ \t]{0,16}(?:=>|:=|\|\|=|\?\?=|\?=|<-|=|:|,|>|\()[ \t]{0,8}(?:\r?\n[ \t]{0,16})?|[ \t]{1,16}(?=["']))/y;
const QUOTED = /(?:[bruBRULf@]{0,2})(["'`])((?:[^"'`\\\r\n]|\\.|(?!\1)["'`]){1,512})\1/y;
/** The same inside a string of another language: `"{\\"token\\":\\"…\\"}"`. */
const ESCAPED = /(\\{1,3}["']|&quot;)((?:(?!&quot;)[^"'`\\\r\n]){1,512})\1/y;
const BARE = /[^\s"'`,;#<>(){}[\]\\|]{6,256}/y;

const LONGEST_BEFORE = 60;

/** `password = "…"`, `token: '…'`, `api_key => …`, `#define X "…"`, `export X=…`, `<password>…</password>`. */
export const assignments: Detector = {
  id: 'assignments',
  literals: Object.keys(WORDS),
  names: true,
  precision: 'generic',
  detect(window, hit) {
    const { text, path, binary } = window;
    if (binary) return [];
    const context = contextOf(path);
    if (context.lock || context.made) return [];
    GIVES.lastIndex = hit.end;
    const gives = hit.literal.endsWith('=') ? ['', '', '='] : GIVES.exec(text);
    if (gives === null) return [];
    const [, rest = '', sign = ''] = gives;
    const at = hit.literal.endsWith('=') ? hit.end : GIVES.lastIndex;
    const lead = leadOf(text, hit.start);
    const value = valueAt(window, at, sign, { ...lead, configuration: context.configuration });
    if (value === null) return [];
    const name = (lead.before + text.slice(hit.start, hit.end) + rest).replace(/^[-.$]+|[-.=]+$/g, '');
    if (!namesIt(lead.before, name, rest) || lettersOf(name) === lettersOf(value.text)) return [];
    const about = WORDS[hit.literal]!;
    const judged =
      about === PASSWORD
        ? looksLikePassword(value.text, value.quoted, context.configuration)
        : looksRandomEnough(value.text);
    if (!judged) return [];
    return [
      candidate(about, {
        start: value.start,
        end: value.start + value.text.length,
        why: `is assigned to ${name.slice(0, 60)} and does not look like a word`,
        confidence: 'likely',
        name: name.slice(0, 80),
      }),
    ];
  },
};

/** What is called by its own name is a name. */
const lettersOf = (text: string): string => text.toLowerCase().replaceAll(/[^a-z\d]/g, '');

type Lead = {
  /** The name as far as it stands before the word. */
  readonly before: string;
  /** A line of its own inside a string: `"first\\ntoken: …\\n"`. */
  readonly inLine: boolean;
  /** One of the pairs of a query: `&` ends the value. */
  readonly inQuery: boolean;
};

/** `A` to `Z`, `a` to `z`, digits, `_`, `.`, `$`, `-`. Walked backwards, as no pattern can. */
const isOfName = (code: number): boolean =>
  (code >= 97 && code <= 122) ||
  (code >= 48 && code <= 57) ||
  (code >= 65 && code <= 90) ||
  code === 95 ||
  code === 46 ||
  code === 36 ||
  code === 45;

const leadOf = (text: string, start: number): Lead => {
  let at = start;
  const least = Math.max(0, start - LONGEST_BEFORE);
  while (at > least && isOfName(text.charCodeAt(at - 1))) at--;
  const written = text.slice(at, start);
  const escape = text[at - 1] === '\\' ? (/^(?:[nrt]|u0026)/.exec(written)?.[0] ?? '') : '';
  const before = written.slice(escape.length);
  return {
    before,
    inLine: escape.length === 1,
    inQuery: escape === 'u0026' || /[?&]$|&amp;$/.test(text.slice(Math.max(0, at - 5), at)),
  };
};

const valueAt = (
  { path, text }: Window,
  at: number,
  sign: string,
  lead: Lead & { readonly configuration: boolean },
) => {
  const pattern = text[at] === '\\' || text[at] === '&' ? ESCAPED : QUOTED;
  pattern.lastIndex = at;
  const quoted = pattern.exec(text);
  if (quoted !== null) {
    const value = quoted[2]!;
    return { text: value, start: at + quoted[0].length - value.length - quoted[1]!.length, quoted: true };
  }
  const inElement = sign.trimEnd().endsWith('>') && !sign.includes('=');
  const inTable = sign === ',' && /\.[ct]sv$/i.test(path);
  if (!lead.configuration && !lead.inLine && !inElement && !inTable && !/^=$/.test(sign)) return null;
  if (/[(,]\s*$/.test(sign) && !inTable) return null;
  BARE.lastIndex = at;
  const bare = BARE.exec(text)?.[0];
  if (bare === undefined) return null;
  const value = lead.inQuery ? bare.replace(/&.*$/, '') : bare;
  const next = text[at + value.length] ?? '\n';
  // Behind a backslash a string goes on, or ends.
  const ends = next === '\\' ? /[\\nrtu"']/.test(text[at + value.length + 1] ?? '') : /[\s"'#,;&]/.test(next);
  return (inElement ? next === '<' : ends) ? { text: value, start: at, quoted: false } : null;
};

/** Whether the name calls its value the credential itself. */
const namesIt = (before: string, name: string, rest: string): boolean => {
  const last = /(?:[A-Z]?[a-z]+|[A-Z]+|\d+)(?=[_.-]?$)/.exec(before)?.[0].toLowerCase();
  if (last !== undefined && OTHERS.has(last)) return false;
  if (rest !== '' && ELSEWHERE.test(rest.replaceAll(/\d+$/g, ''))) return false;
  return !/^-?$/.test(name) && name.length <= 100;
};

const looksRandomEnough = (value: string): boolean =>
  value.length >= 12 &&
  value.length <= 256 &&
  !/\s/.test(value) &&
  (/\d/.test(value) || (value.length >= 20 && /[a-z]/.test(value) && /[A-Z]/.test(value))) &&
  isNoOther(value) &&
  !isWordy(value) &&
  looksRandom(value);

/** Passwords that people think of have no chance in them; a mark of digits or signs among letters is what is left. */
const looksLikePassword = (value: string, quoted: boolean, configuration: boolean): boolean => {
  if (value.length < 8 || value.length > 128 || /\s/.test(value) || !isNoOther(value)) return false;
  if (isWordy(value) && !configuration) return false;
  if (value.length >= 12 && looksRandom(value) && !isWordy(value)) return true;
  if (/^[A-Za-z_.-]+$/.test(value) || /^[\d.,:-]+$/.test(value)) return false;
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^\w\s]/].filter((kind) => kind.test(value)).length;
  if (kinds < 2 || new Set(value).size < 6) return false;
  return configuration
    ? kinds >= 2 && /\d/.test(value)
    : quoted && kinds >= 3 && /\d/.test(value) && rarityOf(value) >= 3.4;
};

/** Not a reference, a piece of program, a stand-in, an address, a path, a date, a version, a colour. */
const isNoOther = (value: string): boolean =>
  !isBroken(value) &&
  !isReference(value) &&
  !isExpression(value) &&
  !isPlaceholder(value) &&
  !/^(?:[a-z][a-z\d+.-]*:)?\/\/|^[.~]?\/|^[A-Za-z]:\\|^\w[\w.-]*\/[\w./-]*$|^#|^--|^\\/.test(value) &&
  !/^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i.test(value) &&
  !/^v?\d+\.\d+/.test(value) &&
  !/[<>{}]|\[\w*\]|=>|&&|\|\||==|\\[dwsbnu]|\(\?|\.\*|\$\d|\)\(|\w\(|\^/.test(value) &&
  !/^(?:sha\d+|md5)[-:]/i.test(value);
