import type { Survey } from '#formats';
import type { FolderReading } from './folder.ts';
import { ignoreFile, prepareRewrite, shownDiff } from './rewrite-files.ts';
import type { RewriteDone, RewriteWish } from './rewrite.ts';
import type { Terminal } from './terminal.ts';
import { count, printable, some } from './text.ts';

/** `adopt --rewrite --dry-run`: the change, with every removed value masked. */
export const showDryRewrite = (survey: Survey, folder: FolderReading, terminal: Terminal): void => {
  const { plan, files } = prepareRewrite(survey, folder);
  const { paint } = terminal;
  terminal.print();
  terminal.print(
    paint.title(files.length === 0 ? 'No file would change' : `${count(files.length, 'file')} would change`),
  );
  for (const line of shownDiff(files).split('\n')) {
    const text = printable(line);
    terminal.print(
      line.startsWith('+') && !line.startsWith('+++')
        ? paint.good(text)
        : line.startsWith('-') && !line.startsWith('---')
          ? paint.bad(text)
          : text,
    );
  }
  const ignore = ignoreFile(plan.gitignore, null);
  if (ignore !== null) terminal.print(`.gitignore would name ${some(plan.gitignore, 6)}`);
  showKept(plan, terminal);
};

/** What was done, what stays in clear and why, and what to do next. */
export const showRewrite = (
  { way, where, changed, rendered, inHistory, plan, repository }: RewriteDone,
  folder: FolderReading,
  terminal: Terminal,
  wish: RewriteWish,
): void => {
  const { paint } = terminal;
  terminal.print();
  if (way === 'nothing') terminal.print(paint.good('No value stands in clear where a reference could stand.'));
  if (way === 'in-place') {
    terminal.print(paint.good(`${count(changed.length, 'file')} rewritten: ${some(changed, 6)}.`));
    if (rendered.length > 0) terminal.print(`Rendered, mode 0600: ${some(rendered, 8)}.`);
    terminal.print(
      `The files as they were are sealed in the store. When everything works: ${paint.command('chatelaine adopt --confirm')}`,
    );
  }
  if (way === 'patch') {
    terminal.print(paint.good(`The change is in ${where}. It holds the old values, and only you may read it.`));
    terminal.print('Next:');
    terminal.print(
      `  ${paint.command(repository === undefined ? `patch -p1 -d ${shellWord(folder.root)} < ${shellWord(where ?? '')}` : `git -C ${shellWord(repository.top)} apply ${shellWord(where ?? '')}`)}`,
    );
    terminal.print(
      `  ${paint.command(`chatelaine render ${shellWord(folder.root)}`)}   then writes the files that hold the values`,
    );
    terminal.print(
      `  ${paint.command(`chatelaine adopt ${shellWord(folder.root)} --confirm`)}   when everything works: destroys it`,
    );
  }
  if (way === 'branch') {
    terminal.print(paint.good(`The branch ${wish.branch} holds the change; you are still where you were.`));
    terminal.print('Next:');
    terminal.print(`  ${paint.command(`git checkout ${shellWord(wish.branch ?? '')}`)}`);
    terminal.print(
      `  ${paint.command(`chatelaine render ${shellWord(folder.root)}`)}   writes the files that hold the values`,
    );
  }
  showKept(plan, terminal);
  for (const { name, file } of plan.outside)
    terminal.print(
      `${printable(file)} asks GitHub for ${name}: ${paint.command(`chatelaine get PATH | gh secret set ${name}`)}`,
    );
  if (inHistory.length > 0) {
    terminal.print();
    terminal.print(paint.warn(`Git’s history still holds the values of ${some(inHistory, 4)}.`));
    terminal.print(
      'Whoever has a copy of the repository has them. Rewriting history does not take them back; replace them:',
    );
    terminal.print(`  ${paint.command('chatelaine generate PATH')}  for each, gold ones first`);
    const tracked = inHistory.filter((path) => plan.targets.some((target) => target.path === path));
    if (tracked.length > 0 && way !== 'branch')
      terminal.print(
        `  ${paint.command(`git -C ${shellWord(folder.root)} rm --cached ${tracked.map(shellWord).join(' ')}`)}  so that git keeps no newer ones`,
      );
  }
};

/** A path as a POSIX shell reads it back. */
const shellWord = (path: string): string =>
  /^[\w./@%+=:,-]+$/.test(path) ? path : `'${printable(path).replaceAll("'", "'\\''")}'`;

const showKept = ({ kept }: RewriteDone['plan'], terminal: Terminal): void => {
  if (kept.length === 0) return;
  const reasons = Map.groupBy(kept, ({ why }) => why);
  terminal.print();
  terminal.print(terminal.paint.title(`Stays in clear (${kept.length})`));
  for (const [why, places] of reasons)
    terminal.print(
      `  ${some(
        places.map(({ file, line }) => `${printable(file)}:${line}`),
        2,
      )}: ${printable(why)}`,
    );
};
