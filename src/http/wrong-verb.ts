import type { FastifyInstance } from 'fastify';
import { LIST_ROUTE } from './list-route.ts';

type Route = { readonly pattern: RegExp; readonly verbs: Set<string> };

const routesOf = new WeakMap<FastifyInstance, Map<string, Route>>();

/** Remembers every route, so that a wrong verb is told from a wrong path: 405 with `Allow` (RFC 9110 section 15.5.6). */
export const watchRoutes = (app: FastifyInstance): void => {
  const routes = new Map<string, Route>();
  routesOf.set(app, routes);
  app.addHook('onRoute', ({ url, method }) => {
    const route = routes.get(url) ?? { pattern: patternOf(url), verbs: new Set() };
    for (const verb of [method].flat()) route.verbs.add(verb === LIST_ROUTE ? 'LIST' : verb);
    routes.set(url, route);
  });
};

/** Verbs that the path of this URL takes; empty when there is no such path. */
export const allowedAt = (app: FastifyInstance, url: string): readonly string[] => {
  const path = url.split('?', 1)[0]!;
  const verbs = [...(routesOf.get(app)?.values() ?? [])]
    .filter(({ pattern }) => pattern.test(path))
    .flatMap((route) => [...route.verbs]);
  return [...new Set(verbs)].toSorted();
};

/** `/api/tokens/:accessor` and `/ledger/tile/*` as a pattern of paths. */
const patternOf = (url: string): RegExp => {
  const parts = url.split('/').map((part) => {
    if (part === '*') return '.*';
    return part.startsWith(':') ? '[^/]+' : RegExp.escape(part);
  });
  return new RegExp(`^${parts.join('/')}$`);
};
