import { existsSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { makeFolder } from '#kernel/node';
import { copyFiles } from '#scanner/replace';
import type { Context } from '../context.ts';
import { cliError } from '../errors.ts';
import { DONE, type ExitCode } from '../exit.ts';
import { readFolder } from '../folder.ts';
import { count, printable } from '../text.ts';
import { replaceFile } from '../write-file.ts';

export const shareFolder = async (
  context: Context,
  wish: { readonly folder: string; readonly output: string | undefined; readonly force: boolean },
): Promise<ExitCode> => {
  const { terminal } = context;
  const from = resolve(context.directory, wish.folder);
  const to = resolve(context.directory, wish.output ?? `${basename(from)}-to-show`);
  refuseNested(from, to);
  if (existsSync(to) && !wish.force)
    throw cliError('unsafe_file', `${to} exists already.`, {
      instead: 'Name another folder with --output, or write into it with --force.',
    });

  const reading = terminal.progress('reading');
  const folder = readFolder(from, reading, context.signal);
  reading.end();
  const looking = terminal.progress('replacing');
  const copy = await copyFiles(folder.files, context.random.bytes(32), (done) => looking.at(done, folder.files.length));
  looking.end();
  for (const { path, bytes } of copy.files) {
    const file = join(to, path);
    makeFolder(dirname(file), 0o755);
    replaceFile(file, bytes, { mode: 0o644 });
  }
  const leftOut = [...copy.leftOut, ...folder.skipped];
  const answer = {
    folder: to,
    files: copy.files.length,
    replaced: copy.files.reduce((sum, { replaced }) => sum + replaced, 0),
    values: copy.values,
    leftOut,
    passedOver: folder.passedOver,
  };
  context.answer(answer, () => {
    for (const { path, why } of leftOut)
      terminal.print(`left out: ${printable(path)}  ${terminal.paint.quiet(printable(why))}`);
    terminal.print(
      `${count(answer.files, 'file')} in ${printable(to)}, ${count(answer.values, 'credential')} replaced in ${count(answer.replaced, 'place')}`,
    );
    if (folder.passedOver > 0)
      terminal.print(
        terminal.paint.quiet(`${count(folder.passedOver, 'file')} that hold no configuration were not copied`),
      );
    terminal.print('Names, coordinates and addresses are still in it: look through it before you publish it.');
  });
  return DONE;
};

/** A copy inside of what is copied would be copied the next time, and one around it could overwrite it. */
const refuseNested = (from: string, to: string): void => {
  const way = relative(from, to);
  const back = relative(to, from);
  const isInside = (path: string) => path === '' || (!path.startsWith(`..${sep}`) && path !== '..');
  if (isInside(way) || isInside(back))
    throw cliError('unsafe_file', 'The copy would lie in the folder that is copied, or around it.', {
      instead: 'Name a folder beside it with --output.',
    });
};
