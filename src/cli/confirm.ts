import { cliError } from './errors.ts';
import type { Terminal } from './terminal.ts';

/** Asks for a word to be typed before something that cannot be undone. Errors: `cli.not_confirmed`, `cli.needs_terminal`. */
export const confirm = async (terminal: Terminal, isSure: boolean, says: string, word: string): Promise<void> => {
  if (isSure) return;
  // Nothing is previewed that nobody can answer: it would read as if it were under way.
  if (!terminal.canAsk)
    throw cliError('needs_terminal', 'There is nobody to ask: this is not a terminal. Nothing was done.', {
      instead: 'Say --yes where nobody can be asked.',
    });
  terminal.say(says);
  const typed = await terminal.ask(`Type ${word} to go on:`, 'Say --yes where nobody can be asked.');
  if (typed.trim() !== word) throw cliError('not_confirmed', 'That was something else.');
};
