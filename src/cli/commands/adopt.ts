import { resolve } from 'node:path';
import { survey } from '#formats';
import { command, flag, optional, text } from '../command.ts';
import { confirmRewrite } from '../confirm-rewrite.ts';
import { cliError } from '../errors.ts';
import { DONE } from '../exit.ts';
import { readFolder } from '../folder.ts';
import { PLACE_OPTIONS, placeOf } from '../place.ts';
import { showSurvey, surveyJson } from '../show-survey.ts';
import { showDryRewrite } from '../show-rewrite.ts';
import { takeIn } from '../take-in.ts';

export const adopt = command({
  teaches: `Reads a folder of configuration (Home Assistant, ESPHome, Zigbee2MQTT, Node-RED, Mosquitto, Docker Compose, Arduino
sketches, .env files, cloud code) and takes in every credential and every reference to one: what it is, what it is worth,
where it was found, who uses it. Values are sealed in the store. No file is touched.

A real home is taken as it is: what is shared, weak or a default is noted as a finding and excused for 30 days. Adopt again
whenever files have changed; what is the same stays as it is.

With --rewrite, values in clear are replaced by the reference that their system understands (!secret, \${NAME}, …). By
default that is a patch to look at and apply; --branch makes a git branch of it, --in-place changes the files. The files as
they were are kept sealed in the store until --confirm says that everything works; it destroys the patch as well, whose
removed lines hold the values, and which lies in git’s own folder or, without git, beside your settings. Only the values change; comments, order,
owner and mode stay. What git already holds stays in its history: those values should be replaced.`,
  examples: [
    { run: 'chatelaine adopt ~/homeassistant --dry-run', does: 'only looks; needs no server' },
    { run: 'chatelaine adopt .', does: 'takes in the folder you are in, as a project of its name' },
    { run: 'chatelaine adopt . --project cabin --environment home', does: 'under names of your own' },
    { run: 'chatelaine adopt . --rewrite', does: 'writes a patch that takes the values out of the files' },
    {
      run: 'chatelaine adopt . --rewrite --in-place',
      does: 'takes them out at once, and renders the files that hold them',
    },
    { run: 'chatelaine adopt . --confirm', does: 'it all works: destroys the sealed originals, and the patch' },
  ],
  next: 'chatelaine next says what is most worth putting right. chatelaine render writes the files that hold values.',
  arguments: { folder: optional('FOLDER', 'the folder of the configuration; the one you are in when left out') },
  options: {
    ...PLACE_OPTIONS,
    'dry-run': flag('Only look: nothing is written, here or in the store.', 'n'),
    rewrite: flag('Replace values in clear by references.'),
    patch: text('FILE', 'With --rewrite: where to write the patch, mode 0600.'),
    branch: text('NAME', 'With --rewrite: make a git branch with the change.'),
    'in-place': flag('With --rewrite: change the files themselves.'),
    'force-dirty': flag('With --rewrite: although git has changes that are in no commit.'),
    confirm: flag('The rewritten files work: destroy the originals, and the patch.'),
    'secrets-file': text('NAME', 'A file name that stands in for secrets.yaml.'),
  },
  async run(context, { args, options }) {
    const ways = [options.patch !== undefined, options.branch !== undefined, options['in-place']].filter(
      Boolean,
    ).length;
    if (ways > 1)
      throw cliError('wrong_use', '--patch, --branch and --in-place exclude each other.', { command: 'adopt' });
    if (ways === 1 && !options.rewrite)
      throw cliError('wrong_use', '--patch, --branch and --in-place need --rewrite.', { command: 'adopt' });
    const { terminal } = context;
    const folder = resolve(context.directory, args.folder ?? '.');
    const place = placeOf(context, options, folder);
    if (options.confirm) return confirmRewrite(context, place, folder);

    const progress = terminal.progress('files looked at');
    const reading = readFolder(folder, progress, context.signal);
    progress.end();
    const found = survey(
      reading.files,
      options['secrets-file'] === undefined ? {} : { secretsFile: options['secrets-file'] },
    );
    if (!options['dry-run'])
      return takeIn(context, { folder: reading, survey: found, place, rewrite: options.rewrite ? options : null });

    if (!context.json) showSurvey(found, reading, terminal);
    context.answer({ ...surveyJson(found, reading), dryRun: true }, () => {
      if (options.rewrite) showDryRewrite(found, reading, terminal);
      terminal.say();
      terminal.say(
        `Nothing was written. Take it in: ${terminal.paintRemarks.command(`chatelaine adopt ${args.folder ?? '.'}`)}`,
      );
    });
    return DONE;
  },
});
