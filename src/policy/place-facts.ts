import { type Facts, parseName, parseSlug } from '#kernel';
import type { ReadTx } from '#storage';
import { policyError } from './errors.ts';
import type { Scope } from './place.ts';
import type { Places } from './ports.ts';

/** Checks a place that came from outside; a narrower part needs the wider ones. */
export const checkPlace = ({ project, environment, prefix }: Scope): Scope => {
  if ((environment !== null && project === null) || (prefix !== null && environment === null))
    throw policyError('malformed', 'A place names its project before an environment, and both before a prefix.', {
      field: 'place',
    });
  return {
    project: project === null ? null : parseSlug('project', project),
    environment: environment === null ? null : parseSlug('environment', environment),
    prefix: prefix === null ? null : parseName(prefix),
  };
};

/** Facts of a deed on a place: what it is, and the posture there. Errors: `policy.place_absent`. */
export const placeFacts = async (
  tx: ReadTx,
  places: Places,
  place: Scope,
  attributes: NonNullable<Facts['attributes']> = {},
): Promise<Facts> => {
  const { project, environment, prefix } = checkPlace(place);
  const known = await places.find(tx, project, environment);
  if (known === undefined) throw policyError('place_absent', 'There is no such project or environment.');
  return {
    resource: {
      kind: environment !== null ? 'environment' : project !== null ? 'project' : 'installation',
      id: known.id,
      project,
      environment,
      name: prefix,
      production: known.production,
      tier: null,
      owner: null,
      state: null,
    },
    attributes: { posture: known.posture, ...attributes },
  };
};
