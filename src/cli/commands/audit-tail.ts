import type { AnswerOf, CallOf, Routes } from '#contract';
import { Duration } from '#kernel';
import { choice, command, flag, text, wholeNumber } from '../command.ts';
import type { Context } from '../context.ts';
import { cliError } from '../errors.ts';
import { DONE } from '../exit.ts';
import { checkPinned } from '../pinned-ledger.ts';
import type { Server } from '../session.ts';
import { table } from '../table.ts';
import { identityId, namesOf } from '../who.ts';
import { momentOf } from '../when.ts';

const USUAL = 20;

export const auditTail = command({
  teaches: `Shows the newest entries of the record: who did what, when, from where, with which outcome, denials included. Before
that, the record is compared with what this machine remembers of it.

Anybody may read entries of their own (--own); auditors and those who run the installation read all.`,
  examples: [
    { run: 'chatelaine audit tail', does: 'the newest 20' },
    { run: 'chatelaine audit tail --outcome denied --since 24h', does: 'what was refused since yesterday' },
    { run: 'chatelaine audit tail --who anna --count 100 --json', does: 'for programs' },
  ],
  next: 'chatelaine audit prove INDEX makes a proof of one entry; chatelaine audit verify checks all of them.',
  arguments: {},
  options: {
    count: wholeNumber('N', `How many; ${USUAL} when left out.`, 1, 100_000),
    own: flag('Only entries of your own.'),
    who: text('WHO', 'Only of this identity.'),
    action: text('ACTION', 'Only this action, as noun.verb.'),
    outcome: choice(['allowed', 'denied', 'failed'], 'Only with this outcome.'),
    project: text('NAME', 'Only in this project.', 'p'),
    environment: text('NAME', 'Only in this environment.', 'e'),
    resource: text('ID', 'Only about the thing with this id.'),
    address: text('ADDRESS', 'Only from this address.'),
    since: text('TIME', 'Only from then on: 24h ago, or 2026-11-23.'),
    until: text('TIME', 'Only before then.'),
  },
  async run(context, { options }) {
    const server = await context.server();
    await checkPinned(context, server.address);
    const wanted = options.count ?? USUAL;
    const query: Query = {
      ...(options.own ? { own: 'true' as const } : {}),
      ...(options.who === undefined ? {} : { caller: await identityId(server, options.who) }),
      ...defined({
        action: options.action,
        outcome: options.outcome,
        project: options.project,
        environment: options.environment,
        resource: options.resource,
        address: options.address,
      }),
      ...(options.since === undefined ? {} : { from: timeOf(options.since, context) }),
      ...(options.until === undefined ? {} : { to: timeOf(options.until, context) }),
    };
    const entries = await collect(server, query, wanted);
    const nameOf = context.json ? (id: string | null) => id ?? '' : await namesOf(server);
    context.answer(entries, () => {
      const { terminal } = context;
      const lines = table(
        entries.toReversed(),
        [
          { title: 'ENTRY', of: ({ index }) => String(index), align: 'right', gives: 0 },
          { title: 'WHEN', of: ({ at }) => momentOf(at), gives: 0 },
          { title: 'WHO', of: ({ caller }) => nameOf(caller) },
          { title: 'FROM', of: ({ address }) => address ?? '' },
          { title: 'ACTION', of: ({ action }) => action, least: 14 },
          {
            title: 'OUTCOME',
            of: ({ outcome }) => outcome,
            gives: 0,
            paint: (cell, { outcome }) => (outcome === 'allowed' ? cell : terminal.paint.bad(cell)),
          },
          { title: 'PATH', of: ({ path, resource }) => path ?? resource, least: 14 },
          { title: 'NOTE', of: ({ note }) => note ?? '' },
        ],
        terminal.paint,
        terminal.columns,
      );
      for (const line of lines) terminal.print(line);
      if (entries.length === 0) terminal.say('No such entries.');
    });
    return DONE;
  },
});

type Query = NonNullable<CallOf<Routes['ledger.list']>['query']>;
type Entry = AnswerOf<Routes['ledger.list']>['items'][number];

const collect = async (server: Server, query: Query, wanted: number): Promise<readonly Entry[]> => {
  const entries: Entry[] = [];
  for await (const entry of server.items('ledger.list', {
    query: { ...query, limit: String(Math.min(wanted, 500)) },
  })) {
    entries.push(entry);
    if (entries.length >= wanted) break;
  }
  return entries;
};

const defined = <T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };

const timeOf = (written: string, { clock }: Context): string => {
  if (/^\d{4}-\d{2}-\d{2}/.test(written)) {
    const at = Date.parse(written);
    if (Number.isNaN(at))
      throw cliError('wrong_use', 'That is not a time: write 2026-11-23, 2026-11-23T10:00:00Z, or 24h.', {
        command: 'audit tail',
      });
    return new Date(at).toISOString();
  }
  return new Date(clock.now() - Duration.parse(written).ms).toISOString();
};
