import { command, rest } from '../command.ts';
import { DONE } from '../exit.ts';

export const help = command({
  teaches: 'Explains a command, as COMMAND --help does; without one, shows them all.',
  examples: [{ run: 'chatelaine help adopt', does: 'what it is for, its options, examples, what to do next' }],
  arguments: { command: rest('COMMAND', 'what to explain') },
  options: {},
  async run(context, { args }) {
    for (const line of await context.help(args.command)) context.terminal.print(line);
    return DONE;
  },
});
