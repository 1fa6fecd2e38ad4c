import type { House } from '#http';
import { everyRoute } from '../../src/http/vault/routes.ts';
import type { RouteShape } from './hostile-requests.ts';

/** Every path of the Vault face with each of its verbs. */
export const vaultShapes = (house: House): readonly RouteShape[] =>
  everyRoute(house).flatMap(({ path, verbs }) =>
    Object.keys(verbs).map((method) => ({ method, path: `/v1/${path}`, body: null })),
  );
