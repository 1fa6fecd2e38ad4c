import { kindOf } from '#catalogue';
import type { FoundCredential, Survey } from '#formats';
import type { JsonObject } from '#kernel';
import { systemTitle, worthOf } from './adoption.ts';
import type { FolderReading } from './folder.ts';
import type { Paint } from './paint.ts';
import { type Column, table } from './table.ts';
import type { Terminal } from './terminal.ts';
import { count, printable, some } from './text.ts';

/** Longer lists say how many more there are; `--json` has them all. */
const MOST_LINES = 12;

/** The table a person likes to read: credentials by system, then what is wrong, then what was not looked into. */
export const showSurvey = (survey: Survey, folder: FolderReading, terminal: Terminal): void => {
  const { paint } = terminal;
  const holding = new Set(survey.credentials.flatMap(({ foundAt }) => foundAt.map(({ file }) => file))).size;
  terminal.print(
    paint.title(
      survey.credentials.length === 0
        ? `No credential in ${count(folder.files.length, 'file')} of ${printable(folder.root)}`
        : `${count(survey.credentials.length, 'credential')} in ${count(holding, 'file')} of ${printable(folder.root)}`,
    ),
  );
  const shared = new Set(survey.shared.map(({ credential }) => credential));
  for (const [title, worth, credentials] of bySystem(survey.credentials)) {
    terminal.print();
    terminal.print(`${paint.title(title)}, ${credentials[0]!.tier === 'gold' ? paint.warn(worth) : worth}`);
    for (const line of table(credentials, columnsFor(shared, paint), paint, terminal.columns - 2))
      terminal.print(`  ${line}`);
  }
  section(
    terminal,
    'Asked for, and nowhere to be found',
    survey.missing.filter(({ held }) => held === 'nowhere'),
    (one) => [
      one.name,
      `belongs in ${one.belongsIn ?? 'no file'}`,
      some(
        one.consumers.map(({ file, line }) => `${file}:${line}`),
        2,
      ),
    ],
  );
  section(
    terminal,
    'Asked for, and held outside of this folder',
    survey.missing.filter(({ held }) => held !== 'nowhere'),
    (one) => [
      one.name,
      one.held === 'github' ? 'GitHub’s secrets' : one.held === 'deployment' ? 'the deployment' : 'the environment',
      some(
        one.consumers.map(({ file, line }) => `${file}:${line}`),
        2,
      ),
    ],
  );
  section(terminal, 'Kept, and used by nothing here', survey.orphans, (one) => [
    one.name,
    `${one.file}:${one.line}`,
    one.credential === null ? 'not a secret' : '',
  ]);
  section(terminal, 'One value for several things', survey.shared, (one) => [
    one.credential,
    `as ${some(one.names, 4)}`,
    one.systems.length > 1 ? one.systems.map(systemTitle).join(', ') : '',
  ]);
  section(
    terminal,
    'Not understood',
    [
      ...survey.problems.map(({ file, line, message }) => [line === null ? file : `${file}:${line}`, message]),
      ...folder.skipped.map(({ path, why }) => [path, why]),
    ],
    (one) => one,
  );
  terminal.print();
  terminal.print(paint.quiet(notesOf(survey, folder)));
};

/** Systems with what controls the home first, and in each what is worth most first. */
const bySystem = (
  credentials: readonly FoundCredential[],
): readonly (readonly [string, string, readonly FoundCredential[]])[] =>
  [...Map.groupBy(credentials, ({ system }) => systemTitle(system))]
    .map(([title, all]) => [title, all.toSorted((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1))] as const)
    .toSorted(
      ([a, first], [b, second]) =>
        Number(a === 'Other') - Number(b === 'Other') || rank(first[0]!) - rank(second[0]!) || (a < b ? -1 : 1),
    )
    .flatMap(([title, all]) => [...Map.groupBy(all, worthOf)].map(([worth, alike]) => [title, worth, alike] as const));

const rank = ({ tier }: FoundCredential): number => ['gold', 'silver', 'bronze'].indexOf(tier);

