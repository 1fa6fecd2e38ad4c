import { stringifyJson } from '#kernel';
import { command, flag, required, text, wholeNumber } from '../command.ts';
import { DESCRIPTION_OPTIONS, descriptionOf } from '../describe.ts';
import { DONE } from '../exit.ts';
import { PLACE_OPTIONS, pathOf } from '../place.ts';
import { singleText } from '../value.ts';
import { showWritten } from './set.ts';

export const generate = command({
  teaches: `Makes a strong value of the shape that its system takes (a Wi-Fi passphrase, 32 bytes in base64 for ESPHome, sixteen
numbers for Zigbee, a PIN) and writes it as the newest version. Nobody sees it, not even you, unless you ask with --reveal.

It changes the value here. What uses it learns of it by chatelaine render, and the system that checks it has to be told.`,
  examples: [
    { run: 'chatelaine generate mqtt_password', does: 'of the kind that the credential has' },
    { run: 'chatelaine generate esphome/shed/api-key --kind esphome-api-key', does: 'a new credential' },
  ],
  next: 'chatelaine render writes it into the files that use it.',
  arguments: { path: required('PATH', 'project/environment/name, or a name in this folder’s project') },
  options: {
    ...PLACE_OPTIONS,
    field: text('NAME', 'The field to fill; the others stay.', 'f'),
    version: wholeNumber('N', 'Only if N is the current version.', 0),
    pending: flag('Keep it aside; nothing reads it yet.'),
    reveal: flag('Also show it; that is a reading like any other.'),
    ...DESCRIPTION_OPTIONS,
  },
  async run(context, { args, options }) {
    const path = pathOf(context, args.path, options);
    const description = descriptionOf(options, 'generate', context.clock.now());
    const server = await context.server();
    const made = await server.call('generations.create', {
      path,
      body: {
        ...(options.kind === undefined ? {} : { kind: options.kind }),
        ...(options.field === undefined ? {} : { field: options.field }),
        ...(options.version === undefined ? {} : { checkAndSet: options.version }),
        ...(description === undefined ? {} : { description }),
        ...(options.pending ? { pending: true } : {}),
        ...(options.reveal ? { reveal: true } : {}),
      },
    });
    const value = made.value;
    if (context.json) context.terminal.print(stringifyJson({ ...made, value }));
    else {
      showWritten(context, made);
      if (value !== null) context.terminal.print(singleText(value) ?? stringifyJson(value));
    }
    return DONE;
  },
});
