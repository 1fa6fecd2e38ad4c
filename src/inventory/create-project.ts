import { type Random, newId, parseSlug } from '#kernel';
import type { Deed } from '#deeds';
import type { Sealing } from '#sealing';
import { addEnvironment, addProject, findProject } from './codes.ts';
import { inventoryError } from './errors.ts';
import { projectFacts } from './place.ts';
import { environmentByName, projectByName } from './tables.ts';

export type EnvironmentSpec = { readonly name: string; readonly production: boolean };
export type CreateProject = {
  readonly name: string;
  readonly posture: string;
  readonly environments: readonly EnvironmentSpec[];
};
export type CreatedProject = { readonly id: string; readonly name: string };

/** Makes a project with its own keyring, and its first environments. */
export const createProject = (sealing: Sealing, random: Random): Deed<CreateProject, CreatedProject> => ({
  name: 'create-project',
  action: 'project.create',
  effect: 'change',
  facts: (tx, { name }) => projectFacts(tx, parseSlug('project', name)),
  async apply(tx, { name, posture, environments }, _facts, { now, by }) {
    if ((await tx.one(projectByName, { name })) !== undefined)
      throw inventoryError('project_exists', `There is a project ${name} already.`);
    const id = newId('prj', random);
    await addProject(tx, { id, name, posture, created_at: now, created_by: by });
    await sealing.addScope(tx, id, now);
    for (const [index, { name: environment, production }] of environments.entries()) {
      if (environments.findIndex((other) => other.name === environment) !== index)
        throw inventoryError('environment_exists', `The project ${name} cannot have two environments ${environment}.`);
      await addEnvironment(tx, {
        id: newId('env', random),
        project: id,
        name: parseSlug('environment', environment),
        production: production ? 1 : 0,
        created_at: now,
      });
    }
    return { id, name };
  },
});

export type CreateEnvironment = EnvironmentSpec & { readonly project: string };

export const createEnvironment = (random: Random): Deed<CreateEnvironment, { readonly id: string }> => ({
  name: 'create-environment',
  action: 'environment.create',
  effect: 'change',
  facts: (tx, { project }) => projectFacts(tx, parseSlug('project', project)),
  async apply(tx, { project: projectName, name, production }, _facts, { now }) {
    const project = await findProject(tx, projectName);
    if (project === undefined)
      throw inventoryError('no_project', `There is no project ${projectName}.`, { project: projectName });
    if ((await tx.one(environmentByName, { project: project.id, name: parseSlug('environment', name) })) !== undefined)
      throw inventoryError('environment_exists', `There is an environment ${projectName}/${name} already.`);
    const id = newId('env', random);
    await addEnvironment(tx, { id, project: project.id, name, production: production ? 1 : 0, created_at: now });
    return { id };
  },
});
