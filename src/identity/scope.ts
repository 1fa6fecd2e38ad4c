import { parseName, parseSlug } from '#kernel';
import type { TokenScope } from './caller.ts';
import { identityError } from './errors.ts';

/** What lets a token do nothing but act for itself: codes and wrapping tokens. */
export const NO_ROLES: TokenScope = { project: null, environment: null, prefix: null, roles: [] };

/** Checks a scope that came from outside; a narrower place needs the wider ones named. */
export const checkScope = (scope: TokenScope | null): TokenScope | null => {
  if (scope === null) return null;
  if ((scope.environment !== null && scope.project === null) || (scope.prefix !== null && scope.environment === null))
    throw identityError('malformed', 'A scope names its project before an environment, and both before a prefix.', {
      field: 'scope',
    });
  if (scope.roles?.some((role) => !/^[a-z]{1,32}$/.test(role)))
    throw identityError('malformed', 'A scope names roles such as "developer".', { field: 'scope.roles' });
  return {
    project: scope.project === null ? null : parseSlug('project', scope.project),
    environment: scope.environment === null ? null : parseSlug('environment', scope.environment),
    prefix: scope.prefix === null ? null : parseName(scope.prefix),
    roles: scope.roles === null ? null : [...new Set(scope.roles)].toSorted(),
  };
};

/** True when `inner` allows nothing that `outer` does not. */
export const scopeWithin = (inner: TokenScope | null, outer: TokenScope | null): boolean => {
  if (outer === null) return true;
  if (inner === null) return false;
  return (
    (outer.project === null || inner.project === outer.project) &&
    (outer.environment === null || inner.environment === outer.environment) &&
    (outer.prefix === null || (inner.prefix !== null && `${inner.prefix}/`.startsWith(`${outer.prefix}/`))) &&
    (outer.roles === null || (inner.roles !== null && inner.roles.every((role) => outer.roles!.includes(role))))
  );
};

export const scopeText = (scope: TokenScope | null): string | null =>
  scope === null ? null : JSON.stringify([scope.project, scope.environment, scope.prefix, scope.roles]);

/** From a row whose code was verified, so its form is our own. */
export const scopeOf = (text: string | null): TokenScope | null => {
  if (text === null) return null;
  const [project, environment, prefix, roles] = JSON.parse(text) as [string, string, string, string[]];
  return { project, environment, prefix, roles };
};
