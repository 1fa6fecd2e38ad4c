import { type AnswerOf, type Routes } from '#contract';
import { Secret, fromBase64, hasCode, matchName, toHex } from '#kernel';
import { hmac } from '#kernel/node';
import type { Discovery, Gap, Managed } from '#scanner';
import type { Context } from '../context.ts';
import { cliError } from '../errors.ts';
import type { Place } from '../memory.ts';
import type { Server } from '../session.ts';
import { some } from '../text.ts';

type Item = AnswerOf<Routes['matches.create']>['items'][number];

/** A value that a store keeps in one environment. */
export type Kept = { readonly place: Place; readonly item: Item };

/** What a store said of what a scan found. */
export type StoreAnswer = {
  /** By the discovery; the live ones first. */
  readonly kept: ReadonlyMap<Discovery, readonly Kept[]>;
  /** Why not everything was asked. */
  readonly gaps: readonly Gap[];
};

/** Names in one request; the server takes no more. */
const BULK = 1_000;
/** Values of one scan that are asked about in each environment, the most dangerous first: half of what an hour allows. */
const MOST_ASKED = 5_000;

/**
 * The environments that are asked: those that were named, else all in which this person may see something; none in a
 * store that is empty. Errors: `cli.nothing_to_match` when what was named is not there.
 */
export const placesToAsk = async (
  server: Server,
  wish: { readonly project: string | undefined; readonly environment: string | undefined },
): Promise<readonly Place[]> => {
  const places: Place[] = [];
  for await (const { name: project, environments } of server.items('projects.list'))
    for (const { name: environment } of environments)
      if ((wish.project ?? project) === project && (wish.environment ?? environment) === environment)
        places.push({ project, environment });
  if (places.length === 0 && (wish.project ?? wish.environment) !== undefined)
    throw cliError('nothing_to_match', 'There is no such environment, or none that you may see.', {
      server: server.address.name,
    });
  return places;
};

/**
 * Asks which of the values are kept. They are named here, under keys that are kept nowhere and wiped when this returns;
 * neither a value nor anything that could be guessed back to one leaves this process.
 */
export const askStore = async (
  context: Context,
  server: Server,
  places: readonly Place[],
  discoveries: readonly Discovery[],
): Promise<StoreAnswer> => {
  const kept = new Map<Discovery, Kept[]>();
  const gaps: Gap[] = [];
  const refused: string[] = [];
  for (const [, environments] of Map.groupBy(places, ({ project }) => project)) {
    let named: ReadonlyMap<string, readonly Discovery[]> | null = null;
    for (const place of environments) {
      try {
        named ??= await nameAll(context, server, place, discoveries);
        const asked = [...named.keys()].slice(0, MOST_ASKED);
        if (asked.length < named.size)
          gaps.push(notAsked(place, `only the first ${MOST_ASKED} values were asked about`));
        for (const item of await askAll(server, place, asked))
          for (const discovery of named.get(item.name) ?? [])
            kept.set(discovery, [...(kept.get(discovery) ?? []), { place, item }]);
      } catch (error) {
        if (hasCode(error, 'http.too_many')) gaps.push(notAsked(place, (error as Error).message));
        else if (hasCode(error, 'deeds.denied') || hasCode(error, 'control.foreign'))
          refused.push(`${place.project}/${place.environment}`);
        else throw error;
      }
    }
  }
  if (refused.length === places.length)
    throw cliError('may_not_match', `You may not ask which values are kept in ${some(refused, 4)}.`);
  if (refused.length > 0) context.terminal.say(`Not asked, for you may not read there: ${some(refused, 4)}.`);
  return { kept: new Map([...kept].map(([discovery, all]) => [discovery, all.toSorted(byWeight)])), gaps };
};

/** The discoveries by the name of their value; one key serves all environments of a project. */
const nameAll = async (
  { terminal }: Context,
  server: Server,
  place: Place,
  discoveries: readonly Discovery[],
): Promise<ReadonlyMap<string, readonly Discovery[]>> => {
  const { key: text, complete } = await server.call('match-keys.create', { params: place, body: {} });
  if (!complete) terminal.say('The store is still learning to recognise older versions: scan again in an hour.');
  const key = Secret.fromBytes(fromBase64(text));
  try {
    const mac = hmac(key);
    const named = new Map<string, Discovery[]>();
    const add = (discovery: Discovery, value: Secret): void => {
      const name = matchName(mac, value.revealText());
      if (name !== null) named.set(toHex(name), [...(named.get(toHex(name)) ?? []), discovery]);
    };
    // A setting that is wrong has no value.
    const valued = discoveries.filter(({ kind }) => kind !== 'plain');
    for (const discovery of valued) add(discovery, discovery.value);
    // What they stand in comes after all of them: there may be more than is asked about.
    for (const discovery of valued) for (const value of discovery.around ?? []) add(discovery, value);
    return named;
  } finally {
    key.wipe();
  }
};

const askAll = async (server: Server, params: Place, names: readonly string[]): Promise<readonly Item[]> => {
  const items: Item[] = [];
  for (let at = 0; at < names.length; at += BULK)
    items.push(...(await server.call('matches.create', { params, body: { names: names.slice(at, at + BULK) } })).items);
  return items;
};

const notAsked = ({ project, environment }: Place, why: string): Gap => ({
  path: `${project}/${environment}`,
  code: 'refused',
  message: `Not all values could be compared with the store: ${why}`,
});

const STANDING = { current: 0, pending: 1, earlier: 2 } as const;
const byWeight = (a: Kept, b: Kept): number =>
  Number(b.item.live) - Number(a.item.live) || STANDING[a.item.standing] - STANDING[b.item.standing];

/** What the report says of it. */
export const managedBy = (kept: readonly Kept[] | undefined): Managed | undefined => {
  const item = kept?.[0]?.item;
  if (item === undefined) return undefined;
  const { path, version, standing, live, state, tier, owner, consumers } = item;
  const first = consumers.first.map(({ place }) => place);
  return { path, version, standing, live, state, tier, owner, consumers: { count: consumers.count, first } };
};
