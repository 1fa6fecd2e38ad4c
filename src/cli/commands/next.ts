import { command, flag, text } from '../command.ts';
import { DONE } from '../exit.ts';
import { printable } from '../text.ts';

export const next = command({
  teaches: `Says the one most useful thing to do now, and the command for it: what could lose everything comes first, then what
gives away the home, then what breaks it, then order.`,
  examples: [
    { run: 'chatelaine next', does: 'one thing' },
    { run: 'chatelaine next --all', does: 'and those after it' },
  ],
  arguments: {},
  options: { project: text('NAME', 'Only for this project.', 'p'), all: flag('Also what comes after it.') },
  async run(context, { options }) {
    const server = await context.server();
    const answer = await server.call('next.show', {
      query: options.project === undefined ? {} : { project: options.project },
    });
    context.answer(answer, () => {
      const { terminal } = context;
      const steps = [...(answer.step === null ? [] : [answer.step]), ...(options.all ? answer.further : [])];
      if (steps.length === 0) return terminal.print(terminal.paint.good('Nothing needs doing. Well kept.'));
      for (const { why, command: todo } of steps) {
        terminal.print(printable(why));
        terminal.print(`  ${terminal.paint.command(printable(todo))}`);
      }
      if (!options.all && answer.further.length > 0)
        terminal.say(terminal.paintRemarks.quiet(`${answer.further.length} more: chatelaine next --all`));
    });
    return DONE;
  },
});
