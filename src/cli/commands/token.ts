import { resolve } from 'node:path';
import { command, flag, optional, required, text, texts, wholeNumber } from '../command.ts';
import { cliError } from '../errors.ts';
import { DONE } from '../exit.ts';
import { showFacts } from '../facts.ts';
import { allPages } from '../server-place.ts';
import type { Server } from '../session.ts';
import { table } from '../table.ts';
import { identityId } from '../who.ts';
import { momentOf } from '../when.ts';
import { writePrivate } from '../write-file.ts';

export const tokenCreate = command({
  teaches: `Makes a token for a program: a child of your session with less rights and a shorter life, or one for another identity
that outlives your session. It is shown once; --out writes it into a file that only you may read instead. A token alone never
reveals what controls the home.`,
  examples: [
    {
      run: 'chatelaine token create --scope porch/home/mqtt --life 30d --out mqtt.token',
      does: 'may read below one prefix',
    },
    {
      run: 'chatelaine token create --for nodered --name "node-red on the pi" --address 192.168.1.20/32',
      does: 'for a service, from one address only',
    },
  ],
  next: 'Programs read it from a file named by CHATELAINE_TOKEN_FILE, or VAULT_TOKEN for Vault clients.',
  arguments: {},
  options: {
    for: text('WHO', 'For this identity, instead of a child of your session.'),
    name: text('TEXT', 'What it is called in lists.'),
    life: text('TIME', 'How long it is valid: 12h, 30d.'),
    'max-life': text('TIME', 'How long it can be renewed at most.'),
    renewable: flag('It may be renewed.'),
    uses: wholeNumber('N', 'Ends after so many uses.', 1, 1_000_000),
    address: texts('RANGE', 'Valid only from this address or range; may be repeated.'),
    scope: text('PLACE', 'Only for project[/environment[/prefix]].'),
    role: texts('ROLE', 'Only these of your roles; may be repeated.'),
    out: text('FILE', 'Write it into this file, mode 0600, instead of showing it.', 'o'),
  },
  async run(context, { options }) {
    const server = await context.server();
    const [project = null, environment = null, ...prefix] = (options.scope ?? '')
      .split('/')
      .filter((part) => part !== '');
    const made = await server.call('tokens.create', {
      body: {
        ...(await ownerOf(server, options.for)),
        ...(options.name === undefined ? {} : { display: options.name }),
        ...(options.life === undefined ? {} : { life: options.life }),
        ...(options['max-life'] === undefined ? {} : { maxLife: options['max-life'] }),
        ...(options.renewable ? { renewable: true } : {}),
        ...(options.uses === undefined ? {} : { uses: options.uses }),
        ...(options.address.length === 0 ? {} : { addresses: [...options.address] }),
        ...(options.scope === undefined && options.role.length === 0
          ? {}
          : {
              scope: {
                project,
                environment,
                prefix: prefix.length === 0 ? null : prefix.join('/'),
                roles: options.role.length === 0 ? null : [...options.role],
              },
            }),
      },
    });
    const { token, ...rest } = made;
    if (options.out !== undefined) writePrivate(resolve(context.directory, options.out), `${token}\n`);
    context.answer(options.out === undefined ? made : { ...rest, file: options.out }, () => {
      if (options.out === undefined) context.terminal.print(token);
      else context.terminal.say(`Written to ${options.out}; only you may read it.`);
      context.terminal.say(
        `${made.accessor}, ${made.expiresAt === null ? 'without end' : `until ${momentOf(made.expiresAt)}`}. It is not shown again.`,
      );
    });
    return DONE;
  },
});

/** The user of this machine is proven by the connection and has no token that could have children. */
const ownerOf = async (server: Server, who: string | undefined): Promise<{ readonly identity?: string }> => {
  if (who !== undefined) return { identity: await identityId(server, who) };
  const me = await server.call('me.show');
  return me.accessor === null ? { identity: me.identity } : {};
};

