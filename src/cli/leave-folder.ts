import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { survey } from '#formats';
import { type JsonObject, stringifyJson } from '#kernel';
import type { Context } from './context.ts';
import { cliError } from './errors.ts';
import { readFolder } from './folder.ts';
import type { Place } from './memory.ts';
import { tryValues } from './read-values.ts';
import { renderPlace } from './render-place.ts';
import { singleText } from './value.ts';
import { writePrivate } from './write-file.ts';

export type Left = {
  readonly written: readonly string[];
  readonly compared: number;
  /** File with what no other file holds, and how many values it has. */
  readonly rest: string | null;
  readonly inRest: number;
  readonly unreadable: readonly string[];
};

type LeaveOptions = { readonly rest: string | undefined; readonly overwrite: boolean; readonly acceptPlans: boolean };

/**
 * Makes a folder whole without us. Errors: `cli.not_equal` when, read as the programs read it, the folder does not give
 * back what the store holds; `cli.edited_by_hand` before anything is written.
 */
export const leaveFolder = async (
  context: Context,
  place: Place,
  folder: string,
  options: LeaveOptions,
): Promise<Left> => {
  const server = await context.server();
  const { written } = await renderPlace(context, server, place, folder, {
    overwrite: options.overwrite,
    acceptPlans: options.acceptPlans,
    check: false,
  });
  const paths: string[] = [];
  for await (const one of server.items('credentials.list', { query: { ...place, limit: '500' } }))
    if (one.version > 0 && one.state !== 'destroyed') paths.push(one.path);
  const results = await tryValues(server, paths);
  const kept = results.flatMap((result) => (result.ok ? [{ name: nameOf(result.path), value: result.value }] : []));
  const standing = valuesIn(context, folder);
  const absent = kept.filter(({ value }) => !standing.has(singleText(value) ?? ''));
  const rest =
    absent.length === 0 ? null : resolve(context.directory, options.rest ?? join(folder, 'chatelaine-rest.json'));
  if (rest !== null) writeRest(rest, absent);
  compare(
    context,
    folder,
    kept,
    absent.map(({ name }) => name),
  );
  return {
    written,
    compared: kept.length,
    rest,
    inRest: absent.length,
    unreadable: results.flatMap((result) => (result.ok ? [] : [nameOf(result.path)])),
  };
};

const nameOf = (path: string): string => path.split('/').slice(2).join('/');

/** Every credential's value as a fresh look at the folder finds it, references followed. */
const valuesIn = ({ terminal, signal }: Context, folder: string): ReadonlySet<string> => {
  const progress = terminal.progress('files compared');
  const reading = readFolder(folder, progress, signal);
  progress.end();
  return new Set(survey(reading.files).credentials.map(({ value }) => value.revealText()));
};

const writeRest = (file: string, values: readonly { readonly name: string; readonly value: JsonObject }[]): void => {
  if (existsSync(file))
    throw cliError('unsafe_file', `${file} is there already.`, {
      instead: 'Move it away, or name another with --rest.',
    });
  writePrivate(file, `${stringifyJson(Object.fromEntries(values.map(({ name, value }) => [name, value])))}\n`);
};

/** Once more, from the disk as it is now: what was found before the rest was written must still be found. */
const compare = (
  context: Context,
  folder: string,
  kept: readonly { readonly name: string; readonly value: JsonObject }[],
  inRest: readonly string[],
): void => {
  const standing = valuesIn(context, folder);
  const lost = kept.filter(({ name, value }) => !inRest.includes(name) && !standing.has(singleText(value) ?? ''));
  if (lost.length > 0)
    throw cliError('not_equal', `The folder does not give back ${lost.map(({ name }) => name).join(', ')}.`, {
      instead: 'Run chatelaine leave again, and report it if that does not help.',
    });
};
