import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { type HttpSettings, createApp, openLog } from '#http';
import { createIdentity, createOrphanToken, createSignInCode, redeemSignInCode } from '#identity';
import { Duration } from '#kernel';
import { type Role, createGrant } from '#policy';
import { type Engine, openSqlite } from '#storage';
import { type Rooms, type RoomsOptions, openRooms } from './rooms.ts';

/** The roles that a test house has somebody for; each holds it on the project `porch`. */
export const ROLES = [
  'maintainer',
  'developer',
  'deployer',
  'service',
  'auditor',
  'responder',
] as const satisfies readonly Role[];

/** Plain texts, because tests send them; nothing of a test house is secret. */
export type Tokens = Readonly<Record<(typeof ROLES)[number] | 'owner' | 'stranger', string>> & {
  /** A session of the owner's with more proof than a bearer token. */
  readonly session: string;
};

export type TestHouse = {
  readonly rooms: Rooms;
  readonly app: FastifyInstance;
  readonly url: string;
  readonly port: number;
  /** A socket that serves the same. */
  readonly socket: string;
  readonly tokens: Tokens;
  /** Everything that was logged. */
  readonly logged: () => string;
  close(): Promise<void>;
};

export type TestHouseOptions = RoomsOptions & { readonly settings?: Partial<HttpSettings>; readonly engine?: Engine };

const SETTINGS: HttpSettings = {
  hosts: [],
  trustedProxies: [],
  bodyLimit: 1_048_576,
  requestTimeout: Duration.of(30, 's'),
  maxConnections: 256,
  maxRequestsPerConnection: 100_000,
  tls: null,
};

/** A house that listens: SQLite in a temporary folder, the owner `ada`, the project `porch`, a token for each role. */
export const openTestHouse = async (options: TestHouseOptions = {}): Promise<TestHouse> => {
  const folder = mkdtempSync(join(tmpdir(), 'chatelaine-house-'));
  const engine = options.engine ?? openSqlite({ folder });
  const rooms = await openRooms(engine, options);
  const lines: string[] = [];
  const log = openLog('debug', { write: (line: string) => void lines.push(line) });
  const app = await createApp(rooms, { ...SETTINGS, doorstep: join(folder, 'sign-in'), ...options.settings }, log);
  const server = app.listener().listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const socket = join(folder, 'chatelaine.sock');
  await once(app.listener({ plain: true }).listen(socket), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    rooms,
    app,
    port,
    socket,
    url: `http://127.0.0.1:${port}`,
    tokens: await makeTokens(rooms),
    logged: () => lines.join(''),
    async close() {
      await app.drain(Duration.of(2, 's'));
      await rooms.deeds.close();
      await engine.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

const makeTokens = async (rooms: Rooms): Promise<Tokens> => {
  const tokens: Record<string, string> = {
    owner: await tokenFor(rooms, rooms.owner.identity),
    session: await sessionFor(rooms, rooms.owner.identity),
  };
  for (const role of ROLES) tokens[role] = await tokenFor(rooms, await somebody(rooms, role, role));
  tokens['stranger'] = await tokenFor(rooms, await somebody(rooms, 'stranger', null));
  return tokens as Tokens;
};

/** Where a role holds. */
export type At = {
  readonly project: string | null;
  readonly environment: string | null;
  readonly prefix: string | null;
};
const PORCH: At = { project: 'porch', environment: null, prefix: null };

/** Another person, with a role or none; gives the id. */
export const somebody = async (rooms: Rooms, name: string, role: Role | null, at: At = PORCH): Promise<string> => {
  const { deeds, identityPorts, grantPorts, owner } = rooms;
  const { output } = await deeds.perform(createIdentity(identityPorts), owner, { name, kind: 'person' });
  if (role !== null)
    await deeds.perform(createGrant(grantPorts), owner, {
      identity: output.id,
      role,
      ...at,
      reason: 'test',
    });
  return output.id;
};

export const tokenFor = async ({ deeds, identityPorts, owner }: Rooms, identity: string, uses = 0): Promise<string> => {
  const { output } = await deeds.perform(createOrphanToken(identityPorts), owner, {
    caller: owner,
    identity,
    renewable: true,
    uses,
  });
  return output.token.revealText();
};

/** A session with more proof than a bearer token. */
export const sessionFor = async (
  { deeds, identityPorts, engine, identity, clock, owner }: Rooms,
  whose: string,
): Promise<string> => {
  const { output: code } = await deeds.perform(createSignInCode(identityPorts), owner, { identity: whose });
  const caller = await engine.read((tx) => identity.proveSignInCode(tx, code.token, owner.from, clock.now()));
  const { output } = await deeds.perform(redeemSignInCode(identityPorts), caller, { caller });
  return output.token.revealText();
};
