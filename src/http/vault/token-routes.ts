import { Secret, hasCode } from '#kernel';
import { type Caller, type MintedToken, createOrphanToken, createToken, listForeignTokens } from '#identity';
import { lookUpAnyToken, renewOwnToken, revokeAnyToken } from '../any-token.ts';
import { tokenOf } from '../caller.ts';
import { httpError } from '../errors.ts';
import type { House } from '../house.ts';
import { type Answer, NOTHING, data } from './answer.ts';
import { lifeField, flagField, textField } from './fields.ts';
import { type Handle, type Routes, type VaultRequest, callerFor } from './request.ts';
import { authBlock, lookUpFields } from './token-fields.ts';
import { wishIn } from './token-wish.ts';

/** `auth/token/…`. A foreign id answers as one that never was, but to those who may act on anybody's. */
export const tokenRoutes: Routes = (house) => {
  const both = (handle: Handle) => ({ POST: handle, PUT: handle });
  const create =
    (orphan: boolean): Handle =>
    (request) =>
      createAnswer(house, request, orphan);
  const lookUp: Handle = async (request) =>
    lookUpAnswer(house, request, await accessorOfToken(house, request), textField(request.body, 'token'));
  const lookUpByAccessor: Handle = (request) => lookUpAnswer(house, request, requireAccessor(request), '');
  const lookUpSelf: Handle = (request) =>
    lookUpAnswer(house, request, undefined, tokenOf(request.http)?.revealText() ?? '');
  const renewSelf: Handle = (request) => renewAnswer(house, request, undefined);
  const renew: Handle = async (request) => renewAnswer(house, request, await accessorOfToken(house, request));
  const renewByAccessor: Handle = (request) => renewAnswer(house, request, requireAccessor(request));
  const revokeSelf: Handle = (request) => revoke(house, request, undefined);
  const revokeByToken: Handle = async (request) => revoke(house, request, await accessorOfToken(house, request));
  const revokeByAccessor: Handle = (request) => revoke(house, request, requireAccessor(request));
  return [
    { path: 'auth/token/create', verbs: both(create(false)) },
    { path: 'auth/token/create-orphan', verbs: both(create(true)) },
    { path: 'auth/token/lookup-self', verbs: { GET: lookUpSelf, ...both(lookUpSelf) } },
    { path: 'auth/token/lookup', verbs: both(lookUp) },
    { path: 'auth/token/lookup-accessor', verbs: both(lookUpByAccessor) },
    { path: 'auth/token/accessors', verbs: { LIST: (request) => listAccessors(house, request) } },
    { path: 'auth/token/renew-self', verbs: both(renewSelf) },
    { path: 'auth/token/renew', verbs: both(renew) },
    { path: 'auth/token/renew-accessor', verbs: both(renewByAccessor) },
    { path: 'auth/token/revoke-self', verbs: both(revokeSelf) },
    { path: 'auth/token/revoke', verbs: both(revokeByToken) },
    { path: 'auth/token/revoke-accessor', verbs: both(revokeByAccessor) },
    { path: 'auth/token/revoke-orphan', verbs: both(refuseRevokeOrphan) },
  ];
};

const createAnswer = async (house: House, request: VaultRequest, asOrphan: boolean): Promise<Answer> => {
  const caller = await callerFor(house, request);
  const { wish, warnings } = wishIn(request.body, caller, house.clock.now());
  if (caller.accessor === null && !asOrphan)
    throw httpError('malformed', 'This connection uses no token; make one with auth/token/create-orphan.');
  const orphan = asOrphan || flagField(request.body, 'no_parent') === true;
  const { output } = orphan
    ? await house.deeds.perform(createOrphanToken(house.identityPorts), caller, {
        caller,
        identity: caller.identity,
        ...wish,
      })
    : await house.deeds.perform(createToken(house.identityPorts), caller, { caller, ...wish });
  return { kind: 'auth', auth: mintedBlock(house, output, orphan, wish.scope?.roles ?? null), warnings };
};

const mintedBlock = ({ clock }: House, minted: MintedToken, orphan: boolean, roles: readonly string[] | null) =>
  authBlock(
    { ...minted, orphan, roles, lifeMs: minted.expiresAt === null ? 0 : minted.expiresAt - clock.now() },
    minted.token.revealText(),
  );

const lookUpAnswer = async (
  house: House,
  request: VaultRequest,
  accessor: string | undefined,
  id: string | undefined,
): Promise<Answer> => {
  const caller = await callerFor(house, request);
  if (caller.accessor === null && accessor === undefined)
    throw httpError('malformed', 'This connection uses no token.');
  return data(lookUpFields(await lookUpAnyToken(house, caller, accessor), id ?? '', house.clock.now()));
};

/** Accessors taken from one deed. */
const AT_ONCE = 1_000;

/** Every accessor in force, for who may look at anybody's. */
const listAccessors = async (house: House, request: VaultRequest): Promise<Answer> => {
  const caller = await callerFor(house, request);
  const deed = listForeignTokens(house.identityPorts);
  const keys: string[] = [];
  for (let after = ''; ;) {
    const { output } = await house.deeds.perform(deed, caller, { identity: null, after, count: AT_ONCE });
    keys.push(...output.map(({ accessor }) => accessor));
    if (output.length < AT_ONCE) return data({ keys });
    after = keys.at(-1)!;
  }
};

const renewAnswer = async (house: House, request: VaultRequest, accessor: string | undefined): Promise<Answer> => {
  const caller = await callerFor(house, request);
  const increment = lifeField(request.body, 'increment');
  const output = await renewOwnToken(house, caller, { accessor, life: increment });
  const lifeMs = output.expiresAt === null ? 0 : output.expiresAt - house.clock.now();
  const token =
    accessor === undefined ? (tokenOf(request.http)?.revealText() ?? '') : (textField(request.body, 'token') ?? '');
  return {
    kind: 'auth',
    auth: authBlock({ ...output, orphan: output.parent === null, roles: output.scope?.roles ?? null, lifeMs }, token),
  };
};

const revoke = async (house: House, request: VaultRequest, accessor: string | undefined): Promise<Answer> => {
  const caller = await callerFor(house, request);
  await revokeAnyToken(house, caller, accessor);
  return NOTHING;
};

const requireAccessor = ({ body }: VaultRequest): string => {
  const accessor = textField(body, 'accessor');
  if (accessor === undefined || accessor === '') throw httpError('malformed', 'missing accessor');
  return accessor.slice(0, 128);
};

/** Not an accessor: what an unknown token is looked up by, so that it goes the way of an unknown accessor. */
const NO_ACCESSOR = 'none';

/** The accessor of the token in the body. */
const accessorOfToken = async (house: House, { body, http }: VaultRequest): Promise<string> => {
  const token = textField(body, 'token');
  if (token === undefined || token === '') throw httpError('malformed', 'missing token');
  const { engine, identity, clock } = house;
  try {
    const caller: Caller = await engine.read((tx) =>
      identity.authenticate(tx, Secret.fromText(token), http.from, clock.now()),
    );
    return caller.accessor ?? NO_ACCESSOR;
  } catch (error) {
    if (hasCode(error, 'identity.unauthenticated')) return NO_ACCESSOR;
    throw error;
  }
};

const refuseRevokeOrphan = (): Answer => {
  throw httpError('malformed', 'A token here never ends without those made from it: use auth/token/revoke.');
};
