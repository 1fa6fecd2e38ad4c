import { Duration, Secret, hasCode, utf8Text } from '#kernel';
import type { Caller } from '#identity';
import { lookUpWrapped, notWrapped, unwrapAnswer } from '#secrets';
import { tokenOf } from '../caller.ts';
import { httpError } from '../errors.ts';
import type { House } from '../house.ts';
import { type Answer, data } from './answer.ts';
import { textField, timeText } from './fields.ts';
import { type Routes, type VaultRequest, callerFor } from './request.ts';
import { wrap, wrapLife } from './wrapper.ts';

/** Answers that are handed on by way of a token which opens them once. */
export const wrappingRoutes: Routes = (house) => {
  const unwrap = async (request: VaultRequest): Promise<Answer> => ({
    kind: 'bytes',
    bytes: await open(house, request),
  });
  const lookUp = (request: VaultRequest) => lookUpAnswer(house, request);
  const rewrap = (request: VaultRequest) => rewrapAnswer(house, request);
  const cubbyhole = async (request: VaultRequest): Promise<Answer> =>
    data({ response: utf8Text(await open(house, request)).trimEnd() });
  return [
    { path: 'sys/wrapping/wrap', verbs: { POST: wrapBody, PUT: wrapBody } },
    // Whoever holds the token is the caller of these, so no other is asked for.
    { path: 'sys/wrapping/unwrap', open: true, verbs: { POST: unwrap, PUT: unwrap } },
    { path: 'sys/wrapping/lookup', open: true, verbs: { POST: lookUp, PUT: lookUp, GET: lookUp } },
    { path: 'sys/wrapping/rewrap', verbs: { POST: rewrap, PUT: rewrap } },
    { path: 'cubbyhole/response', open: true, verbs: { GET: cubbyhole } },
  ];
};

/** The body itself is the answer; the wrapper does the rest. */
const wrapBody = (request: VaultRequest): Answer => {
  if (wrapLife(request) === undefined)
    throw httpError('malformed', 'endpoint requires response wrapping to be used: send X-Vault-Wrap-TTL.');
  return data(request.body);
};

const open = async (house: House, request: VaultRequest): Promise<Uint8Array> => {
  const caller = await proveHolder(house, request);
  return (await unwrapAnswer(house.secrets, caller)).reveal();
};

const lookUpAnswer = async (house: House, request: VaultRequest): Promise<Answer> => {
  const caller = await proveHolder(house, request);
  const row = await house.engine.read((tx) => lookUpWrapped(tx, caller));
  return data({
    creation_path: row.path,
    creation_time: timeText(row.created_at),
    creation_ttl: Math.floor((row.expires_at - row.created_at) / 1_000),
  });
};

/**
 * The same answer under a fresh token with the same life. Two commits: if the program dies between them, the answer is
 * gone and its sender must wrap it again; it is never open twice.
 */
const rewrapAnswer = async (house: House, request: VaultRequest): Promise<Answer> => {
  await callerFor(house, request);
  const holder = await proveHolder(house, request);
  const row = await house.engine.read((tx) => lookUpWrapped(tx, holder));
  const body = (await unwrapAnswer(house.secrets, holder)).reveal();
  return wrap(house, request, { body, path: row.path }, Duration.ofMs(row.expires_at - row.created_at));
};

/** The caller that a wrapping token proves: in the body, or as the token of the request. */
const proveHolder = async (house: House, request: VaultRequest): Promise<Caller> => {
  const { engine, identity, clock, failures } = house;
  const { from } = request.http;
  const given = textField(request.body, 'token');
  const token = given === undefined || given === '' ? tokenOf(request.http) : Secret.fromText(given);
  if (token === undefined) throw notWrapped();
  try {
    return await engine.read((tx) => identity.proveWrappingToken(tx, token, from, clock.now()));
  } catch (error) {
    if (!hasCode(error, 'identity.unauthenticated')) throw error;
    failures.count(from.address, 'bad wrapping token');
    throw notWrapped();
  }
};
