import type { FastifyPluginCallback, FastifyRequest } from 'fastify';
import { INSTALLATION } from '#inventory';
import { deedsError } from '#deeds';
import { callerOf, tokenOf } from './caller.ts';
import { isHere } from './from.ts';
import type { House } from './house.ts';
import { openMetrics } from './metrics.ts';
import type { Traffic } from './traffic.ts';

/** How long an answer about readiness is used again, so that asking costs no commit each. */
const READY_MS = 2_000;

/** `/healthz`: the process answers. `/readyz`: it can do its work. `/metrics`: numbers for Prometheus. */
export const operations = (house: House, traffic: Traffic): FastifyPluginCallback => {
  const ready = openReadiness(house);
  const metrics = openMetrics(house, traffic);
  return (app, _options, done) => {
    app.get('/healthz', (_request, reply) => reply.send({ alive: true }));
    app.get('/readyz', async (_request, reply) => {
      const why = await ready();
      return reply.code(why.length === 0 ? 200 : 503).send({ ready: why.length === 0, why });
    });
    app.get('/metrics', async (request, reply) => {
      if (!isNextToUs(request)) await requireStatus(house, request);
      const { contentType, text } = await metrics();
      return reply.header('content-type', contentType).send(text);
    });
    done();
  };
};

const isNextToUs = (request: FastifyRequest): boolean =>
  isHere(request.from.address, request.headers) && tokenOf(request) === undefined;

const requireStatus = async (house: House, request: FastifyRequest): Promise<void> => {
  const caller = await callerOf(house, request);
  const decision = await house.engine.read((tx) =>
    house.policy.decide(tx, {
      caller,
      action: 'installation.status',
      facts: { resource: INSTALLATION },
      now: house.clock.now(),
    }),
  );
  if (!decision.allow)
    throw deedsError('denied', 'installation.status is not allowed here.', { remedy: 'Ask an owner.' });
};

/** Why no work can be done now; empty when it can. */
const openReadiness = ({ deeds, seal, clock }: House): (() => Promise<readonly string[]>) => {
  let asked: { readonly at: number; readonly answer: Promise<readonly string[]> } | undefined;
  const look = async (): Promise<readonly string[]> => {
    if (seal.state() !== 'unlocked') return [seal.state()];
    // An empty commit takes the writer's place and the database's lock, as the next deed would.
    return deeds
      .housekeep(async () => {})
      .then(
        () => [],
        () => ['the database takes no writes'],
      );
  };
  return () => {
    if (asked === undefined || clock.monotonic() - asked.at > READY_MS || seal.state() !== 'unlocked')
      asked = { at: clock.monotonic(), answer: look() };
    return asked.answer;
  };
};