const columnsFor = (shared: ReadonlySet<string>, paint: Paint): readonly Column<FoundCredential>[] => [
  { title: 'NAME', of: ({ name }) => name, gives: 0.6, least: 16 },
  { title: 'KIND', of: ({ kind }) => kindOf(kind).title, least: 12 },
  {
    title: 'FOUND AT',
    of: ({ foundAt }) =>
      foundAt
        .slice(0, 1)
        .map(({ file, line }) => `${file}:${line}`)
        .join('') + (foundAt.length > 1 ? ` +${foundAt.length - 1}` : ''),
    least: 14,
    cut: 'start',
  },
  { title: 'USED BY', of: ({ consumers }) => usedBy(consumers.map(({ file }) => file)), gives: 0 },
  {
    title: 'LOOK OUT',
    of: (one) =>
      [one.weakness?.why, shared.has(one.name) ? 'shared' : undefined].filter((text) => text !== undefined).join('; '),
    paint: (text) => paint.bad(text),
    least: 8,
  },
];

const usedBy = (files: readonly string[]): string =>
  files.length === 0 ? 'nothing' : count(new Set(files).size, 'file');

const section = <T>(
  terminal: Terminal,
  title: string,
  rows: readonly T[],
  cells: (row: T) => readonly string[],
): void => {
  if (rows.length === 0) return;
  terminal.print();
  terminal.print(terminal.paint.title(`${title} (${rows.length})`));
  const shown = rows.slice(0, MOST_LINES).map(cells);
  const columns: readonly Column<readonly string[]>[] = [0, 1, 2].map((at) => ({
    title: '',
    of: (row) => row[at] ?? '',
  }));
  for (const line of table(shown, columns, terminal.paint, terminal.columns - 2).slice(1)) terminal.print(`  ${line}`);
  if (rows.length > MOST_LINES)
    terminal.print(terminal.paint.quiet(`  and ${rows.length - MOST_LINES} more; --json has them all`));
};

const notesOf = (survey: Survey, folder: FolderReading): string =>
  [
    `${count(folder.files.length, 'file')} read, ${folder.passedOver} of other kinds passed over`,
    ...(folder.leftOut.length === 0 ? [] : [`left out ${some(folder.leftOut.map(printable), 3)}`]),
    `${count(survey.plain.length, 'named value')} that ${survey.plain.length === 1 ? 'is' : 'are'} not secret`,
    ...(survey.credentials.length === 0 ? [] : ['owner and purpose are not known yet']),
  ].join('; ') + '.';

/** The same for programs: stable names, and no value. */
export const surveyJson = (survey: Survey, folder: FolderReading): JsonObject => ({
  folder: folder.root,
  credentials: survey.credentials.map(({ name, original, kind, system, tier, foundAt, consumers, weakness }) => ({
    name,
    original,
    kind,
    system,
    tier,
    foundAt: foundAt.map(({ file, line, column, keyPath }) => ({ file, line, column, keyPath })),
    usedBy: consumers.map(({ file, line, keyPath, by }) => ({ file, line, keyPath, by })),
    weakness: weakness === null ? null : { code: weakness.code, why: weakness.why },
    owner: null,
    purpose: null,
  })),
  missing: survey.missing.map(({ name, held, belongsIn, consumers }) => ({
    name,
    held,
    belongsIn,
    usedBy: consumers.map(({ file, line }) => ({ file, line })),
  })),
  orphans: survey.orphans.map(({ name, file, line, credential }) => ({ name, file, line, credential })),
  shared: survey.shared.map(({ credential, names, systems }) => ({ credential, names, systems })),
  plain: survey.plain.map(({ name, file, line, consumers }) => ({ name, file, line, consumers })),
  problems: survey.problems.map(({ file, line, column, code, message }) => ({ file, line, column, code, message })),
  skipped: folder.skipped.map(({ path, why }) => ({ path, why })),
  read: folder.files.length,
  passedOver: folder.passedOver,
});
