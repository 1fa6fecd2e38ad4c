import type { CredentialPath } from '#kernel';
import { command, required, wholeNumber } from '../command.ts';
import { cliError } from '../errors.ts';
import { DONE } from '../exit.ts';
import { PLACE_OPTIONS, pathOf } from '../place.ts';
import type { Server } from '../session.ts';
import { showWritten } from './set.ts';

export const rollback = command({
  teaches: `Writes an older value again, as the newest version. History is never rewritten: the value that was wrong stays in it.
Without --version it is the one before the current.`,
  examples: [
    { run: 'chatelaine rollback mqtt_password', does: 'to the version before' },
    { run: 'chatelaine rollback mqtt_password --version 3', does: 'to version 3' },
  ],
  next: 'chatelaine render writes it into the files that use it.',
  arguments: { path: required('PATH', 'project/environment/name, or a name in this folder’s project') },
  options: { ...PLACE_OPTIONS, version: wholeNumber('N', 'Which one; else the one before the current.', 1) },
  async run(context, { args, options }) {
    const path = pathOf(context, args.path, options);
    const server = await context.server();
    const body = options.version === undefined ? await versionBefore(server, path) : { version: options.version };
    const written = await server.call('rollbacks.create', { path, body });
    context.answer(written, () => showWritten(context, written));
    return DONE;
  },
});

const versionBefore = async (
  server: Server,
  path: CredentialPath,
): Promise<{ version: number; credential: string }> => {
  const { versions, current, credential } = await server.call('versions.list', { path });
  const before = versions.findLast(
    ({ version, destroyed, deletedAt }) => version !== null && version < current && !destroyed && deletedAt === null,
  );
  if (before === undefined || before.version === null)
    throw cliError('wrong_use', 'There is no older version to go back to.', { command: 'rollback' });
  return { version: before.version, credential };
};
