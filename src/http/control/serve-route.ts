import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Route, takesKey } from '#contract';
import { ChatelaineError, type JsonValue, isJsonObject, stringifyJson } from '#kernel';
import type { Caller } from '#identity';
import { standingTag } from '#inventory';
import { callerOf } from '../caller.ts';
import { httpError } from '../errors.ts';
import { isHere } from '../from.ts';
import { isBrowser, isForeignOrigin } from '../guard.ts';
import { etagOf } from '../if-none-match.ts';
import type { House } from '../house.ts';
import type { Call, Reply } from './call.ts';
import { concealForeign } from './conceal-foreign.ts';
import { controlError } from './errors.ts';
import { type Performed, once } from './idempotency.ts';
import { type Asked, readRequest } from './read-request.ts';

type AnyHandler = (call: Call<never>) => Promise<Reply<never>>;

/** Takes one request of a route from its bytes to the bytes of its answer. */
export const serveRoute =
  (house: House, route: Route, handler: AnyHandler) => async (request: FastifyRequest, reply: FastifyReply) => {
    if (route.method !== 'GET' && isForeignOrigin(request.raw))
      throw httpError('wrong_origin', 'Another web page made this request.');
    const body = Buffer.isBuffer(request.body) ? request.body : null;
    // Who asks comes first: what a request may hold is nothing to tell strangers.
    const caller = route.auth === 'caller' ? await callerOf(house, request) : null;
    const asked = readRequest(route, request.originalUrl, request.headers, request.params, body);
    const answer = () => perform(house, route, handler, { request, asked, caller });
    const key = request.headers['idempotency-key'];
    if (key === undefined) return send(reply, (await answer()).sent);
    if (caller === null || !takesKey(route))
      throw controlError('key_refused', 'This request takes no Idempotency-Key.');
    const repeatable = {
      caller,
      key: String(key),
      method: route.method,
      url: request.originalUrl,
      ifMatch: request.headers['if-match'] ?? '',
      body,
    };
    return send(reply, await once(house, repeatable, answer));
  };

type Given = { readonly request: FastifyRequest; readonly asked: Asked; readonly caller: Caller | null };

const perform = async (
  house: House,
  route: Route,
  handler: AnyHandler,
  { request, asked, caller }: Given,
): Promise<Performed> => {
  const call = {
    ...asked,
    caller,
    from: request.from,
    here: isHere(request.from.address, request.headers),
    socket: request.raw.socket,
    browser: isBrowser(request.raw),
  };
  try {
    const reply = await handler(call as unknown as Call<never>);
    if ('unchanged' in reply) {
      const sent = { status: 304, etag: etagOf(reply.unchanged), body: null };
      return { sent, kept: sent };
    }
    const { answer } = reply;
    const body = route.answer === null ? null : checked(route, answer);
    const sent = { status: route.status, etag: etagFor(reply), body: textOf(body) };
    const { shownOnce } = route;
    const kept =
      shownOnce === undefined || !isJsonObject(body) ? sent : { ...sent, body: textOf({ ...body, [shownOnce]: null }) };
    return { sent, kept };
  } catch (error) {
    throw caller === null ? error : await concealForeign(house, route, asked, caller, error);
  }
};

/** Strong for a credential as it stands, which is what If-Match compares (RFC 9110, section 13.1.1). */
const etagFor = ({ seen, tag }: Omit<Extract<Reply<never>, { readonly answer: unknown }>, 'answer'>): string | null =>
  tag !== undefined ? etagOf(tag) : seen === undefined ? null : `"${standingTag(seen)}"`;

const textOf = (body: JsonValue): string | null => (body === null ? null : stringifyJson(body));

/** An answer that is not as documented is our fault, and never half sent. */
const checked = (route: Route, answer: unknown): JsonValue => {
  const read = route.answer!.safeParse(answer);
  if (read.success) return read.data as JsonValue;
  const fields = read.error.issues.map(({ path, code }) => `${path.join('.')}: ${code}`).join('; ');
  throw httpError(
    'internal',
    'The answer is not of the documented form.',
    {},
    new ChatelaineError('http.answer', INTERNAL, fields),
  );
};

const INTERNAL = { fault: 'ours', status: 500, exit: 70 } as const;

const send = (reply: FastifyReply, { status, etag, body }: Performed['sent']): FastifyReply => {
  void reply.code(status);
  if (etag !== null) void reply.header('etag', etag);
  return body === null ? reply.send() : reply.header('content-type', 'application/json').send(Buffer.from(`${body}\n`));
};
