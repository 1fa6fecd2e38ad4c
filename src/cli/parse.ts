import { parseArgs } from 'node:util';
import { nearest } from '#kernel';
import type { Argument, CommandBody, Option } from './command.ts';
import { cliError } from './errors.ts';

/** Options that every command takes, and the program before any command. */
export type GlobalOption = { readonly takes: string | null; readonly short: string | null; readonly says: string };
export const GLOBAL_OPTIONS = {
  help: { takes: null, short: 'h', says: 'Explain, with examples.' },
  json: { takes: null, short: null, says: 'Answer in JSON, for programs.' },
  'no-color': { takes: null, short: null, says: 'No colours. NO_COLOR does the same.' },
  server: {
    takes: 'URL',
    short: null,
    says: 'The server to talk to; else CHATELAINE_ADDR, the one you signed in to, the one on this machine.',
  },
  data: { takes: 'FOLDER', short: null, says: 'The data folder of this machine’s server; else CHATELAINE_DATA.' },
} as const satisfies Readonly<Record<string, GlobalOption>>;
export type GlobalName = keyof typeof GLOBAL_OPTIONS;
export type GlobalValues = {
  readonly [K in GlobalName]: (typeof GLOBAL_OPTIONS)[K]['takes'] extends null ? boolean : string | undefined;
};

const isGlobal = (name: string): name is GlobalName => Object.hasOwn(GLOBAL_OPTIONS, name);

/** The words before the first option that is not global, and what follows them. */
export const splitCommand = (
  argv: readonly string[],
): { readonly before: readonly string[]; readonly words: readonly string[]; readonly after: readonly string[] } => {
  let at = 0;
  while (argv[at]?.startsWith('-') === true && argv[at] !== '--') {
    const name = argv[at]!.replace(/^--?/, '');
    const takesNext = !name.includes('=') && isGlobal(name) && GLOBAL_OPTIONS[name].takes !== null;
    at += takesNext ? 2 : 1;
  }
  const words: string[] = [];
  for (let next = at; next < argv.length && !argv[next]!.startsWith('-') && words.length < 2; next++)
    words.push(argv[next]!);
  return { before: argv.slice(0, at), words, after: argv.slice(at) };
};

export type Parsed = {
  readonly globals: GlobalValues;
  readonly options: Readonly<Record<string, unknown>>;
  readonly args: Readonly<Record<string, unknown>>;
};

/** Names that people try when they want to give a secret on the command line. */
const SECRET_WORDS = /^(?:value|val|secret|password|passwd|pass|token|key|code|passphrase|pin)$/i;

/** Checks a command's options and arguments. What was written is never echoed but for option names: it may be a secret. */
export const parseCommand = (
  name: string,
  body: Pick<CommandBody, 'options' | 'arguments' | 'refusesMore'>,
  argv: readonly string[],
): Parsed => {
  const known: Readonly<Record<string, Pick<Option, 'takes' | 'short'> & { readonly many?: boolean }>> = {
    ...GLOBAL_OPTIONS,
    ...body.options,
  };
  const { tokens } = parseArgs({
    args: [...argv],
    strict: false,
    tokens: true,
    allowPositionals: true,
    options: Object.fromEntries(
      Object.entries(known).map(([long, { takes, short }]) => [
        long,
        {
          type: takes === null ? ('boolean' as const) : ('string' as const),
          multiple: true,
          ...(short === null ? {} : { short }),
        },
      ]),
    ),
  });
  const given = new Map<string, (string | true)[]>();
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const option = Object.hasOwn(known, token.name) ? known[token.name] : undefined;
    if (option === undefined) throw unknownOption(name, token.rawName, Object.keys(known));
    if (option.takes === null && token.value !== undefined)
      throw wrongUse(name, `${token.rawName} is a switch and takes no value.`);
    if (option.takes !== null && token.value === undefined)
      throw wrongUse(name, `${token.rawName} needs ${option.takes} after it.`);
    // `--project --json` would take the next option for a value.
    if (token.value !== undefined && !token.inlineValue && /^-./.test(token.value))
      throw wrongUse(
        name,
        `${token.rawName} needs ${option.takes} after it; write ${token.rawName}=… where it begins with "-".`,
      );
    given.set(token.name, [...(given.get(token.name) ?? []), token.value ?? true]);
  }
  const options: Record<string, unknown> = {};
  for (const [long, option] of Object.entries(body.options))
    options[long] = readOption(name, long, option, given.get(long));
  return {
    globals: readGlobals(name, given),
    options,
    args: readArguments(name, body, positionals, given.has('help')),
  };
};

const readOption = (
  name: string,
  long: string,
  option: Option,
  given: readonly (string | true)[] | undefined,
): unknown => {
  if (given !== undefined && given.length > 1 && !option.many && option.takes !== null)
    throw wrongUse(name, `--${long} was given ${given.length} times.`);
  const result = option.read(given === undefined || option.many ? given : given.at(-1));
  if ('fault' in result) throw wrongUse(name, `--${long} ${result.fault}.`);
  return result.value;
};

const readGlobals = (name: string, given: ReadonlyMap<string, readonly (string | true)[]>): GlobalValues => {
  const one = (long: GlobalName): string | undefined => {
    const values = given.get(long) ?? [];
    if (values.length > 1) throw wrongUse(name, `--${long} was given ${values.length} times.`);
    return values[0] === true ? undefined : values[0];
  };
  return {
    help: given.has('help'),
    json: given.has('json'),
    'no-color': given.has('no-color'),
    server: one('server'),
    data: one('data'),
  };
};

const readArguments = (
  name: string,
  body: Pick<CommandBody, 'arguments' | 'refusesMore'>,
  positionals: readonly string[],
  isHelp: boolean,
): Record<string, unknown> => {
  const values: Record<string, unknown> = {};
  let at = 0;
  for (const [key, argument] of Object.entries<Argument>(body.arguments)) {
    if (argument.shape === 'rest' || argument.shape === 'command') {
      values[key] = positionals.slice(at);
      at = positionals.length;
    } else values[key] = positionals[at++];
    if (argument.shape === 'required' && values[key] === undefined && !isHelp)
      throw wrongUse(name, `${argument.placeholder} is missing: ${argument.says}`);
  }
  if (positionals.length > at && !isHelp) {
    if (body.refusesMore !== undefined) throw secretInArguments(name, body.refusesMore);
    throw wrongUse(
      name,
      at === 0
        ? 'It takes no arguments.'
        : `It takes ${at === 1 ? 'one argument' : `${at} arguments`}, not ${positionals.length}.`,
    );
  }
  return values;
};

const wrongUse = (command: string, message: string) => cliError('wrong_use', message, { command });

const secretInArguments = (command: string, message: string) => cliError('secret_in_arguments', message, { command });

const unknownOption = (command: string, raw: string, known: readonly string[]) => {
  const written = raw.replace(/^-+/, '').split('=')[0]!;
  if (SECRET_WORDS.test(written))
    return secretInArguments(
      command,
      'Secrets are not given on the command line: every user of the machine sees it, and the shell keeps it in its history.',
    );
  // Longer than any option of ours: perhaps not meant as an option at all, and perhaps secret.
  const shown = /^[a-z][a-z-]{0,23}$/i.test(written) ? `an option --${written}` : 'that option';
  return cliError('unknown_option', `${command === '' ? 'The program' : `"${command}"`} does not have ${shown}.`, {
    command,
    nearest: `--${nearest(written, known)}`,
  });
};
