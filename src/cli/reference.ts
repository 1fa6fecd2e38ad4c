import { GROUPS, type Group } from './command-entry.ts';
import { COMMANDS } from './commands.ts';
import { EXIT_CODES } from './exit.ts';
import { GLOBAL_OPTIONS } from './parse.ts';

/** docs/cli.md, made from the table of commands; a test keeps the file the same. */
export const commandReference = async (): Promise<string> => {
  const { optionText, usageOf } = await import('./help.ts');
  const sections: string[] = [];
  for (const group of Object.keys(GROUPS) as Group[]) {
    sections.push(`## ${GROUPS[group]}`);
    for (const entry of COMMANDS.filter((one) => one.group === group)) {
      const body = await entry.load();
      sections.push(
        [
          `### chatelaine ${entry.name}`,
          '',
          `${entry.summary}.`,
          '',
          `    ${usageOf(entry, body)}`,
          '',
          ...body.teaches
            .trim()
            .split(/\n\s*\n/)
            .flatMap((paragraph) => [paragraph.replaceAll(/\s+/g, ' '), '']),
          ...rows(Object.values(body.arguments).map(({ placeholder, says }) => [placeholder, says])),
          ...rows(Object.entries(body.options).map(([long, option]) => [optionText(long, option), option.says])),
          ...body.examples.flatMap(({ run, does }) => [`    ${run}`, `: ${does}`, '']),
        ]
          .join('\n')
          .trimEnd(),
      );
    }
  }
  return (
    [
      '# The command line',
      'Made from the table of commands (`src/cli/commands.ts`); do not edit.',
      'Secrets never stand in arguments: they are typed, piped or read from a file. Answers go to standard output, everything else to standard error.',
      '## Everywhere',
      rows(Object.entries(GLOBAL_OPTIONS).map(([long, option]) => [optionText(long, option), option.says]))
        .join('\n')
        .trimEnd(),
      '## Exit codes',
      [
        '| code | meaning |',
        '| --- | --- |',
        ...Object.entries(EXIT_CODES).map(([code, meaning]) => `| ${code} | ${meaning} |`),
        '| other | `run`: that of the command it started; 128 + n when signal n ended it, 127 when there is no such command |',
      ].join('\n'),
      '## Errors for programs',
      'With `--json` an error is one line on standard error: `{"error":{"code","message","hint","exit","details"}}`. The code is stable.',
      ...sections,
      '',
    ]
      .join('\n\n')
      .trimEnd() + '\n'
  );
};

const rows = (pairs: readonly (readonly [string, string])[]): readonly string[] =>
  pairs.length === 0
    ? []
    : [
        '| | |',
        '| --- | --- |',
        ...pairs.map(([left, right]) => `| \`${left.replaceAll('|', '\\|')}\` | ${right.replaceAll('|', '\\|')} |`),
        '',
      ];
