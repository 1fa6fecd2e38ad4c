import { isPractice } from '#scanner';
import { type Registered, isCalled } from './registered.ts';
import { type Called, type Remedy, adoptRemedy, advice, declareRemedy, generateRemedy, setRemedy } from './remedies.ts';
import { type Use, asksForSecret, sameName } from './use.ts';

export type Verdict = {
  readonly use: Use;
  readonly result: 'legitimate' | 'not registered' | 'not declared' | 'not in force' | 'not held' | 'not known here';
  /** Paths of the credentials that are meant. */
  readonly credentials: readonly string[];
  /** Paths of what has this name in other environments, where none has it here. */
  readonly elsewhere: readonly string[];
  /** One clause for people. */
  readonly why: string;
  /** What to run or do; none when nothing is wrong. */
  readonly remedies: readonly Remedy[];
};

/** Names that a consumer was seen to ask for. */
const namesOf = ({ detail }: Registered['consumers'][number]): readonly unknown[] =>
  Array.isArray(detail['names']) ? detail['names'] : [];

const nameOf = ({ path }: Registered): string => path.split('/').slice(2).join('/');

/** Judges uses against what an environment holds. `at` is the environment's path: `porch/home`. */
export const judgeBy = (registered: readonly Registered[], at: string, now: number, called: Called) => {
  const declaredFor = (one: Registered, file: string) => one.consumers.some(({ place }) => place === file);

  /** The surest way first: what this file is known to ask for, then what the folder's files hold, then the name. */
  const meantBy = (use: Use): readonly Registered[] => {
    const ways: readonly ((one: Registered) => boolean)[] = [
      (one) => one.consumers.some((consumer) => consumer.place === use.file && namesOf(consumer).includes(use.name)),
      (one) => use.holds.includes(nameOf(one)),
      (one) => one.originalName === use.name,
      (one) => isCalled(one, use.name),
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
    // Tests and examples ask for what is nobody's, unless somebody declared one of them.
    if (isPractice(use.file) && !meant.some((one) => declaredFor(one, use.file))) return null;
    if (meant.length === 0) return asksForSecret(use) ? notRegistered(use, at, called) : null;
    const verdict = {
      use,
      credentials: meant.map(({ path }) => path),
      elsewhere: [],
    };
    for (const one of meant) {
      const wrong = notInForce(one, now);
      if (wrong !== null) return { ...verdict, result: 'not in force', ...wrong };
    }
    const stranger = meant.find((one) => !declaredFor(one, use.file));
    return stranger === undefined
      ? { ...verdict, result: 'legitimate', why: 'registered, in force, declared for this file', remedies: [] }
      : {
          ...verdict,
          result: 'not declared',
          why: `${stranger.path} is not known to be used here`,
          remedies: [use.isHeld ? adoptRemedy(called) : declareRemedy(called)],
        };
  };
};

const notRegistered = (use: Use, at: string, called: Called): Verdict => ({
  use,
  result: 'not registered',
  credentials: [],
  elsewhere: [],
  why: `nothing of that name in ${at}, as far as you may see`,
  remedies: [use.isHeld ? adoptRemedy(called) : setRemedy(`${at}/${sameName(use.name) || 'NAME'}`)],
});

type Wrong = Pick<Verdict, 'why' | 'remedies'>;

/** Why a credential must not be used now, and what to run; null when it may. */
const notInForce = ({ path, state, version, expiresAt, kind }: Registered, now: number): Wrong | null => {
  if (state === 'suspended')
    return {
      why: `${path} is suspended`,
      remedies: [{ run: `chatelaine resume ${path} --reason "it is needed again"`, does: 'when the reason is gone' }],
    };
  if (state === 'compromised') return { why: `${path} is known to somebody else`, remedies: anew(path, kind) };
  if (state === 'deactivated') return { why: `${path} was retired`, remedies: anew(path, kind) };
  if (state === 'destroyed') return { why: `${path} was destroyed`, remedies: anew(path, kind) };
  if (version === 0) return { why: `${path} has no value yet`, remedies: [setRemedy(path, 'gives it one')] };
  if (state !== 'active')
    return {
      why: `${path} is not in force yet`,
      remedies: [{ run: `chatelaine promote ${path}`, does: 'puts its pending version into force' }],
    };
  if (expiresAt === null || Date.parse(expiresAt) > now) return null;
  return {
    why: `${path} has expired`,
    remedies: [
      setRemedy(path, 'takes the new value'),
      { run: `chatelaine set ${path} --expires 90d`, does: 'then says when that one ends; "-" for never' },
    ],
  };
};

/** What has ended takes no new value; its name is free again when it is forgotten. */
const anew = (path: string, kind: string): readonly Remedy[] => [
  {
    run: `chatelaine destroy ${path} --forget --reason "replaced"`,
    does: 'frees its name; what it held is gone for good',
  },
  setRemedy(path, 'then takes the new value', kind),
  ...generateRemedy(path, kind),
];

/** Judges without a server: a name must be in a file of the folder. What others hold cannot be known. */
export const judgeOffline = (use: Use): Verdict | null => {
  if (isPractice(use.file) || !asksForSecret(use)) return null;
  const verdict = (result: Verdict['result'], why: string, remedies: readonly Remedy[]): Verdict => ({
    use,
    result,
    credentials: [],
    elsewhere: [],
    why,
    remedies,
  });
  if (use.isHeld) return verdict('legitimate', 'a file of this folder holds it', []);
  if (use.elsewhere === null || use.elsewhere === 'environment')
    return verdict('not held', 'no file of this folder holds it', [
      advice('add it to secrets.yaml or .env, or mend the name'),
    ]);
  return verdict('not known here', `held by ${use.elsewhere === 'github' ? 'GitHub' : 'whoever deploys'}`, []);
};
