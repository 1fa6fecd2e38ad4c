import { nearest } from '#kernel';
import type { CommandEntry } from './command-entry.ts';
import { COMMANDS, findCommand } from './commands.ts';
import { cliError } from './errors.ts';
import { DONE, type ExitCode } from './exit.ts';
import { openContext } from './open-context.ts';
import { reportError } from './report-error.ts';
import type { Terminal } from './terminal.ts';
import type { World } from './world.ts';

/** Runs one command line to its exit code. Never throws. */
export const main = async (argv: readonly string[], world: World): Promise<ExitCode> => {
  const plain = world.terminal({ colour: !argv.includes('--no-color') });
  const isJson = beforeSeparator(argv).includes('--json');
  try {
    return await dispatch(argv, world, plain);
  } catch (error) {
    return reportError(error, plain, { json: isJson, debug: isDebug(world) });
  }
};

const dispatch = async (argv: readonly string[], world: World, terminal: Terminal): Promise<ExitCode> => {
  const { splitCommand } = await import('./parse.ts');
  const { before, words, after } = splitCommand(argv);
  if (words.length === 0) {
    if (before.includes('--version') || before.includes('-v'))
      return runEntry(named('version'), [...before.filter((one) => one === '--json'), ...after], world, terminal);
    return showOverview(before, terminal);
  }
  const found = findCommand(words);
  if (found === null) throw unknown(words);
  if ('noun' in found) return showNoun(found.noun, words, after, terminal);
  return runEntry(found.entry, [...before, ...after.slice(found.words)], world, terminal);
};

const runEntry = async (
  entry: CommandEntry,
  argv: readonly string[],
  world: World,
  terminal: Terminal,
): Promise<ExitCode> => {
  const [{ parseCommand }, body] = await Promise.all([import('./parse.ts'), entry.load()]);
  const { globals, options, args } = parseCommand(entry.name, body, argv);
  if (globals.help) return show(await pageAbout(entry.name.split(' '), terminal), terminal);
  const context = openContext(world, terminal, globals, (words) => pageAbout(words, terminal));
  try {
    return await body.run(context, { options, args });
  } finally {
    await context.release();
  }
};

const showOverview = async (before: readonly string[], terminal: Terminal): Promise<ExitCode> => {
  const odd = before.find((one) => !['--help', '-h', '--no-color', '--json'].includes(one));
  if (odd !== undefined) throw cliError('wrong_use', 'An option needs a command in front of it.', { command: 'help' });
  return show(await pageAbout([], terminal), terminal);
};

/** The page about a command, the commands of a noun, or all of them. */
const pageAbout = async (words: readonly string[], { paint, columns }: Terminal): Promise<readonly string[]> => {
  const { commandPage, nounPage, overview } = await import('./help.ts');
  if (words.length === 0) return overview(paint, columns);
  const found = findCommand(words);
  if (found === null) throw unknown(words);
  if ('noun' in found) return nounPage(found.noun, paint, columns);
  return commandPage(found.entry, await found.entry.load(), paint, columns);
};

const show = (lines: readonly string[], terminal: Terminal): ExitCode => {
  for (const line of lines) terminal.print(line);
  return DONE;
};

/** `audit` alone explains itself; `audit verfy` is a mistake. */
const showNoun = async (
  noun: string,
  words: readonly string[],
  after: readonly string[],
  terminal: Terminal,
): Promise<ExitCode> => {
  if (words.length > 1 && !after.includes('--help')) throw unknown([noun, words[1]!]);
  show(await pageAbout([noun], terminal), terminal);
  return after.includes('--help') || after.includes('-h') ? DONE : 2;
};

const unknown = (words: readonly string[]) => {
  const names = COMMANDS.map(({ name }) => name);
  const written =
    words.length > 1 && names.some((name) => name.startsWith(`${words[0]!} `)) ? words.join(' ') : words[0]!;
  const shown = /^[\w -]{1,40}$/.test(written) ? `"${written}"` : 'that';
  return cliError('unknown_command', `There is no command ${shown}.`, { nearest: nearest(written, names) });
};

const named = (name: string): CommandEntry => COMMANDS.find((entry) => entry.name === name)!;

/** What follows `--` belongs to another program. */
const beforeSeparator = (argv: readonly string[]): readonly string[] =>
  argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv;

const isDebug = ({ environment }: World): boolean => (environment['CHATELAINE_DEBUG'] ?? '') !== '';
