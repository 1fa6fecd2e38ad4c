import { variableName } from '../variables.ts';
import type { Registered } from './registered.ts';
import { type Use, asksForSecret, sameName } from './use.ts';

export type Verdict = {
  readonly use: Use;
  readonly result: 'legitimate' | 'not registered' | 'not declared' | 'not in force' | 'not held' | 'not known here';
  /** Paths of the credentials that are meant. */
  readonly credentials: readonly string[];
  /** One clause for people. */
  readonly why: string;
  /** What to run or do; null when nothing is wrong. */
  readonly remedy: string | null;
};

/** Names that a consumer was seen to ask for. */
const namesOf = ({ detail }: Registered['consumers'][number]): readonly unknown[] =>
  Array.isArray(detail['names']) ? detail['names'] : [];

const nameOf = ({ path }: Registered): string => path.split('/').slice(2).join('/');

/** Judges uses against what an environment holds. `at` is the environment's path: `porch/home`. */
export const judgeBy = (registered: readonly Registered[], at: string, now: number) => {
  const declaredFor = (one: Registered, file: string) => one.consumers.some(({ place }) => place === file);

  /** The surest way first: what this file is known to ask for, then what the folder's files hold, then the name. */
  const meantBy = (use: Use): readonly Registered[] => {
    const ways: readonly ((one: Registered) => boolean)[] = [
      (one) => one.consumers.some((consumer) => consumer.place === use.file && namesOf(consumer).includes(use.name)),
      (one) => use.holds.includes(nameOf(one)),
      (one) => one.originalName === use.name,
      (one) => sameName(variableName({ name: nameOf(one), originalName: null })) === sameName(use.name),
    ];
    for (const [index, way] of ways.entries()) {
      const meant = registered.filter(way);
      // A name alone may be that of two: the one that knows this file is meant.
      const nearest = index < 2 ? meant : meant.filter((one) => declaredFor(one, use.file));
      if (meant.length > 0) return nearest.length > 0 ? nearest : meant.slice(0, 1);
    }
    return [];
  };

  /** Null for what is no credential. */
  return (use: Use): Verdict | null => {
    const meant = meantBy(use);
    if (meant.length === 0) return asksForSecret(use) ? notRegistered(use, at) : null;
    const credentials = meant.map(({ path }) => path);
    const verdict = (result: Verdict['result'], why: string, remedy: string | null): Verdict => ({
      use,
      result,
      credentials,
      why,
      remedy,
    });
    for (const one of meant) {
      const why = notInForce(one, now);
      if (why !== null) return verdict('not in force', ...why);
    }
    const stranger = meant.find((one) => !declaredFor(one, use.file));
    return stranger === undefined
      ? verdict('legitimate', 'registered, in force, declared for this file', null)
      : verdict('not declared', `${stranger.path} is not known to be used here`, declareRemedy(use));
  };
};

const declareRemedy = ({ isHeld }: Use): string => (isHeld ? 'chatelaine adopt .' : 'chatelaine check --declare');

const notRegistered = (use: Use, at: string): Verdict => ({
  use,
  result: 'not registered',
  credentials: [],
  why: `nothing of that name in ${at}, as far as you may see`,
  remedy: use.isHeld ? 'chatelaine adopt .' : `chatelaine set ${at}/${sameName(use.name) || 'NAME'}`,
});

/** Why a credential must not be used now, and what to run; null when it may. */
const notInForce = (
  { path, state, version, expiresAt }: Registered,
  now: number,
): readonly [why: string, remedy: string] | null => {
  if (state === 'suspended')
    return [`${path} is suspended`, `chatelaine resume ${path} --reason …, or use another credential`];
  if (state === 'compromised') return [`${path} is known to somebody else`, `chatelaine generate ${path}`];
  if (state === 'deactivated' || state === 'destroyed')
    return [`${path} was ${state === 'destroyed' ? 'destroyed' : 'retired'}`, 'use another credential'];
  if (version === 0) return [`${path} has no value yet`, `chatelaine set ${path}`];
  if (state !== 'active') return [`${path} is not in force yet`, `chatelaine promote ${path}`];
  return expiresAt !== null && Date.parse(expiresAt) <= now ? [`${path} has expired`, `chatelaine set ${path}`] : null;
};

/** Judges without a server: a name must be in a file of the folder. What others hold cannot be known. */
export const judgeOffline = (use: Use): Verdict | null => {
  if (!asksForSecret(use)) return null;
  const verdict = (result: Verdict['result'], why: string, remedy: string | null): Verdict => ({
    use,
    result,
    credentials: [],
    why,
    remedy,
  });
  if (use.isHeld) return verdict('legitimate', 'a file of this folder holds it', null);
  if (use.elsewhere === null || use.elsewhere === 'environment')
    return verdict('not held', 'no file of this folder holds it', 'add it to secrets.yaml or .env, or mend the name');
  return verdict('not known here', `held by ${use.elsewhere === 'github' ? 'GitHub' : 'whoever deploys'}`, null);
};
