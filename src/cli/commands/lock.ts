import { type Secret, hasCode } from '#kernel';
import { command, flag } from '../command.ts';
import type { Context } from '../context.ts';
import { DONE } from '../exit.ts';
import { connect } from '../session.ts';
import { serverAddress } from '../server-address.ts';
import { withoutLineEnd } from '../value.ts';

export const lock = command({
  teaches:
    'Drops the root key from memory, in every process of the installation. From that moment nothing is handed out to anybody, and nothing can be read, until somebody unlocks; a restart does not. What was handed out before keeps working.',
  examples: [{ run: 'chatelaine lock', does: 'at once' }],
  next: 'chatelaine unlock takes the key up again.',
  arguments: {},
  options: {},
  async run(context) {
    const server = await context.server();
    const answer = await server.call('lock.do', { body: {} });
    context.answer(answer, () => context.terminal.say('Locked: nothing is handed out.'));
    return DONE;
  },
});

export const unlock = command({
  teaches:
    'Takes the root key up again: with the key file or whatever else guards it, or with its passphrase, which is asked for without being shown. Where no passphrase guards it, on the machine of the server only.',
  examples: [
    { run: 'chatelaine unlock', does: 'asks for a passphrase where there is one' },
    {
      run: 'chatelaine unlock --recovery-key',
      does: 'with the key of the recovery kit, when the usual guard is lost; then chatelaine rekey',
    },
  ],
  arguments: {},
  refusesMore: 'A passphrase or key must not stand on the command line: it is asked for.',
  options: {
    'recovery-key': flag('With the recovery kit’s key, which is asked for.'),
    stdin: flag('Read the passphrase or the key from standard input.'),
  },
  async run(context, { options }) {
    // Whoever unlocks cannot be known yet: tokens are checked with keys that are still locked.
    const client = connect(serverAddress(context));
    try {
      const answer = options['recovery-key']
        ? await client.call('unlock.do', {
            body: { recoveryKey: (await readKey(context, 'Recovery key:', options.stdin)).revealText().trim() },
          })
        : await withPassphrase(context, (passphrase) => client.call('unlock.do', { body: passphrase }), options.stdin);
      context.answer(answer, () => context.terminal.say(`It is ${answer.state}.`));
      return DONE;
    } finally {
      client.close();
    }
  },
});

export const rekey = command({
  teaches:
    'Makes a fresh root key and wraps every key anew, while everything goes on. Values are not touched; an old copy of the guard opens nothing of what comes after.',
  examples: [{ run: 'chatelaine rekey', does: 'after somebody may have seen the key file or the passphrase' }],
  next: 'Make a new recovery kit: chatelaine kit create. Then chatelaine backup.',
  arguments: {},
  options: {},
  async run(context) {
    const server = await context.server();
    const answer = await withPassphrase(context, (passphrase) => server.call('rekey.do', { body: passphrase }));
    context.answer(answer, () => context.terminal.say(`${answer.rewrapped} keys wrapped anew.`));
    return DONE;
  },
});

/** Asks for a passphrase only where the server says that it needs one. */
const withPassphrase = async <T>(
  context: Context,
  attempt: (body: { passphrase?: string }) => Promise<T>,
  fromInput = false,
): Promise<T> => {
  try {
    return await attempt({});
  } catch (error) {
    if (!hasCode(error, 'sealing.wrong_key') || error.details['provider'] !== 'passphrase') throw error;
    return attempt({ passphrase: withoutLineEnd((await readKey(context, 'Passphrase:', fromInput)).revealText()) });
  }
};

const LONGEST_KEY = 1_024;

const readKey = ({ terminal }: Context, question: string, fromInput: boolean): Promise<Secret> =>
  fromInput
    ? terminal.readInput(LONGEST_KEY)
    : terminal.askSecret(question, 'Run it in a terminal, or pipe it in with --stdin.');
