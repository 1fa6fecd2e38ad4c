import type { Context } from './context.ts';
import { cliError } from './errors.ts';
import type { Attendant, OfflineOperations } from './operations.ts';

/** What works on a data folder while no server runs on it. */
export const offline = async <Name extends keyof OfflineOperations>(context: Context, name: Name): Promise<OfflineOperations[Name]> => {
  const operation = (await context.operations())[name];
  if (operation === undefined) throw cliError('stuck_data', 'This build cannot do that.', { instead: 'Use a complete one.' });
  return operation as OfflineOperations[Name];
};

/** Asks where somebody is there to ask. */
export const askFor = ({ terminal }: Context): Attendant => ({ askSecret: async (question) => (terminal.canAsk ? terminal.askSecret(question, '') : undefined) });
