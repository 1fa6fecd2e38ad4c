import type { Resource } from '#kernel';

/**
 * Where a right holds, as one text: `/` the installation, `porch` a project, `porch/home` an environment,
 * `porch/home/mqtt` every name that is or begins with the segments `mqtt`. Slugs hold no slash, so no two places
 * share a text.
 */
export type Place = string;

export const ROOT: Place = '/';

/** The parts of a place as columns hold them: what is null is not narrowed. */
export type Scope = {
  readonly project: string | null;
  readonly environment: string | null;
  readonly prefix: string | null;
};

export const placeOf = ({ project, environment, prefix }: Scope): Place => {
  if (project === null) return ROOT;
  if (environment === null) return project;
  return prefix === null ? `${project}/${environment}` : `${project}/${environment}/${prefix}`;
};

export const scopeOf = (place: Place): Scope => {
  if (place === ROOT) return { project: null, environment: null, prefix: null };
  const [project = '', environment, ...prefix] = place.split('/');
  return { project, environment: environment ?? null, prefix: prefix.length === 0 ? null : prefix.join('/') };
};

export const contains = (outer: Place, inner: Place): boolean =>
  outer === ROOT ||
  inner === outer ||
  (inner.length > outer.length && inner.charCodeAt(outer.length) === 47 && inner.startsWith(outer));

/** What two places share: the narrower one, or null. */
export const common = (a: Place, b: Place): Place | null => {
  if (contains(a, b)) return b;
  return contains(b, a) ? a : null;
};

/** Every place that holds the resource, the widest first; the last is the resource's own. */
export const placesAround = ({
  project,
  environment,
  name,
}: Pick<Resource, 'project' | 'environment' | 'name'>): Place[] => {
  const places: Place[] = [ROOT];
  if (project === null) return places;
  places.push(project);
  if (environment === null) return places;
  let place = `${project}/${environment}`;
  places.push(place);
  if (name === null || name === '') return places;
  for (const segment of name.split('/')) {
    place += `/${segment}`;
    places.push(place);
  }
  return places;
};

/** For people. */
export const placeTitle = (place: Place): string => (place === ROOT ? 'the installation' : place);
