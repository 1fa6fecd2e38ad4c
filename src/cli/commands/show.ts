import { SYSTEMS, isKindId, isSystemId, kindOf, tierRules } from '#catalogue';
import { command, required } from '../command.ts';
import { DONE } from '../exit.ts';
import { PLACE_OPTIONS, pathOf } from '../place.ts';
import { showFacts } from '../facts.ts';
import { table } from '../table.ts';
import { dayOf, fromNow, momentOf } from '../when.ts';

export const show = command({
  teaches: `Everything about a credential but its value: what it is, what it is worth and why, who answers for it, where it came
from, what uses it, when it must change, what happened to it.`,
  examples: [{ run: 'chatelaine show mqtt_password', does: 'in the project of this folder' }],
  next: 'chatelaine set PATH --owner NAME --purpose TEXT fills in what nobody has said. chatelaine history PATH lists its versions.',
  arguments: { path: required('PATH', 'project/environment/name, or a name in this folder’s project') },
  options: PLACE_OPTIONS,
  async run(context, { args, options }) {
    const server = await context.server();
    const one = await server.call('credentials.show', { path: pathOf(context, args.path, options) });
    context.answer(one, () => {
      const { terminal } = context;
      const { paint } = terminal;
      terminal.print(paint.title(one.path));
      showFacts(terminal, [
        ['kind', isKindId(one.kind) ? kindOf(one.kind).title : one.kind],
        ['system', one.system !== null && isSystemId(one.system) ? SYSTEMS[one.system].title : one.system],
        ['worth', tierRules(one.tier).title + (one.tierDeclared === null ? '' : `, declared ${one.tierDeclared}`)],
        ['state', one.state + (one.stateReason === null ? '' : `: ${one.stateReason}`)],
        ['owner', one.owner ?? 'nobody yet'],
        ['purpose', one.purpose ?? 'not said yet'],
        ['original name', one.originalName],
        ['came from', [one.provenance.how, one.provenance.from].filter((part) => part !== null).join(', ')],
        ['version', `${one.version}, of ${momentOf(one.updatedAt)}`],
        ['due', one.dueAt === null ? null : `${dayOf(one.dueAt)} (${fromNow(one.dueAt, context.clock.now())})`],
        [
          'ends',
          one.expiresAt === null ? null : `${momentOf(one.expiresAt)} (${fromNow(one.expiresAt, context.clock.now())})`,
        ],
      ]);
      terminal.print();
      terminal.print(paint.title(one.consumers.length === 0 ? 'Used by nothing that is known' : 'Used by'));
      const uses = table(
        one.consumers,
        [
          { title: 'PLACE', of: ({ place }) => place, least: 16 },
          {
            title: 'HOW',
            of: ({ kind, detail }) =>
              ['by' in detail && Array.isArray(detail['by']) ? detail['by'].join(', ') : kind].join(''),
          },
          {
            title: 'WHERE',
            of: ({ detail }) => (Array.isArray(detail['at']) ? detail['at'].slice(0, 2).join('; ') : ''),
          },
        ],
        paint,
        terminal.columns - 2,
      );
      for (const line of uses) terminal.print(`  ${line}`);
      const [latest, ...others] = one.unchanged;
      if (latest === undefined) return;
      const more = others.length === 0 ? '' : `, and ${others.length} more before`;
      terminal.print();
      terminal.print(paint.title('Looked whether it changed'));
      terminal.print(`  ${latest.by}, ${latest.times} times, last ${momentOf(latest.last)}${more}`);
    });
    return DONE;
  },
});
