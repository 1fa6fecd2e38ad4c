import type { KindId } from '#catalogue';
import { foldName } from '#kernel';
import type { Occurrence } from './occurrence.ts';
import { type FileReading, type Leaf, isReference } from './reading.ts';
import { type FormatId, formatRow } from './recognise.ts';
import { baseOf, folderOf } from './source-file.ts';

export type CredentialName = {
  /** Usable as the name in a CredentialPath: lower case, digits, hyphens, parts joined by `/`. */
  readonly name: string;
  /** As people wrote it in their file; the key path where there was no name. */
  readonly original: string;
};

/** Longest part of a made name, in characters. */
const MAX_PART = 60;
/** Longest original name that is kept, in UTF-16 units; a key path has no limit of its own. */
const MAX_ORIGINAL = 200;

/** The places of one credential, the one it is named after first. */
export const byTelling = (occurrences: readonly Occurrence[]): readonly Occurrence[] =>
  occurrences.toSorted((a, b) => rank(a) - rank(b));

/**
 * Names a credential after the first of its places (see `byTelling`), the one where a person named it: the entry of a secrets file before a variable, a variable
 * before a setting, a value of its own before a part of a longer text.
 */
export const nameCredential = (
  occurrences: readonly Occurrence[],
  kind: KindId,
  taken: Set<string>,
): CredentialName => {
  const best = occurrences[0]!;
  const whole = isWhole(best);
  const own = whole
    ? best.named && VAGUE.has(slug(lastWords(best))) && !GENERIC.has(kind)
      ? kind
      : lastWords(best)
    : withNoun(commonStart(occurrences.filter((one) => one.named === best.named)), kind);
  const isVague = VAGUE.has(slug(own)) || own === kind;
  const prefix = best.named && !isVague ? '' : sharedPrefix(occurrences);
  const parts = prefix.split('/').map(slug);
  const last = parts.at(-1) ?? '';
  const told =
    slug(own).startsWith(`${last}-`) && last !== '' && prefix !== '' ? slug(own).slice(last.length + 1) : own;
  const base =
    [...parts, told]
      .map(slug)
      .filter((part) => part !== '')
      .join('/') || slug(kind);
  const name = free(base, prefixOf(best), taken);
  taken.add(foldName(name));
  return { name, original: originalName(occurrences) };
};

/** As people wrote it in their file; the key path where there was no name. */
const originalName = ([best]: readonly Occurrence[]): string =>
  (best!.named ? best!.leaf.keyPath[0]! : best!.leaf.keyPath.join('.')).slice(0, MAX_ORIGINAL);

/** Without the file's own name when several files of one system hold the value. */
const sharedPrefix = (occurrences: readonly Occurrence[]): string => {
  const [best] = occurrences;
  const alike = occurrences.filter((one) => one.reading.format === best!.reading.format).map(prefixOf);
  return alike.every((prefix) => prefix === alike[0]) ? alike[0]! : alike[0]!.split('/')[0]!;
};

const isWhole = ({ segments }: Occurrence): boolean => segments.length === 1;

/** Lower is better. */
const rank = (one: Occurrence): number =>
  (isWhole(one) ? 0 : 10) +
  (one.named ? (RANKS[one.reading.format!] ?? 3) : 5) +
  (VAGUE.has(slug(one.leaf.keyPath.at(-1) ?? '')) ? 1 : 0) +
  (formatRow(one.reading.format!).custody === 'known' ? 3 : 0);

const RANKS: Partial<Readonly<Record<FormatId, number>>> = {
  'home-assistant-secrets': 0,
  'esphome-secrets': 1,
  dotenv: 2,
  'node-red-environment': 2,
  'c-header': 3,
  'zigbee2mqtt-side-file': 4,
  'mosquitto-conf': 6,
};

/** Names that say nothing without the place they stand in. */
const VAGUE = new Set([
  'password',
  'pass',
  'token',
  'key',
  'secret',
  'api-key',
  'apikey',
  'access-token',
  'client-secret',
  'auth-token',
  'username',
  'user',
  'network-key',
  'pin',
  'code',
  'value',
  'psk',
  'default',
  'webhook-id',
  'refresh-token',
  'jwt-key',
  'secret-key',
]);

/** Names that say nothing even beside their system's. */
const BARE = new Set([
  'password',
  'pass',
  'token',
  'key',
  'secret',
  'pin',
  'code',
  'value',
  'psk',
  'default',
  'username',
  'user',
]);

/** Kinds that say no more than the name does. */
const GENERIC: ReadonlySet<KindId> = new Set<KindId>([
  'password',
  'access-token',
  'api-key',
  'client-secret',
  'pin',
  'unknown-secret',
  'plain',
]);

