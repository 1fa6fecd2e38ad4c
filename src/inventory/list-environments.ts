import type { Deed } from '#deeds';
import type { Visible } from './list-projects.ts';
import { projectFacts, requireProject } from './place.ts';
import { type EnvironmentRow, environmentsOf } from './tables.ts';

/** The environments of a project in which the caller may see something. Errors: `inventory.no_project`. */
export const listEnvironments = (visible: Visible): Deed<{ readonly project: string }, readonly EnvironmentRow[]> => ({
  name: 'list-environments',
  action: 'environment.list',
  effect: 'reveal',
  facts: (tx, { project }) => projectFacts(tx, project),
  async find(tx, { project }) {
    const { id } = await requireProject(tx, project);
    const scopes = await visible(tx);
    const environments = await tx.all(environmentsOf, { project: id });
    return environments.filter(({ name }) =>
      scopes.some(({ environment }) => environment === null || environment === name),
    );
  },
});
