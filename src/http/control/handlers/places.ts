import { limitOf } from '#contract';
import { createEnvironment, createProject, listProjects } from '#inventory';
import type { House } from '../../house.ts';
import type { Handlers, IdsOf } from '../call.ts';
import { iso, pageAnswer } from '../wire.ts';

export const placeHandlers = ({
  deeds,
  policy,
  sealing,
  random,
}: House): Handlers<IdsOf<'projects' | 'environments'>> => ({
  'projects.list': async ({ caller, query }) => {
    const limit = limitOf(query.limit);
    const visible = listProjects((tx) => policy.visible(tx, { caller, action: 'project.list' }));
    const { output } = await deeds.perform(visible, caller, { after: query.after ?? '', limit: limit + 1 });
    return {
      answer: pageAnswer(
        output,
        limit,
        ({ project }) => project.name,
        ({ project, environments }) => ({
          id: project.id,
          name: project.name,
          posture: project.posture,
          createdAt: iso(project.created_at),
          environments: environments.map(({ id, name, production, created_at }) => ({
            id,
            name,
            production: production === 1,
            createdAt: iso(created_at),
          })),
        }),
      ),
    };
  },
  'projects.create': async ({ caller, body }) => {
    const { output } = await deeds.perform(createProject(sealing, random), caller, body);
    return { answer: { id: output.id, name: output.name } };
  },
  'environments.create': async ({ caller, params, body }) => {
    const { output } = await deeds.perform(createEnvironment(random), caller, { project: params.project, ...body });
    return { answer: { id: output.id } };
  },
});
