import {
  type Discovery,
  type Managed,
  type ScanReport,
  clausesOf,
  describeManaged,
  placeOf,
  shownValue,
} from '#scanner';
import { guidelineOf } from '#catalogue';
import type { Tier } from '#kernel';
import type { Paint } from '../paint.ts';
import type { Terminal } from '../terminal.ts';
import { count, fold, printable, shortenStart, some } from '../text.ts';

/** Places of one credential, and gaps, that are shown; the reports for programs have them all. */
const MOST_PLACES = 5;
const MOST_GAPS = 8;

const WORTH: Readonly<Record<Tier, string>> = {
  gold: 'gold: controls the home, or signs for it',
  silver: 'silver: one service or account',
  bronze: 'bronze: local, limited',
};

/** The page for people: a credential an entry, the most dangerous first; then notes, then what was not read. */
export const showReport = (report: ScanReport, subject: string, terminal: Terminal, isRevealed: boolean): void => {
  const { paint } = terminal;
  const leaks = report.discoveries.filter(({ confidence }) => confidence !== 'note');
  const notes = report.discoveries.filter(({ confidence }) => confidence === 'note');
  for (const leak of leaks) showDiscovery(leak, terminal, isRevealed);
  if (notes.length > 0) terminal.print(paint.title('Worth a look, and no leak by itself'));
  for (const note of notes) showNote(note, terminal);
  if (notes.length > 0) terminal.print();
  showGaps(report, terminal);
  for (const line of verdict(report, leaks, subject, paint)) terminal.print(line);
};

const showDiscovery = (discovery: Discovery, terminal: Terminal, isRevealed: boolean): void => {
  const { paint, columns } = terminal;
  const { title, kind, tier, value, why, opens, remedy, facts, also, occurrences, confidence, managed } = discovery;
  const worth = `${WORTH[tier]}${confidence === 'certain' ? ', certain' : ''}`;
  terminal.print(
    `${paint.title(printable(title))}  ${tier === 'gold' ? paint.bad(worth) : tier === 'silver' ? paint.warn(worth) : worth}`,
  );
  const shown = isRevealed ? printable(value.revealText()) : shownValue(value);
  // A setting that is wrong has no value to be told from others by.
  terminal.print(`  ${kind === 'plain' ? '' : `${shown}  `}${paint.quiet(printable(why))}`);
  if (managed !== undefined) showManaged(managed, terminal);
  for (const place of occurrences.slice(0, MOST_PLACES)) {
    const clauses = clausesOf(place).join(', ');
    const where = shortenStart(printable(placeOf(place)), Math.max(20, columns - 4));
    terminal.print(`  ${where}${clauses === '' ? '' : `  ${paint.quiet(printable(clauses))}`}`);
  }
  if (occurrences.length > MOST_PLACES)
    terminal.print(paint.quiet(`  and ${count(occurrences.length - MOST_PLACES, 'more place')}`));
  const lines = [
    `opens ${opens}`,
    ...Object.entries(facts).map(([name, fact]) => `${name}: ${fact}`),
    ...also.map((one) => `also: ${one.why}`),
  ];
  for (const line of lines) paragraph(line, terminal, paint.quiet);
  paragraph(remedy, terminal, (text) => text);
  const { instead, command } = guidelineOf(kind);
  paragraph(`${instead} ${command}`, terminal, paint.quiet);
  terminal.print();
};

const showManaged = (managed: Managed, terminal: Terminal): void => {
  const { paint } = terminal;
  const says = printable(describeManaged(managed));
  terminal.print(`  ${managed.live ? paint.bad(says) : paint.warn(says)}`);
  const { first } = managed.consumers;
  if (first.length > 0) terminal.print(paint.quiet(`  used in ${some(first.map(printable), MOST_PLACES)}`));
};

const paragraph = (text: string, terminal: Terminal, painted: (text: string) => string): void => {
  for (const line of fold(printable(text), Math.max(40, Math.min(110, terminal.columns - 4))))
    terminal.print(`    ${painted(line)}`);
};

const showNote = ({ title, why, occurrences }: Discovery, terminal: Terminal): void => {
  const more = occurrences.length > 1 ? ` and ${count(occurrences.length - 1, 'more place')}` : '';
  terminal.print(
    `  ${printable(placeOf(occurrences[0]!))}${more}  ${terminal.paint.quiet(printable(`${title}: ${why}`))}`,
  );
};

const showGaps = ({ gaps, skipped }: ScanReport, terminal: Terminal): void => {
  const { paint } = terminal;
  if (gaps.length > 0) terminal.print(paint.warn(`Not looked through: ${count(gaps.length, 'place')}`));
  for (const { path, message } of gaps.slice(0, MOST_GAPS))
    terminal.print(`  ${printable(path)}  ${paint.quiet(printable(message))}`);
  if (gaps.length > MOST_GAPS) terminal.print(paint.quiet(`  and ${gaps.length - MOST_GAPS} more (--json lists them)`));
  if (gaps.length > 0) terminal.print();
  if (skipped.length > 0)
    terminal.print(
      paint.quiet(
        `Left out on purpose: ${skipped
          .slice(0, 4)
          .map(({ path, why }) => `${printable(path)} (${printable(why)})`)
          .join(', ')}${skipped.length > 4 ? ` and ${skipped.length - 4} more` : ''}`,
      ),
    );
};

const verdict = (report: ScanReport, leaks: readonly Discovery[], subject: string, paint: Paint): readonly string[] => {
  const { covered, gaps, took } = report;
  const read = `${count(covered.units, 'unit')}, ${size(covered.bytes)}, ${(took / 1000).toFixed(1)} s`;
  if (leaks.length > 0) {
    const places = leaks.reduce((sum, { occurrences }) => sum + occurrences.length, 0);
    const live = leaks.filter(({ managed }) => managed?.live === true).length;
    const kept = live === 0 ? '' : `, ${live} of them ${live === 1 ? 'is' : 'are'} live in the store`;
    return [
      `${paint.bad(`${count(leaks.length, 'credential')} in ${count(places, 'place')}`)} of ${printable(subject)}${kept} (${read})`,
    ];
  }
  return gaps.length > 0
    ? [`${paint.warn('Nothing was found, but not everything could be read')}: ${printable(subject)} (${read})`]
    : [`${paint.good('Nothing was found')} in ${printable(subject)} (${read})`];
};

const size = (bytes: number): string => {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const;
  let at = 0;
  let left = bytes;
  while (left >= 1000 && at < units.length - 1) {
    left /= 1000;
    at++;
  }
  return `${at === 0 ? left : left.toFixed(left < 10 ? 1 : 0)} ${units[at]}`;
};
