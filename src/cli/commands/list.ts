import { isKindId, isSystemId, kindOf, SYSTEMS, tierRules } from '#catalogue';
import { ChatelaineError, parseName, parseSlug } from '#kernel';
import { choice, command, optional, text } from '../command.ts';
import { DONE } from '../exit.ts';
import { rememberedFolder } from '../memory.ts';
import { PLACE_OPTIONS, placeOf } from '../place.ts';
import { allPages } from '../server-place.ts';
import type { Server } from '../session.ts';
import { table } from '../table.ts';
import { count } from '../text.ts';
import { dayOf } from '../when.ts';

export const list = command({
  teaches: `Shows the credentials of an environment that you may see: name, kind, worth, state, owner, when it is due for a
change. Never a value; and looking at a list is not reading.`,
  examples: [
    { run: 'chatelaine list', does: 'the project of this folder' },
    { run: 'chatelaine list porch/home/mqtt', does: 'what lies below mqtt/' },
    { run: 'chatelaine list --tier gold', does: 'what controls the home' },
    { run: 'chatelaine list --json | jq -r ".[].path"', does: 'for programs' },
  ],
  next: 'chatelaine show PATH says everything about one of them; chatelaine get PATH reads its value.',
  arguments: { place: optional('PLACE', 'project/environment, or a prefix of names below it') },
  options: {
    ...PLACE_OPTIONS,
    tier: choice(['gold', 'silver', 'bronze'], 'Only those worth this much.'),
    state: choice(
      ['pre-active', 'active', 'suspended', 'deactivated', 'compromised', 'destroyed'],
      'Only those in this state.',
      'STATE',
    ),
    owner: text('NAME', 'Only those of this owner; "-" for those that nobody owns.'),
  },
  async run(context, { args, options }) {
    const { project, environment, prefix } = readPlace(args.place, placeOf(context, options));
    const server = await context.server();
    // Nobody said which: from a folder that was not adopted, another project may be meant.
    const isGuess =
      args.place === undefined &&
      options.project === undefined &&
      rememberedFolder(context.memory, context.directory) === undefined;
    const pages = allPages((after) =>
      server.call('credentials.list', {
        query: {
          project,
          environment,
          ...(prefix === null ? {} : { prefix }),
          ...(after === null ? {} : { after }),
          limit: '500',
        },
      }),
    );
    const all = await (isGuess ? pages.catch((error: unknown) => nothingAt(error)) : pages);
    const known = isGuess && all.length === 0 ? await placesOf(server) : [];
    const shown = all.filter(
      (one) =>
        (options.tier === undefined || one.tier === options.tier) &&
        (options.state === undefined || one.state === options.state) &&
        (options.owner === undefined || (options.owner === '-' ? one.owner === null : one.owner === options.owner)),
    );
    context.answer(shown, () => {
      const { terminal } = context;
      const { paint } = terminal;
      const lines = table(
        shown,
        [
          { title: 'NAME', of: ({ path }) => path.split('/').slice(2).join('/'), least: 16 },
          { title: 'KIND', of: ({ kind }) => (isKindId(kind) ? kindOf(kind).title : kind), least: 12 },
          {
            title: 'SYSTEM',
            of: ({ system }) => (system !== null && isSystemId(system) ? SYSTEMS[system].title : (system ?? '')),
            least: 8,
          },
          {
            title: 'WORTH',
            of: ({ tier }) => tierRules(tier).title,
            least: 6,
            paint: (cell, { tier }) => (tier === 'gold' ? paint.warn(cell) : cell),
          },
          {
            title: 'STATE',
            of: ({ state }) => (state === 'active' ? '' : state),
            gives: 0,
            paint: (cell) => paint.bad(cell),
          },
          { title: 'OWNER', of: ({ owner }) => owner ?? '' },
          { title: 'VERSION', of: ({ version }) => String(version), align: 'right', gives: 0 },
          { title: 'DUE', of: ({ dueAt }) => (dueAt === null ? '' : dayOf(dueAt)), gives: 0 },
        ],
        paint,
        terminal.columns,
      );
      for (const line of lines) terminal.print(line);
      terminal.say(
        paint.quiet(
          `${count(shown.length, 'credential')} in ${project}/${environment}${prefix === null ? '' : ` below ${prefix}`}`,
        ),
      );
      if (all.length === 0 && known.length > 0) {
        terminal.say('This folder was not adopted. There is:');
        for (const name of known) terminal.say(`  ${terminal.paintRemarks.command(`chatelaine list ${name}`)}`);
      } else if (all.length === 0)
        terminal.say(`Nothing here yet. Take in a folder: ${terminal.paintRemarks.command('chatelaine adopt FOLDER')}`);
    });
    return DONE;
  },
});

const readPlace = (written: string | undefined, here: { readonly project: string; readonly environment: string }) => {
  if (written === undefined) return { ...here, prefix: null };
  const [project = '', environment, ...rest] = written.replace(/\/$/, '').split('/');
  const prefix = rest.join('/');
  return {
    project: parseSlug('project', project),
    environment: environment === undefined ? here.environment : parseSlug('environment', environment),
    prefix: prefix === '' ? null : parseName(prefix),
  };
};

/** No such project is no error where nobody named one. */
const nothingAt = (error: unknown): readonly never[] => {
  if (error instanceof ChatelaineError && error.status === 404) return [];
  throw error;
};

/** Every environment that the caller may see, as project/environment. */
const placesOf = async (server: Server): Promise<readonly string[]> => {
  const projects = await allPages((after) =>
    server.call('projects.list', { query: { ...(after === null ? {} : { after }), limit: '500' } }),
  );
  return projects.flatMap(({ name, environments }) => environments.map((one) => `${name}/${one.name}`));
};
