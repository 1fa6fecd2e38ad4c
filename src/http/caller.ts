import type { Socket } from 'node:net';
import { Secret, hasCode } from '#kernel';
import { type Caller, type From, identityError } from '#identity';
import type { Arrival } from './arrival.ts';
import type { House } from './house.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Where the request comes from, as far as it can be believed. */
    from: From;
    /** The answer of `callerOf`, once it was asked. */
    proof: Promise<Caller> | null;
  }
}

/** Connections whose peer was proven to be a user of the operating system. */
const proven = new WeakMap<Socket, number>();

/** From now on, requests on this connection that bring no token are this user's. */
export const proveConnection = (socket: Socket, uid: number): void => {
  proven.set(socket, uid);
};

/**
 * Who asks, found once per request and only when somebody wants to know. A token that is given counts alone: a bad one
 * is not made good by the connection. Errors: `identity.unauthenticated`, `sealing.locked`.
 */
export const callerOf = (house: House, request: Arrival): Promise<Caller> => {
  request.proof ??= prove(house, request);
  return request.proof;
};

const prove = async (house: House, request: Arrival): Promise<Caller> => {
  const { engine, identity, clock, failures } = house;
  const { from } = request;
  const token = tokenOf(request);
  try {
    if (token !== undefined) return await engine.read((tx) => identity.authenticate(tx, token, from, clock.now()));
    const uid = wasForwarded(request) ? undefined : proven.get(request.raw.socket);
    if (uid !== undefined) return await engine.read((tx) => identity.proveOsUser(tx, uid, from));
    throw identityError('unauthenticated', 'Nobody is proven by this request.');
  } catch (error) {
    if (hasCode(error, 'identity.unauthenticated'))
      failures.count(from.address, token === undefined ? 'no token' : 'bad token');
    throw error;
  }
};

/** Behind a proxy many people share one connection: its proof is nobody's. */
const wasForwarded = ({ headers }: Pick<Arrival, 'headers'>): boolean =>
  headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined;

/** The token of a request, from `X-Vault-Token` or `Authorization: Bearer`. */
export const tokenOf = ({ headers }: Pick<Arrival, 'headers'>): Secret | undefined => {
  const given = headers['x-vault-token'];
  if (typeof given === 'string' && given !== '') return Secret.fromText(given);
  const [scheme, token, ...rest] = headers.authorization?.split(' ') ?? [];
  return scheme?.toLowerCase() === 'bearer' && token !== undefined && rest.length === 0
    ? Secret.fromText(token)
    : undefined;
};
