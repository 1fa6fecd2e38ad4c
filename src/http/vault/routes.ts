import type { House } from '../house.ts';
import { kvRoutes } from './kv-routes.ts';
import type { Route, Routes } from './request.ts';
import { capabilityRoutes } from './sys-capabilities.ts';
import { mountRoutes } from './sys-mounts.ts';
import { sealRoutes } from './sys-seal.ts';
import { stateRoutes } from './sys-state.ts';
import { wrappingRoutes } from './sys-wrapping.ts';
import { tokenRoutes } from './token-routes.ts';

/** The whole face, family by family. */
const FAMILIES: readonly Routes[] = [
  stateRoutes,
  sealRoutes,
  mountRoutes,
  capabilityRoutes,
  tokenRoutes,
  wrappingRoutes,
  kvRoutes,
];

export type FoundRoute = { readonly route: Route; readonly rest: readonly string[] };

export const everyRoute: Routes = (house) => FAMILIES.flatMap((family) => family(house));

/** Finds the route of a path: exact ones first, then the longest that ends in `*`. */
export const openRoutes = (house: House): ((segments: readonly string[]) => FoundRoute | undefined) => {
  const routes = everyRoute(house);
  const exact = new Map(routes.filter(({ path }) => !path.endsWith('/*')).map((route) => [route.path, route]));
  const open = new Map(
    routes.filter(({ path }) => path.endsWith('/*')).map((route) => [route.path.slice(0, -2), route]),
  );
  const partsOf = (paths: Iterable<string>): number => Math.max(...Array.from(paths, (path) => path.split('/').length));
  const [longestExact, longest] = [partsOf(exact.keys()), partsOf(open.keys())];
  return (segments) => {
    const whole = segments.length > longestExact ? undefined : exact.get(segments.join('/'));
    if (whole !== undefined) return { route: whole, rest: [] };
    for (let count = Math.min(longest, segments.length); count > 0; count--) {
      const route = open.get(segments.slice(0, count).join('/'));
      if (route !== undefined) return { route, rest: segments.slice(count) };
    }
    return undefined;
  };
};
