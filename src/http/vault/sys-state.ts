import { createHash } from 'node:crypto';
import { type JsonObject, toHex } from '#kernel';
import { httpError } from '../errors.ts';
import type { House } from '../house.ts';
import type { Answer } from './answer.ts';
import type { Routes, VaultRequest } from './request.ts';

/**
 * The version of Vault whose behaviour this face keeps, with our own behind the plus sign (semver build metadata).
 * Terraform parses it as semver, panics on anything else, and turns features on by it: above 1.14 it would ask for
 * things we do not have.
 */
export const advertisedVersion = ({ version }: Pick<House, 'version'>): string =>
  `1.14.0+chatelaine.${version.replaceAll(/[^0-9A-Za-z.-]/g, '-')}`;

/** What says how the server is; open to everybody, and the same while locked. */
export const stateRoutes: Routes = (house) => [
  {
    path: 'sys/health',
    open: true,
    whileLocked: true,
    verbs: { GET: (request) => health(house, request), HEAD: (request) => health(house, request) },
  },
  {
    path: 'sys/init',
    open: true,
    whileLocked: true,
    verbs: {
      GET: () => document({ initialized: isInitialised(house) }),
      PUT: () => refuseInit(house),
      POST: () => refuseInit(house),
    },
  },
  { path: 'sys/leader', verbs: { GET: () => document(LEADER) }, open: true },
];

const isInitialised = ({ seal }: House): boolean => seal.state() !== 'uninitialised';

const LEADER: JsonObject = {
  ha_enabled: false,
  is_self: false,
  active_time: '0001-01-01T00:00:00Z',
  leader_address: '',
  leader_cluster_address: '',
  performance_standby: false,
  performance_standby_last_remote_wal: 0,
};

const health = (house: House, { query }: VaultRequest): Answer => {
  const codes = {
    active: codeOf(query, 'activecode', 200),
    sealed: codeOf(query, 'sealedcode', 503),
    uninitialised: codeOf(query, 'uninitcode', 501),
  };
  // Checked though a single node is never standby, because a malformed one is an error.
  codeOf(query, 'standbycode', 429);
  const state = house.seal.state();
  const sealed = state !== 'unlocked';
  return {
    kind: 'document',
    status: state === 'unlocked' ? codes.active : state === 'locked' ? codes.sealed : codes.uninitialised,
    body: {
      initialized: isInitialised(house),
      sealed,
      standby: false,
      performance_standby: false,
      replication_performance_mode: 'disabled',
      replication_dr_mode: 'disabled',
      server_time_utc: Math.floor(house.clock.now() / 1_000),
      version: advertisedVersion(house),
      ...(sealed ? {} : cluster(house)),
    },
  };
};

/** Name and id of this installation, in the form that clients expect. */
export const cluster = ({ installation }: House): { readonly cluster_name: string; readonly cluster_id: string } => {
  const { origin } = installation();
  const hex = toHex(createHash('sha256').update(origin).digest());
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ];
  return { cluster_name: origin, cluster_id: parts.join('-') };
};

const codeOf = (query: URLSearchParams, name: string, usual: number): number => {
  const text = query.get(name);
  if (text === null) return usual;
  const code = Number(text);
  if (!/^\d{3}$/.test(text) || code < 200 || code > 599)
    throw httpError('malformed', `${name} is not a status of HTTP.`);
  return code;
};

/** The program makes itself at its first start; over the network nobody takes an installation over. */
const refuseInit = (house: House): Answer => {
  if (isInitialised(house)) throw httpError('malformed', 'Vault is already initialized.');
  throw httpError('malformed', 'This server is initialised on its own machine: chatelaine up.');
};

const document = (body: JsonObject): Answer => ({ kind: 'document', body });
