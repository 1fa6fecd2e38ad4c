import { relative, resolve, sep } from 'node:path';
import { ChatelaineError, hasCode } from '#kernel';
import { changeSince } from '../check/new-since.ts';
import { sayElsewhere } from '../check/find-elsewhere.ts';
import { type Verdict, judgeBy, judgeOffline } from '../check/judge-use.ts';
import { readUses } from '../check/read-uses.ts';
import { type Consumers, registeredIn } from '../check/registered.ts';
import type { Called } from '../check/remedies.ts';
import { type Checked, showCheck, wrongIn } from '../check/show-check.ts';
import type { Use } from '../check/use.ts';
import { command, flag, optional, text } from '../command.ts';
import type { Context } from '../context.ts';
import { cliError } from '../errors.ts';
import { DONE, type ExitCode, FAILED } from '../exit.ts';
import { type Place, rememberedFolder } from '../memory.ts';
import { PLACE_OPTIONS, placeOf } from '../place.ts';
import type { Server } from '../session.ts';

/** Nothing is wrong in what was read, and not everything could be. As `scan` says it. */
const INCOMPLETE: ExitCode = 3;

export const check = command({
  teaches: `Is every credential that this code uses legitimate? Looks at everything that asks for a value by name (!secret x,
\${X}, process.env.X, os.environ["X"], workflow secrets, !env_var, and how Go, Rust, Ruby, PHP, Java, C# and the shell read a
variable): each name must be a registered credential of the folder’s environment, in force, and declared for the file that
asks. With --diff only what is new since a commit is looked at, the gate for a pull request. No value is read or shown.

Ordinary settings such as PORT or NODE_ENV are left alone, and so is what a platform gives by itself (GITHUB_TOKEN,
SUPERVISOR_TOKEN): a name counts when it is registered, when the folder holds a credential under it, or when it says itself
that it is one. Tests, examples and documents ask for what is nobody’s, and are left alone too.

A name that is registered in another environment is told with it, and with the command for either case.

The exit code is 0 when all are legitimate, 1 when one is not, 2 for a wrong command line, 3 when nothing was wrong and not
everything could be read, 5 when no server answers.`,
  examples: [
    { run: 'chatelaine check', does: 'the folder you are in' },
    { run: 'chatelaine check --diff main', does: 'only what this branch asks for anew' },
    { run: 'chatelaine check . -p porch -e prod', does: 'before a deployment to another environment' },
    { run: 'chatelaine check --diff HEAD --if-served', does: 'in a hook: what the working tree asks for anew' },
    { run: 'chatelaine check --offline', does: 'without a server: every name must be in secrets.yaml or .env' },
    { run: 'chatelaine check --declare', does: 'the uses are right: notes the files as users of what they ask for' },
  ],
  next: 'chatelaine show PATH says what uses a credential; chatelaine adopt . takes in what is not registered.',
  arguments: { folder: optional('PATH', 'the folder of the code; the one you are in when left out') },
  options: {
    ...PLACE_OPTIONS,
    diff: text('BASE', 'Only what is new since the branch left this commit, working tree included.'),
    offline: flag('Ask no server: names must be in the files of the folder.'),
    'if-served': flag(
      'For hooks: where no server answers, or it does not know you or this folder, say so in one line and end with 0.',
    ),
    declare: flag('Note the files as users of the registered credentials they ask for.'),
  },
  async run(context, { args, options }) {
    if (options.offline && options.declare)
      throw cliError('wrong_use', '--declare needs a server, so it excludes --offline.', { command: 'check' });
    if (options['if-served'] && (options.offline || options.declare))
      throw cliError('wrong_use', '--if-served is for the gate alone: without --offline and --declare.', {
        command: 'check',
      });
    const folder = resolve(context.directory, args.folder ?? '.');
    // Users are declared by their place in the adopted folder; a folder in it is a part of it.
    const remembered = rememberedFolder(context.memory, folder);
    const root = remembered?.folder ?? folder;
    const inside = relative(root, folder).split(sep).join('/');
    const isMeant = (path: string) => inside === '' || path.startsWith(`${inside}/`);
    const place = placeOf(context, options, folder);
    const at = `${place.project}/${place.environment}`;
    const called: Called = {
      folder: args.folder ?? '.',
      root: relative(context.directory, root) || '.',
      place: options.offline ? null : at,
      isOwnPlace: placeText(remembered?.place) === at || (options.project ?? options.environment) === undefined,
    };

    const read = readUses(context, root);
    const change =
      options.diff === undefined
        ? undefined
        : await changeSince(read.root, options.diff, read.survey.around, context.environment);
    const uses = read.uses.filter((use) => isMeant(use.file) && (change === undefined || change.isNew(use)));
    const unread = read.unread.filter(({ path }) => isMeant(path) && (change === undefined || change.files.has(path)));

    const judge = async (): Promise<readonly Verdict[]> =>
      options.offline
        ? uses.flatMap((use) => judgeOffline(use) ?? [])
        : judgeOnline(context, await serverOf(context, options['if-served']), place, called, uses, options.declare);
    const verdicts = options['if-served'] ? await unlessAway(judge) : await judge();
    if (verdicts instanceof ChatelaineError) {
      context.answer({ place: at, judged: false, why: verdicts.message }, () =>
        context.terminal.say(`Not judged against ${at}: ${verdicts.message}`),
      );
      return DONE;
    }
    const checked: Checked = { place: options.offline ? null : at, since: options.diff ?? null, verdicts, unread };
    const wrong = wrongIn(verdicts);
    context.answer(jsonOf(checked), () => showCheck(checked, context.terminal));
    if (wrong.length > 0) return FAILED;
    return unread.length > 0 ? INCOMPLETE : DONE;
  },
});

