import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { command } from '../command.ts';
import { DONE } from '../exit.ts';

export const version = command({
  teaches: 'Which version of the program this is, and of Node.',
  examples: [{ run: 'chatelaine version --json', does: 'for programs' }],
  arguments: {},
  options: {},
  async run(context) {
    const { version: own } = JSON.parse(readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8')) as {
      version: string;
    };
    context.answer({ version: own, node: process.version }, () =>
      context.terminal.print(`chatelaine ${own} on Node ${process.version}`),
    );
    return DONE;
  },
});