/** Parts of a key path that are the same everywhere. */
const SCAFFOLD =
  /^(?:\d+|services?|environment|env|variables|properties|resources|jobs|steps|with|headers|data|entries|items|options|args|literal|argument\d+|users|refresh_tokens|platforms|triggers?|config|settings|globals|function|\*.*|\?)$/i;

const lastWords = (one: Occurrence): string => {
  const { keyPath } = one.leaf;
  if (one.named) return keyPath[0]!.replace(/^SECRET_(?=.)/, '');
  const telling = keyPath.filter((key) => !SCAFFOLD.test(key));
  const last = telling.at(-1) ?? 'value';
  return BARE.has(slug(last)) && telling.length > 1 ? `${telling.at(-2)!}-${last}` : last;
};

/** What the names of all the texts around one credential begin with. */
const commonStart = (occurrences: readonly Occurrence[]): string => {
  const names = [...new Set(occurrences.map(lastWords))].map((name) =>
    slug(name.replace(/[_-]?(?:url|uri|stream|snapshot|endpoint|resource|command|cmd|link|header|address)$/i, '')),
  );
  let common = names[0] ?? '';
  for (const name of names) while (!name.startsWith(common)) common = common.slice(0, -1);
  const cut = names.every((name) => name === common)
    ? common
    : common
        .replace(/[-\d]+$/, '')
        .replace(names.some((name) => /^[a-z]/.test(name.slice(common.length))) ? /-[^-]*$/ : /$^/, '');
  return cut.length >= 3 ? cut : (names[0] ?? '');
};

const withNoun = (name: string, kind: KindId): string => {
  const noun =
    /(password|token|key|secret|id|pin|code|passphrase)$/.exec(kind)?.[1] ??
    (kind === 'url-credential' ? 'password' : 'secret');
  return new RegExp(`(?:^|-)(?:${noun}|password|token|key|secret|pin|code)$`).test(slug(name))
    ? name
    : `${name}-${noun}`;
};

/** The system, and the file when a system has many. */
const prefixOf = ({ reading, leaf }: Occurrence): string => {
  const stem = slug(baseOf(reading.path).replace(/(?:\.[^.]+)+$/, ''));
  const folder = slug(baseOf(folderOf(reading.path)));
  switch (reading.format) {
    case 'esphome-yaml':
      return `esphome/${stem}`;
    case 'home-assistant-yaml':
      return stem === 'configuration' ? 'home-assistant' : `home-assistant/${stem}`;
    case 'home-assistant-storage':
      return `home-assistant/${slug(labelIn(reading, leaf) ?? baseOf(reading.path))}`;
    case 'compose': {
      const at = leaf.keyPath.indexOf('services');
      return `docker/${slug(leaf.keyPath[at + 1] ?? folder)}`;
    }
    case 'github-workflow':
      return `github/${stem}`;
    case 'c-source':
    case 'c-header':
      return `arduino/${folder || stem}`;
    case 'python':
    case 'json-settings':
    case 'other-yaml':
      return reading.system !== null && reading.system !== 'aws' ? reading.system : `${folder}/${stem}`;
    default:
      return (reading.format === null ? null : formatRow(reading.format).system) ?? (folder || stem);
  }
};

/** Lists in `.storage` say whose their items are. */
const labelIn = (reading: FileReading, { keyPath }: Leaf): string | null => {
  const item = keyPath.findIndex((key) => /^\d+$/.test(key));
  if (item === -1) return null;
  const siblings = reading.leaves.filter(
    (leaf) =>
      leaf.keyPath.length === item + 2 && keyPath.slice(0, item + 1).every((key, index) => leaf.keyPath[index] === key),
  );
  const label = ['domain', 'client_name', 'name', 'username'].flatMap(
    (key) => siblings.find((leaf) => leaf.keyPath[item + 1] === key)?.parts[0] ?? [],
  )[0];
  return label === undefined || isReference(label) ? null : label.revealText();
};

const slug = (text: string): string =>
  text
    .normalize('NFKD')
    .replaceAll(/([a-z\d])([A-Z])(?=[a-z])/g, '$1-$2')
    .toLowerCase()
    .replaceAll(/[^a-z\d]+/g, '-')
    .slice(0, MAX_PART)
    .replaceAll(/^-+|-+$/g, '');

/** A name that nobody has yet: with the place in front, then with a number. */
const free = (base: string, prefix: string, taken: ReadonlySet<string>): string => {
  if (!taken.has(foldName(base))) return base;
  const placed = [...prefix.split('/').map(slug), base].filter((part) => part !== '').join('/');
  if (!base.includes('/') && placed !== base && !taken.has(foldName(placed))) return placed;
  for (let i = 2; ; i++) if (!taken.has(foldName(`${base}-${i}`))) return `${base}-${i}`;
};
