import type { FastifyInstance, FastifyPluginAsync, FastifyRequest } from 'fastify';
import { ROUTES, ROUTE_IDS, type Route, type RouteId, openApi, takesPath } from '#contract';
import { type ChatelaineError, stringifyJson } from '#kernel';
import { httpError } from '../errors.ts';
import type { House } from '../house.ts';
import { sendProblem } from '../problem.ts';
import type { Handlers } from './call.ts';
import { accessHandlers } from './handlers/access.ts';
import { adoptionHandlers } from './handlers/adoption.ts';
import { credentialHandlers } from './handlers/credentials.ts';
import { explainHandlers } from './handlers/explain.ts';
import { findingHandlers } from './handlers/findings.ts';
import { installationHandlers } from './handlers/installation.ts';
import { ledgerHandlers } from './handlers/ledger.ts';
import { matchHandlers } from './handlers/matching.ts';
import { placeHandlers } from './handlers/places.ts';
import { signInHandlers } from './handlers/sign-in.ts';
import { tokenHandlers } from './handlers/tokens.ts';
import { valueHandlers } from './handlers/values.ts';
import { openOsPeers } from './os-peer.ts';

import { serveRoute } from './serve-route.ts';

export type ControlOptions = {
  /** A folder for callers to show who they are; made when first needed. Null: nobody signs in that way. */
  readonly doorstep: string | null;
  /** Tells one of our errors from what nobody foresaw, and logs the latter. */
  readonly explain: (error: unknown, request: FastifyRequest) => ChatelaineError;
};

/** Our own API under /api: strict where the Vault face is lenient. Everything it does stands in `contract`. */
export const controlFace =
  (house: House, { doorstep, explain }: ControlOptions): FastifyPluginAsync =>
  async (app) => {
    readOnlyJson(app);
    app.setErrorHandler((error, request, reply) => sendProblem(reply, explain(error, request), request.id));
    const handlers = handlersOf(house, doorstep);
    for (const id of ROUTE_IDS) {
      const route: Route = ROUTES[id];
      app.route({
        method: route.method,
        url: `/api${routerPath(route)}`,
        exposeHeadRoute: false,
        ...(route.bodyLimit === undefined ? {} : { bodyLimit: route.bodyLimit }),
        handler: serveRoute(house, route, handlers[id] as never),
      });
    }
    let document: Buffer | undefined;
    app.get('/api/openapi.json', { exposeHeadRoute: false }, async (_request, reply) => {
      document ??= Buffer.from(`${stringifyJson(openApi(house.version))}\n`);
      return reply.header('content-type', 'application/json').send(document);
    });
  };

const handlersOf = (house: House, doorstep: string | null): Handlers<RouteId> => ({
  ...installationHandlers(house, doorstep !== null),
  ...signInHandlers(house, openOsPeers(doorstep, house.clock, house.random)),
  ...placeHandlers(house),
  ...credentialHandlers(house),
  ...valueHandlers(house),
  ...adoptionHandlers(house),
  ...findingHandlers(house),
  ...matchHandlers(house),
  ...accessHandlers(house),
  ...tokenHandlers(house),
  ...explainHandlers(house),
  ...ledgerHandlers(house),
});

const routerPath = (route: Route): string =>
  takesPath(route) ? route.path.replace('{path}', '*') : route.path.replaceAll(/\{(\w+)\}/g, ':$1');

/** Bodies are JSON in UTF-8 and say so; they are read by our own parser, whole, after the caller was proven. */
const readOnlyJson = (app: FastifyInstance): void => {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (request, body, done) => {
    const type = request.headers['content-type'] ?? '';
    if (!/^application\/json(?:\s*;\s*charset=(?:utf-8|"utf-8"))?$/i.test(type.trim()))
      done(httpError('wrong_type', 'This content type is not taken here.', { wanted: 'application/json' }));
    else done(null, body);
  });
};
