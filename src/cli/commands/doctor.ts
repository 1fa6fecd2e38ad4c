import { command } from '../command.ts';
import { DONE, FAILED } from '../exit.ts';
import type { Check } from '../operations.ts';
import { askFor } from '../attendant.ts';
import { onlineOrNot } from '../online-or-not.ts';
import { showChecks } from '../show-checks.ts';
import { SERVER_OPTIONS, flagsOf } from './up.ts';

export const doctor = command({
  teaches: `Looks whether everything tells one story: database and record, versions and what the record binds, keys, rows that name
people and rights, folder and file modes, disk, clock, kit, backups. It changes nothing. The exit code is 0 when nothing is
bad, 1 when something is.`,
  examples: [
    { run: 'chatelaine doctor', does: 'all checks' },
    { run: 'chatelaine doctor --json', does: 'for monitoring' },
  ],
  next: 'What is bad says what to do. chatelaine audit verify checks the record from outside.',
  arguments: {},
  options: {
    'key-file': SERVER_OPTIONS['key-file'],
    'anchor-file': SERVER_OPTIONS['anchor-file'],
    'backup-folder': SERVER_OPTIONS['backup-folder'],
    seal: SERVER_OPTIONS.seal,
  },
  async run(context, { options }) {
    const checks: readonly Check[] = await onlineOrNot(
      context,
      async (server) => (await server.call('doctor.run', { body: {} })).checks,
      async () => (await context.operations()).doctor(flagsOf(options, context.where.data), askFor(context)),
    );
    context.answer(checks, () => showChecks(checks, context.terminal));
    return checks.some(({ state }) => state === 'bad') ? FAILED : DONE;
  },
});
