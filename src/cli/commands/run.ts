import { type JsonObject, Secret } from '#kernel';
import { command, commandLine, flag, texts } from '../command.ts';
import type { Context } from '../context.ts';
import { cliError } from '../errors.ts';
import { PLACE_OPTIONS, pathOf, placeOf } from '../place.ts';
import { type ReadResult, refusalOf, tryValues } from '../read-values.ts';
import type { Server } from '../session.ts';
import { environmentFor, startCommand } from '../start-command.ts';
import { some } from '../text.ts';
import { singleText, textLeaves } from '../value.ts';
import { type NamedValue, variablesOf } from '../variables.ts';

export const run = command({
  teaches: `Starts a command with credentials in its environment, for that command alone: nothing is written to a file, printed,
or put into its arguments. mqtt/password becomes MQTT_PASSWORD; a credential with several fields becomes one variable for
each. Signals are passed on, and its exit code is the answer.

Without --only or --as it gets every credential of the environment that you may read; a command is best given just what it
needs. Names that would steer the shell or a runtime (PATH, LD_PRELOAD, NODE_OPTIONS, …) are never set from a credential.`,
  examples: [
    { run: 'chatelaine run -- docker compose up -d', does: 'in an adopted folder' },
    { run: 'chatelaine run --only mqtt -- ./publish.sh', does: 'only what lies at or below mqtt' },
    { run: 'chatelaine run --as TOKEN=github/deploy -- ./deploy.sh', does: 'one credential under a name of your own' },
    { run: 'chatelaine run -e staging -- npm start', does: 'from another environment' },
    {
      run: 'chatelaine run --mask -- ./deploy.sh',
      does: 'for a log: what it prints goes through a mask, and to no terminal',
    },
  ],
  next: 'chatelaine audit tail shows what was handed out.',
  arguments: { command: commandLine('COMMAND', 'what to start, after --, with its own arguments') },
  options: {
    ...PLACE_OPTIONS,
    only: texts('NAME', 'Only this credential, or what lies below this prefix; may be repeated.'),
    as: texts('VARIABLE=NAME', 'One credential under this name, or VARIABLE=NAME#FIELD; may be repeated.'),
    'all-or-nothing': flag('Do not start when any of them cannot be read.'),
    mask: flag('Replace the values that were handed out in what it prints, by names such as ‹porch/home/mqtt›.'),
  },
  async run(context, { args, options }) {
    if (args.command.length === 0) throw cliError('wrong_use', 'There is no command to start.', { command: 'run' });
    const server = await context.server();
    const picked = options.as.map(readAs);
    const isNarrow = options.only.length > 0 || options['all-or-nothing'];
    const named =
      picked.length > 0 && options.only.length === 0 ? [] : await namedValues(context, server, options, isNarrow);
    const { variables, collisions, refused } = variablesOf(named);
    if (collisions.length > 0) {
      const [first] = collisions;
      throw cliError(
        'wrong_use',
        `${first!.credentials.join(' and ')} would both be ${first!.variable}. Give one of them another name with --as.`,
        { command: 'run' },
      );
    }
    for (const { variable, credential } of refused)
      context.terminal.say(`chatelaine: ${credential} is not set: ${variable} would steer the command. Use --as.`);
    const own = await asValues(context, server, picked, options);
    const { isTerminal } = context.terminal;
    await context.release();
    return startCommand(args.command, environmentFor(context.environment, { ...variables, ...own }), {
      directory: context.directory,
      isTerminal: isTerminal || context.terminal.canAsk,
      ...(options.mask ? { through: await masks(context, named, picked, own, options) } : {}),
    });
  },
});

