import type { KindId } from './kinds.ts';
import { hintOf } from './names.ts';
import { MAX_VALUE, elsewhere, isOpaque, looksRandom } from './plain-values.ts';
import { findShapes } from './shapes.ts';

/** A credential inside a longer text; what is left of the text is its template. */
export type Embedded = {
  /** First UTF-16 unit of the credential. */
  readonly start: number;
  /** One past its last UTF-16 unit. */
  readonly end: number;
  readonly kind: KindId;
  /** Where in the text it stands: `password`, `query pwd`, `header Bearer`, `path webhook`, `option --token`, … */
  readonly role: string;
  /** `percent`: stands percent-encoded, so the same credential elsewhere may be written differently (RFC 3986 section 2.1). */
  readonly encoding: 'none' | 'percent';
};

type Reader = (text: string) => Iterable<Embedded>;

/**
 * Finds the credentials inside a URL, a header, a command or a connection string. Spans do not overlap and come in
 * order. A text that is nothing but one credential gives nothing: there is no template around it. References
 * such as `${TOKEN}` are not credentials. Only the first 64 Ki units are searched.
 */
export const findEmbedded = (value: string): readonly Embedded[] => {
  if (SINGLE.test(value)) return [];
  const text = value.slice(0, MAX_VALUE);
  const templates = Array.from(text.matchAll(/\{\{[^}]{0,500}\}\}|\{%[^%]{0,500}%\}/g), (match) => ({
    start: match.index,
    end: match.index + match[0].length,
  }));
  const taken: Embedded[] = [];
  for (const read of READERS)
    for (const found of read(text)) {
      // The inside of a template is a program, where only an issuer's mark tells a value from an expression.
      const others = read === readShapes ? taken : [...taken, ...templates];
      const free = others.every((other) => found.end <= other.start || found.start >= other.end);
      if (free && isHeld(text.slice(found.start, found.end)) && !isWhole(text, found)) taken.push(found);
    }
  return taken.toSorted((a, b) => a.start - b.start);
};

/** One word, shorter than any marked form, without any of the signs that the readers look for: most values. */
const SINGLE = /^[\w.-]{0,14}$/;

const isWhole = (text: string, { start, end }: Embedded): boolean =>
  text.slice(0, start).trim() === '' && text.slice(end).trim() === '';