export const tokenShow = command({
  teaches:
    'What is known of a token, by its accessor: one of yours, or anybody’s where your role allows it. Without one, of the token in use.',
  examples: [{ run: 'chatelaine token show', does: 'the one in use' }],
  arguments: { id: optional('ACCESSOR', 'the token’s accessor, which is no secret') },
  options: {},
  async run(context, { args }) {
    const server = await context.server();
    if (args.id === undefined && (await server.call('me.show')).accessor === null)
      throw cliError('wrong_use', 'There is no token in use: you are signed in as a user of this machine.', {
        command: 'token show',
      });
    const one = await server.call('tokens.show', { params: { id: args.id ?? 'self' } });
    context.answer(one, () =>
      showFacts(context.terminal, [
        ['accessor', one.accessor],
        ['for', one.identity],
        ['name', one.display],
        ['kind', one.kind],
        ['proved by', one.factors.join(', ')],
        ['from', one.addresses.join(', ') || 'anywhere'],
        ['made', momentOf(one.createdAt)],
        ['ends', one.expiresAt === null ? 'never' : momentOf(one.expiresAt)],
        ['uses left', one.usesLeft],
      ]),
    );
    return DONE;
  },
});

export const tokenList = command({
  teaches: `Tokens that are in force, with what they are called and where they are valid: yours, or those of somebody else where your
role allows it. The tokens themselves are kept nowhere.`,
  examples: [
    { run: 'chatelaine token list', does: 'yours, to find the one you do not know' },
    { run: 'chatelaine token list --identity nodered', does: 'those of a service' },
  ],
  next: 'chatelaine token revoke ACCESSOR ends one, and all that came from it.',
  arguments: {},
  options: { identity: text('WHO', 'Whose; your own when left out.') },
  async run(context, { options }) {
    const server = await context.server();
    const id = await identityId(server, options.identity ?? 'me');
    const all = await allPages((after) =>
      server.call('tokens.list', { params: { id }, query: after === null ? {} : { after } }),
    );
    context.answer(all, () => {
      const { terminal } = context;
      const lines = table(
        all.toSorted((a, b) => b.createdAt.localeCompare(a.createdAt)),
        [
          { title: 'NAME', of: ({ display }) => display },
          { title: 'KIND', of: ({ kind }) => kind, gives: 0 },
          { title: 'MADE', of: ({ createdAt }) => momentOf(createdAt), gives: 0 },
          { title: 'ENDS', of: ({ expiresAt }) => (expiresAt === null ? 'never' : momentOf(expiresAt)), gives: 0 },
          { title: 'USES LEFT', of: ({ usesLeft }) => (usesLeft === null ? '' : String(usesLeft)), gives: 0 },
          { title: 'FROM', of: ({ addresses }) => addresses.join(', ') },
          { title: 'ACCESSOR', of: ({ accessor }) => accessor, gives: 0 },
        ],
        terminal.paint,
        terminal.columns,
      );
      for (const line of lines) terminal.print(line);
      if (all.length === 0) terminal.say('None is in force.');
    });
    return DONE;
  },
});

export const tokenRevoke = command({
  teaches: 'Ends a token and every token that came from it, at once: your own, or anybody’s where your role allows it.',
  examples: [{ run: 'chatelaine token revoke acc_5k2m…', does: 'by its accessor' }],
  arguments: { id: required('ACCESSOR', 'the token’s accessor, which is no secret') },
  refusesMore: 'A token itself must not stand on the command line; its accessor may.',
  options: {},
  async run(context, { args }) {
    const server = await context.server();
    const { ended } = await server.call('tokens.revoke', { params: { id: args.id } });
    context.answer({ ended }, () =>
      context.terminal.say(`${ended.length === 1 ? 'It is' : `${ended.length} tokens are`} no longer valid.`),
    );
    return DONE;
  },
});

export const tokenSignIn = command({
  teaches:
    'Makes a code that opens one session, once, within 15 minutes: for a browser, another machine, another person.',
  examples: [
    { run: 'chatelaine token sign-in', does: 'for yourself' },
    { run: 'chatelaine token sign-in anna', does: 'for somebody else: tell it over a way you trust' },
  ],
  next: 'There: chatelaine login --server https://this-machine:8200',
  arguments: { who: optional('WHO', 'for whom; yourself when left out') },
  options: {},
  async run(context, { args }) {
    const server = await context.server();
    const made = await server.call('sign-in-codes.create', {
      body: { identity: await identityId(server, args.who ?? 'me') },
    });
    context.answer(made, () => {
      context.terminal.print(made.code);
      context.terminal.say(
        `Good for one sign-in${made.expiresAt === null ? '' : `, until ${momentOf(made.expiresAt)}`}.`,
      );
    });
    return DONE;
  },
});
