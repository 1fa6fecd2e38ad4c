import { rmSync } from 'node:fs';
import { ChatelaineError } from '#kernel';
import { command } from '../command.ts';
import type { Context } from '../context.ts';
import { DONE } from '../exit.ts';

export const logout = command({
  teaches:
    'Ends the session of this machine, with every token that came from it, and forgets the server. Adopted folders stay known.',
  examples: [{ run: 'chatelaine logout', does: 'the saved login' }],
  arguments: {},
  options: {},
  async run(context) {
    const { server, ledgers } = context.memory.read();
    const forgotten = await endSession(context);
    rmSync(context.memory.tokenFile, { force: true });
    const rest = Object.fromEntries(Object.entries(ledgers).filter(([name]) => name !== server));
    context.memory.update((now) => ({ ...now, server: null, ca: null, ledgers: rest }));
    context.answer({ server, ended: forgotten }, () => {
      if (server === null) context.terminal.say('This machine was not signed in anywhere.');
      else
        context.terminal.say(
          forgotten
            ? `Signed out of ${server}.`
            : `Forgotten here; ${server} did not answer, and the session ends there by itself.`,
        );
    });
    return DONE;
  },
});

/** A server that does not answer keeps nobody signed in here. */
const endSession = async (context: Context): Promise<boolean> => {
  if (context.memory.read().server === null) return false;
  try {
    await (await context.server()).call('sign-in.end');
    return true;
  } catch (error) {
    if (error instanceof ChatelaineError) return false;
    throw error;
  }
};
