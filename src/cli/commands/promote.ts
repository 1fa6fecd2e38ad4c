import { command, required, wholeNumber } from '../command.ts';
import { cliError } from '../errors.ts';
import { DONE } from '../exit.ts';
import { PLACE_OPTIONS, pathOf } from '../place.ts';

export const promote = command({
  teaches: `Puts a value that was kept aside into force. chatelaine set --pending and generate --pending keep one aside, so that the
system which checks it can learn it first.`,
  examples: [{ run: 'chatelaine promote mqtt_password', does: 'the newest that is pending' }],
  next: 'chatelaine render writes it into the files that use it.',
  arguments: { path: required('PATH', 'project/environment/name, or a name in this folder’s project') },
  options: { ...PLACE_OPTIONS, serial: wholeNumber('N', 'Which one, where several are pending.', 1) },
  async run(context, { args, options }) {
    const path = pathOf(context, args.path, options);
    const server = await context.server();
    const { versions, credential } = await server.call('versions.list', { path });
    const serial =
      options.serial ?? versions.findLast(({ version, destroyed }) => version === null && !destroyed)?.serial;
    if (serial === undefined) throw cliError('wrong_use', 'Nothing is pending.', { command: 'promote' });
    const promoted = await server.call('promotions.create', { path, body: { credential, serial } });
    context.answer(promoted, () => context.terminal.say(`${promoted.path}: version ${promoted.version} is in force.`));
    return DONE;
  },
});
