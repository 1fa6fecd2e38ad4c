import { choice, command, flag, required } from '../command.ts';
import { DONE } from '../exit.ts';
import { allPages } from '../server-place.ts';
import { table } from '../table.ts';
import { identityId } from '../who.ts';
import { dayOf } from '../when.ts';

export const identityList = command({
  teaches: 'People, services and devices that can prove who they are.',
  examples: [{ run: 'chatelaine identity list', does: 'all of them' }],
  arguments: {},
  options: {},
  async run(context) {
    const server = await context.server();
    const all = await allPages((after) => server.call('identities.list', { query: after === null ? {} : { after } }));
    context.answer(all, () => {
      const { terminal } = context;
      const lines = table(
        all,
        [
          { title: 'NAME', of: ({ name }) => name },
          { title: 'KIND', of: ({ kind }) => kind, gives: 0 },
          {
            title: 'STATE',
            of: ({ state }) => (state === 'active' ? '' : state),
            gives: 0,
            paint: (cell) => terminal.paint.bad(cell),
          },
          { title: '', of: ({ operator }) => (operator ? 'operator' : ''), gives: 0 },
          { title: 'SINCE', of: ({ createdAt }) => dayOf(createdAt), gives: 0 },
          { title: 'ID', of: ({ id }) => id, gives: 0 },
        ],
        terminal.paint,
        terminal.columns,
      );
      for (const line of lines) terminal.print(line);
    });
    return DONE;
  },
});

export const identityCreate = command({
  teaches: 'Adds a person, a service or a device. It has no right yet: chatelaine grant give gives it one.',
  examples: [
    { run: 'chatelaine identity create anna', does: 'a person' },
    { run: 'chatelaine identity create nodered --kind service', does: 'a program' },
  ],
  next: 'chatelaine grant give NAME ROLE PLACE --reason TEXT; then chatelaine token sign-in NAME, or token create --for NAME.',
  arguments: { name: required('NAME', 'what it is called') },
  options: {
    kind: choice(['person', 'service', 'device'], 'What it is; a person when left out.'),
    operator: flag('It may run the installation: start, lock, back up.'),
  },
  async run(context, { args, options }) {
    const server = await context.server();
    const made = await server.call('identities.create', {
      body: { name: args.name, kind: options.kind ?? 'person', ...(options.operator ? { operator: true } : {}) },
    });
    context.answer(made, () => context.terminal.say(`${made.name} is known as ${made.id}, without any right yet.`));
    return DONE;
  },
});

const change = (verb: 'suspend' | 'resume', teaches: string) =>
  command({
    teaches,
    examples: [{ run: `chatelaine identity ${verb} anna`, does: 'by name or id' }],
    arguments: { who: required('WHO', 'a name or an id') },
    options: {},
    async run(context, { args }) {
      const server = await context.server();
      const changed = await server.call(`identities.${verb}`, {
        params: { id: await identityId(server, args.who) },
        body: {},
      });
      context.answer(changed, () => context.terminal.say(`${changed.name} is ${changed.state}.`));
      return DONE;
    },
  });

export const identitySuspend = change(
  'suspend',
  'From the next moment on nothing of this identity is valid, no token and no session, until it is resumed.',
);
export const identityResume = change(
  'resume',
  'Makes a suspended identity valid again, with the tokens that have not ended meanwhile.',
);
