/** Longest value that is looked at, in UTF-16 units; what is longer is a document, and only its beginning is searched. */
export const MAX_VALUE = 65_536;

type Row = readonly [pattern: RegExp, why: string];

/** Not the value itself but where to find it: a variable, a template, a tag, or a place left to fill in. */
const ELSEWHERE: readonly Row[] = [
  [/^\$\{(?!\w+:?-[^}])[^}]*\}$/, 'a variable'],
  [/^\$[A-Z_][A-Z0-9_]*$/, 'a variable'],
  [/^\$\(/, 'the output of a command'],
  [/^\$\{\{[\s\S]*\}\}$/, 'a workflow expression'],
  [/^\{\{[\s\S]*\}\}$/, 'a template'],
  [/^\{%/, 'a template'],
  [/^\{[a-z_]\w*\}$/i, 'a template'],
  [/^%\w+%$|^%\(\w+\)s$|^%[sd]$/, 'a template'],
  [/^!(?:secret|env_var|include\w*|file|lambda|Ref|GetAtt|Sub|ImportValue)\b/, 'a reference'],
  [/^!\w+\.ya?ml\s+\S+$/, 'a reference'],
  [/^\{\{?resolve:/, 'a reference'],
  [/^(?:process\.env|os\.environ|os\.getenv|env|secrets|vars)[.[(]/, 'a reference'],
  [/^<[^<>]*>$/, 'a place to fill in'],
  [/^(?:your|insert|enter|replace|paste)[-_ ].*$/i, 'a place to fill in'],
  [/^(?:[*•]{3,}|x{3,}|\.{3,}|\**redacted\**|\[redacted\]|\[secret\])$/i, 'masked'],
];

/** Words of a setting, not values: what programs accept instead of a secret. */
const SETTING =
  /^(?:true|false|yes|no|on|off|null|none|nil|undefined|~|auto|optional|required|enabled|disabled|inherit|generate|read|write)$/i;

const CERTIFICATE_FILE = /\.(?:pem|crt|cer|key|der|p12|pfx|csr|pub|jks|json|ya?ml|txt|conf|env|db)$/i;

const PATH: Row = [/^(?:\.{0,2}\/|~\/|[A-Z]:\\)[^\s;|&]*$/, 'a path'];

/** Shapes that even a name such as `password` does not turn into a secret. */
const NEVER: readonly Row[] = [
  [/^$/, 'empty'],
  [SETTING, 'a setting'],
  ...ELSEWHERE,
  [/^(?:\/|\.{1,2}\/|~\/|[A-Z]:\\)[\w.@-]+[/\\][^\s;|&]*$/, 'a path'],
  [/^-----BEGIN (?:CERTIFICATE|PUBLIC KEY|CERTIFICATE REQUEST)-----/, 'public'],
];

/** Shapes that say what a value is when its name does not. */
const SHAPES: readonly Row[] = [
  PATH,
  [/^[+-]?\d{1,20}(?:[.,]\d{1,20})?\s?(?:%|°[CF]?|[a-zA-Z]{1,3})?$/, 'a number'],
  [/^[+-]?\d{1,3}\.\d+\s*,\s*[+-]?\d{1,3}\.\d+$/, 'coordinates'],
  [/^\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5}|\/\d{1,2})?$/, 'an address'],
  [/^\[?(?:[\da-f]{0,4}:){2,7}[\da-f]{0,4}\]?(?:\/\d{1,3}|:\d{1,5})?$/i, 'an address'],
  [/^(?:[\da-f]{2}[:-]){5,7}[\da-f]{2}$/i, 'a hardware address'],
  [/^[^\s@:/]{1,64}@[^\s@:/]{1,255}\.[a-z]{2,24}$/i, 'an e-mail address'],
  [/^(?:[a-z\d_](?:[a-z\d_-]{0,62})\.){1,10}[a-z]{2,24}(?::\d{1,5})?$/i, 'a host name'],
  [/^[a-z_]{2,40}\.[a-z\d_]{1,120}$/, 'an entity'],
  [/^[A-Z][A-Za-z]+\/[A-Z][A-Za-z_]+(?:\/[A-Z][A-Za-z_]+)?$/, 'a time zone'],
  [/^\d{1,3}:\d{2}(?::\d{2})?$/, 'a time'],
  [/^\d{4}-\d{2}-\d{2}(?:[T ][\d:.]{5,15}(?:Z|[+-]\d{2}:?\d{2})?)?$/, 'a date'],
  [/^v?\d+(?:\.\d+){1,3}(?:[-+][\w.]{1,30})?$/, 'a version'],
  [/^(?:GPIO|D|A|IO|P)\d{1,2}$/i, 'a pin of a board'],
  [/^#[\da-f]{3,8}$/i, 'a colour'],
  [/^(?:mdi|hass|phu|si):[a-z\d-]+$/, 'an icon'],
];

const URL_SHAPE = /^[a-z][a-z\d+.-]{1,20}:\/\/\S*$/i;

const find = (rows: readonly Row[], value: string): string | null =>
  rows.find(([pattern]) => pattern.test(value))?.[1] ?? null;

/** Where the value is to be found instead, or null when it is the value itself. */
export const elsewhere = (value: string): string | null => find(ELSEWHERE, value);

/** Why this cannot be a secret, whatever its name; null when it can. A URL counts once nothing was found inside. */
export const neverSecret = (value: string): string | null =>
  find(NEVER, value) ??
  (URL_SHAPE.test(value)
    ? 'a URL'
    : CERTIFICATE_FILE.test(value) && /^[\w./@ -]{1,255}$/.test(value)
      ? 'a file name'
      : null);

/** What the shape says this is, or null when it could be anything. */
export const plainShape = (value: string): string | null => neverSecret(value) ?? find(SHAPES, value);

/** One word without spaces that could be a key: what a file made for secrets may hold under a vague name. */
export const isOpaque = (value: string): boolean =>
  value.length >= 4 && !/\s/.test(value) && plainShape(value) === null;

/**
 * True for text that a generator made rather than a person: 16 characters and more of a token's alphabet, with a run
 * that mixes letters and digits as no word does. UUIDs are not: the stack uses them as ids everywhere.
 */
export const looksRandom = (value: string): boolean => {
  if (!/^[\w+/=.~-]{16,4096}$/.test(value) || UUID.test(value) || plainShape(value) !== null) return false;
  if (new Set(value.slice(0, 256)).size < 8) return false;
  return value.split(/[-_./]/).some((run) => run.length >= 12 && isMixed(run));
};

const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;

const isMixed = (run: string): boolean => {
  const digits = run.match(/\d/g)?.length ?? 0;
  if (digits === 0) return /[a-z]/.test(run) && (run.match(/[a-z][A-Z]/g)?.length ?? 0) >= 4;
  return /[a-z]/i.test(run) && (run.match(/\d[a-z]|[a-z]\d/gi)?.length ?? 0) >= 3;
};
