import type { RequestListener, Server } from 'node:http';
import { type FastifyInstance, type FastifyRequest, fastify } from 'fastify';
import type { Logger } from 'pino';
import { ChatelaineError, type Duration } from '#kernel';
import { requestId } from './arrival.ts';
import { controlFace } from './control/control-face.ts';
import { asKnown, httpError } from './errors.ts';
import { type Gate, openGate } from './gate.ts';
import type { House } from './house.ts';
import { ledgerFiles } from './ledger-files.ts';
import { LIST_ROUTE, listAsRoute } from './list-route.ts';
import { createListener } from './listener.ts';
import { openLog } from './log.ts';
import { operations } from './operations.ts';
import { sendProblem } from './problem.ts';
import type { HttpSettings } from './settings.ts';
import { type Traffic, faceOf, openTraffic } from './traffic.ts';
import { vaultFace } from './vault/face.ts';
import { allowedAt, watchRoutes } from './wrong-verb.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** A server for one more address or socket, all serving the same. `plain`: without TLS, for a socket of this machine. */
    listener(options?: { readonly plain?: boolean }): Server;
    /** Refuses new work with 503, lets what runs finish, closes every listener. False when something was cut off. */
    drain(within: Duration): Promise<boolean>;
  }
}

/** Every face on one app. It serves nothing until a server made by `listener` listens. */
export const createApp = async (
  house: House,
  settings: HttpSettings,
  log: Logger = openLog(),
): Promise<FastifyInstance> => {
  const traffic = openTraffic();
  const app = fastify({
    logger: false,
    bodyLimit: settings.bodyLimit,
    genReqId: () => requestId(house.random),
    requestIdHeader: false,
    frameworkErrors: (error, request, reply) => void sendProblem(reply, asKnown(error), request.id),
  });
  app.addHttpMethod(LIST_ROUTE, { hasBody: true });
  app.decorateRequest('proof', null);
  app.decorateRequest('from');

  const gate = openGate(settings, traffic);
  guard(app, gate, traffic);
  watchRoutes(app);
  const explain = (error: unknown, request: { readonly id: string }) => knownAndLogged(log, error, request, traffic);
  app.setErrorHandler((error, request, reply) => sendProblem(reply, explain(error, request), request.id));
  app.setNotFoundHandler((request, reply) => sendProblem(reply, nothingAt(app, request), request.id));

  serveFrom(app, vaultFace(house, { gate, bodyLimit: settings.bodyLimit, know: explain }), settings, traffic);
  await app.register(operations(house, traffic));
  await app.register(ledgerFiles(house), { prefix: '/ledger' });
  await app.register(controlFace(house, { doorstep: settings.doorstep ?? null, explain }));
  await app.ready();
  return app;
};

/** A path that is not there, or a verb that it does not take. */
const nothingAt = (app: FastifyInstance, { method, raw }: FastifyRequest): ChatelaineError => {
  const allowed = allowedAt(app, raw.url ?? '/').join(', ');
  return allowed === ''
    ? httpError('no_path', 'There is nothing at this path.')
    : httpError('wrong_verb', `unsupported operation: ${method} is not for this path.`, { allowed });
};

const guard = (app: FastifyInstance, gate: Gate, traffic: Traffic): void => {
  app.addHook('onRequest', (request, reply, done) => {
    void reply.headers(gate.headers);
    request.from = gate.from(request.raw, request.id);
    if (traffic.isDraining()) void reply.header('connection', 'close');
    gate.check(request.raw);
    done();
  });
};

const knownAndLogged = (
  log: Logger,
  error: unknown,
  request: { readonly id: string },
  traffic: Traffic,
): ChatelaineError => {
  const known = asKnown(error);
  if (known.fault === 'locked') traffic.refusedWhileLocked();
  if (known.fault === 'ours')
    log.error(
      { err: error instanceof ChatelaineError ? error : (known.cause ?? error), request: request.id },
      known.code,
    );
  return known;
};

/** The Vault face gets Node's requests as they are, every other face Fastify's. */
const serveFrom = (app: FastifyInstance, vault: RequestListener, settings: HttpSettings, traffic: Traffic): void => {
  const servers = new Set<Server>();
  const others = listAsRoute((request, response) => app.routing(request, response));
  const serve: RequestListener = (request, response) => {
    const face = faceOf(request.url ?? '/');
    const done = traffic.begin();
    response.once('close', () => {
      traffic.answered(face, response.statusCode);
      done();
    });
    (face === 'vault' ? vault : others)(request, response);
  };

  app.decorate('listener', ({ plain = false }: { readonly plain?: boolean } = {}) => {
    const server = createListener(serve, settings, plain);
    servers.add(server);
    server.on('connection', (socket) => traffic.connected((closed) => socket.once('close', closed)));
    server.once('close', () => servers.delete(server));
    return server;
  });
  app.decorate('drain', async (within: Duration) => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), within.ms);
    });
    const whole = await Promise.race([traffic.drain().then(() => true), late]);
    clearTimeout(timer);
    await Promise.all([...servers].map(closeServer));
    await app.close();
    return whole;
  });
};

const closeServer = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
