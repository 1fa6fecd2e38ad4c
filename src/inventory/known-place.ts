import { CredentialPath } from '#kernel';
import type { CredentialCheck, CredentialPlace, Places } from '#policy';
import { findEnvironment, findProject } from './codes.ts';
import { readTrueInstallation } from './installation.ts';
import { placeFacts, requireCredential } from './place.ts';
import { whereCredentialLies } from './tables.ts';

/** Looks projects and environments up for the policy's own deeds, which know places by name only. */
export const knownPlaces: Places = {
  async find(tx, projectName, environmentName) {
    if (projectName === null) {
      const installation = await readTrueInstallation(tx);
      return { id: 'installation', posture: installation?.posture ?? 'maker', production: false };
    }
    const project = await findProject(tx, projectName);
    if (project === undefined) return undefined;
    if (environmentName === null) return { id: project.id, posture: project.posture, production: false };
    const environment = await findEnvironment(tx, project.id, environmentName);
    return environment === undefined
      ? undefined
      : { id: environment.id, posture: project.posture, production: environment.production === 1 };
  },
};

/** Tells the policy's own deeds whether a credential of this id lies at this name. */
export const isCredential: CredentialCheck = async (tx, { id, project, environment, name }) => {
  const path = CredentialPath.of(project, environment, name);
  const facts = await placeFacts(tx, path);
  return facts.credential !== undefined && (await requireCredential(tx, path, facts)).credential.id === id;
};

/** Tells them where a credential lies. */
export const whereIs: CredentialPlace = (tx, id) => tx.one(whereCredentialLies, { id });
