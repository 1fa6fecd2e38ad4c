import type { CredentialPath, Facts, Resource } from '#kernel';
import type { ReadTx } from '#storage';
import { findEnvironment, findProject, requireTruePlace } from './codes.ts';
import { credentialOf, resourceOf } from './credential.ts';
import { inventoryError } from './errors.ts';
import { type CredentialRow, type EnvironmentRow, type PlaceRow, type ProjectRow, placeOf } from './tables.ts';

/** Facts about a credential's path, with the rows they came from. */
export type PlaceFacts = Facts & {
  readonly place: PlaceRow | undefined;
  /** Undefined where no credential is. */
  readonly credential: CredentialRow | undefined;
};

/**
 * Looks a path up. Never throws for what is not there: the policy decides first, and only who may look learns that
 * there is nothing. Errors: `storage.row_untrue`, for what nobody may decide on.
 *
 * @param newId the id the credential will get if the deed makes it
 */
export const placeFacts = async (tx: ReadTx, path: CredentialPath, newId?: string): Promise<PlaceFacts> => {
  const place = await tx.one(placeOf, {
    project: path.project,
    environment: path.environment,
    nameKey: path.foldedName,
  });
  if (place === undefined)
    return { place, credential: undefined, resource: nowhere(path.project, path.environment, path.name) };
  requireTruePlace(tx, path.project, path.environment, place);
  const credential = credentialOf(place);
  return { place, credential, resource: resourceOf(path, place, credential, newId) };
};

/** The credential, or an error that says what is missing: the project, the environment or the name. */
export const requireCredential = async (
  tx: ReadTx,
  path: CredentialPath,
  facts: PlaceFacts,
): Promise<{ place: PlaceRow; credential: CredentialRow }> => {
  const place = await requirePlace(tx, path, facts);
  if (facts.credential === undefined)
    throw inventoryError('no_credential', `There is no credential ${path}.`, {
      project: path.project,
      environment: path.environment,
    });
  requireSameCase(path, facts.credential);
  return { place, credential: facts.credential };
};

export const requirePlace = async (tx: ReadTx, path: CredentialPath, facts: PlaceFacts): Promise<PlaceRow> => {
  if (facts.place !== undefined) return facts.place;
  await requireEnvironment(tx, path.project, path.environment);
  throw inventoryError('no_environment', `There is no environment ${path.project}/${path.environment}.`);
};

/** Two names that differ by case alone would be one name on some file systems and two on others. */
export const requireSameCase = (path: CredentialPath, row: CredentialRow): void => {
  if (row.name !== path.name)
    throw inventoryError('name_differs_by_case', `"${path.name}" differs from an existing name only by case or form.`, {
      existing: row.name,
    });
};

/** Facts about an environment as a whole, or about the names in it that begin with a prefix. */
export type EnvironmentFacts = Facts & {
  readonly project: ProjectRow | undefined;
  readonly environment: EnvironmentRow | undefined;
};

export const environmentFacts = async (
  tx: ReadTx,
  projectName: string,
  environmentName: string,
  prefix: string | null = null,
): Promise<EnvironmentFacts> => {
  const project = await findProject(tx, projectName);
  const environment = project === undefined ? undefined : await findEnvironment(tx, project.id, environmentName);
  if (project === undefined || environment === undefined)
    return {
      project,
      environment,
      resource: { ...nowhere(projectName, environmentName, prefix), kind: 'environment' },
    };
  return {
    project,
    environment,
    resource: {
      ...nowhere(projectName, environmentName, prefix),
      kind: 'environment',
      id: environment.id,
      production: environment.production === 1,
    },
  };
};

export const projectFacts = async (
  tx: ReadTx,
  name: string,
): Promise<Facts & { readonly project: ProjectRow | undefined }> => {
  const project = await findProject(tx, name);
  return { project, resource: { ...nowhere(name, null, null), kind: 'project', id: project?.id ?? 'none' } };
};

export const requireEnvironment = async (
  tx: ReadTx,
  projectName: string,
  environmentName: string,
): Promise<{ project: ProjectRow; environment: EnvironmentRow }> => {
  const project = await requireProject(tx, projectName);
  const environment = await findEnvironment(tx, project.id, environmentName);
  if (environment === undefined)
    throw inventoryError('no_environment', `There is no environment ${projectName}/${environmentName}.`, {
      project: projectName,
      environment: environmentName,
    });
  return { project, environment };
};

export const requireProject = async (tx: ReadTx, name: string): Promise<ProjectRow> => {
  const project = await findProject(tx, name);
  if (project === undefined) throw inventoryError('no_project', `There is no project ${name}.`, { project: name });
  return project;
};

/** Facts about the installation itself. */
export const INSTALLATION: Resource = {
  kind: 'installation',
  id: 'installation',
  project: null,
  environment: null,
  name: null,
  production: false,
  tier: null,
  owner: null,
  state: null,
};

/** What the policy sees where nothing is. Its id says nothing, because ids are public in the ledger. */
const nowhere = (project: string, environment: string | null, name: string | null): Resource => ({
  ...INSTALLATION,
  kind: 'credential',
  id: 'none',
  project,
  environment,
  name,
});
