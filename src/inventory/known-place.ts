import type { Places } from '#policy';
import { readInstallation } from './installation.ts';
import { environmentByName, projectByName } from './tables.ts';

/** Looks projects and environments up for the policy's own deeds, which know places by name only. */
export const knownPlaces: Places = {
  async find(tx, projectName, environmentName) {
    if (projectName === null) {
      const installation = await readInstallation(tx);
      return { id: 'installation', posture: installation?.posture ?? 'maker', production: false };
    }
    const project = await tx.one(projectByName, { name: projectName });
    if (project === undefined) return undefined;
    if (environmentName === null) return { id: project.id, posture: project.posture, production: false };
    const environment = await tx.one(environmentByName, { project: project.id, name: environmentName });
    return environment === undefined
      ? undefined
      : { id: environment.id, posture: project.posture, production: environment.production === 1 };
  },
};
