import type { FastifyPluginCallback, FastifyReply, FastifyRequest } from 'fastify';
import { type ChatelaineError, hasCode } from '#kernel';
import { sealingError } from '#sealing';
import { callerOf } from '../caller.ts';
import { httpError } from '../errors.ts';
import type { House } from '../house.ts';
import { LIST_ROUTE } from '../list-route.ts';
import { sendAnswer, sendErrors } from './answer.ts';
import { failureOf } from './failure.ts';
import { type VaultRequest, type Verb, readBody } from './request.ts';
import { type FoundRoute, openRoutes } from './routes.ts';
import { isTrue, readTarget } from './target.ts';
import { type Wrapper, openWrapper } from './wrapper.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The content type as sent, in lower case and without parameters; set on this face only. */
    sentType: string;
  }
}

/** Every verb the face knows; the rest is 405. */
const VERBS: Readonly<Record<string, Verb>> = {
  GET: 'GET',
  HEAD: 'HEAD',
  POST: 'POST',
  PUT: 'PUT',
  PATCH: 'PATCH',
  DELETE: 'DELETE',
  [LIST_ROUTE]: 'LIST',
};

export type KnowError = (error: unknown, request: FastifyRequest) => ChatelaineError;

/** The Vault-compatible face, at `/v1`; `createApp` sends every path below it here, with the raw URL untouched. */
export const vaultFace =
  (house: House, know: KnowError): FastifyPluginCallback =>
  (app, _options, done) => {
    const routes = openRoutes(house);
    const wrapper = openWrapper(house);

    app.decorateRequest('sentType', '');
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, parsed) => parsed(null, body));
    app.addHook('onRequest', (request, _reply, next) => {
      // Vault reads bodies whatever their type says; Fastify would refuse some before we see them.
      request.sentType = typeText(request.headers['content-type']);
      delete request.headers['content-type'];
      next();
    });
    app.setErrorHandler((error, request, reply) => sendFailure(reply, know(error, request)));
    app.route({
      method: Object.keys(VERBS),
      url: '/v1',
      exposeHeadRoute: false,
      handler: (request, reply) => serve(house, routes, wrapper, request, reply, request.sentType),
    });
    done();
  };

/** An error in the words of this face. */
export const sendFailure = (reply: FastifyReply, error: ChatelaineError): FastifyReply => {
  const { status, errors } = failureOf(error);
  if (hasCode(error, 'http.wrong_verb')) void reply.header('allow', String(error.details['allowed']));
  if (hasCode(error, 'http.too_many')) void reply.header('retry-after', String(error.details['seconds']));
  return sendErrors(reply, status, errors);
};

const serve = async (
  house: House,
  routes: ReturnType<typeof openRoutes>,
  wrapper: Wrapper,
  request: FastifyRequest,
  reply: FastifyReply,
  contentType: string,
): Promise<FastifyReply> => {
  const target = readTarget(request.originalUrl, headerText(request.headers['x-vault-namespace']));
  const verb = verbOf(request, target.query);
  const found = routes(target.segments);
  checkState(house, found);
  if (found?.route.open !== true) await callerOf(house, request);
  const handle = handlerFor(found, verb, target.segments);
  const asked: VaultRequest = {
    ...target,
    verb,
    rest: found!.rest,
    body: readBody(request.body, contentType),
    contentType,
    http: request,
  };
  const answer = await wrapper(asked, await handle(asked));
  return sendAnswer(reply, answer, request.id);
};

const verbOf = ({ method }: FastifyRequest, query: URLSearchParams): Verb => {
  const verb = VERBS[method]!;
  return verb === 'GET' && isTrue(query.get('list')) ? 'LIST' : verb;
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
