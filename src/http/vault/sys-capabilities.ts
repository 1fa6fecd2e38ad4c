import { type Action, type CredentialPath, hasCode } from '#kernel';
import type { Caller } from '#identity';
import { placeFacts } from '#inventory';
import type { ReadTx } from '#storage';
import { httpError } from '../errors.ts';
import type { House } from '../house.ts';
import type { Answer } from './answer.ts';
import { listField } from './fields.ts';
import { credentialPath } from './kv-path.ts';
import { type Routes, type VaultRequest, callerFor } from './request.ts';
import { readTarget } from './target.ts';

/** Most paths asked about at once. */
const MOST_PATHS = 32;

/** What each part of the KV mount needs for each of Vault's capabilities. */
const NEEDS: Readonly<Record<string, Readonly<Record<string, Action>>>> = {
  data: {
    create: 'credential.write',
    delete: 'credential.delete',
    patch: 'credential.write',
    read: 'credential.read',
    update: 'credential.write',
  },
  metadata: {
    create: 'credential.write',
    delete: 'credential.destroy',
    patch: 'credential.mark',
    read: 'credential.history',
    update: 'credential.mark',
  },
  delete: { create: 'credential.delete', update: 'credential.delete' },
  undelete: { create: 'credential.undelete', update: 'credential.undelete' },
  destroy: { create: 'credential.destroy', update: 'credential.destroy' },
  subkeys: { read: 'credential.read' },
};

/** What the caller may do where. A question about oneself: decided as a deed would be, and not recorded. */
export const capabilityRoutes: Routes = (house) => {
  const ask = (request: VaultRequest) => capabilities(house, request);
  return [{ path: 'sys/capabilities-self', verbs: { POST: ask, PUT: ask } }];
};

const capabilities = async (house: House, request: VaultRequest): Promise<Answer> => {
  const paths = listField(request.body, 'paths') ?? listField(request.body, 'path') ?? [];
  if (paths.length === 0 || paths.length > MOST_PATHS || !paths.every((path) => typeof path === 'string'))
    throw httpError('malformed', `"paths" must name 1 to ${MOST_PATHS} paths.`);
  const caller = await callerFor(house, request);
  const found: [string, readonly string[]][] = [];
  for (const path of paths)
    found.push([path, await house.engine.read((tx) => capabilitiesAt(house, tx, caller, path, request.namespace))]);
  const [only, ...more] = found;
  const fields = only !== undefined && more.length === 0 ? [only, ['capabilities', only[1]] as const] : found;
  return { kind: 'data', data: Object.fromEntries(fields), top: true };
};

const DENY = ['deny'];

const capabilitiesAt = async (
  house: House,
  tx: ReadTx,
  caller: Caller,
  text: string,
  namespace: string | null,
): Promise<readonly string[]> => {
  const asked = pathOf(text, namespace);
  if (asked === null) return OWN.has(text) ? ['update'] : DENY;
  const facts = await placeFacts(tx, asked.path);
  const may: string[] = [];
  for (const [capability, action] of Object.entries(NEEDS[asked.part]!)) {
    const { allow } = await house.policy.decide(tx, { caller, action, facts, now: house.clock.now() });
    if (allow) may.push(capability);
  }
  if (asked.part === 'metadata' && (await sees(house, tx, caller, asked.path))) may.push('list');
  return may.length === 0 ? DENY : may.toSorted();
};

const sees = async (
  house: House,
  tx: ReadTx,
  caller: Caller,
  { project, environment, name }: CredentialPath,
): Promise<boolean> => (await house.policy.visible(tx, { caller, project, environment, prefix: name })).length > 0;

/** What everybody may do with his own token. */
const OWN: ReadonlySet<string> = new Set([
  'auth/token/renew-self',
  'auth/token/revoke-self',
  'sys/capabilities-self',
  'sys/wrapping/unwrap',
]);

/** The credential that a path is about; null for any other path. */
const pathOf = (text: string, namespace: string | null): { part: string; path: CredentialPath } | null => {
  // What cannot stand in a URL is no path (encodeURIComponent throws at half of a surrogate pair).
  if (!text.isWellFormed()) return null;
  try {
    const target = readTarget(`/v1/${text.split('/').map(encodeURIComponent).join('/')}`, namespace ?? undefined);
    const [mount, part = '', ...rest] = target.segments;
    if (mount !== 'secret' || !Object.hasOwn(NEEDS, part)) return null;
    return { part, path: credentialPath({ ...target, rest, folder: false }) };
  } catch (error) {
    if (hasCode(error, 'http.bad_target') || hasCode(error, 'path.malformed') || hasCode(error, 'http.short_path'))
      return null;
    throw error;
  }
};
