import { command, flag, optional, text } from '../command.ts';
import { DONE, FAILED } from '../exit.ts';
import { leaveFolder } from '../leave-folder.ts';
import { PLACE_OPTIONS, adoptedFolder, placeOf } from '../place.ts';
import { count, printable, some } from '../text.ts';

export const leave = command({
  teaches: `Writes everything back as plain files, so that the folder works without chatelaine for good: every file that holds
values, as render does, and what stands in no file into one of its own. Then it reads the folder again, as the programs
would, and compares place by place: every place that used a credential must give its value, equal. A place that carries
another value of its own is left as it is and named. The store is left as
it is. What the store does not hand out, such as what is suspended, stands in no file: it is named, and the exit code is 1.`,
  examples: [
    { run: 'chatelaine leave', does: 'the folder you are in' },
    { run: 'chatelaine leave ~/homeassistant --rest ~/rest.json', does: 'what no file holds goes there' },
  ],
  next: 'Stop the server and delete its folders once you are sure; what remains is said at the end.',
  arguments: { folder: optional('FOLDER', 'the folder that was adopted; the one you are in when left out') },
  options: {
    ...PLACE_OPTIONS,
    rest: text('FILE', 'Where values go that no file of the folder holds; else chatelaine-rest.json in the folder.'),
    overwrite: flag('Throw edits by hand away.'),
    'accept-plan-changes': flag('Agree to the text around the values, whatever it is; see chatelaine render.'),
  },
  async run(context, { args, options }) {
    const folder = adoptedFolder(context, args.folder);
    const place = placeOf(context, options, folder);
    const left = await leaveFolder(context, place, folder, {
      rest: options.rest,
      overwrite: options.overwrite,
      acceptPlans: options['accept-plan-changes'],
    });
    context.answer({ ...place, folder, ...left }, () => {
      const { terminal } = context;
      const { paint } = terminal;
      terminal.print(
        left.unreadable.length === 0
          ? paint.good(`${count(left.compared, 'value')} compared, and every one is there.`)
          : `${count(left.compared, 'value')} compared and there; ${left.unreadable.length} not.`,
      );
      if (left.written.length > 0) terminal.print(`Written: ${some(left.written, 10)}.`);
      if (left.rest !== null)
        terminal.print(
          `What no file holds (${left.inRest}) is in ${left.rest}. Only you may read it; keep it safe or delete it.`,
        );
      if (left.ignored !== null) terminal.print(`${left.ignored} names it now, so that git leaves it out.`);
      if (left.own.length > 0)
        terminal.print(
          paint.warn(
            `Carry another value than the store, of their own, and were left so: ${some(left.own.map(printable), 8)}. Is it the one that works? chatelaine get PATH says what the store has.`,
          ),
        );
      if (left.unreadable.length > 0) {
        terminal.print(paint.warn(`Not handed out, so in no file: ${some(left.unreadable, 6)}.`));
        terminal.print('chatelaine show PATH says why. While they are only in the store, you have not left:');
        terminal.print(
          `  ${paint.command('chatelaine resume PATH')}, and leave again; or ${paint.command('chatelaine destroy PATH')}`,
        );
        return;
      }
      terminal.print();
      terminal.print('Your home runs without chatelaine now. What remains:');
      terminal.print(
        '  the values stand in clear in these files: mode 0600, and out of git and backups that others read',
      );
      terminal.print(
        `  the store still has them, with its record of who read what: stop it, then delete its data, key and backup folders`,
      );
      terminal.print(`  a recovery kit and older backups open those backups for ever: destroy them as well`);
      terminal.print();
      terminal.print('Goodbye, and thank you for the keys.');
    });
    return left.unreadable.length === 0 ? DONE : FAILED;
  },
});
