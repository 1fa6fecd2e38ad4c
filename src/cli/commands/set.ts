import { type Guideline, guidelineOf, isKindId } from '#catalogue';
import { ChatelaineError, type CredentialPath, type JsonObject } from '#kernel';
import type { AnswerOf, Routes } from '#contract';
import { command, flag, required, text, wholeNumber } from '../command.ts';
import type { Context } from '../context.ts';
import { DESCRIPTION_OPTIONS, type Description, descriptionOf } from '../describe.ts';
import { cliError } from '../errors.ts';
import { DONE } from '../exit.ts';
import { PLACE_OPTIONS, pathOf } from '../place.ts';
import { readSecretFile } from '../read-secret.ts';
import type { Server } from '../session.ts';
import { fold } from '../text.ts';
import { MAX_VALUE_BYTES, valueFrom } from '../value.ts';

export const set = command({
  teaches: `Writes a value: a new version of a credential, or a new credential. The value is typed without being shown,
piped in, or read from a file. It is never an argument: arguments are seen by every user of the machine and kept in the
history of the shell.

With --owner, --purpose and their like and no value, it only says something about a credential that is there.`,
  examples: [
    { run: 'chatelaine set mqtt_password', does: 'asks for it twice, showing nothing' },
    { run: 'pass show mqtt | chatelaine set mqtt_password --stdin', does: 'from another program' },
    { run: 'chatelaine set aws/deploy --json-value --file key.json', does: 'several fields from a JSON object' },
    { run: 'chatelaine set mqtt_password --owner anna --purpose "all sensors"', does: 'says who answers for it' },
  ],
  next: 'chatelaine render writes it into the files that use it.',
  arguments: { path: required('PATH', 'project/environment/name, or a name in this folder’s project') },
  refusesMore:
    'The value must not stand on the command line: every user of the machine sees it, and the shell keeps it in its history.',
  options: {
    ...PLACE_OPTIONS,
    stdin: flag('Read the value from standard input; one line end at its end is dropped.'),
    file: text('FILE', 'Read the value from a file.'),
    'json-value': flag('The input is a JSON object with several fields.'),
    version: wholeNumber('N', 'Only if N is the current version; 0: only if it is new.'),
    pending: flag('Keep it aside; nothing reads it until chatelaine promote puts it into force.'),
    ...DESCRIPTION_OPTIONS,
  },
  async run(context, { args, options }) {
    if (options.stdin && options.file !== undefined)
      throw cliError('wrong_use', '--stdin and --file exclude each other.', { command: 'set' });
    const path = pathOf(context, args.path, options);
    const description = descriptionOf(options, 'set', context.clock.now());
    const hasSource = options.stdin || options.file !== undefined;
    const server = await context.server();
    if (description !== undefined && !hasSource && !options['json-value'] && !options.pending)
      return describeOnly(context, path.toString(), description);
    const value = await readValue(context, path.toString(), options);
    const written = await server.call('values.put', {
      path,
      body: {
        value,
        ...(options.version === undefined ? {} : { checkAndSet: options.version }),
        ...(options.pending ? { pending: true } : {}),
        ...(description === undefined ? {} : { description }),
      },
    });
    if (description !== undefined && !written.created)
      await server.call('credentials.describe', { path, body: description });
    const guideline = written.created ? await guidelineAt(server, path) : null;
    context.answer({ ...written, guideline }, () => {
      showWritten(context, written);
      if (guideline === null) return;
      const { terminal } = context;
      for (const says of [guideline.why, `${guideline.instead} ${guideline.command}`])
        for (const line of fold(says, Math.max(40, Math.min(110, terminal.columns - 2))))
          terminal.say(`  ${terminal.paintRemarks.quiet(line)}`);
    });
    return DONE;
  },
});

/** What whoever writes such a credential down should know, once; nothing where the writer may not see what it is. */
const guidelineAt = async (server: Server, path: CredentialPath): Promise<Guideline | null> => {
  try {
    const { kind } = await server.call('credentials.show', { path });
    return isKindId(kind) ? guidelineOf(kind) : null;
  } catch (error) {
    if (error instanceof ChatelaineError) return null;
    throw error;
  }
};

const describeOnly = async (context: Context, path: string, description: NonNullable<Description>): Promise<number> => {
  const server = await context.server();
  const described = await server.call('credentials.describe', { path, body: description });
  context.answer(described, () =>
    context.terminal.say(`${described.path}: ${Object.keys(description).join(', ')} noted. Its value stays as it is.`),
  );
  return DONE;
};

type Source = { readonly stdin: boolean; readonly file: string | undefined; readonly 'json-value': boolean };

const readValue = async (
  { terminal, directory }: Context,
  path: string,
  { stdin, file, 'json-value': isJson }: Source,
): Promise<JsonObject> => {
  if (file !== undefined) return valueFrom(readSecretFile(directory, file, MAX_VALUE_BYTES), isJson);
  if (stdin) return valueFrom(await terminal.readInput(MAX_VALUE_BYTES), isJson);
  const instead = 'Pipe the value in with --stdin, or name a file with --file.';
  const first = await terminal.askSecret(`Value of ${path}:`, instead);
  if (first.size === 0) throw cliError('not_confirmed', 'Nothing was typed.');
  const second = await terminal.askSecret('The same again:', instead);
  if (!first.equals(second)) throw cliError('not_confirmed', 'The two are not the same.');
  return valueFrom(first, isJson);
};

export const showWritten = (
  { terminal }: Context,
  { path, version, created }: AnswerOf<Routes['values.put']>,
): void => {
  const what = version === null ? 'a pending version' : `version ${version}`;
  terminal.say(`${path}: ${created ? 'new, ' : ''}${what}.`);
  terminal.say(terminal.paintRemarks.quiet('Write it into the files that use it: chatelaine render'));
};
