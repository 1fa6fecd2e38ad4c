import { type Action, ChatelaineError, CredentialPath, type Facts, hasCode } from '#kernel';
import type { Deed } from '#deeds';
import { type Caller, listIdentities } from '#identity';
import {
  INSTALLATION,
  environmentFacts,
  placeFacts,
  projectFacts,
  requireCredential,
  requireEnvironment,
  requireProject,
} from '#inventory';
import type { Explanation, Policy, Subject } from '#policy';
import type { ReadTx } from '#storage';
import type { House } from '../../house.ts';
import type { Handlers, IdsOf } from '../call.ts';
import { controlError } from '../errors.ts';
import { isoOrNull } from '../wire.ts';

type Where = {
  readonly path: CredentialPath | null;
  readonly project: string | null;
  readonly environment: string | null;
};

export const explainHandlers = (house: House): Handlers<IdsOf<'explain'>> => {
  const { deeds, policy, clock } = house;
  return {
    'explain.show': async ({ caller, query }) => {
      const where: Where = {
        path: query.path === undefined ? null : CredentialPath.parse(query.path),
        project: query.project ?? null,
        environment: query.environment ?? null,
      };
      const subject = await subjectOf(house, caller, query.identity);
      const deed = explainAccess(policy, caller, subject);
      const { output } = await deeds.perform(deed, caller, { where, action: query.action as Action, now: clock.now() });
      const { decision, because, grants, roles } = output;
      return {
        answer: {
          allow: decision.allow,
          rule: decision.rule,
          because,
          until: isoOrNull(decision.until),
          roles: [...roles],
          missing: decision.missing.map(({ kind, what, remedy }) => ({ kind, what: [...what], remedy })),
          grants: grants.map(({ endsAt, ...grant }) => ({ ...grant, endsAt: isoOrNull(endsAt) })),
        },
      };
    },
  };
};

type Explain = { readonly where: Where; readonly action: Action; readonly now: number };

/** Why somebody may or may not. About oneself for everybody, about others for whoever watches over the place. */
const explainAccess = (policy: Policy, caller: Caller, subject: Subject): Deed<Explain, Explanation> => ({
  name: 'explain-access',
  action: 'explain.run',
  effect: 'reveal',
  async facts(tx, { where }) {
    const { resource } = await factsOf(tx, where);
    // Of the thing itself only its place matters for who may ask; its tier and state are what is explained.
    const owner = subject.identity === caller.identity ? caller.identity : null;
    return { resource: { ...resource, tier: null, state: null, owner } };
  },
  async find(tx, { where, action, now }) {
    const explained = await policy.explain(tx, { caller: subject, action, facts: await factsOf(tx, where), now });
    // Whoever may not act there is told about his rights only, not about what is there.
    const absent = explained.decision.allow ? await whatIsAbsent(tx, where, action) : null;
    return absent === null ? explained : { ...explained, ...nothingThere(absent, where) };
  },
  summary: (_input, { decision }) => ({ note: decision.rule }),
});

const factsOf = async (tx: ReadTx, { path, project, environment }: Where): Promise<Facts> => {
  if (path !== null) return { resource: (await placeFacts(tx, path)).resource };
  if (project === null) return { resource: INSTALLATION };
  return {
    resource: (environment === null
      ? await projectFacts(tx, project)
      : await environmentFacts(tx, project, environment)
    ).resource,
  };
};

/** Actions that make what is not there. */
const MAKES: Readonly<Record<string, string>> = {
  'project.create': 'inventory.no_project',
  'environment.create': 'inventory.no_environment',
};

/** The name alone is not there, or only in another spelling. */
const NAME_ABSENT: readonly string[] = ['inventory.no_credential', 'inventory.name_differs_by_case'];

/** Whether it needs a credential that is there; others make one, or are about a place or a part of its names. */
const actsOnWhatIs = (action: Action): boolean =>
  action.startsWith('credential.') &&
  !['credential.write', 'credential.generate', 'credential.adopt', 'credential.list', 'credential.match'].includes(
    action,
  );

/** What of the place is not there, as the error that acting on it would meet; null where nothing stands in the way. */
const whatIsAbsent = async (tx: ReadTx, where: Where, action: Action): Promise<ChatelaineError | null> => {
  const { path } = where;
  const { project, environment } = path ?? where;
  if (project === null) return null;
  try {
    if (path !== null) await requireCredential(tx, path, await placeFacts(tx, path));
    else await (environment === null ? requireProject(tx, project) : requireEnvironment(tx, project, environment));
    return null;
  } catch (error) {
    if (error instanceof ChatelaineError && NAME_ABSENT.includes(error.code))
      return actsOnWhatIs(action) ? error : null;
    for (const code of Object.values(MAKES)) if (hasCode(error, code)) return MAKES[action] === code ? null : error;
    throw error;
  }
};

const nothingThere = (
  { code, message, hint, details }: ChatelaineError,
  { path }: Where,
): Pick<Explanation, 'decision' | 'because'> => {
  const { project, environment } = details;
  const what =
    path !== null && NAME_ABSENT.includes(code)
      ? `credential ${path}`
      : environment === undefined
        ? `project ${String(project)}`
        : `environment ${String(project)}/${String(environment)}`;
  const missing = [{ kind: 'place' as const, what: [what], remedy: hint ?? '' }];
  return { because: message, decision: { allow: false, rule: 'absent', missing, until: null } };
};

/** Somebody else as he would come with the best proof: what his grants give, not what one token of his gives. */
const subjectOf = async (
  { deeds, identityPorts }: House,
  caller: Caller,
  asked: string | undefined,
): Promise<Subject> => {
  if (asked === undefined || asked === caller.identity || asked === caller.name) return caller;
  for (let after = ''; ;) {
    const { output } = await deeds.perform(listIdentities(identityPorts), caller, { after, count: 1_000 });
    const found = output.find(({ id, name }) => id === asked || name === asked);
    if (found !== undefined)
      return {
        identity: found.id,
        kind: found.kind,
        operator: found.operator,
        factors: ['token', 'sign-in-code'],
        from: caller.from,
        scope: null,
      };
    if (output.length < 1_000) throw controlError('foreign', 'There is no such identity, or it is not yours to see.');
    after = output.at(-1)!.name;
  }
};
