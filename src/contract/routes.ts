import { accessRoutes } from './access.ts';
import { adoptionRoutes } from './adoption.ts';
import { credentialRoutes } from './credentials.ts';
import { findingRoutes } from './findings.ts';
import { installationRoutes } from './installation.ts';
import { ledgerRoutes } from './ledger.ts';
import { matchRoutes } from './matches.ts';
import { placeRoutes } from './places.ts';
import { signInRoutes } from './sign-in.ts';
import { valueRoutes } from './values.ts';

/** Everything our API does, by id. */
export const ROUTES = {
  ...installationRoutes,
  ...signInRoutes,
  ...placeRoutes,
  ...credentialRoutes,
  ...valueRoutes,
  ...adoptionRoutes,
  ...findingRoutes,
  ...matchRoutes,
  ...accessRoutes,
  ...ledgerRoutes,
} as const;

export type Routes = typeof ROUTES;
export type RouteId = keyof Routes;
export const ROUTE_IDS = Object.keys(ROUTES) as readonly RouteId[];
