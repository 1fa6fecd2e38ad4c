import { command, flag, optional, required, text } from '../command.ts';
import { cliError } from '../errors.ts';
import { DONE } from '../exit.ts';
import { allPages } from '../server-place.ts';
import { table } from '../table.ts';
import { identityId, namesOf } from '../who.ts';
import { dayOf } from '../when.ts';

export const grantList = command({
  teaches: 'Who has which role where, why, and until when.',
  examples: [{ run: 'chatelaine grant list --project porch', does: 'in one project' }],
  arguments: {},
  options: { project: text('NAME', 'Only in this project.', 'p') },
  async run(context, { options }) {
    const server = await context.server();
    const all = await allPages((after) =>
      server.call('grants.list', {
        query: {
          ...(options.project === undefined ? {} : { project: options.project }),
          ...(after === null ? {} : { after }),
          limit: '500',
        },
      }),
    );
    const nameOf = context.json ? (id: string | null) => id ?? '' : await namesOf(server);
    context.answer(all, () => {
      const { terminal } = context;
      const lines = table(
        all,
        [
          { title: 'WHO', of: ({ identity }) => nameOf(identity) },
          { title: 'ROLE', of: ({ role }) => role, gives: 0 },
          { title: 'WHERE', of: ({ place }) => place },
          { title: 'UNTIL', of: ({ endsAt }) => (endsAt === null ? 'no end' : dayOf(endsAt)), gives: 0 },
          { title: 'WHY', of: ({ reason }) => reason },
          { title: 'ID', of: ({ id }) => id, gives: 0.2, least: 30 },
        ],
        terminal.paint,
        terminal.columns,
      );
      for (const line of lines) terminal.print(line);
    });
    return DONE;
  },
});

export const grantGive = command({
  teaches: `Gives a person, a service or a device a role on a place: the installation, a project, an environment, or what lies below a
prefix of names. Roles: owner, maintainer, developer, deployer, service, device, auditor, responder.`,
  examples: [
    { run: 'chatelaine grant give anna maintainer porch --reason "keeps the house with me"', does: 'a project' },
    {
      run: 'chatelaine grant give nodered service porch/home/mqtt --reason "flows" --life 90d',
      does: 'a prefix, for 90 days',
    },
  ],
  next: 'chatelaine explain WHO ACTION PATH shows what it changed.',
  arguments: {
    who: required('WHO', 'a name or an id; me for yourself'),
    role: required('ROLE', 'what they may do'),
    place: optional('PLACE', 'project[/environment[/prefix]]; with --everywhere left out'),
  },
  options: {
    reason: text('TEXT', 'Why.', 'r'),
    life: text('TIME', 'For how long: 90d; "-" for without end, where the rules allow it.'),
    everywhere: flag('On the whole installation.'),
  },
  async run(context, { args, options }) {
    if (options.reason === undefined)
      throw cliError('wrong_use', 'Say why with --reason TEXT.', { command: 'grant give' });
    if ((args.place === undefined) !== options.everywhere)
      throw cliError('wrong_use', 'Name one place, or say --everywhere.', { command: 'grant give' });
    const [project = null, environment = null, ...prefix] = (args.place ?? '').split('/').filter((part) => part !== '');
    const server = await context.server();
    const given = await server.call('grants.create', {
      body: {
        identity: await identityId(server, args.who),
        role: args.role,
        project,
        environment,
        prefix: prefix.length === 0 ? null : prefix.join('/'),
        reason: options.reason,
        ...(options.life === undefined ? {} : { life: options.life === '-' ? null : options.life }),
      },
    });
    context.answer(given, () =>
      context.terminal.say(
        `${args.who} is ${given.role} on ${given.place}${given.endsAt === null ? '' : ` until ${dayOf(given.endsAt)}`}.`,
      ),
    );
    return DONE;
  },
});

export const grantRevoke = command({
  teaches: 'Takes a grant away. From the next moment on nothing is allowed by it.',
  examples: [{ run: 'chatelaine grant revoke grant_5k2m…', does: 'its id stands in chatelaine grant list' }],
  arguments: { id: required('ID', 'the id of the grant') },
  options: {},
  async run(context, { args }) {
    const server = await context.server();
    const revoked = await server.call('grants.revoke', { params: { id: args.id } });
    context.answer(revoked, () => context.terminal.say(`Taken away: ${revoked.role} on ${revoked.place}.`));
    return DONE;
  },
});
