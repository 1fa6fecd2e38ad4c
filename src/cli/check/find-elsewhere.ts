import { hasCode } from '#kernel';
import type { Place } from '../memory.ts';
import { allPages } from '../server-place.ts';
import type { Server } from '../session.ts';
import type { Verdict } from './judge-use.ts';
import { isCalled } from './registered.ts';
import { type Called, type Remedy, checkAt, generateRemedy, setRemedy } from './remedies.ts';

/** Environments that are looked through for names, those of the same project first. */
const MOST_PLACES = 40;

type Listed = {
  readonly path: string;
  readonly originalName: string | null;
  readonly kind: string;
  readonly state: string;
};

/** What is registered in other environments, as far as this person may see; the same project first. */
const listElsewhere = async (server: Server, { project, environment }: Place): Promise<readonly Listed[]> => {
  const places: Place[] = [];
  for await (const { name, environments } of server.items('projects.list'))
    for (const one of environments)
      if (name !== project || one.name !== environment) places.push({ project: name, environment: one.name });
  const near = places.toSorted((a, b) => Number(b.project === project) - Number(a.project === project));
  const listed: Listed[] = [];
  for (const place of near.slice(0, MOST_PLACES)) {
    try {
      const query = { ...place, limit: '500' };
      listed.push(
        ...(await allPages((after) =>
          server.call('credentials.list', { query: { ...query, ...(after === null ? {} : { after }) } }),
        )),
      );
    } catch (error) {
      // A list is a help, and its refusal no reason to judge nothing.
      if (!hasCode(error, 'deeds.denied') && !hasCode(error, 'control.foreign')) throw error;
    }
  }
  return listed.filter(({ state }) => state === 'active' || state === 'pre-active' || state === 'suspended');
};

/** Says of each name that is not registered here where it is: the wrong environment is the usual reason. */
export const sayElsewhere = async (
  server: Server,
  place: Place,
  called: Called,
  verdicts: readonly Verdict[],
): Promise<readonly Verdict[]> => {
  if (!verdicts.some(({ result }) => result === 'not registered')) return verdicts;
  const listed = await listElsewhere(server, place);
  return verdicts.map((verdict) => {
    if (verdict.result !== 'not registered') return verdict;
    const others = listed.filter((one) => isCalled(one, verdict.use.name));
    return others.length === 0 ? verdict : elsewhere(verdict, others, place, called);
  });
};

const MOST_NAMED = 3;

const elsewhere = (verdict: Verdict, others: readonly Listed[], place: Place, called: Called): Verdict => {
  const at = `${place.project}/${place.environment}`;
  const placeOf = ({ path }: Listed): string => path.split('/').slice(0, 2).join('/');
  const same = others.find(({ path }) => path.startsWith(`${place.project}/`));
  const where = [...new Set(others.map(placeOf))].slice(0, MOST_NAMED);
  const remedies: Remedy[] = [];
  if (same !== undefined) {
    const path = `${at}/${same.path.split('/').slice(2).join('/')}`;
    const { kind } = same;
    remedies.push(setRemedy(path, `a value of its own for ${at}`, kind), ...generateRemedy(path, kind));
  } else remedies.push(...verdict.remedies);
  for (const other of where) remedies.push({ run: checkAt(called, other), does: `if ${other} was meant` });
  return {
    ...verdict,
    elsewhere: others.map(({ path }) => path),
    why: `registered in ${where.join(', ')}${others.length > MOST_NAMED ? ' and more' : ''}, and not in ${at}`,
    remedies,
  };
};
