import { nearest } from '#kernel';
import { command, rest } from '../command.ts';
import { COMMANDS, findCommand } from '../commands.ts';
import { cliError } from '../errors.ts';
import { DONE } from '../exit.ts';
import { commandPage, nounPage, overview } from '../help.ts';

export const help = command({
  teaches: 'Explains a command, as COMMAND --help does; without one, shows them all.',
  examples: [{ run: 'chatelaine help adopt', does: 'what it is for, its options, examples, what to do next' }],
  arguments: { command: rest('COMMAND', 'what to explain') },
  options: {},
  async run({ terminal }, { args }) {
    const { paint, columns } = terminal;
    const print = (lines: readonly string[]) => lines.forEach((line) => terminal.print(line));
    if (args.command.length === 0) print(overview(paint, columns));
    else {
      const found = findCommand(args.command);
      if (found === null)
        throw cliError('unknown_command', 'There is no such command.', { nearest: nearest(args.command.join(' '), COMMANDS.map(({ name }) => name)) });
      print('noun' in found ? nounPage(found.noun, paint, columns) : commandPage(found.entry, await found.entry.load(), paint, columns));
    }
    return DONE;
  },
});
