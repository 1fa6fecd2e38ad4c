import { ChatelaineError } from '#kernel';
import type { AnswerOf, Routes } from '#contract';
import { command } from '../command.ts';
import type { Context } from '../context.ts';
import { DONE } from '../exit.ts';
import { showFacts } from '../facts.ts';
import { connect } from '../session.ts';
import { serverAddress } from '../server-address.ts';

type Me = AnswerOf<Routes['me.show']>;

/** What a locked server is, for scripts: the same code as every other answer it gives. */
const LOCKED = 5;

export const status = command({
  teaches: `Says which server this machine talks to, whether it is locked, whether it is a demo, and who you are there. The exit
code is 0 when it is unlocked and 5 when it is locked or does not answer.`,
  examples: [{ run: 'chatelaine status', does: 'a glance' }],
  arguments: {},
  options: {},
  async run(context) {
    const address = serverAddress(context);
    const bare = connect(address);
    try {
      const state = await bare.call('status.show');
      const me = state.state === 'unlocked' ? await whoAmI(context) : null;
      const health =
        me === null || 'error' in me
          ? null
          : await optionally(async () => (await context.server()).call('health.show'));
      context.answer({ server: address.name, ...state, me: me !== null && 'error' in me ? null : me, health }, () => {
        const { terminal } = context;
        const { paint } = terminal;
        terminal.print(`${paint.title(address.name)}${state.demo ? paint.warn('  a demo: nothing here lasts') : ''}`);
        showFacts(terminal, [
          ['state', state.state],
          ['version', state.version],
          [
            'you',
            me === null
              ? null
              : 'error' in me
                ? `not signed in: ${me.error}`
                : `${me.name}${me.operator ? ', operator' : ''}, proved by ${me.factors.join(', ')}`,
          ],
          ['guarded by', health?.provider],
          ['up for', health?.upFor],
          ['record', health === null ? null : `${health.entries} entries`],
        ]);
        if (state.state === 'locked')
          terminal.say(
            `Nothing is handed out until somebody unlocks it: ${terminal.paintRemarks.command('chatelaine unlock')}`,
          );
      });
      return state.state === 'unlocked' ? DONE : LOCKED;
    } finally {
      bare.close();
    }
  },
});

const whoAmI = async (context: Context): Promise<Me | { readonly error: string }> => {
  try {
    return await (await context.server()).call('me.show');
  } catch (error) {
    if (error instanceof ChatelaineError) return { error: error.hint ?? error.message };
    throw error;
  }
};

/** What only some may see is left out for the others. */
const optionally = async <T>(ask: () => Promise<T>): Promise<T | null> => {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ChatelaineError && error.fault === 'refused') return null;
    throw error;
  }
};
