import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { type ChatelaineError, hasCode } from '#kernel';
import { sealingError } from '#sealing';
import { type Arrival, requestId } from '../arrival.ts';
import { callerOf } from '../caller.ts';
import { httpError } from '../errors.ts';
import type { Gate } from '../gate.ts';
import type { House } from '../house.ts';
import { type Answer, bodyOf, json, statusOf } from './answer.ts';
import { failureOf } from './failure.ts';
import { readBytes } from './read-bytes.ts';
import { type Verb, readBody } from './request.ts';
import { type FoundRoute, openRoutes } from './routes.ts';
import { isTrue, readTarget } from './target.ts';
import { openWrapper } from './wrapper.ts';

/** Every verb the face knows, and whether a body is read with it; the rest is 405. */
const VERBS: ReadonlyMap<string, { readonly verb: Verb; readonly hasBody: boolean }> = new Map([
  ['GET', { verb: 'GET', hasBody: false }],
  ['HEAD', { verb: 'HEAD', hasBody: false }],
  ['POST', { verb: 'POST', hasBody: true }],
  ['PUT', { verb: 'PUT', hasBody: true }],
  ['PATCH', { verb: 'PATCH', hasBody: true }],
  ['DELETE', { verb: 'DELETE', hasBody: true }],
  ['LIST', { verb: 'LIST', hasBody: true }],
]);
const EVERY_VERB = [...VERBS.keys()].toSorted().join(', ');

export type FaceOptions = {
  readonly gate: Gate;
  /** Largest body in bytes. */
  readonly bodyLimit: number;
  /** Any error as one of ours, logged where it is our fault. */
  readonly know: (error: unknown, request: Pick<Arrival, 'id'>) => ChatelaineError;
};

/**
 * The Vault-compatible face: everything below `/v1`. It serves Node's own requests, because its clients ask for what a
 * framework takes away: the path as sent, bodies whatever their type says, answers without a charset; and because most of
 * what a read costs outside of the ledger would be the framework's (docs/performance.md).
 */
export const vaultFace = (house: House, { gate, bodyLimit, know }: FaceOptions): RequestListener => {
  const routes = openRoutes(house);
  const wrapper = openWrapper(house);
  const always = Object.entries(gate.headers).flat();

  const send = (response: ServerResponse, { status, headers, body }: Sent): void => {
    // RFC 9110 section 8.6: where no content may be, nothing tells of any.
    if (body === null || status === 204) {
      response.writeHead(status, [...always, ...headers]).end();
      return;
    }
    // Exactly this type: some clients read JSON under no other. A text, so that Node sends it together with its head.
    const length = String(Buffer.byteLength(body));
    response.writeHead(status, [...always, ...headers, 'content-type', 'application/json', 'content-length', length]);
    response.end(body);
  };

  const answer = async (arrival: Arrival): Promise<Sent> => {
    const { raw } = arrival;
    gate.check(raw);
    const url = raw.url ?? '/';
    if (!/^\/v1(?:$|[/?])/.test(url)) throw httpError('no_path', 'There is nothing at this path.');
    const asked = VERBS.get(raw.method ?? '');
    if (asked === undefined)
      throw httpError('wrong_verb', `unsupported operation: ${raw.method} is not for this path.`, {
        allowed: EVERY_VERB,
      });
    const read = asked.hasBody ? readBytes(raw, bodyLimit) : NO_BYTES;
    const bytes = read instanceof Promise ? await read : read;

    const target = readTarget(url, headerText(arrival.headers['x-vault-namespace']));
    const verb = asked.verb === 'GET' && isTrue(target.query.get('list')) ? 'LIST' : asked.verb;
    const found = routes(target.segments);
    checkState(house, found);
    if (found?.route.open !== true) await callerOf(house, arrival);
    const handle = handlerFor(found, verb, target.segments);
    const contentType = typeText(arrival.headers['content-type']);
    const body = readBody(bytes, contentType);
    const request = { ...target, verb, rest: found!.rest, body, contentType, http: arrival };
    return sentFor(await wrapper(request, await handle(request)), arrival.id);
  };

  return (raw, response) => {
    const arrival = arrive(house, gate, raw);
    answer(arrival)
      .catch((error: unknown) => refusal(know(error, arrival)))
      .then((sent) => send(response, sent))
      .catch((error: unknown) => {
        // An answer that cannot even be sent: nothing of it went out, so the connection says so.
        know(error, arrival);
        response.destroy();
      });
  };
};

/** An answer as it goes out; headers as names and values in turn. */
type Sent = {
  readonly status: number;
  readonly headers: readonly string[];
  readonly body: string | Uint8Array | null;
};

const NO_BYTES = new Uint8Array();
const NO_HEADERS: readonly string[] = [];

const arrive = ({ random }: House, gate: Gate, raw: IncomingMessage): Arrival => {
  const id = requestId(random);
  return { id, from: gate.from(raw, id), raw, headers: raw.headers, proof: null };
};

const sentFor = (answer: Answer, id: string): Sent => ({
  status: statusOf(answer),
  headers: 'etag' in answer && answer.etag !== undefined ? ['etag', answer.etag] : NO_HEADERS,
  body: bodyOf(answer, id),
});

/** An error in the words of this face. */
const refusal = (error: ChatelaineError): Sent => {
  const { status, errors } = failureOf(error);
  const headers: string[] = [];
  if (hasCode(error, 'http.wrong_verb')) headers.push('allow', String(error.details['allowed']));
  if (hasCode(error, 'http.too_many')) headers.push('retry-after', String(error.details['seconds']));
  // What is left of a body that is too large is not waited for.
  if (hasCode(error, 'http.draining') || hasCode(error, 'http.too_large')) headers.push('connection', 'close');
  return { status, headers, body: json({ errors }) };
};

/** While locked, only what was made for it answers; unknown paths tell nothing either. */
const checkState = ({ seal }: House, found: FoundRoute | undefined): void => {
  const state = seal.state();
  if (state === 'unlocked' || found?.route.whileLocked === true) return;
  if (state === 'uninitialised') throw sealingError('not_initialised', 'There is no installation yet.');
  throw sealingError('locked', 'The keys are locked.');
};

const handlerFor = (found: FoundRoute | undefined, verb: Verb, segments: readonly string[]) => {
  if (found === undefined)
    throw httpError('no_path', `no handler for route "${segments.join('/').slice(0, 200)}". route entry not found.`);
  const handle = found.route.verbs[verb];
  if (handle === undefined)
    throw httpError('wrong_verb', 'unsupported operation.', { allowed: Object.keys(found.route.verbs).join(', ') });
  return handle;
};

const headerText = (header: string | string[] | undefined): string | undefined =>
  Array.isArray(header) ? header.join(',') : header;

const typeText = (header: string | undefined): string => (header ?? '').split(';', 1)[0]!.trim().toLowerCase();
