import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Secret } from '#kernel';
import { command, flag, text } from '../command.ts';
import { cliError } from '../errors.ts';
import { DONE } from '../exit.ts';
import { pinLedger } from '../pinned-ledger.ts';
import { connect } from '../session.ts';
import { type ServerAddress, serverAddress } from '../server-address.ts';
import { withoutLineEnd } from '../value.ts';
import { momentOf } from '../when.ts';
import { writePrivate } from '../write-file.ts';

const LONGEST_CODE = 512;

export const login = command({
  teaches: `Signs this machine in to a server with a one-time code, which that server prints at its first start and makes with
chatelaine token sign-in. The session lies in a file that only you may read. With it, the key of the server’s record is
pinned, and its newest checkpoint remembered: from then on a record that was rewritten is noticed.

On the machine where the server runs, as the user who started it, you are signed in already.`,
  examples: [
    { run: 'chatelaine login --server https://home.example:8200', does: 'asks for the code' },
    { run: 'cat code | chatelaine login --server https://home.example:8200 --stdin', does: 'from a pipe' },
  ],
  next: 'chatelaine status shows who you are there.',
  arguments: {},
  refusesMore: 'The code must not stand on the command line: type it when asked, or pipe it with --stdin.',
  options: {
    stdin: flag('Read the code from standard input.'),
    ca: text('FILE', 'Certificate authority of the server, in PEM, where the system’s do not do.'),
    code: flag('Sign in with a one-time code; so it is without any option.'),
    'recovery-token': flag(
      'Break the glass: sign in with the token of the recovery kit instead. Every other token of its owner ends, and it is recorded.',
    ),
  },
  async run(context, { options }) {
    const { terminal } = context;
    const found = serverAddress(context);
    const ca = options.ca === undefined ? null : readAuthority(resolve(context.directory, options.ca));
    const address: ServerAddress =
      ca !== null && 'url' in found.place ? { ...found, place: { url: found.place.url, ca } } : found;
    const what = options['recovery-token'] ? 'Recovery token:' : 'Code:';
    const secret = options.stdin
      ? await terminal.readInput(LONGEST_CODE)
      : await terminal.askSecret(what, 'Pipe the code in with --stdin.');
    const code = Secret.fromText(withoutLineEnd(secret.revealText()).trim());
    if (code.size === 0) throw cliError('not_confirmed', 'No code was given.');
    const client = connect(address);
    try {
      const session = options['recovery-token']
        ? await client.call('sign-in.kit', { body: { kit: code.revealText() } })
        : await client.call('sign-in.code', { body: { code: code.revealText() } });
      const pinned = await pinLedger(address, null);
      writePrivate(context.memory.tokenFile, `${session.token}\n`);
      const server = 'url' in address.place ? address.place.url : null;
      context.memory.update((now) => ({ ...now, server, ca, ledgers: { ...now.ledgers, [address.name]: pinned } }));
      context.answer(
        {
          server: address.name,
          identity: session.identity,
          accessor: session.accessor,
          expiresAt: session.expiresAt,
          ledger: pinned.key,
        },
        () => {
          terminal.say(
            `Signed in to ${address.name}${session.expiresAt === null ? '' : ` until ${momentOf(session.expiresAt)}`}.`,
          );
          terminal.say(terminal.paintRemarks.quiet(`Its record is signed by ${pinned.key}`));
        },
      );
      return DONE;
    } finally {
      client.close();
    }
  },
});

const readAuthority = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw cliError('unusable_place', `The certificate authority ${file} cannot be read.`, { place: file }, error);
  }
};
