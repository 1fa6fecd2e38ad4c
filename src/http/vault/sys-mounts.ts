import type { JsonObject } from '#kernel';
import { httpError } from '../errors.ts';
import type { House } from '../house.ts';
import { type Answer, data } from './answer.ts';
import { type Routes, type VaultRequest, callerFor } from './request.ts';

/** The one mount with values, and its path as clients write it. */
const KV = 'secret/';

const mount = (type: string, description: string, options: JsonObject | null): JsonObject => ({
  accessor: `${type}_chatelaine`,
  config: { default_lease_ttl: 0, force_no_cache: false, max_lease_ttl: 0 },
  deprecation_status: 'supported',
  description,
  external_entropy_access: false,
  local: false,
  options,
  plugin_version: '',
  running_plugin_version: '',
  running_sha256: '',
  seal_wrap: false,
  type,
  uuid: '',
});

const MOUNTS: Readonly<Record<string, JsonObject>> = {
  'cubbyhole/': mount('cubbyhole', 'wrapped answers', null),
  [KV]: mount('kv', 'credentials, at secret/data/PROJECT/ENVIRONMENT/NAME', { version: '2' }),
  'sys/': mount('system', 'the server itself', null),
};
const METHODS: Readonly<Record<string, JsonObject>> = { 'token/': mount('token', 'tokens', null) };
const TUNE: JsonObject = {
  default_lease_ttl: 0,
  description: '',
  force_no_cache: false,
  max_lease_ttl: 0,
  options: { version: '2' },
};

/** What is mounted where. Nothing can be mounted: there is one set of credentials, and it is at `secret/`. */
export const mountRoutes: Routes = (house) => [
  { path: 'sys/mounts', verbs: { GET: () => top(MOUNTS) } },
  { path: 'sys/auth', verbs: { GET: () => top(METHODS) } },
  { path: 'sys/mounts/*', verbs: { GET: readMount, POST: refuseMount, PUT: refuseMount, DELETE: refuseUnmount } },
  { path: 'sys/internal/ui/mounts', verbs: { GET: (request) => visibleMounts(house, request) } },
  { path: 'sys/internal/ui/mounts/*', verbs: { GET: (request) => probeMount(house, request) } },
];

const top = (fields: JsonObject): Answer => ({ kind: 'data', data: fields, top: true });

const readMount = ({ rest }: VaultRequest): Answer => {
  const tune = rest.at(-1) === 'tune';
  const path = `${(tune ? rest.slice(0, -1) : rest).join('/')}/`;
  const found = MOUNTS[path];
  if (found === undefined) throw httpError('malformed', `cannot fetch sysview for path "${path}".`);
  return top(tune ? TUNE : found);
};

/** Clients that set themselves up compare this text. */
const refuseMount = ({ rest }: VaultRequest): Answer => {
  const path = `${rest.join('/')}/`;
  if (rest.at(-1) === 'tune') throw httpError('malformed', 'A mount here has no settings to change.');
  if (MOUNTS[path] !== undefined) throw httpError('path_in_use', `path is already in use at ${path}`);
  throw httpError('malformed', 'Nothing can be mounted here: credentials are at secret/, as KV version 2.');
};

const refuseUnmount = (): Answer => {
  throw httpError('malformed', 'Nothing can be unmounted here.');
};

const visibleMounts = async (house: House, request: VaultRequest): Promise<Answer> =>
  data({ auth: METHODS, secret: (await seesAnything(house, request)) ? { [KV]: MOUNTS[KV]! } : {} });

/** 403 for a mount that is not there as for one that may not be seen: 404 would make clients take it for KV version 1. */
const probeMount = async (house: House, request: VaultRequest): Promise<Answer> => {
  const [first = ''] = request.rest;
  if (first !== 'secret' || !(await seesAnything(house, request)))
    throw httpError(
      'no_mount',
      `preflight capability check returned 403, please ensure client's policies grant access to path "${first.slice(0, 80)}/"`,
    );
  return data({ ...MOUNTS[KV], path: KV });
};

const seesAnything = async (house: House, request: VaultRequest): Promise<boolean> => {
  const caller = await callerFor(house, request);
  const scopes = await house.engine.read((tx) => house.policy.visible(tx, { caller }));
  return scopes.length > 0;
};
