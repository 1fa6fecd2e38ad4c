import { chmodSync, constants, copyFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { command, optional } from '../command.ts';
import { cliError } from '../errors.ts';
import { DONE } from '../exit.ts';
import { showFacts } from '../facts.ts';
import { askFor } from '../attendant.ts';
import { onlineOrNot } from '../online-or-not.ts';
import type { Server } from '../session.ts';
import { PRIVATE } from '../write-file.ts';
import { SERVER_OPTIONS, flagsOf } from './up.ts';

export const backup = command({
  teaches: `Writes a backup, encrypted so that only the recovery kit opens it: this machine itself cannot. The server need not stop.
It makes one by itself every day.`,
  examples: [
    { run: 'chatelaine backup', does: 'into the backup folder' },
    { run: 'chatelaine backup /mnt/usb/home.age', does: 'to another place' },
  ],
  next: 'chatelaine restore --check FILE opens it in a sandbox and looks whether it would do.',
  arguments: { file: optional('FILE', 'where to; a name of its own in the backup folder when left out') },
  options: {
    'key-file': SERVER_OPTIONS['key-file'],
    'backup-folder': SERVER_OPTIONS['backup-folder'],
    seal: SERVER_OPTIONS.seal,
  },
  async run(context, { args, options }) {
    const file = args.file === undefined ? undefined : resolve(context.directory, args.file);
    const made: object = await onlineOrNot(
      context,
      (server) => backUpOnline(server, file),
      async () => (await context.operations()).backup(file, flagsOf(options, context.where.data), askFor(context)),
    );
    context.answer(made, () =>
      showFacts(
        context.terminal,
        Object.entries(made).map(
          ([name, value]) => [name, typeof value === 'object' ? JSON.stringify(value) : String(value)] as const,
        ),
      ),
    );
    return DONE;
  },
});

/** The server writes into its own folder; on this machine a copy goes where it was asked for. */
const backUpOnline = async (server: Server, file: string | undefined) => {
  if (file !== undefined && !('socket' in server.address.place))
    throw cliError('wrong_use', 'The server writes into a folder of its own; FILE is for the server of this machine.', {
      command: 'backup',
    });
  const made = await server.call('backup.create', { body: {} });
  if (file === undefined) return made;
  copyFileSync(made.file, file, constants.COPYFILE_EXCL);
  chmodSync(file, PRIVATE);
  return { ...made, file, also: made.file };
};
