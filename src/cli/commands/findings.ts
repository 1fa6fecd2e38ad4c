import { command, choice, flag, text } from '../command.ts';
import { DONE } from '../exit.ts';
import { PLACE_OPTIONS } from '../place.ts';
import { allPages } from '../server-place.ts';
import { table } from '../table.ts';
import { dayOf } from '../when.ts';

export const findings = command({
  teaches:
    'Lists what is wrong now, as far as you may see it: defaults, weak and shared values, what nobody owns, what is missing or overdue. Adopted homes are excused for 30 days.',
  examples: [
    { run: 'chatelaine findings', does: 'open ones, everywhere' },
    { run: 'chatelaine findings --state excused -p porch', does: 'what is accepted for a time, in one project' },
    { run: 'chatelaine findings --look -p porch', does: 'looks through the project first' },
  ],
  next: 'chatelaine next picks the one that matters most.',
  arguments: {},
  options: {
    ...PLACE_OPTIONS,
    state: choice(['open', 'excused', 'closed'], 'Which ones; open when left out.'),
    rule: text('ID', 'Of one kind only, for example leaked or overdue.'),
    look: flag('Look through the environment now, instead of at the next hour.'),
  },
  async run(context, { options }) {
    const server = await context.server();
    const { project } = options;
    if (options.look && project !== undefined)
      await server.call('inspections.create', {
        params: { project, environment: options.environment ?? 'home' },
        body: {},
      });
    const all = await allPages((after) =>
      server.call('findings.list', {
        query: {
          ...(project === undefined ? {} : { project }),
          ...(options.environment === undefined ? {} : { environment: options.environment }),
          ...(options.rule === undefined ? {} : { rule: options.rule }),
          ...(options.state === undefined ? {} : { state: options.state }),
          ...(after === null ? {} : { after }),
          limit: '500',
        },
      }),
    );
    context.answer(all, () => {
      const { terminal } = context;
      const lines = table(
        all,
        [
          { title: 'WHERE', of: ({ project: one, environment }) => `${one}/${environment}`, gives: 0.5 },
          { title: 'WHAT', of: ({ place }) => place, least: 16 },
          { title: 'IS WRONG', of: ({ title }) => title, least: 16, paint: (cell) => terminal.paint.warn(cell) },
          { title: 'BECAUSE', of: ({ summary }) => summary },
          {
            title: 'EXCUSED',
            of: ({ state, excusedUntil }) =>
              state === 'excused' && excusedUntil !== null ? `until ${dayOf(excusedUntil)}` : '',
            gives: 0,
          },
          { title: 'ID', of: ({ id }) => id, gives: 0.2, least: 29 },
        ],
        terminal.paint,
        terminal.columns,
      );
      for (const line of lines) terminal.print(line);
      if (all.length === 0) terminal.say('Nothing found.');
    });
    return DONE;
  },
});
