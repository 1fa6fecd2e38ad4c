import type { RequestListener, Server } from 'node:http';
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import type { Logger } from 'pino';
import { ChatelaineError, type Duration, type Random, toHex } from '#kernel';
import { controlFace } from './control/control-face.ts';
import { asKnown, httpError } from './errors.ts';
import { openFrom } from './from.ts';
import { openHostGuard } from './guard.ts';
import type { House } from './house.ts';
import { ledgerFiles } from './ledger-files.ts';
import { LIST_ROUTE, listAsRoute } from './list-route.ts';
import { createListener } from './listener.ts';
import { openLog } from './log.ts';
import { operations } from './operations.ts';
import { sendProblem } from './problem.ts';
import type { HttpSettings } from './settings.ts';
import { type Traffic, faceOf, openTraffic } from './traffic.ts';
import { sendFailure, vaultFace } from './vault/face.ts';
import { allowedAt, watchRoutes } from './wrong-verb.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** A server for one more address or socket, all serving the same. `plain`: without TLS, for a socket of this machine. */
    listener(options?: { readonly plain?: boolean }): Server;
    /** Refuses new work with 503, lets what runs finish, closes every listener. False when something was cut off. */
    drain(within: Duration): Promise<boolean>;
  }
}

/** Set on every answer. Nothing here is for a browser to keep, frame, guess the type of, or show to another page. */
const SECURITY_HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const;
const WITH_TLS = { ...SECURITY_HEADERS, 'strict-transport-security': 'max-age=31536000; includeSubDomains' } as const;

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
    // Fastify's router would decode %2f before anybody looked; the Vault face reads its path from the raw URL.
    rewriteUrl: ({ url = '/' }) => (url.startsWith('/v1/') ? '/v1' : url),
    frameworkErrors: (error, request, reply) => void sendProblem(reply, asKnown(error), request.id),
  });
  app.addHttpMethod(LIST_ROUTE, { hasBody: true });
  app.decorateRequest('proof', null);
  app.decorateRequest('from');

  guard(app, settings, traffic);
  watchRoutes(app);
  const explain = (error: unknown, request: FastifyRequest) => knownAndLogged(log, error, request, traffic);
  const refuse = (request: FastifyRequest, reply: FastifyReply, error: ChatelaineError): FastifyReply =>
    faceOf(request.originalUrl) === 'vault' ? sendFailure(reply, error) : sendProblem(reply, error, request.id);
  app.setErrorHandler((error, request, reply) => refuse(request, reply, explain(error, request)));
  app.setNotFoundHandler((request, reply) => {
    return refuse(request, reply, nothingAt(app, request));
  });

  serveFrom(app, settings, traffic);
  await app.register(operations(house, traffic));
  await app.register(ledgerFiles(house), { prefix: '/ledger' });
  await app.register(vaultFace(house, explain));
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

const guard = (app: FastifyInstance, settings: HttpSettings, traffic: Traffic): void => {
  const readFrom = openFrom(settings.trustedProxies);
  const checkHost = openHostGuard(settings.hosts);
  const headers = settings.tls === null ? SECURITY_HEADERS : WITH_TLS;
  app.addHook('onRequest', (request, reply, done) => {
    void reply.headers(headers);
    request.from = readFrom(request.raw, request.id);
    if (traffic.isDraining()) {
      void reply.header('connection', 'close');
      throw httpError('draining', 'The program is stopping.');
    }
    checkHost(request.raw);
    done();
  });
  app.addHook('onResponse', (request: FastifyRequest, reply: FastifyReply, done) => {
    traffic.answered(faceOf(request.originalUrl), reply.statusCode);
    done();
  });
};

const knownAndLogged = (log: Logger, error: unknown, request: FastifyRequest, traffic: Traffic): ChatelaineError => {
  const known = asKnown(error);
  if (known.fault === 'locked') traffic.refusedWhileLocked();
  if (known.fault === 'ours')
    log.error(
      { err: error instanceof ChatelaineError ? error : (known.cause ?? error), request: request.id },
      known.code,
    );
  return known;
};

const serveFrom = (app: FastifyInstance, settings: HttpSettings, traffic: Traffic): void => {
  const servers = new Set<Server>();
  const handle = listAsRoute((request, response) => app.routing(request, response));
  const serve: RequestListener = (request, response) => {
    response.once('close', traffic.begin());
    handle(request, response);
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

/** A random UUID (RFC 9562 version 4), as Vault's clients expect. */
const requestId = (random: Random): string => {
  const bytes = random.bytes(16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = toHex(bytes);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
};
