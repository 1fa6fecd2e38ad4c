import { resolve } from 'node:path';
import type { JsonObject } from '#kernel';
import { command, flag, required, text } from '../command.ts';
import { DONE, FAILED } from '../exit.ts';
import { showFacts } from '../facts.ts';
import type { Check } from '../operations.ts';
import { showChecks } from '../show-checks.ts';
import { readSecretFile } from '../read-secret.ts';
import { SERVER_OPTIONS, flagsOf } from './up.ts';

const LONGEST_KIT = 65_536;

export const restore = command({
  teaches: `Comes back from a backup into an empty data folder. It asks for the line of the recovery kit that opens backups. Unlock
afterwards with the key file, the passphrase, or the kit’s recovery key. Where this machine remembers a newer
record, the server starts only after chatelaine audit accept-rollback says why.

With --check nothing is kept: the backup is opened in a sandbox, its record verified, everything counted, and removed again.`,
  examples: [
    { run: 'chatelaine restore --check home.age', does: 'would it do? Best once a month' },
    { run: 'chatelaine restore home.age', does: 'into the data folder of this machine' },
    {
      run: 'chatelaine restore home.age --data /srv/chatelaine --kit-file kit.txt',
      does: 'elsewhere, the line from a file',
    },
  ],
  next: 'chatelaine up, then chatelaine unlock --recovery-key and chatelaine rekey where the key file is lost too.',
  arguments: { file: required('FILE', 'the backup') },
  refusesMore:
    'What opens the backup must not stand on the command line: type it when asked, or name a file with --kit-file.',
  options: {
    check: flag('Only see whether it would do.'),
    'kit-file': text('FILE', 'File with the kit’s line for backups (AGE-SECRET-KEY-…).'),
    'key-file': SERVER_OPTIONS['key-file'],
    'anchor-file': SERVER_OPTIONS['anchor-file'],
  },
  async run(context, { args, options: { check, 'kit-file': kitFile, ...flags } }) {
    const operations = await context.operations();
    const kit =
      kitFile === undefined
        ? await context.terminal.askSecret('The kit’s line for backups:', 'Name a file with --kit-file.')
        : readSecretFile(context.directory, kitFile, LONGEST_KIT);
    const result = await operations.restore(
      resolve(context.directory, args.file),
      flagsOf(flags, context.where.data),
      kit,
      check,
    );
    const { checks, bad, ...facts } = result as JsonObject & {
      readonly checks?: readonly Check[];
      readonly bad?: boolean;
    };
    context.answer(result, () => {
      showFacts(
        context.terminal,
        Object.entries(facts).map(
          ([name, value]) => [name, typeof value === 'object' ? JSON.stringify(value) : String(value)] as const,
        ),
      );
      if (checks !== undefined) showChecks(checks, context.terminal);
      if (bad === true)
        context.terminal.say('The backup would not do: make another, and look at the server with chatelaine doctor.');
      else if (check) context.terminal.say('The backup would do. Nothing was kept.');
      else {
        context.terminal.say(
          'Restored. Next: chatelaine up, then chatelaine unlock --recovery-key and chatelaine rekey.',
        );
        context.terminal.say(
          'Where the start is refused because a newer record is remembered: chatelaine audit accept-rollback --reason TEXT',
        );
      }
    });
    return bad === true ? FAILED : DONE;
  },
});
