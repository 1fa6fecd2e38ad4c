import { type Survey, survey } from '#formats';
import type { Context } from '../context.ts';
import { type Skipped, isWorthReading, readFolder } from '../folder.ts';
import { codeUses, isCode } from './code-uses.ts';
import { type Use, usesIn } from './use.ts';

export type ReadUses = {
  /** Absolute, links resolved. */
  readonly root: string;
  readonly uses: readonly Use[];
  /** What could not be read or understood: it may ask for anything. */
  readonly unread: readonly Skipped[];
  readonly survey: Survey;
};

/** Everything that a folder's configuration and code ask for by name. */
export const readUses = (context: Context, folder: string): ReadUses => {
  const progress = context.terminal.progress('files looked at');
  const reading = readFolder(folder, progress, context.signal, (path) => isWorthReading(path) || isCode(path));
  progress.end();
  const found = survey(reading.files);
  const known = new Set(found.readings.flatMap(({ path, format }) => (format === null ? [] : [path])));
  const unread = [
    ...reading.skipped,
    // What is encrypted holds values, and asks for none.
    ...found.problems
      .filter(({ code }) => code !== 'encrypted')
      .map(({ file, message }) => ({ path: file, why: message })),
  ];
  const uses = [...usesIn(found)];
  for (const file of reading.files) {
    if (known.has(file.path) || !isCode(file.path)) continue;
    const own = codeUses(file);
    if (own === null) unread.push({ path: file.path, why: 'it is longer than source code that people write' });
    else uses.push(...own);
  }
  return { root: reading.root, uses, unread, survey: found };
};
