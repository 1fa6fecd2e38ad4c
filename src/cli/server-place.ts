import { hasCode } from '#kernel';
import type { Place } from './memory.ts';
import type { Server } from './session.ts';

/** Makes a home's project and environment where they are not there yet; true when it made something. */
export const ensurePlace = async (server: Server, { project, environment }: Place): Promise<boolean> => {
  const projects = await allPages((after) => server.call('projects.list', { query: after === null ? {} : { after } }));
  const known = projects.find(({ name }) => name === project);
  try {
    if (known === undefined) {
      await server.call('projects.create', {
        body: {
          name: project,
          posture: 'home',
          environments: [{ name: environment, production: isProduction(environment) }],
        },
      });
      return true;
    }
    if (known.environments.some(({ name }) => name === environment)) return false;
    await server.call('environments.create', {
      params: { project },
      body: { name: environment, production: isProduction(environment) },
    });
    return true;
  } catch (error) {
    // Made by somebody else meanwhile, or there and not ours to see: what follows says which.
    if (hasCode(error, 'inventory.project_exists') || hasCode(error, 'inventory.environment_exists')) return false;
    throw error;
  }
};

/** What people mean by these names; `project environment` says it of any other. */
const isProduction = (environment: string): boolean => /^(?:prod|production|live)$/.test(environment);

/** Every item of a paged list. */
export const allPages = async <T>(
  page: (after: string | null) => Promise<{ readonly items: readonly T[]; readonly next: string | null }>,
  most = 100_000,
): Promise<readonly T[]> => {
  const items: T[] = [];
  for (let after: string | null = null; ;) {
    const { items: more, next } = await page(after);
    items.push(...more);
    if (next === null || items.length >= most) return items;
    after = next;
  }
};
