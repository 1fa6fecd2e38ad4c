import { command, required } from '../command.ts';
import { DONE } from '../exit.ts';
import { PLACE_OPTIONS, pathOf } from '../place.ts';
import { table } from '../table.ts';
import { namesOf } from '../who.ts';
import { momentOf } from '../when.ts';

export const history = command({
  teaches: 'The versions of a credential and its changes of state: when, by whom, why. Without values.',
  examples: [{ run: 'chatelaine history mqtt_password', does: 'newest first' }],
  next: 'chatelaine rollback PATH --version N puts an older value back into force. chatelaine audit tail shows who read it.',
  arguments: { path: required('PATH', 'project/environment/name, or a name in this folder’s project') },
  options: PLACE_OPTIONS,
  async run(context, { args, options }) {
    const path = pathOf(context, args.path, options);
    const server = await context.server();
    const versions = await server.call('versions.list', { path });
    const { history: changes } = await server.call('credentials.show', { path });
    const nameOf = context.json ? (id: string | null) => id ?? '' : await namesOf(server);
    context.answer(
      { path: versions.path, current: versions.current, versions: versions.versions, states: changes },
      () => {
        const { terminal } = context;
        const lines = table(
          versions.versions.toReversed(),
          [
            { title: 'VERSION', of: ({ version }) => (version === null ? 'pending' : String(version)), gives: 0 },
            {
              title: '',
              of: ({ version }) => (version === versions.current ? 'in force' : ''),
              gives: 0,
              paint: (cell) => terminal.paint.good(cell),
            },
            { title: 'WRITTEN', of: ({ createdAt }) => momentOf(createdAt), gives: 0 },
            { title: 'BY', of: ({ createdBy }) => nameOf(createdBy) },
            {
              title: 'SINCE THEN',
              of: ({ destroyed, deletedAt }) =>
                destroyed ? 'destroyed' : deletedAt === null ? '' : `deleted ${momentOf(deletedAt)}`,
            },
          ],
          terminal.paint,
          terminal.columns,
        );
        for (const line of lines) terminal.print(line);
        const states = table(
          changes.toReversed(),
          [
            { title: 'WHEN', of: ({ at }) => momentOf(at), gives: 0 },
            { title: 'STATE', of: ({ was, is }) => (was === null ? is : `${was} → ${is}`), gives: 0 },
            { title: 'BY', of: ({ by }) => nameOf(by) },
            { title: 'WHY', of: ({ reason }) => reason ?? '' },
          ],
          terminal.paint,
          terminal.columns,
        );
        terminal.print();
        for (const line of states) terminal.print(line);
      },
    );
    return DONE;
  },
});
