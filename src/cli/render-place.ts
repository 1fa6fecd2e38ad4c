import { lstatSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Template, awaitedIn, credentialsIn, render, withoutEntries } from '#formats';
import { ChatelaineError, CredentialPath, Secret } from '#kernel';
import { makeFolder } from '#kernel/node';
import { agreeOnPlans } from './agree-plans.ts';
import { agreedPlans } from './agreed-plans.ts';
import type { Context } from './context.ts';
import { cliError } from './errors.ts';
import { type FileMode, isTooWide, modeOfValues, narrow } from './file-mode.ts';
import { isInside, isWorthReading } from './folder.ts';
import { sha256 } from './hash.ts';
import type { Place } from './memory.ts';
import { type Tagged, readChanged, refusalOf, tryValues } from './read-values.ts';
import { type RenderedFrom, rememberRendered, renderedFrom } from './rendered-versions.ts';
import type { Server } from './session.ts';
import { isPlainPath, readTemplate } from './templates.ts';
import { singleText } from './value.ts';
import { PRIVATE, replaceFile } from './write-file.ts';

export type RenderOptions = {
  /** Throws edits by hand away. */
  readonly overwrite: boolean;
  /** Only tells what would be written. */
  readonly check: boolean;
  /** Agrees to what the plans say, whatever it is. */
  readonly acceptPlans: boolean;
};

export type Rendered = {
  readonly written: readonly string[];
  readonly same: readonly string[];
  /** With `check`: what is not as it should be. */
  readonly stale: readonly string[];
  /** Whose content was right and which others could read: narrowed, or with `check` to be narrowed. */
  readonly wide: readonly string[];
  /** With `check`: whose plan nobody on this machine has agreed to. */
  readonly unagreed: readonly string[];
};

/**
 * Writes every file that holds values of an environment: one bulk read, everything rendered in memory before the first
 * write, files that are as they should be left alone. Errors: `cli.edited_by_hand` and those of `agreeOnPlans`, before
 * anything is written.
 */
export const renderPlace = async (
  context: Context,
  server: Server,
  place: Place,
  folder: string,
  { overwrite, check, acceptPlans }: RenderOptions,
): Promise<Rendered> => {
  const root = openRoot(folder);
  const opened = await openTemplates(server, place, root);
  if (opened.length === 0) return { written: [], same: [], stale: [], wide: [], unagreed: [] };
  const { files, from } = await filesFor(context, server, place, root, opened);
  refuseTwins(files);
  const edited = files.filter((file) => isEdited(file) && !file.isSame);
  if (edited.length > 0 && !overwrite)
    throw cliError(
      'edited_by_hand',
      `Somebody edited ${edited.map(({ target }) => target).join(', ')} since it was written.`,
      { folder },
    );
  const unagreed = await agreeOnPlans(context, root, place, files, { accept: acceptPlans, check });
  const stale = files.filter(({ isSame }) => !isSame);
  const wide = files.filter(({ isSame, mode }) => isSame && mode !== undefined && isTooWide(mode));
  if (!check) {
    for (const { real, bytes, mode } of stale) {
      context.signal.throwIfAborted();
      makeFolder(dirname(real), 0o777);
      replaceFile(real, bytes, mode === undefined ? { mode: PRIVATE } : { mode: modeOfValues(mode), owner: mode });
    }
    const marks = files
      .filter(({ isSame, written }) => !isSame || written !== 'untouched')
      .map(({ target, bytes }) => ({ target, hash: sha256(bytes) }));
    if (marks.length > 0) await server.call('renderings.written', { params: place, body: { written: marks } });
    for (const { real, target } of wide) narrow(real, target);
    rememberRendered(context, root, place, from);
  }
  const names = (some: readonly { readonly target: string }[]): readonly string[] => some.map(({ target }) => target);
  return {
    written: check ? [] : names(stale),
    same: names(files.filter(({ isSame }) => isSame)),
    stale: check ? names(stale) : [],
    wide: names(wide),
    unagreed,
  };
};

type FileToWrite = Opened & { readonly bytes: Uint8Array; readonly isSame: boolean };

/**
 * What each file should hold. Where each still holds what was written last, from the same text and the same versions, no
 * value is read for it: the server only says that they are the same.
 */
