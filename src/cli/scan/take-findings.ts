import { SYSTEMS, type SystemId, weaknessOf } from '#catalogue';
import type { AnswerOf, CallOf, Routes } from '#contract';
import { type Discovery, isPractice, placeOf as placeText } from '#scanner';
import { MIN_MATCHED } from '#kernel';
import type { Context } from '../context.ts';
import type { Place } from '../memory.ts';
import { ensurePlace } from '../server-place.ts';
import type { Server } from '../session.ts';
import { count, printable } from '../text.ts';

type Body = CallOf<Routes['adoptions.create']>['body'];
type Adopted = Body['credentials'][number];
type Taken = AnswerOf<Routes['adoptions.create']>['credentials'][number];

/** Limits of the wire: things in a request and their bytes, users of one, characters of a value. */
const CHUNK = 100;
const CHUNK_BYTES = 4_194_304;
const MOST_CONSUMERS = 500;
const LONGEST_VALUE = 262_144;

/**
 * Takes credentials that a scan found and nobody keeps into an environment, as `adopt` takes those of a home. Notes and
 * what lies only in tests, examples and documents stay out: nobody said that it opens anything. So do values too short to
 * be recognised: they would be taken again by each scan.
 */
export const takeFindings = async (
  context: Context,
  server: Server,
  place: Place,
  discoveries: readonly Discovery[],
): Promise<readonly Discovery[]> => {
  const wanted = discoveries.filter(isWorthTaking);
  if (wanted.length === 0) {
    context.terminal.say('Nothing to take in: all that was found is kept already, or is no credential for certain.');
    return [];
  }
  await ensurePlace(server, place);
  const free = freeNames(await namesIn(server, place));
  const named = new Map(wanted.map((discovery) => [free(discovery), discovery]));
  const results: Taken[] = [];
  for (const credentials of chunks([...named].map(([name, discovery]) => adopted(name, discovery))))
    results.push(
      ...(await server.call('adoptions.create', { params: place, body: { from: 'a scan', credentials } })).credentials,
    );
  return tell(context, place, results).map((name) => named.get(name)!);
};

const isWorthTaking = ({ confidence, kind, value, occurrences }: Discovery): boolean =>
  confidence !== 'note' &&
  kind !== 'plain' &&
  value.revealText().trim().length >= MIN_MATCHED &&
  value.revealText().length <= LONGEST_VALUE &&
  occurrences.some(({ path }) => !isPractice(path));

const namesIn = async (server: Server, query: Place): Promise<Set<string>> => {
  const names = new Set<string>();
  for await (const { path } of server.items('credentials.list', { query: { ...query, limit: '500' } }))
    names.add(path.split('/').slice(2).join('/').toLowerCase());
  return names;
};

/** A name that nobody has: what is kept under one is never overwritten by what merely looks alike. */
const freeNames = (taken: Set<string>): ((discovery: Discovery) => string) => {
  return ({ rule, occurrences }) => {
    const said = occurrences.find(({ name }) => name !== null)?.name ?? rule;
    const base = `found/${slug(said) || slug(rule)}`;
    for (let n = 1; ; n++) {
      const name = n === 1 ? base : `${base}-${n}`;
      if (taken.has(name)) continue;
      taken.add(name);
      return name;
    }
  };
};

const slug = (text: string): string =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 64)
    .replaceAll(/^-+|-+$/g, '');

const adopted = (name: string, { value, kind, vendor, tier, occurrences }: Discovery): Adopted => {
  const text = value.revealText();
  const weakness = weaknessOf(kind, text);
  const files = Map.groupBy(occurrences, ({ path }) => path.slice(0, 1_024));
  return {
    name,
    original: occurrences.find((one) => one.name !== null)?.name?.slice(0, 512) ?? null,
    value: text,
    kind,
    system: SYSTEM_OF.get(vendor) ?? null,
    tier,
    from: placeText(occurrences[0]!).slice(0, 512),
    consumers: [...files].slice(0, MOST_CONSUMERS).map(([place, uses]) => ({
      kind: 'file' as const,
      place,
      detail: { by: ['scan'], at: uses.slice(0, 20).flatMap(({ line }) => (line === null ? [] : [String(line)])) },
    })),
    weakness: weakness === null ? null : { code: weakness.code, why: weakness.why },
  };
};

const SYSTEM_OF: ReadonlyMap<string, SystemId> = new Map(
  (Object.keys(SYSTEMS) as SystemId[]).map((id) => [SYSTEMS[id].title, id]),
);

const chunks = (credentials: readonly Adopted[]): readonly Adopted[][] => {
  const parts: Adopted[][] = [[]];
  let size = 0;
  for (const one of credentials) {
    const bytes = JSON.stringify(one).length;
    if (parts.at(-1)!.length >= CHUNK || (size > 0 && size + bytes > CHUNK_BYTES)) {
      parts.push([]);
      size = 0;
    }
    size += bytes;
    parts.at(-1)!.push(one);
  }
  return parts;
};

/** Names of those that were taken. */
const tell = ({ terminal }: Context, { project, environment }: Place, results: readonly Taken[]): readonly string[] => {
  const taken = results.filter(({ result }) => result !== 'refused').map(({ name }) => name);
  for (const { name, detail } of results.filter(({ result }) => result === 'refused'))
    terminal.say(`Not taken in: ${printable(name)}: ${printable(detail ?? '')}`);
  if (taken.length > 0)
    terminal.say(
      `${count(taken.length, 'credential')} taken into ${project}/${environment}: ${taken.map(printable).join(', ')}`,
    );
  return taken;
};
