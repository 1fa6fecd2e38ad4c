import { higherTier } from '#catalogue';
import { type Clock, Duration, type Random, type Tier } from '#kernel';
import type { Deeds } from '#deeds';
import { type Caller, systemCaller } from '#identity';
import {
  type CredentialRow,
  allProjects,
  credentialsFrom,
  dueAt,
  effectiveTier,
  environmentByName,
  environmentsOf,
  projectByName,
} from '#inventory';
import { currentSince, leavesSharedElsewhere } from '#secrets';
import type { Engine, ReadTx } from '#storage';
import type { Observed } from './finding.ts';
import { type FindingRule, INSPECTED } from './rules.ts';
import { leakChanges, settleLeaks } from './record-leaks.ts';
import { type FindingsSettled, type SettleFindings, settleFindings, wouldChange } from './settle-findings.ts';

export type InspectionPorts = {
  readonly engine: Engine;
  readonly deeds: Deeds;
  readonly clock: Clock;
  readonly random: Random;
};

/** How long before its end a credential is said to be expiring. */
const EXPIRING = Duration.of(30, 'd');
/** Credentials looked at before others get a turn. */
const AT_ONCE = 200;
/** Credentials whose findings are settled by one deed. */
const SETTLED_TOGETHER = 1_000;

/** Looks through every environment, as the program itself, and enters only what changed. Runs hourly. */
export const inspectAll = async (ports: InspectionPorts): Promise<FindingsSettled> => {
  const total = { opened: 0, closed: 0 };
  for (const project of await ports.engine.read((tx) => tx.all(allProjects, {})))
    for (const environment of await ports.engine.read((tx) => tx.all(environmentsOf, { project: project.id }))) {
      const { opened, closed } = await inspectAsProgram(ports, project.name, environment.name);
      total.opened += opened;
      total.closed += closed;
    }
  return total;
};

/** Looks through one environment as the program itself, and enters only what changed. */
export const inspectAsProgram = async (
  ports: InspectionPorts,
  project: string,
  environment: string,
): Promise<FindingsSettled> => {
  const total = { opened: 0, closed: 0 };
  for await (const input of observations(ports, project, environment))
    if (await ports.engine.read((tx) => wouldChange(tx, input)))
      add(total, (await ports.deeds.perform(settleFindings(ports.random), systemCaller(), input)).output);
  await settleOwn(ports, systemCaller(), project, environment, total);
  return total;
};

/** Leaks end by what happens to the credential, whoever looks next. */
const settleOwn = async (
  { engine, deeds, random, clock }: InspectionPorts,
  caller: Caller,
  project: string,
  environment: string,
  total: { opened: number; closed: number },
): Promise<void> => {
  if ((await engine.read((tx) => leakChanges(tx, { project, environment }, clock.now()))).length > 0)
    add(total, (await deeds.perform(settleLeaks(random), caller, { project, environment })).output);
};

/** Looks through one environment because somebody asks. An environment that is not there is left to the decision. */
export const inspectEnvironment = async (
  ports: InspectionPorts,
  caller: Caller,
  project: string,
  environment: string,
): Promise<FindingsSettled> => {
  const total = { opened: 0, closed: 0 };
  for await (const input of observations(ports, project, environment))
    add(total, (await ports.deeds.perform(settleFindings(ports.random), caller, input)).output);
  await settleOwn(ports, caller, project, environment, total);
  return total;
};

const add = (total: { opened: number; closed: number }, { opened, closed }: FindingsSettled): void => {
  total.opened += opened;
  total.closed += closed;
};

/** What is wrong in an environment, a part of it at a time: a hundred thousand credentials are never in memory at once. */
async function* observations(
  { engine, clock }: InspectionPorts,
  project: string,
  environment: string,
): AsyncGenerator<SettleFindings> {
  const now = clock.now();
  const id = await engine.read((tx) => environmentId(tx, project, environment));
  let after = '';
  let observed: Observed[] = [];
  const settle = (upTo: string | null): SettleFindings => ({
    project,
    environment,
    rules: INSPECTED,
    observed,
    closes: { after, upTo },
    excusedFor: null,
  });
  let looked = 0;
  for await (const page of id === undefined ? [] : pagesOf(engine, id)) {
    await engine.read(async (tx) => {
      const since = await currentSince(tx, page);
      for (const row of page)
        observed.push(...(await wrongWith(tx, { project, environment }, row, since.get(row.id), now)));
    });
    looked += page.length;
    const last = page.at(-1);
    if (looked < SETTLED_TOGETHER || last === undefined) continue;
    yield settle(last.name);
    [looked, after, observed] = [0, last.name, []];
  }
  yield settle(null);
}

/** An environment's credentials, some at a time, so that others get a turn between. */
async function* pagesOf(engine: Engine, environment: string): AsyncGenerator<readonly CredentialRow[]> {
  for (let after = ''; ;) {
    const page = await engine.read((tx) => tx.all(credentialsFrom, { environment, after, count: AT_ONCE }));
    yield page;
    const last = page.at(-1);
    if (last === undefined || page.length < AT_ONCE) return;
    after = last.name;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const environmentId = async (tx: ReadTx, project: string, environment: string): Promise<string | undefined> => {
  const row = await tx.one(projectByName, { name: project });
  return row === undefined ? undefined : (await tx.one(environmentByName, { project: row.id, name: environment }))?.id;
};

/** Everything that is wrong with one credential and can be told without its value. */
const wrongWith = async (
  tx: ReadTx,
  place: { readonly project: string; readonly environment: string },
  row: CredentialRow,
  since: number | undefined,
  now: number,
): Promise<readonly Observed[]> => {
  if (row.state === 'destroyed' || row.state === 'deactivated') return [];
  const found: Observed[] = [];
  const say = (rule: FindingRule, summary: string): void => {
    found.push({ rule, place: row.name, credential: row.id, summary });
  };
  const due = dueAt(row, since);
  if (row.state === 'active' && due !== null && due <= now) say('overdue', `due since ${day(due)}`);
  if (row.expires_at !== null && row.expires_at <= now) say('expired', `ended on ${day(row.expires_at)}`);
  else if (row.expires_at !== null && row.expires_at - now <= EXPIRING.ms)
    say('expiring', `ends on ${day(row.expires_at)}`);
  if (row.owner === null) say(effectiveTier(row) === 'gold' ? 'ownerless-gold' : 'ownerless', 'no owner is named');
  if (row.purpose === null) say('purposeless', 'no purpose is given');
  if (row.tier_declared !== null && row.tier_declared !== higherTier(row.tier as Tier, row.tier_declared as Tier))
    say('tier-lowered', `declared ${row.tier_declared}, reaches like ${row.tier}`);
  const shared = await leavesSharedElsewhere(tx, place, row);
  if (shared.length > 0) say('shared', `${shared.join(', ')} is in use in another environment too`);
  return found;
};

const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
