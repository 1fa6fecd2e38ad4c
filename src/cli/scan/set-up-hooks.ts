import { join } from 'node:path';
import type { Context } from '../context.ts';
import { cliError } from '../errors.ts';
import { DONE, type ExitCode } from '../exit.ts';
import { openRepository } from '../git.ts';
import { printable } from '../text.ts';
import { installHooks } from './install-hook.ts';

const SAYS = {
  written: 'written',
  kept: 'is there already',
  joined: 'written; the hook that was there runs first',
} as const;

/** The launcher of this very tree. */
const PROGRAM = join(import.meta.dirname, '..', '..', '..', 'chatelaine');

/** @param needsServer a commit waits for a server that can say whether what it asks for is registered */
export const setUpHooks = async (context: Context, needsServer: boolean): Promise<ExitCode> => {
  const repository = await openRepository(context.directory, context.environment);
  if (repository === undefined)
    throw cliError('unsafe_file', `${context.directory} is in no git repository.`, {
      instead: 'Run it inside a repository, or make one: git init.',
    });
  const hooks = await installHooks(repository, PROGRAM, needsServer);
  const { terminal } = context;
  context.answer({ hooks }, () => {
    for (const { name, file, did } of hooks)
      terminal.print(`${name}: ${SAYS[did]}  ${terminal.paint.quiet(printable(file))}`);
    terminal.print();
    terminal.print('From now on a commit or push that would add a credential is stopped, and says what to do.');
    terminal.print(
      needsServer
        ? 'A commit that asks for what is not registered is stopped too, and so is each while no server answers.'
        : 'A commit that asks for what is not registered is stopped too, where a server answers.',
    );
  });
  return DONE;
};
