import type { Deed } from '#deeds';
import type { Scope } from '#policy';
import type { ReadTx } from '#storage';
import { INSTALLATION } from './place.ts';
import { type EnvironmentRow, type ProjectRow, allProjects, environmentsOf } from './tables.ts';

/** Where the caller of a list may see anything; asked inside the deed, so that it is as fresh as the decision. */
export type Visible = (tx: ReadTx) => Promise<readonly Scope[]>;

export type ListedProject = { readonly project: ProjectRow; readonly environments: readonly EnvironmentRow[] };

/** Projects, with those of their environments in which the caller may see something. */
export const listProjects = (
  visible: Visible,
): Deed<{ readonly after: string; readonly limit: number }, readonly ListedProject[]> => ({
  name: 'list-projects',
  action: 'project.list',
  effect: 'reveal',
  facts: async () => ({ resource: INSTALLATION }),
  async find(tx, { after, limit }) {
    const scopes = await visible(tx);
    const projects = (await tx.all(allProjects, {}))
      .filter(({ name }) => name > after && scopes.some((scope) => scope.project === null || scope.project === name))
      .slice(0, limit);
    const listed: ListedProject[] = [];
    for (const project of projects) {
      const environments = await tx.all(environmentsOf, { project: project.id });
      listed.push({ project, environments: environments.filter(({ name }) => reaches(scopes, project.name, name)) });
    }
    return listed;
  },
});

/** True when something in this environment may be seen. */
const reaches = (scopes: readonly Scope[], project: string, environment: string): boolean =>
  scopes.some(
    (scope) =>
      (scope.project === null || scope.project === project) &&
      (scope.environment === null || scope.environment === environment),
  );
