import { limitOf } from '#contract';
import { type Tier, fromHex, toBase64, toHex } from '#kernel';
import { type SeenLeak, listLeaks, recordLeaks } from '#findings';
import type { Caller } from '#identity';
import { type State, effectiveTier } from '#inventory';
import { type Match, matchValues, obtainMatchKey } from '#secrets';
import type { House } from '../../house.ts';
import type { Handlers, IdsOf } from '../call.ts';
import { openMatchLimit } from '../match-limit.ts';
import { reportWithheld } from '../report-withheld.ts';
import { iso } from '../wire.ts';

/** Consumers that are told of a credential; `credentials.show` tells all. */
const FIRST_CONSUMERS = 50;

/** Leaks entered by one request: a value may be behind many names. */
const MOST_ENTERED = 5_000;

type Place = { readonly project: string; readonly environment: string };

export const matchHandlers = (house: House): Handlers<IdsOf<'match-keys' | 'matches' | 'leaks'>> => {
  const { deeds, secrets, policy, random } = house;
  const limited = openMatchLimit(house);
  const report = reportWithheld(house);

  const ask = async (caller: Caller, place: Place, names: readonly string[]): Promise<readonly Match[]> => {
    const { known, withheld } = await limited({ caller, place, many: names.length }, () =>
      matchValues(secrets, caller, { ...place, names: names.map(fromHex) }),
    );
    // Not waited for: how long the answer takes would tell what it does not.
    void report(place, withheld);
    return known;
  };

  return {
    'match-keys.create': async ({ caller, params }) => {
      const { key, isComplete, receipt } = await obtainMatchKey(secrets, caller, params);
      const answer = { key: toBase64(key.reveal()), complete: isComplete, receipt: receipt.index };
      key.wipe();
      return { answer };
    },
    'matches.create': async ({ caller, params, body }) => ({
      answer: { items: (await ask(caller, params, body.names)).map((match) => matchAnswer(params, match)) },
    }),
    'leaks.record': async ({ caller, params, body }) => {
      const { source, gone } = body;
      // What is entered is what the value says, not what somebody says it is.
      const matches = await ask(
        caller,
        params,
        body.seen.map(({ name }) => name),
      );
      const places = new Map(body.seen.map((one) => [one.name, one.places]));
      const seen = matches.flatMap((match): SeenLeak[] =>
        (places.get(toHex(match.name)) ?? []).map((where) => ({
          ...where,
          credential: match.credential.id,
          serial: match.serial,
        })),
      );
      const { output } = await deeds.perform(recordLeaks(random), caller, {
        ...params,
        source,
        seen: seen.slice(0, MOST_ENTERED),
        gone,
      });
      return { answer: output };
    },
    'leaks.list': async ({ caller, params, query }) => {
      const { source, after = '' } = query;
      const limitedTo = limitOf(query.limit);
      const list = listLeaks((tx) => policy.visible(tx, { caller, action: 'finding.list', ...params }));
      const { output } = await deeds.perform(list, caller, { ...params, source, after, limit: limitedTo });
      return {
        answer: {
          items: output.items.map(({ id, name, version, isLive, file, line, seen_at }) => ({
            id,
            path: `${params.project}/${params.environment}/${name}`,
            version,
            live: isLive,
            file,
            line,
            seenAt: iso(seen_at),
          })),
          next: output.next,
        },
      };
    },
  };
};

const matchAnswer = (
  { project, environment }: Place,
  { name, leaf, version, standing, isLive, credential, consumers }: Match,
) => ({
  name: toHex(name),
  path: `${project}/${environment}/${credential.name}`,
  leaf,
  version,
  standing,
  live: isLive,
  state: credential.state as State,
  kind: credential.kind,
  system: credential.system,
  tier: effectiveTier(credential) satisfies Tier,
  owner: credential.owner,
  purpose: credential.purpose,
  consumers: {
    count: consumers.length,
    first: consumers.slice(0, FIRST_CONSUMERS).map(({ kind, place }) => ({ kind, place })),
  },
});
