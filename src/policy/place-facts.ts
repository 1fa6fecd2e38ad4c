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

/**
 * Facts of a deed on a place: what it is, and the posture there. Never throws for what is not there, as the policy
 * decides first: whoever has no right there is refused alike for places that exist and places that do not. Who is
 * allowed learns it from `requirePlace`.
 */
export const placeFacts = async (
  tx: ReadTx,
  places: Places,
  place: Scope,
  attributes: NonNullable<Facts['attributes']> = {},
): Promise<Facts> => {
  const { project, environment, prefix } = checkPlace(place);
  const known = await places.find(tx, project, environment);
  return {
    resource: {
      kind: environment !== null ? 'environment' : project !== null ? 'project' : 'installation',
      id: known?.id ?? NOWHERE,
      project,
      environment,
      name: prefix,
      production: known?.production ?? false,
      tier: null,
      owner: null,
      state: null,
    },
    attributes: { ...(known === undefined ? {} : { posture: known.posture }), ...attributes },
  };
};

/** For `apply` and `find`, after the decision. Errors: `policy.place_absent`. */
export const requirePlace = ({ resource }: Facts): void => {
  if (resource.id === NOWHERE) throw policyError('place_absent', 'There is no such project or environment.');
};

/**
 * Facts of a deed on what is named by an id that nothing has. It lies nowhere, so only a right on the whole
 * installation reaches it: whoever could have acted wherever it might lie, and he alone learns that it is not there.
 */
export const absentFacts = (
  kind: 'grant' | 'installation',
  attributes: NonNullable<Facts['attributes']> = {},
): Facts => ({
  resource: {
    kind,
    id: NOWHERE,
    project: null,
    environment: null,
    name: null,
    production: false,
    tier: null,
    owner: null,
    state: null,
  },
  attributes,
});

/** Says nothing, because ids are public in the ledger. */
const NOWHERE = 'none';
