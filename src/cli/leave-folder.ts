import { join, resolve } from 'node:path';
import { credentialsIn, survey } from '#formats';
import { type JsonObject, CredentialPath } from '#kernel';
import { type Compared, type Kept, comparePlaces } from './compare-places.ts';
import type { Context } from './context.ts';
import { cliError } from './errors.ts';
import { readFolder } from './folder.ts';
import type { Place } from './memory.ts';
import { tryValues } from './read-values.ts';
import { renderPlace, templatesOf } from './render-place.ts';
import type { Server } from './session.ts';
import { some } from './text.ts';
import { singleText } from './value.ts';
import { writeRest } from './write-rest.ts';

export type Left = {
  readonly written: readonly string[];
  /** Values that stand in files now, the one of the rest included. */
  readonly compared: number;
  /** File with what no other file holds, and how many values it has. */
  readonly rest: string | null;
  readonly inRest: number;
  /** The `.gitignore` that was made to name the file of the rest. */
  readonly ignored: string | null;
  /** Credentials that are not handed out, as those that are suspended: they stand in no file. */
  readonly unreadable: readonly string[];
  /** Places that carry another value than the store, of their own; they were left as they are. */
  readonly own: readonly string[];
};

type LeaveOptions = { readonly rest: string | undefined; readonly overwrite: boolean; readonly acceptPlans: boolean };

/**
 * Makes a folder whole without us. Errors: `cli.not_equal` when, read as the programs read it, some place of the folder
 * does not give back what the store holds; `cli.edited_by_hand` before anything is written.
 */
export const leaveFolder = async (
  context: Context,
  place: Place,
  folder: string,
  options: LeaveOptions,
): Promise<Left> => {
  const server = await context.server();
  const rendering = { overwrite: options.overwrite, acceptPlans: options.acceptPlans };
  const { written } = await renderPlace(context, server, place, folder, { ...rendering, check: false });
  const { stale } = await renderPlace(context, server, place, folder, { ...rendering, check: true });
  if (stale.length > 0) throw differs(stale);
  const { kept, unreadable } = await everythingOf(server, place);
  const rendered = new Set((await templatesOf(server, place)).flatMap(credentialsIn));
  const compare = (): Compared => compareFolder(context, folder, kept, rendered);
  const { different, standing } = compare();
  if (different.length > 0) throw differs(different);
  const absent = kept.filter(({ name }) => !standing.has(name));
  const rest =
    absent.length === 0 ? null : resolve(context.directory, options.rest ?? join(folder, 'chatelaine-rest.json'));
  const values = Object.fromEntries(absent.map(({ name, value }) => [name, value]));
  const ignored = rest === null ? null : await writeRest(context, rest, values);
  // Once more, from the disk as it is now: what stood before the rest was written must still stand.
  const after = compare();
  const lost = kept.filter(({ name }) => !after.standing.has(name) && !Object.hasOwn(values, name));
  if (lost.length + after.different.length > 0) throw differs([...after.different, ...lost.map(({ name }) => name)]);
  return { written, compared: kept.length, rest, inRest: absent.length, ignored, unreadable, own: after.own };
};

const differs = (what: readonly string[]): Error =>
  cliError('not_equal', `The folder does not give back what the store holds: ${some(what, 8)}.`, {
    instead:
      'Where a file is right, take it over: chatelaine adopt. Where the store is right, let the file refer to it: chatelaine adopt --rewrite, then chatelaine leave.',
  });

type KeptValue = Kept & { readonly value: JsonObject };

/** Every credential of an environment that has a value, in whatever state. */
const everythingOf = async (
  server: Server,
  place: Place,
): Promise<{ readonly kept: readonly KeptValue[]; readonly unreadable: readonly string[] }> => {
  const paths: string[] = [];
  for await (const one of server.items('credentials.list', { query: { ...place, limit: '500' } }))
    if (one.version > 0 && one.state !== 'destroyed') paths.push(one.path);
  const kept: KeptValue[] = [];
  const unreadable: string[] = [];
  for (const result of await tryValues(server, paths)) {
    const name = result.path.split('/').slice(2).join('/');
    if (!result.ok) unreadable.push(name);
    else {
      const { consumers } = await server.call('credentials.show', { path: CredentialPath.parse(result.path) });
      kept.push({ name, value: result.value, text: singleText(result.value), consumers });
    }
  }
  return { kept, unreadable };
};

/** A fresh look at the folder, as its programs would read it. */
const compareFolder = (
  { terminal, signal }: Context,
  folder: string,
  kept: readonly Kept[],
  rendered: ReadonlySet<string>,
): Compared => {
  const progress = terminal.progress('files compared');
  const reading = readFolder(folder, progress, signal);
  progress.end();
  return comparePlaces(survey(reading.files), kept, rendered);
};
