import { command } from '../command.ts';
import { DONE, FAILED } from '../exit.ts';
import type { Check } from '../operations.ts';
import { askFor } from '../attendant.ts';
import { printable } from '../text.ts';
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
    const operations = await context.operations();
    const checks = await operations.doctor(flagsOf(options, context.where.data), askFor(context));
    context.answer(checks, () => {
      const { terminal } = context;
      const { paint } = terminal;
      const sign: Readonly<Record<Check['state'], string>> = {
        good: paint.good('good   '),
        warning: paint.warn('warning'),
        bad: paint.bad('BAD    '),
      };
      for (const { title, state, detail, remedy } of checks) {
        terminal.print(`${sign[state]}  ${printable(title)}${detail === '' ? '' : `: ${printable(detail)}`}`);
        if (state !== 'good' && remedy !== '') terminal.print(`           ${printable(remedy)}`);
      }
    });
    return checks.some(({ state }) => state === 'bad') ? FAILED : DONE;
  },
});
