import { limitOf } from '#contract';
import { createIdentity, linkOsUser, listIdentities, resumeIdentity, suspendIdentity } from '#identity';
import { type CredentialPath, CredentialPath as Path } from '#kernel';
import { placeFacts } from '#inventory';
import {
  type ExceptionRecord,
  type GrantRecord,
  type PolicyRecord,
  checkPolicy,
  createException,
  createGrant,
  listGrants,
  removePolicy,
  revokeException,
  revokeGrant,
  storePolicy,
} from '#policy';
import type { ReadTx } from '#storage';
import type { IdentityRecord } from '#identity';
import type { House } from '../../house.ts';
import type { Handlers, IdsOf } from '../call.ts';
import { durationOf, given, iso, isoOrNull, pageAnswer } from '../wire.ts';
import { Duration } from '#kernel';

type Ids = IdsOf<'identities' | 'grants' | 'exceptions' | 'policies'>;

export const accessHandlers = ({ deeds, engine, identityPorts, grantPorts }: House): Handlers<Ids> => ({
  'identities.list': async ({ caller, query }) => {
    const limit = limitOf(query.limit);
    const input = { ...given({ after: query.after }), count: limit + 1 };
    const { output } = await deeds.perform(listIdentities(identityPorts), caller, input);
    return { answer: pageAnswer(output, limit, ({ name }) => name, identityAnswer) };
  },
  'identities.create': async ({ caller, body }) => {
    const { output } = await deeds.perform(createIdentity(identityPorts), caller, {
      ...body,
      operator: body.operator ?? false,
    });
    return { answer: identityAnswer(output) };
  },
  'identities.suspend': async ({ caller, params }) => {
    const { output } = await deeds.perform(suspendIdentity(identityPorts), caller, { identity: params.id });
    return { answer: identityAnswer(output) };
  },
  'identities.resume': async ({ caller, params }) => {
    const { output } = await deeds.perform(resumeIdentity(identityPorts), caller, { identity: params.id });
    return { answer: identityAnswer(output) };
  },
  'identities.link': async ({ caller, params, body }) => {
    const { output } = await deeds.perform(linkOsUser(identityPorts), caller, { identity: params.id, uid: body.uid });
    return { answer: identityAnswer(output) };
  },
  'grants.list': async ({ caller, query }) => {
    const limit = limitOf(query.limit);
    const input = { ...given({ project: query.project, after: query.after }), count: limit + 1 };
    const { output } = await deeds.perform(listGrants(grantPorts), caller, input);
    return { answer: pageAnswer(output, limit, ({ id }) => id, grantAnswer) };
  },
  'grants.create': async ({ caller, body }) => {
    const { life, ...wish } = body;
    const input = life === undefined ? wish : { ...wish, life: life === null ? null : Duration.parse(life) };
    const { output } = await deeds.perform(createGrant(grantPorts), caller, input);
    return { answer: grantAnswer(output) };
  },
  'grants.revoke': async ({ caller, params }) => {
    const { output } = await deeds.perform(revokeGrant(grantPorts), caller, { id: params.id });
    return { answer: grantAnswer(output) };
  },
  'exceptions.create': async ({ caller, body }) => {
    const { name, life, ...input } = body;
    const path = name === null || input.environment === null ? null : Path.of(input.project, input.environment, name);
    const credential = path === null ? null : { id: await engine.read((tx) => idAt(tx, path)), name: path.name };
    const { output } = await deeds.perform(createException(grantPorts), caller, {
      ...input,
      credential,
      life: durationOf(life)!,
    });
    return { answer: exceptionAnswer(output) };
  },
  'exceptions.revoke': async ({ caller, params }) => {
    const { output } = await deeds.perform(revokeException(grantPorts), caller, { id: params.id });
    return { answer: exceptionAnswer(output) };
  },
  'policies.create': async ({ caller, body }) => {
    await checkPolicy(body.text);
    const { output } = await deeds.perform(storePolicy(grantPorts), caller, body);
    return { answer: policyAnswer(output) };
  },
  'policies.remove': async ({ caller, params }) => {
    const { output } = await deeds.perform(removePolicy(grantPorts), caller, { id: params.id });
    return { answer: policyAnswer(output) };
  },
});

/** What is not there gets an id that no credential has; whoever may not look is refused before it matters. */
const idAt = async (tx: ReadTx, path: CredentialPath): Promise<string> =>
  (await placeFacts(tx, path)).credential?.id ?? 'none';

const identityAnswer = ({ id, kind, name, state, operator, osUser, createdAt, createdBy }: IdentityRecord) => ({
  id,
  kind,
  name,
  state,
  operator,
  osUser,
  createdAt: iso(createdAt),
  createdBy,
});

const grantAnswer = ({ createdAt, endsAt, ...rest }: GrantRecord) => ({
  ...rest,
  createdAt: iso(createdAt),
  endsAt: isoOrNull(endsAt),
});
const exceptionAnswer = ({ createdAt, endsAt, ...rest }: ExceptionRecord) => ({
  ...rest,
  createdAt: iso(createdAt),
  endsAt: iso(endsAt),
});
const policyAnswer = ({ createdAt, ...rest }: PolicyRecord) => ({ ...rest, createdAt: iso(createdAt) });
