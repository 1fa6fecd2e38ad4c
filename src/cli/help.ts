import type { CommandBody, Options } from './command.ts';
import { type CommandEntry, GROUPS, type Group } from './command-entry.ts';
import { COMMANDS } from './commands.ts';
import type { Paint } from './paint.ts';
import { GLOBAL_OPTIONS } from './parse.ts';
import { fold, widthOf } from './text.ts';

const PAGE = 100;

/** The first page: everyday verbs before everything else. */
export const overview = (paint: Paint, columns: number): readonly string[] => {
  const width = Math.max(...COMMANDS.map(({ name }) => name.length));
  const section = (group: Group): string[] => [
    '',
    paint.title(GROUPS[group]),
    ...COMMANDS.filter((entry) => entry.group === group).flatMap((entry) =>
      hanging(`  ${paint.command(entry.name.padEnd(width))}  `, entry.summary, Math.min(columns, PAGE)),
    ),
  ];
  return [
    `${paint.title('chatelaine')}: the keeper of the keys of a smart home’s software`,
    ...(Object.keys(GROUPS) as Group[]).flatMap(section),
    '',
    paint.title('Everywhere'),
    ...optionLines(GLOBAL_OPTIONS, paint, columns),
    '',
    `New here?  ${paint.command('chatelaine demo')}  shows it on an example home.`,
    `Your own:  ${paint.command('chatelaine up')}  and, in another terminal,  ${paint.command('chatelaine adopt FOLDER')}`,
    `Any command explains itself:  ${paint.command('chatelaine COMMAND --help')}`,
  ];
};

/** One command's page: usage, what it is for, options, examples, what to do next. */
export const commandPage = (
  entry: CommandEntry,
  body: CommandBody,
  paint: Paint,
  columns: number,
): readonly string[] => {
  const width = Math.min(columns, PAGE);
  const args = Object.values(body.arguments);
  const widest = Math.max(0, ...args.map(({ placeholder }) => placeholder.length));
  return [
    paint.title(usageOf(entry, body)),
    '',
    ...body.teaches
      .trim()
      .split(/\n\s*\n/)
      .flatMap((paragraph, i) => [...(i === 0 ? [] : ['']), ...fold(paragraph, width)]),
    ...(args.length === 0
      ? []
      : ['', ...args.flatMap(({ placeholder, says }) => hanging(`  ${placeholder.padEnd(widest)}  `, says, width))]),
    ...(Object.keys(body.options).length === 0
      ? []
      : ['', paint.title('Options'), ...optionLines(body.options, paint, columns)]),
    '',
    paint.title('Everywhere'),
    ...optionLines(GLOBAL_OPTIONS, paint, columns),
    ...(body.examples.length === 0 ? [] : ['', paint.title('Examples')]),
    ...body.examples.flatMap(({ run, does }) => [
      `  ${paint.command(run)}`,
      ...fold(does, width - 6).map((line) => `      ${line}`),
    ]),
    ...(body.next === undefined
      ? []
      : ['', paint.title('Next'), ...fold(body.next, width - 2).map((line) => `  ${line}`)]),
  ];
};

export const usageOf = (entry: Pick<CommandEntry, 'name'>, body: CommandBody): string => {
  const args = Object.values(body.arguments).map(({ placeholder, shape }) =>
    shape === 'required'
      ? placeholder
      : shape === 'optional'
        ? `[${placeholder}]`
        : shape === 'rest'
          ? `[${placeholder}…]`
          : `-- ${placeholder}…`,
  );
  return ['chatelaine', entry.name, ...(Object.keys(body.options).length === 0 ? [] : ['[OPTIONS]']), ...args].join(
    ' ',
  );
};

/** The subcommands of a noun such as `audit`. */
export const nounPage = (noun: string, paint: Paint, columns: number): readonly string[] => {
  const entries = COMMANDS.filter(({ name }) => name.startsWith(`${noun} `));
  const width = Math.max(...entries.map(({ name }) => name.length));
  return [
    paint.title(`chatelaine ${noun} …`),
    '',
    ...entries.flatMap(({ name, summary }) =>
      hanging(`  ${paint.command(name.padEnd(width))}  `, summary, Math.min(columns, PAGE)),
    ),
    '',
    `Each explains itself:  ${paint.command(`chatelaine ${entries[0]?.name ?? noun} --help`)}`,
  ];
};

const optionLines = (
  options: Readonly<Record<string, Pick<Options[string], 'takes' | 'short' | 'says'>>>,
  paint: Paint,
  columns: number,
): readonly string[] => {
  const written = Object.entries(options).map(([long, option]) => ({
    text: optionText(long, option),
    says: option.says,
  }));
  const widest = Math.max(...written.map(({ text }) => text.length));
  return written.flatMap(({ text, says }) =>
    hanging(`  ${paint.command(text.padEnd(widest))}  `, says, Math.min(columns, PAGE)),
  );
};

export const optionText = (long: string, { takes, short }: Pick<Options[string], 'takes' | 'short'>): string =>
  `${short === null ? '' : `-${short}, `}--${long}${takes === null ? '' : ` ${takes}`}`;

/** A text folded beside its label. */
const hanging = (label: string, text: string, columns: number): readonly string[] => {
  const indent = widthOf(label);
  const [first = '', ...rest] = fold(text, Math.max(24, columns - indent));
  return [`${label}${first}`.trimEnd(), ...rest.map((line) => ' '.repeat(indent) + line)];
};
