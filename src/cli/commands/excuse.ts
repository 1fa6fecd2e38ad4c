import { command, required, text } from '../command.ts';
import { cliError } from '../errors.ts';
import { DONE } from '../exit.ts';
import { dayOf } from '../when.ts';

export const excuse = command({
  teaches: 'Accepts a finding for a time, with a reason. It opens again when the time is over and it is still so.',
  examples: [
    {
      run: 'chatelaine excuse fnd_5k2m… --reason "the camera takes no other" --life 90d',
      does: 'until then it is not shown',
    },
  ],
  arguments: { id: required('ID', 'the id of the finding') },
  options: { reason: text('TEXT', 'Why.', 'r'), life: text('TIME', 'For how long: 30d.') },
  async run(context, { args, options: { reason, life } }) {
    if (reason === undefined || life === undefined)
      throw cliError('wrong_use', 'It needs --reason and --life.', { command: 'excuse' });
    const server = await context.server();
    const excused = await server.call('findings.excuse', { params: { id: args.id }, body: { reason, life } });
    context.answer(excused, () =>
      context.terminal.say(
        `Excused until ${excused.excusedUntil === null ? 'further notice' : dayOf(excused.excusedUntil)}.`,
      ),
    );
    return DONE;
  },
});