const filesFor = async (
  context: Context,
  server: Server,
  place: Place,
  root: string,
  opened: readonly Opened[],
): Promise<{ readonly files: readonly FileToWrite[]; readonly from: RenderedFrom }> => {
  const plans = agreedPlans(context, root, place);
  const hashes = Object.fromEntries(opened.map(({ template }) => [template.path, plans.hashOf(template)]));
  const paths = pathsOf(
    place,
    opened.map(({ template }) => template),
  );
  const before = renderedFrom(context, root, place);
  for (const path of await withoutValue(server, place, opened)) paths.delete(path);
  const isKnown =
    opened.every(
      ({ target, written, found }) =>
        written === 'untouched' && found !== null && before.plans[target] === hashes[target],
    ) && [...paths.values()].every((path) => before.tags[path] !== undefined);
  const changed = isKnown ? await readChanged(server, before.tags) : [];
  if (isKnown && changed.length === 0)
    return { files: opened.map((one) => ({ ...one, bytes: one.found!, isSame: true })), from: before };
  const { values, tags, useless } = await valuesFor(server, paths, changed);
  const files = opened.map((one) => {
    const bytes = render(withoutEntries(one.template, useless), (name) => values.get(name)).reveal();
    return { ...one, bytes, isSame: one.found !== null && sha256(one.found) === sha256(bytes) };
  });
  return { files, from: { plans: hashes, tags } };
};

/**
 * Names of credentials that are asked for and have no value yet: their entries are left out. Asking whether there is one
 * reads nothing.
 */
const withoutValue = async (server: Server, { project, environment }: Place, opened: readonly Opened[]) => {
  const needed = new Set(opened.flatMap(({ template }) => neededIn(template)));
  const awaited = new Set(opened.flatMap(({ template }) => awaitedIn(template)).filter((name) => !needed.has(name)));
  const absent: string[] = [];
  for (const name of awaited)
    try {
      const { version } = await server.call('credentials.show', {
        path: CredentialPath.parse(`${project}/${environment}/${name}`),
      });
      if (version === 0) absent.push(name);
    } catch (error) {
      if (!(error instanceof ChatelaineError && error.status === 404)) throw error;
      absent.push(name);
    }
  return absent;
};

const neededIn = (template: Template): readonly string[] => {
  const awaited = awaitedIn(template);
  return credentialsIn(template).filter((name) => !awaited.includes(name));
};

/** The templates of an environment's files, for a person to read. */
export const templatesOf = async (server: Server, place: Place): Promise<readonly Template[]> => {
  const { items } = await server.call('renderings.open', { params: place, body: { targets: [] } });
  return items.map(({ plan }) => readTemplate(plan));
};

type Written = 'never' | 'untouched' | 'edited';
type Opened = Stand & { readonly template: Template; readonly written: Written };

/** What is to be rendered, and how each file stands now. */
const openTemplates = async (server: Server, place: Place, root: string): Promise<readonly Opened[]> => {
  const listed = await server.call('renderings.list', { params: place });
  if (listed.items.length === 0) return [];
  const stands = new Map(listed.items.map(({ target }) => [target, standOf(root, target)]));
  const { items } = await server.call('renderings.open', {
    params: place,
    body: {
      targets: [...stands.values()].map(({ target, found }) => ({
        target,
        found: found === null ? null : sha256(found),
      })),
    },
  });
  return items.map(({ target, plan, written }) => {
    const template = readTemplate(plan);
    const stand = stands.get(target);
    // Where it goes was looked at under the one name; the other would lead somewhere else.
    if (stand === undefined || template.path !== target)
      throw cliError('stuck_data', `The template of ${target} in the store is for another file.`, {
        instead: `Adopt the folder again, or give it up: chatelaine render --forget ${target}`,
      });
    return { ...stand, template, written };
  });
};

type Stand = {
  readonly target: string;
  readonly real: string;
  /** Its content; null where there is none. */
  readonly found: Uint8Array | null;
  readonly mode: FileMode | undefined;
};

/** A file that was never written by us but is there with other content is somebody's work as well. */
const isEdited = ({ written, found }: Opened): boolean =>
  written === 'edited' || (written === 'never' && found !== null);

const openRoot = (folder: string): string => {
  try {
    return realpathSync(folder);
  } catch (error) {
    throw cliError('unreadable', `The folder ${folder} cannot be read.`, { place: folder }, error);
  }
};

