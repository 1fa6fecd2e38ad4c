import { choice, command, flag, required, texts } from '../command.ts';
import { DONE } from '../exit.ts';
import { allPages } from '../server-place.ts';
import { table } from '../table.ts';
import { dayOf } from '../when.ts';

export const projectList = command({
  teaches: 'Projects and environments in which you may see something.',
  examples: [{ run: 'chatelaine project list', does: 'all of them' }],
  next: 'chatelaine list PROJECT/ENVIRONMENT shows what is in one.',
  arguments: {},
  options: {},
  async run(context) {
    const server = await context.server();
    const all = await allPages((after) => server.call('projects.list', { query: after === null ? {} : { after } }));
    context.answer(all, () => {
      const { terminal } = context;
      const lines = table(
        all,
        [
          { title: 'PROJECT', of: ({ name }) => name },
          {
            title: 'ENVIRONMENTS',
            of: ({ environments }) =>
              environments.map(({ name, production }) => (production ? `${name} (production)` : name)).join(', '),
          },
          { title: 'RULES', of: ({ posture }) => posture, gives: 0 },
          { title: 'SINCE', of: ({ createdAt }) => dayOf(createdAt), gives: 0 },
        ],
        terminal.paint,
        terminal.columns,
      );
      for (const line of lines) terminal.print(line);
      if (all.length === 0)
        terminal.say('None yet. chatelaine adopt FOLDER makes one, or chatelaine project create NAME.');
    });
    return DONE;
  },
});

export const projectCreate = command({
  teaches: `Makes a project: a home, a product or a fleet, with keys of its own that open nothing elsewhere. Adopting a folder makes
one by itself.`,
  examples: [
    { run: 'chatelaine project create cabin', does: 'with the environment home' },
    {
      run: 'chatelaine project create lamp --environment dev --environment staging --production prod --posture team',
      does: 'a product of a team',
    },
  ],
  next: 'chatelaine adopt FOLDER --project NAME fills it.',
  arguments: { name: required('NAME', 'a-z, 0-9 and "-"') },
  options: {
    environment: texts('NAME', 'An environment; may be repeated. home when none is given.'),
    production: texts('NAME', 'An environment whose values developers never read; may be repeated.'),
    posture: choice(['home', 'team', 'maker'], 'Which rules hold: one owner, a team, a maker of devices.', 'POSTURE'),
  },
  async run(context, { args, options }) {
    const named = [
      ...options.environment.map((name) => ({ name, production: false })),
      ...options.production.map((name) => ({ name, production: true })),
    ];
    const server = await context.server();
    const made = await server.call('projects.create', {
      body: {
        name: args.name,
        posture: options.posture ?? 'home',
        environments: named.length === 0 ? [{ name: 'home', production: false }] : named,
      },
    });
    context.answer(made, () => context.terminal.say(`The project ${made.name} is there.`));
    return DONE;
  },
});

export const projectEnvironment = command({
  teaches: 'Adds an environment to a project. No value is ever shared between two environments.',
  examples: [{ run: 'chatelaine project environment lamp staging', does: 'an environment for trying things' }],
  arguments: { project: required('PROJECT', 'the project'), name: required('NAME', 'the new environment') },
  options: { production: flag('Its values are not for developers.') },
  async run(context, { args, options }) {
    const server = await context.server();
    const made = await server.call('environments.create', {
      params: { project: args.project },
      body: { name: args.name, production: options.production },
    });
    context.answer({ ...made, project: args.project, name: args.name }, () =>
      context.terminal.say(`${args.project}/${args.name} is there.`),
    );
    return DONE;
  },
});
