import { type JsonObject, stringifyJson, utf8 } from '#kernel';
import { command, required, text, wholeNumber } from '../command.ts';
import { cliError } from '../errors.ts';
import { DONE } from '../exit.ts';
import { PLACE_OPTIONS, pathOf } from '../place.ts';
import { leafText, singleText } from '../value.ts';

export const get = command({
  teaches: `Reads a value. The reading is recorded before the value is handed out: who, what, when, from where.

Piped, the value comes alone and byte for byte, without a line break, so that a script gets exactly it. On a terminal it
is shown with a line break; mind who looks over your shoulder, and that the terminal may remember it.

A value with several fields is shown as JSON; --field picks one.`,
  examples: [
    { run: 'chatelaine get porch/home/mqtt_password', does: 'by its path' },
    { run: 'chatelaine get mqtt_password', does: 'in the project of this folder' },
    { run: 'chatelaine get aws/deploy --field secret_access_key', does: 'one field of several' },
    { run: 'chatelaine get wifi_password | qrencode -t ansiutf8', does: 'straight into another program' },
  ],
  next: 'To start a program with credentials, prefer chatelaine run: nothing is printed at all.',
  arguments: { path: required('PATH', 'project/environment/name, or a name in this folder’s project') },
  options: {
    ...PLACE_OPTIONS,
    field: text('NAME', 'One field of the value; parts joined by "." for fields in fields.', 'f'),
    version: wholeNumber('N', 'An older version.', 1),
  },
  async run(context, { args, options }) {
    const path = pathOf(context, args.path, options);
    const server = await context.server();
    const read = await server.call('values.get', {
      path,
      query: options.version === undefined ? {} : { version: String(options.version) },
    });
    const value = read.value as JsonObject;
    const { terminal } = context;
    if (context.json && options.field === undefined) {
      terminal.print(
        stringifyJson({
          path: read.path,
          version: read.version,
          value,
          createdAt: read.createdAt,
          receipt: read.receipt,
        }),
      );
      return DONE;
    }
    const shown =
      options.field === undefined ? (singleText(value) ?? stringifyJson(value)) : fieldOf(value, options.field);
    if (context.json) terminal.print(stringifyJson(shown));
    else if (terminal.isTerminal) terminal.print(shown);
    else terminal.printRaw(utf8(shown));
    return DONE;
  },
});

const fieldOf = (value: JsonObject, field: string): string => {
  let at: unknown = Object.hasOwn(value, field) ? value[field] : undefined;
  if (at === undefined) {
    at = value;
    for (const part of field.split('.'))
      at =
        typeof at === 'object' && at !== null && Object.hasOwn(at, part)
          ? (at as Record<string, unknown>)[part]
          : undefined;
  }
  if (at === undefined)
    throw cliError('wrong_use', `The value has no such field. It has: ${Object.keys(value).join(', ')}.`, {
      command: 'get',
    });
  return leafText(at as never) ?? stringifyJson(at as never);
};
