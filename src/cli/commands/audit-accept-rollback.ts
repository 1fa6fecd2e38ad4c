import { command, text } from '../command.ts';
import { cliError } from '../errors.ts';
import { DONE } from '../exit.ts';
import { askFor } from '../attendant.ts';
import { flagsOf, SERVER_OPTIONS } from './up.ts';

export const auditAcceptRollback = command({
  teaches: `After an older copy of the data was put back on purpose (a restore), the server refuses to start: its record is behind
what it remembered elsewhere. This records why that is right, once and for good, and lets it start. Run it while the server is
stopped.`,
  examples: [
    {
      run: 'chatelaine audit accept-rollback --reason "restored after the disk failed"',
      does: 'then start it: chatelaine up',
    },
  ],
  next: 'chatelaine up starts the server.',
  arguments: {},
  options: {
    reason: text('TEXT', 'Why, for everybody who ever checks this record. No names of people.', 'r'),
    'key-file': SERVER_OPTIONS['key-file'],
    'anchor-file': SERVER_OPTIONS['anchor-file'],
    seal: SERVER_OPTIONS.seal,
  },
  async run(context, { options: { reason, ...flags } }) {
    if (reason === undefined)
      throw cliError('wrong_use', 'Say why with --reason TEXT.', { command: 'audit accept-rollback' });
    const operations = await context.operations();
    const answer = await operations.acceptRollback(reason, flagsOf(flags, context.where.data), askFor(context));
    context.answer(answer, () => context.terminal.say('Recorded. The server starts from this copy now: chatelaine up'));
    return DONE;
  },
});
