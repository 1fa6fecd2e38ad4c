import type { Skipped } from '../folder.ts';
import { table } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { count, printable } from '../text.ts';
import type { Verdict } from './judge-use.ts';

export type Checked = {
  /** `porch/home`; null when no server was asked. */
  readonly place: string | null;
  readonly since: string | null;
  readonly verdicts: readonly Verdict[];
  readonly unread: readonly Skipped[];
};

/** What must not stay as it is. */
export const wrongIn = (verdicts: readonly Verdict[]): readonly Verdict[] =>
  verdicts.filter(({ result }) => result !== 'legitimate' && result !== 'not known here');

const MOST_UNREAD = 10;

export const showCheck = ({ verdicts, unread, since, place }: Checked, terminal: Terminal): void => {
  const { paint } = terminal;
  const wrong = wrongIn(verdicts);
  const lines = table(
    wrong,
    [
      { title: 'WHERE', of: ({ use }) => `${use.file}:${use.line}`, least: 16, cut: 'start' },
      { title: 'ASKS FOR', of: ({ use }) => use.name, least: 12 },
      { title: 'IS', of: ({ result }) => result, gives: 0, paint: (cell) => paint.bad(cell) },
      { title: 'BECAUSE', of: ({ why }) => why, least: 16 },
    ],
    paint,
    terminal.columns,
  );
  for (const line of lines) terminal.print(line);
  const remedies = new Map(wrong.flatMap((one) => one.remedies).map((one) => [`${one.run} ${one.does}`, one]));
  if (remedies.size > 0) {
    terminal.print();
    terminal.print(paint.title('What to do'));
    for (const { run, does } of remedies.values())
      terminal.print(
        run === null ? `  ${does}` : `  ${paint.command(printable(run))}  ${paint.quiet(printable(does))}`,
      );
  }
  for (const { path, why } of unread.slice(0, MOST_UNREAD)) terminal.say(`Not read: ${path}: ${why}`);
  if (unread.length > MOST_UNREAD) terminal.say(`Not read: ${count(unread.length - MOST_UNREAD, 'more file')}`);
  const unknown = verdicts.filter(({ result }) => result === 'not known here').length;
  const good = verdicts.length - wrong.length - unknown;
  terminal.say(
    paint.quiet(
      `${count(verdicts.length, 'use')} of credentials${since === null ? '' : `, new since ${since}`}: ` +
        `${good} ${place === null ? 'held by files here' : `legitimate in ${place}`}, ${wrong.length} not` +
        (unknown === 0 ? '.' : `, ${unknown} that only a server can tell.`),
    ),
  );
};