/** False for references, and for pieces of a program that only look like an assignment. */
const isHeld = (secret: string): boolean =>
  secret !== '' && elsewhere(secret) === null && !/^\$\w|^["'`]+$|\{\{|\$\{|\$\(|^[\w.]+\(|^%\d?[sd@]/.test(secret);

const span = (start: number, secret: string, kind: KindId, role: string, inUrl = false): Embedded => ({
  start,
  end: start + secret.length,
  kind,
  role,
  encoding: inUrl && /%[\da-f]{2}/i.test(secret) ? 'percent' : 'none',
});

/** Where group `index` of a match begins; the patterns carry the `d` flag. */
const at = (match: RegExpExecArray | RegExpMatchArray, index: number): number => match.indices![index]![0];

const SCHEME_KIND: Readonly<Record<string, KindId>> = {
  mqtt: 'mqtt-password',
  mqtts: 'mqtt-password',
  mysql: 'database-password',
  mariadb: 'database-password',
  postgres: 'database-password',
  postgresql: 'database-password',
  influxdb: 'database-password',
  redis: 'database-password',
  mongodb: 'database-password',
};

/**
 * `scheme://user:password@host`. RFC 3986 section 3.2.1 ends the authority at `/`, `?` or `#`, and people write
 * passwords with these raw; so where the rest is not a port, the last `@` before a host ends the password.
 */
const readUserInfo: Reader = function* (text) {
  if (!text.includes('://')) return;
  for (const match of text.matchAll(/\b([a-z][a-z\d+.-]{1,20}):\/\/([^\s"'<>`|\\]{1,2048})/dgi)) {
    const rest = match[2]!;
    const authority = /^[^/?#]*/.exec(rest)![0];
    const regular = authority.lastIndexOf('@');
    const raw = /^[^/?#@:]{0,128}:(?!\d{1,5}(?:[/?#]|$))[^/]*[/?#].*?@(?=[\w.-]+(?::\d{1,5})?(?:[/?]|$))/.exec(rest);
    const end = regular >= 0 ? regular : raw === null ? -1 : raw[0].length - 1;
    if (end < 0) continue;
    const colon = rest.indexOf(':');
    const base = match[1]!.toLowerCase().split('+')[0]!;
    if (colon >= 0 && colon < end)
      yield span(
        at(match, 2) + colon + 1,
        rest.slice(colon + 1, end),
        SCHEME_KIND[base] ?? 'password',
        'password',
        true,
      );
    else if (looksRandom(rest.slice(0, end)))
      yield span(at(match, 2), rest.slice(0, end), 'access-token', 'user', true);
  }
};

/** Parts of a path that are the only secret of an address: the row's first group. */
const PATHS: readonly (readonly [RegExp, KindId, string])[] = [
  [/\/api\/webhook\/([^\s/?#"'<>]{1,256})/dg, 'webhook-id', 'path webhook'],
  [/hooks\.nabu\.casa\/([\w=-]{16,256})/dgi, 'webhook-id', 'path webhook'],
  [/hooks\.slack\.com\/(?:services|workflows|triggers)\/([\w/-]{20,200})/dgi, 'webhook-id', 'path webhook'],
  [/discord(?:app)?\.com\/api\/webhooks\/\d{5,25}\/([\w-]{30,100})/dgi, 'webhook-id', 'path webhook'],
  [/\/trigger\/[^/\s]{1,128}\/(?:json\/)?with\/key\/([\w-]{8,128})/dg, 'api-key', 'path key'],
  [/\/bot(\d{6,12}:[\w-]{20,64})\//dg, 'telegram-bot-token', 'path bot'],
  [
    /:\/\/[^\s/"'<>]{1,255}(?:\/[\w.-]{1,64}){0,4}\/(?:web)?hooks?\/([\w-]{16,128})(?=$|[\s?#"'])/dgi,
    'webhook-id',
    'path webhook',
  ],
];

const readPaths: Reader = function* (text) {
  if (!text.includes('/')) return;
  for (const [pattern, kind, role] of PATHS)
    for (const match of text.matchAll(pattern)) {
      const secret = match[1]!;
      if (kind !== 'webhook-id' || text.includes('/api/webhook/') || looksRandom(secret) || /[\d/]/.test(secret))
        yield span(at(match, 1), secret, kind, role, true);
    }
};

/** Parameters that are a credential in a URL, although the same word elsewhere need not be. */
const QUERY_MAYBE = new Set([
  'key',
  'auth',
  'code',
  'appid',
  'sig',
  'signature',
  'hash',
  'pin',
  'credential',
  'api',
  'k',
]);

const readQuery: Reader = function* (text) {
  for (const match of text.matchAll(/[?&]([\w.-]{1,64})=([^&#\s"'<>`]{1,2048})/dgi)) {
    const [, name, secret] = match as unknown as [string, string, string];
    const hint = hintOf(name);
    const maybe = QUERY_MAYBE.has(name.toLowerCase()) && secret.length >= 8 && isOpaque(secret);
    if (hint.secret === 'yes' || maybe)
      yield span(at(match, 2), secret, hint.kind === 'plain' ? 'api-key' : hint.kind, `query ${name}`, true);
  }
};

/** RFC 9110 section 11.4: a scheme and its credentials, as a whole header value or after `Authorization:`. */
const readHeaders: Reader = function* (text) {
  const schemes =
    /(?:^\s*|authorization\\?["']?\s*[:=,]\s*\\?["']?)(bearer|basic|token|bot|apikey|digest)\s+([\w.~+/|=:-]{4,4096})/dgi;
  for (const match of text.matchAll(schemes)) {
    const [, scheme, secret] = match as unknown as [string, string, string];
    const alone = /^\s*$/.test(text.slice(match.index + match[0].length));
    const named = match[0].toLowerCase().includes('authorization');
    if (named || (alone && isSchemeValue(scheme.toLowerCase(), secret)))
      yield span(
        at(match, 2),
        secret,
        scheme.toLowerCase() === 'basic' ? 'password' : 'access-token',
        `header ${scheme}`,
      );
  }
  if (!text.includes(':')) return;
  const own = /\b((?:x-)?[\w-]{0,40}(?:token|key|secret|password|auth))\\?["']?\s*:\s+\\?["']?([^\s"'\\,;]{4,4096})/dgi;
  for (const match of text.matchAll(own)) {
    const [, name, secret] = match as unknown as [string, string, string];
    if (hintOf(name).secret === 'yes' && /[-_]/.test(name) && isOpaque(secret))
      yield span(at(match, 2), secret, hintOf(name).kind, `header ${name}`);
  }
};

const isSchemeValue = (scheme: string, secret: string): boolean => {
  if (scheme === 'bearer') return true;
  if (scheme === 'basic') return /^[\w+/]{6,}={0,2}$/.test(secret) && /[A-Z\d=]/.test(secret);
  return /\d/.test(secret) && secret.length >= 8;
};

/** A value in double quotes, in single quotes, or bare: three groups, of which one takes part. */
const QUOTED = String.raw`"((?:[^"\\]|\\.){1,1024})"|'([^']{1,1024})'`;
const LOGIN = /(?:^|\s)(?:-u|--user|--proxy-user|-U)(?:\s+|=)["']?([^\s:"']{0,128}):([^\s"']{1,512})/dg;
const LONG = new RegExp(
  String.raw`(?:^|\s)--([a-z][\w-]{1,60})(?:\s+|=)(?:${QUOTED}|([^\s"'-][^\s"']{0,1023}))`,
  'dgi',
);
const SHORT = new RegExp(
  String.raw`\b(?:mosquitto_(?:pub|sub|rr)\b[^\n|;&]{0,500}?\s-P|sshpass\s+-p|mysql(?:dump)?\b[^\n|;&]{0,200}?\s-p)(?:\s*)(?:${QUOTED}|([^\s"'-][^\s"']{0,511}))`,
  'dg',
);

const readOptions: Reader = function* (text) {
  if (!/(?:^|\s)-/.test(text)) return;
  for (const match of text.matchAll(LOGIN)) yield span(at(match, 2), match[2]!, 'password', 'option -u');
  for (const match of text.matchAll(LONG)) {
    const hint = hintOf(match[1]!);
    if (hint.secret === 'yes') yield* quotedFrom(match, 2, hint.kind, `option --${match[1]}`);
  }
  for (const match of text.matchAll(SHORT))
    yield* quotedFrom(match, 1, match[0].startsWith('mosquitto') ? 'mqtt-password' : 'password', 'option -p');
};

const DEFAULT = /\$\{(\w{1,100}):?-([^}]{1,1024})\}/dg;
const ASSIGNED = new RegExp(
  String.raw`(?:^|[\s;&|"'({,])(?:--|-D)?([A-Za-z_][\w.-]{0,100}|"[\w.-]{1,100}")\s?=\s?(?:${QUOTED}|([^\s;&"'|)]{1,1024}))`,
  'dgm',
);
const MEMBER = /\\?"([\w.-]{1,100})\\?"\s*:\s*\\?"((?:[^"\\]|\\[^"]){1,1024})\\?"/dg;

/** `NAME=value` of shells, `Key=value;` of connection strings, `"key": "value"` of a payload, `${NAME:-value}`. */
const readAssignments: Reader = function* (text) {
  for (const match of text.matchAll(DEFAULT)) {
    const hint = hintOf(match[1]!);
    if (hint.secret === 'yes') yield span(at(match, 2), match[2]!, hint.kind, `default of ${match[1]}`);
  }
  if (text.includes('='))
    for (const match of text.matchAll(ASSIGNED)) {
      const hint = hintOf(match[1]!);
      if (hint.secret === 'yes') yield* quotedFrom(match, 2, hint.kind, `value of ${match[1]}`);
    }
  if (!text.includes('"')) return;
  for (const match of text.matchAll(MEMBER)) {
    const hint = hintOf(match[1]!);
    if (hint.secret === 'yes') yield span(at(match, 2), match[2]!, hint.kind, `member ${match[1]}`);
  }
};

/** The first of the three alternatives that took part: double quotes, single quotes, bare. */
const quotedFrom = (match: RegExpMatchArray, first: number, kind: KindId, role: string): readonly Embedded[] => {
  const index = [first, first + 1, first + 2].find((each) => match[each] !== undefined);
  return index === undefined ? [] : [span(at(match, index), match[index]!, kind, role)];
};

const readShapes: Reader = function* (text) {
  for (const { start, end, kind, why } of findShapes(text)) yield { start, end, kind, role: why, encoding: 'none' };
};

/** In order of trust: what an earlier reader took, a later one leaves alone. */
const READERS: readonly Reader[] = [
  readUserInfo,
  readPaths,
  readQuery,
  readHeaders,
  readShapes,
  readOptions,
  readAssignments,
];
