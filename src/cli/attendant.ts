import type { Context } from './context.ts';
import type { Attendant } from './operations.ts';

/** Asks where somebody is there to ask. */
export const askFor = ({ terminal }: Context): Attendant => ({
  askSecret: async (question) => (terminal.canAsk ? terminal.askSecret(question, '') : undefined),
});