/** One filter for each stream: what is kept back of one must not wait for the other. */
const masks = async (
  context: Context,
  named: readonly NamedValue[],
  picked: readonly Picked[],
  own: Readonly<Record<string, string>>,
  wish: Wish,
) => {
  const { openMask } = await import('#scanner/replace');
  const { project, environment } = placeOf(context, wish);
  const known = [
    ...named.flatMap(({ name, value }) =>
      textLeaves(value).map(([, text]) => ({ path: `${project}/${environment}/${name}`, text })),
    ),
    ...picked.map(({ variable, name }) => ({
      path: pathOf(context, name, wish).toString(),
      text: own[variable] ?? '',
    })),
  ].map(({ path, text }) => ({ path, value: Secret.fromText(text) }));
  return { stdout: openMask(known), stderr: openMask(known) };
};

type Wish = {
  readonly project: string | undefined;
  readonly environment: string | undefined;
  readonly only: readonly string[];
};

const namedValues = async (
  context: Context,
  server: Server,
  wish: Wish,
  isNarrow: boolean,
): Promise<readonly NamedValue[]> => {
  const place = placeOf(context, wish);
  const all: { path: string; name: string; originalName: string | null }[] = [];
  for await (const one of server.items('credentials.list', { query: { ...place, limit: '500' } }))
    if (one.version > 0)
      all.push({ path: one.path, name: one.path.split('/').slice(2).join('/'), originalName: one.originalName });
  const wanted =
    wish.only.length === 0
      ? all
      : all.filter(({ name }) =>
          wish.only.some((only) => name === only || name.startsWith(`${only.replace(/\/$/, '')}/`)),
        );
  const lost = wish.only.find(
    (only) => !wanted.some(({ name }) => name === only || name.startsWith(`${only.replace(/\/$/, '')}/`)),
  );
  if (lost !== undefined)
    throw cliError('wrong_use', `There is nothing called ${lost} in ${place.project}/${place.environment}.`, {
      command: 'run',
    });
  const results = await tryValues(
    server,
    wanted.map(({ path }) => path),
  );
  const denied = results.filter((result): result is Extract<ReadResult, { ok: false }> => !result.ok);
  if (denied.length > 0) {
    if (isNarrow || denied.length === results.length) throw refusalOf(denied[0]!);
    context.terminal.say(
      `chatelaine: not handed out, so not set: ${some(
        denied.map(({ path }) => path.split('/').slice(2).join('/')),
        4,
      )} (${denied[0]!.code})`,
    );
  }
  return wanted.flatMap((one, at): NamedValue[] => {
    const result = results[at]!;
    return result.ok ? [{ name: one.name, originalName: one.originalName, value: result.value }] : [];
  });
};

type Picked = { readonly variable: string; readonly name: string; readonly field: string | null };

const readAs = (written: string): Picked => {
  const [, variable, name, field] = /^([A-Za-z_][A-Za-z0-9_]*)=([^#]+)(?:#(.+))?$/.exec(written) ?? [];
  if (variable === undefined || name === undefined)
    throw cliError('wrong_use', '--as is written VARIABLE=NAME or VARIABLE=NAME#FIELD.', { command: 'run' });
  return { variable, name, field: field ?? null };
};

/** Names that a person writes on the command line are the person's own choice, steering ones included. */
const asValues = async (
  context: Context,
  server: Server,
  picked: readonly Picked[],
  wish: Wish,
): Promise<Record<string, string>> => {
  if (picked.length === 0) return {};
  const results = await tryValues(
    server,
    picked.map(({ name }) => pathOf(context, name, wish).toString()),
  );
  return Object.fromEntries(
    picked.map(({ variable, name, field }, at) => {
      const result = results[at]!;
      if (!result.ok) throw refusalOf(result);
      const value = result.value as JsonObject;
      const text =
        field === null ? singleText(value) : singleText({ value: Object.hasOwn(value, field) ? value[field]! : null });
      if (text === undefined)
        throw cliError(
          'wrong_use',
          `${name} has ${field === null ? 'several fields' : 'no such field'}; write ${variable}=${name}#FIELD with one of: ${Object.keys(value).join(', ')}.`,
          { command: 'run' },
        );
      return [variable, text];
    }),
  );
};