/** The file as it is. A link is followed inside the folder and nowhere else. */
const standOf = (root: string, target: string): Stand => {
  if (!isPlainPath(target)) throw cliError('outside_folder', `${target} is no place inside a folder.`);
  // Templates come from the store, and others may write them: only what an adoption could have read is ever written.
  if (!isWorthReading(target))
    throw cliError('unsafe_file', `${target} is no file of configuration that holds values.`, {
      instead: `Find out who added it: chatelaine audit tail --action credential.adopt. Then give it up: chatelaine render --forget ${target}`,
    });
  const file = join(root, target);
  const above = nearestFolder(dirname(file));
  if (above !== root && !isInside(root, above))
    throw cliError('outside_folder', `${target} would be written outside of ${root}.`);
  const stats = lstatSync(file, { throwIfNoEntry: false });
  if (stats === undefined) return { target, real: file, found: null, mode: undefined };
  const real = stats.isSymbolicLink() ? behindLink(file, target) : file;
  if (real !== file && !isInside(root, real))
    throw cliError('outside_folder', `${target} is a link to a place outside of ${root}.`);
  const there = lstatSync(real);
  if (!there.isFile()) throw cliError('unsafe_file', `${target} is not a plain file.`, { instead: 'Move it away.' });
  try {
    return { target, real, found: readFileSync(real), mode: { mode: there.mode, uid: there.uid, gid: there.gid } };
  } catch (error) {
    throw cliError('unreadable', `${target} cannot be read.`, { place: real }, error);
  }
};

const behindLink = (file: string, target: string): string => {
  try {
    return realpathSync(file);
  } catch (error) {
    throw cliError('unsafe_file', `${target} is a link that leads nowhere.`, { instead: 'Remove the link.' }, error);
  }
};

/** The nearest folder above that exists, links resolved. */
const nearestFolder = (folder: string): string => {
  for (let at = folder; ; at = dirname(at)) {
    try {
      return realpathSync(at);
    } catch {
      if (at === dirname(at)) return at;
    }
  }
};

/** Two targets that are one file (a link) must agree, or the second would undo the first. */
const refuseTwins = (
  files: readonly { readonly target: string; readonly real: string; readonly bytes: Uint8Array }[],
): void => {
  for (const [, twins] of Map.groupBy(files, ({ real }) => real))
    if (new Set(twins.map(({ bytes }) => sha256(bytes))).size > 1)
      throw cliError(
        'unsafe_file',
        `${twins.map(({ target }) => target).join(' and ')} are one file, and should hold different things.`,
        { instead: 'Make them two files.' },
      );
};

/** Path of every credential that the templates name, by name. */
const pathsOf = ({ project, environment }: Place, templates: readonly Template[]): Map<string, string> =>
  new Map(templates.flatMap(credentialsIn).map((name) => [name, `${project}/${environment}/${name}`]));

type Read = {
  readonly values: ReadonlyMap<string, Secret>;
  readonly tags: Readonly<Record<string, string>>;
  /** Ended, and nothing asks for them: their entries go. */
  readonly useless: ReadonlySet<string>;
};

const valuesFor = async (
  server: Server,
  paths: ReadonlyMap<string, string>,
  have: readonly Tagged[],
): Promise<Read> => {
  const known = new Map(have.map((one) => [one.path, one]));
  const wanted = [...new Set(paths.values())].filter((path) => !known.has(path));
  const ended = new Set<string>();
  for (const result of await tryValues(server, wanted)) {
    if (result.ok) known.set(result.path, result);
    else if (await isUseless(server, result.path)) ended.add(result.path);
    else throw refusalOf(result);
  }
  const values = new Map(
    [...paths].flatMap(([name, path]): [string, Secret][] => {
      const value = known.get(path)?.value;
      const text = value === undefined ? undefined : singleText(value);
      return text === undefined ? [] : [[name, Secret.fromText(text)]];
    }),
  );
  return {
    values,
    tags: Object.fromEntries([...known].map(([path, { tag }]) => [path, tag])),
    useless: new Set([...paths].flatMap(([name, path]) => (ended.has(path) ? [name] : []))),
  };
};

const ENDED: ReadonlySet<string> = new Set(['deactivated', 'compromised', 'destroyed']);

/** Ended for good, and used by nothing: a file without it breaks nobody. What is used is missed, and said so instead. */
const isUseless = async (server: Server, path: string): Promise<boolean> => {
  try {
    const { state, consumers } = await server.call('credentials.show', { path: CredentialPath.parse(path) });
    return ENDED.has(state) && consumers.length === 0;
  } catch (error) {
    if (error instanceof ChatelaineError && (error.status === 404 || error.status === 403)) return false;
    throw error;
  }
};
