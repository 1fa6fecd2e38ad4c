import { nearest } from '#kernel';
import { command, optional, required } from '../command.ts';
import { cliError } from '../errors.ts';
import { DONE, FAILED } from '../exit.ts';
import type { Paint } from '../paint.ts';
import { PLACE_OPTIONS, pathOf } from '../place.ts';
import { table } from '../table.ts';
import { printable } from '../text.ts';
import { identityId } from '../who.ts';
import { dayOf } from '../when.ts';

/** The rule that the server names where the place is not there. */
const ABSENT = 'absent';

/** Verbs as people say them, and the actions of the policy. */
const VERBS: Readonly<Record<string, string>> = {
  get: 'credential.read',
  read: 'credential.read',
  set: 'credential.write',
  write: 'credential.write',
  list: 'credential.list',
  match: 'credential.match',
  show: 'credential.show',
  render: 'credential.render',
  export: 'credential.export',
  generate: 'credential.generate',
  rollback: 'credential.rollback',
  adopt: 'credential.adopt',
  suspend: 'credential.suspend',
  resume: 'credential.resume',
  retire: 'credential.retire',
  destroy: 'credential.destroy',
  transfer: 'credential.transfer',
  history: 'credential.history',
  grant: 'grant.create',
  audit: 'ledger.read',
  lock: 'installation.lock',
  unlock: 'installation.unlock',
  backup: 'installation.backup',
};

export const explain = command({
  teaches: `Says whether somebody may do something, which rule decides it, and what is missing for it. The exit code is 0 when it is
allowed and 1 when it is denied, or when the project, environment or credential it needs is not there. Asking changes
nothing, and hands nothing out.`,
  examples: [
    { run: 'chatelaine explain me get porch/home/mqtt_password', does: 'why can I not read it?' },
    {
      run: 'chatelaine explain anna credential.write porch/home/mqtt_password',
      does: 'any action of the rules, as noun.verb',
    },
  ],
  next: 'What is missing names the command that gives it.',
  arguments: {
    who: required('WHO', 'a name or an id; me for yourself'),
    action: required('ACTION', 'get, set, render, … or noun.verb'),
    path: optional('PATH', 'what it is about'),
  },
  options: PLACE_OPTIONS,
  async run(context, { args, options }) {
    const action = actionOf(args.action);
    const server = await context.server();
    const answer = await server.call('explain.show', {
      query: {
        ...(args.who === 'me' ? {} : { identity: await identityId(server, args.who) }),
        action,
        ...(args.path === undefined ? {} : { path: pathOf(context, args.path, options).toString() }),
        ...(args.path !== undefined || options.project === undefined ? {} : { project: options.project }),
        ...(args.path !== undefined || options.environment === undefined ? {} : { environment: options.environment }),
      },
    });
    context.answer(answer, () => {
      const { terminal } = context;
      const { paint } = terminal;
      terminal.print(`${verdictOf(answer, paint)} ${printable(answer.because)}`);
      terminal.print(
        paint.quiet(`  rule ${printable(answer.rule)}${answer.until === null ? '' : `, until ${dayOf(answer.until)}`}`),
      );
      for (const { what, remedy } of answer.missing) {
        terminal.print(`Missing: ${printable(what.join(', '))}`);
        if (remedy !== '') terminal.print(`  ${paint.command(printable(remedy))}`);
      }
      if (!answer.allow && answer.rule !== ABSENT && answer.roles.length > 0)
        terminal.print(`Roles that may: ${answer.roles.join(', ')}`);
      if (answer.grants.length > 0) {
        terminal.print();
        terminal.print(paint.title('What they were given'));
        const lines = table(
          answer.grants,
          [
            { title: 'ROLE', of: ({ role }) => role, gives: 0 },
            { title: 'WHERE', of: ({ place }) => place },
            {
              title: 'COUNTS HERE',
              of: ({ covers, gives, inForce }) =>
                !inForce ? 'not in force' : !covers ? 'elsewhere' : gives ? 'yes' : 'not for this',
            },
            { title: 'UNTIL', of: ({ endsAt }) => (endsAt === null ? '' : dayOf(endsAt)) },
            { title: 'WHY', of: ({ reason }) => reason },
          ],
          paint,
          terminal.columns - 2,
        );
        for (const line of lines) terminal.print(`  ${line}`);
      }
    });
    return answer.allow ? DONE : FAILED;
  },
});

const actionOf = (word: string): string => {
  if (Object.hasOwn(VERBS, word)) return VERBS[word]!;
  if (word.includes('.')) return word;
  const words = Object.keys(VERBS);
  throw cliError(
    'wrong_use',
    `There is no action of that name. Did you mean ${nearest(word, words)}?\nThe words: ${words.join(', ')}; and every action of the rules as noun.verb, for example credential.read.`,
    { command: 'explain' },
  );
};

/** Where the place is not there, nobody denies anything: it cannot be done yet. */
const verdictOf = (answer: { readonly allow: boolean; readonly rule: string }, paint: Paint): string => {
  if (answer.allow) return paint.good('Allowed.');
  return paint.bad(answer.rule === ABSENT ? 'Not possible yet.' : 'Denied.');
};
