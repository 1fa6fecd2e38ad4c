import { templateText } from '#formats';
import { showPlans } from '../agree-plans.ts';
import { command, flag, optional, text, texts } from '../command.ts';
import { cliError } from '../errors.ts';
import { DONE, FAILED } from '../exit.ts';
import { PLACE_OPTIONS, adoptedFolder, placeOf } from '../place.ts';
import { type Rendered, renderPlace, templatesOf } from '../render-place.ts';
import { renderTemplate } from '../render-template.ts';
import { count, printable, some } from '../text.ts';

export const render = command({
  teaches: `Writes the files that hold values: secrets.yaml of Home Assistant and ESPHome, Zigbee2MQTT’s secret.yaml, .env,
Node-RED’s environment, arduino_secrets.h, as they were adopted. All values are read at once and every file is made in
memory first; each is then replaced whole, mode 0600, and only if something in it changed. A group that is not the owner’s
own and may read a file already goes on reading it (0640), so that a broker under another user gets at its own. Whatever reads these files keeps
working when chatelaine is stopped.

A file that somebody edited by hand since is not overwritten: nothing is written at all, and you are told which it is.

The text around the values is kept in the store, and whoever may adopt into the environment can change it. What you adopted
yourself is written as it is. What somebody else changed since is shown, without values, and you are asked; so are files
that this machine has never written. Where nobody can be asked, nothing is written unless you say --accept-plan-changes.

A template of your own, with --template, is any text in which {{ name }} stands for a value; {{{{ stands for two braces.`,
  examples: [
    { run: 'chatelaine render', does: 'the files of the folder you are in' },
    { run: 'chatelaine render ~/homeassistant', does: 'of another folder' },
    {
      run: 'chatelaine render --template broker.conf.in --out broker.conf',
      does: 'fills {{ mqtt_password }} and its like in a file of your own',
    },
    {
      run: 'chatelaine render --check',
      does: 'writes nothing; exit code 1 when a file is not up to date, or others may read it',
    },
  ],
  next: 'Restart or reload what reads the files. chatelaine adopt takes edits by hand over.',
  arguments: { folder: optional('FOLDER', 'the folder that was adopted; the one you are in when left out') },
  options: {
    ...PLACE_OPTIONS,
    check: flag('Only tell what would be written.'),
    overwrite: flag('Throw edits by hand away.'),
    'accept-plan-changes': flag('Agree to the text around the values, whatever it is; look at it first.'),
    'show-plans': flag('Only print the text of every file, with names in place of values.'),
    forget: texts('FILE', 'Render this file no more; it stays as it is. May be repeated.'),
    template: text('FILE', 'Fill this template instead; with --out.', 't'),
    out: text('FILE', 'Where the filled template goes, mode 0600.', 'o'),
  },
  async run(context, { args, options }) {
    const { template, out } = options;
    if ((template === undefined) !== (out === undefined))
      throw cliError('wrong_use', '--template and --out belong together.', { command: 'render' });
    if (template !== undefined && out !== undefined) {
      const filled = await renderTemplate(context, template, out, options);
      context.answer(filled, () =>
        context.terminal.say(
          filled.changed
            ? `Written: ${filled.file}, with ${count(filled.credentials.length, 'value')}.`
            : `${filled.file} is up to date; nothing was written.`,
        ),
      );
      return DONE;
    }
    const folder = adoptedFolder(context, args.folder);
    const place = placeOf(context, options, folder);
    const server = await context.server();
    if (options.forget.length > 0) {
      await server.call('renderings.forget', { params: place, body: { targets: [...options.forget] } });
      context.answer({ ...place, forgotten: options.forget }, () =>
        context.terminal.say(`Not rendered any more: ${some(options.forget.map(printable), 10)}.`),
      );
      return DONE;
    }
    if (options['show-plans']) {
      const plans = await templatesOf(server, place);
      context.answer({ ...place, plans: plans.map((plan) => ({ target: plan.path, text: templateText(plan) })) }, () =>
        showPlans(context, plans),
      );
      return DONE;
    }
    const { check, overwrite } = options;
    const acceptPlans = options['accept-plan-changes'];
    const rendered = await renderPlace(context, server, place, folder, { check, overwrite, acceptPlans });
    const { written, same, stale, wide, unagreed } = rendered;
    context.answer({ ...place, folder, ...rendered }, () => {
      const { terminal } = context;
      if (written.length + same.length + stale.length === 0)
        terminal.say(
          `Nothing is rendered from ${place.project}/${place.environment}. Adopt the folder first: chatelaine adopt ${args.folder ?? '.'}`,
        );
      else if (check) {
        if (stale.length > 0)
          terminal.say(
            `Not up to date: ${some(stale, 10)}. chatelaine render writes ${stale.length === 1 ? 'it' : 'them'}.`,
          );
        if (wide.length > 0)
          terminal.say(
            `${count(wide.length, 'file')} up to date, but others on this machine may read ${wide.length === 1 ? 'it' : 'them'}: ${some(wide, 10)}. chatelaine render changes the mode, and nothing else: only the owner reads then.`,
          );
        if (unagreed.length > 0)
          terminal.say(`Nobody here has agreed to: ${some(unagreed, 10)}. chatelaine render asks.`);
        if (!isOff(rendered)) terminal.say(`${count(same.length, 'file')} up to date; nothing was written.`);
      } else {
        terminal.say(
          written.length === 0
            ? `${count(same.length, 'file')} up to date; nothing was written.`
            : `Written: ${some(written, 10)}.${same.length === 0 ? '' : ` ${count(same.length, 'other')} up to date.`}`,
        );
        if (wide.length > 0) terminal.say(`Others could read ${some(wide, 10)}, and no longer can.`);
      }
    });
    return check && isOff(rendered) ? FAILED : DONE;
  },
});

const isOff = ({ stale, wide, unagreed }: Rendered): boolean => stale.length + wide.length + unagreed.length > 0;
