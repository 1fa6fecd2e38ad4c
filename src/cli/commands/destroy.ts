import { command, flag, required, text } from '../command.ts';
import { confirm } from '../confirm.ts';
import { cliError } from '../errors.ts';
import { DONE } from '../exit.ts';
import { PLACE_OPTIONS, pathOf } from '../place.ts';

export const destroy = command({
  teaches: `Makes every version of a credential unreadable, at once and for good: its key is thrown away, and what it sealed leaves
the database and its log with the next clean-up. Older backups hold it until they age out. That it existed, and who read it,
stays in the record.`,
  examples: [
    { run: 'chatelaine destroy old_wifi_password --reason "nothing uses it"', does: 'asks for its name first' },
  ],
  next: 'chatelaine history PATH still shows that it was there, unless --forget freed its name.',
  arguments: { path: required('PATH', 'project/environment/name, or a name in this folder’s project') },
  options: {
    ...PLACE_OPTIONS,
    reason: text('TEXT', 'Why.', 'r'),
    forget: flag('Also free its name.'),
    yes: flag('Do not ask.', 'y'),
  },
  async run(context, { args, options }) {
    const path = pathOf(context, args.path, options);
    if (options.reason === undefined)
      throw cliError('wrong_use', 'Say why with --reason TEXT.', { command: 'destroy' });
    const server = await context.server();
    await confirm(
      context.terminal,
      options.yes,
      `Every version of ${path.toString()} becomes unreadable, for good.`,
      path.name,
    );
    await server.call('credentials.destroy', {
      path,
      query: { reason: options.reason, ...(options.forget ? { forget: 'true' as const } : {}) },
    });
    context.answer({ path: path.toString(), destroyed: true }, () =>
      context.terminal.say(`${path.toString()} is destroyed.`),
    );
    return DONE;
  },
});
