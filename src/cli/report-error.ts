import { dirname } from 'node:path';
import { ChatelaineError } from '#kernel';
import { cliError } from './errors.ts';
import { Interrupted } from './node-terminal.ts';
import { Stopped } from './process.ts';
import type { ExitCode } from './exit.ts';
import type { Terminal } from './terminal.ts';
import { printable } from './text.ts';

/** A fault of ours prints its code only: a message from elsewhere may quote what it was working on. */
const UNKNOWN = 'Something went wrong inside the program.';

/** Says what happened, why and what next, to people or programs; gives the exit code. Never a stack, never a value. */
export const reportError = (
  error: unknown,
  terminal: Terminal,
  options: { readonly json: boolean; readonly debug: boolean },
): ExitCode => {
  if (error instanceof Interrupted || error instanceof Stopped) return error.exit;
  const known = error instanceof ChatelaineError ? error : (fullDisk(error) ?? unusablePlace(error));
  const code = known?.code ?? codeOf(error);
  const message = known === undefined ? `${UNKNOWN} (${code})` : printable(known.message);
  const hint =
    known === undefined
      ? 'Please report it, with the command and this code; CHATELAINE_DEBUG=1 shows where.'
      : known.hint;
  const exit = known?.exit ?? 70;
  if (options.json)
    terminal.say(JSON.stringify({ error: { code, message, hint: hint ?? null, exit, details: known?.details ?? {} } }));
  else {
    terminal.say(`${terminal.paintRemarks.bad('chatelaine:')} ${message}`);
    if (hint !== undefined && hint !== '') terminal.say(`  ${printable(hint)}`);
  }
  if (options.debug) terminal.say(framesOf(error));
  return exit;
};

/** A full disk may be met anywhere, also while showing the server who is calling; it is no fault of the program. */
const fullDisk = (error: unknown): ChatelaineError | undefined => {
  const code = codeOf(error);
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return undefined;
  const path = error instanceof Error && 'path' in error && typeof error.path === 'string' ? error.path : null;
  return cliError('full', `There is no space left on the disk (${code}).`, {
    place: path === null ? 'this machine' : dirname(path),
  });
};

/** What the system refuses at a place that somebody named, wherever it was met. */
const PLACE_WORDS: Readonly<Record<string, string>> = {
  EACCES: 'you may not',
  EPERM: 'you may not',
  EROFS: 'its volume is read-only',
  ENOTDIR: 'a part of this path is no folder',
  EISDIR: 'it is a folder, and a file is needed',
  ENOENT: 'it is not there, or a folder above it takes none',
  EEXIST: 'something else is there',
  ELOOP: 'its links lead round in a circle',
  ENAMETOOLONG: 'the name is too long',
  ENXIO: 'it is no file',
  EBUSY: 'it is in use',
};

const unusablePlace = (error: unknown): ChatelaineError | undefined => {
  const why = PLACE_WORDS[codeOf(error)];
  if (why === undefined || !(error instanceof Error) || !('path' in error) || typeof error.path !== 'string')
    return undefined;
  return cliError('unusable_place', `${error.path} cannot be used: ${why} (${codeOf(error)}).`, { place: error.path });
};

const codeOf = (error: unknown): string =>
  error instanceof Error ? ('code' in error && typeof error.code === 'string' ? error.code : error.name) : typeof error;

/** Where it happened, without the message: that is the part which may hold a value. */
const framesOf = (error: unknown): string =>
  error instanceof Error
    ? (error.stack ?? '')
        .split('\n')
        .filter((line) => /^\s+at /.test(line))
        .join('\n')
    : '';