/** What says that nobody is there to judge, as against a judgement. */
const AWAY: ReadonlySet<string> = new Set([
  'cli.not_signed_in',
  'cli.os_sign_in_refused',
  'client.unreachable',
  'control.foreign',
  'deeds.denied',
  'identity.unauthenticated',
]);

/** The error instead, where it only says that nobody is there to judge. */
const unlessAway = async <T>(judge: () => Promise<T>): Promise<T | ChatelaineError> => {
  try {
    return await judge();
  } catch (error) {
    if (error instanceof ChatelaineError && (['busy', 'locked'].includes(error.fault) || AWAY.has(error.code)))
      return error;
    throw error;
  }
};

const serverOf = async (context: Context, isQuiet: boolean): Promise<Server> => {
  try {
    return await context.server();
  } catch (error) {
    if (!isQuiet && hasCode(error, 'cli.no_server'))
      context.terminal.say('Without a server: chatelaine check --offline asks the files of the folder alone.');
    throw error;
  }
};

const placeText = (place: Place | undefined): string | null =>
  place === undefined ? null : `${place.project}/${place.environment}`;

const judgeOnline = async (
  context: Context,
  server: Server,
  place: Place,
  called: Called,
  uses: readonly Use[],
  declare: boolean,
): Promise<readonly Verdict[]> => {
  const judged = async () => {
    const judge = judgeBy(
      await registeredIn(context, server, place),
      `${place.project}/${place.environment}`,
      context.clock.now(),
      called,
    );
    return sayElsewhere(
      server,
      place,
      called,
      uses.flatMap((use) => judge(use) ?? []),
    );
  };
  const verdicts = await judged();
  const undeclared = verdicts.filter(({ result }) => result === 'not declared');
  if (!declare || undeclared.length === 0) return verdicts;
  const byPath = Map.groupBy(
    undeclared.flatMap(({ use, credentials }) => credentials.map((path) => ({ path, use }))),
    ({ path }) => path,
  );
  for (const [path, all] of byPath)
    await server.call('consumers.declare', { path, body: { consumers: consumersOf(all.map(({ use }) => use)) } });
  return judged();
};

/** As services: adopting again replaces what it knows of files, and would forget these. */
const consumersOf = (uses: readonly Use[]): Consumers =>
  [...Map.groupBy(uses, ({ file }) => file)].slice(0, 500).map(([file, own]) => ({
    kind: 'service',
    place: file,
    detail: {
      by: [...new Set(own.map(({ syntax }) => syntax))],
      at: own.slice(0, 20).map(({ line }) => String(line)),
      names: [...new Set(own.map(({ name }) => name))].slice(0, 20),
    },
  }));

const jsonOf = ({ place, since, verdicts, unread }: Checked) => ({
  place,
  since,
  legitimate: wrongIn(verdicts).length === 0,
  complete: unread.length === 0,
  uses: verdicts.map(({ use: { name, file, line, syntax }, ...verdict }) => ({ file, line, name, syntax, ...verdict })),
  unread,
});
