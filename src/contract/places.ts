import { z } from 'zod';
import { id, line, page, paging, slug, time } from './fields.ts';
import { route } from './route.ts';

const environment = z.strictObject({ id, name: slug, production: z.boolean(), createdAt: time });
const newEnvironment = z.strictObject({ name: slug, production: z.boolean() });
const newEnvironments = z
  .array(newEnvironment)
  .min(1)
  .max(16)
  .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, 'names an environment twice');

export const placeRoutes = {
  'projects.list': route({
    method: 'GET',
    path: '/projects',
    tag: 'projects',
    auth: 'caller',
    status: 200,
    summary: 'Projects and environments in which you may see something',
    query: z.strictObject(paging),
    answer: page(
      z.strictObject({ id, name: slug, posture: line, createdAt: time, environments: z.array(environment) }),
    ),
  }),
  'projects.create': route({
    method: 'POST',
    path: '/projects',
    tag: 'projects',
    auth: 'caller',
    status: 201,
    summary: 'Makes a project with its own keys, and its first environments',
    body: z.strictObject({
      name: slug,
      posture: z.enum(['home', 'team', 'maker']),
      environments: newEnvironments,
    }),
    answer: z.strictObject({ id, name: slug }),
  }),
  'environments.create': route({
    method: 'POST',
    path: '/environments/{project}',
    tag: 'projects',
    auth: 'caller',
    status: 201,
    summary: 'Adds an environment to a project',
    params: z.strictObject({ project: slug }),
    body: newEnvironment,
    answer: z.strictObject({ id }),
  }),
} as const;
