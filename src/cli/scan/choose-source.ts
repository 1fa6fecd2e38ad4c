import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { relative, resolve } from 'node:path';
import { Secret } from '#kernel';
import type { GitTools, Source, Verdicts } from '#scanner';
import {
  type FetchUrl,
  archiveSource,
  gitHubSource,
  historySource,
  imageSource,
  openPage,
  pushSource,
  readPushLines,
  stdinSource,
  treeSource,
} from '#scanner/sources';
import type { Context } from '../context.ts';
import { cliError } from '../errors.ts';
import { printable } from '../text.ts';
import { readBounded } from './read-bounded.ts';

/** What to look through, as the command line says it. */
export type ScanWish = {
  readonly places: readonly string[];
  readonly git: boolean;
  readonly staged: boolean;
  readonly pushed: string | undefined;
  readonly stdin: boolean;
  readonly archive: string | undefined;
  readonly image: string | undefined;
  readonly url: string | undefined;
  readonly github: string | undefined;
  readonly exclude: readonly string[];
  readonly 'key-file': string | undefined;
};

export type Chosen = {
  readonly source: Source;
  /** In a person's words. */
  readonly subject: string;
  /** Where commits of what is found are looked up; null where there are none. */
  readonly repository: string | null;
};

/** Longest text of refs that a pre-push hook is given, in bytes: some ten thousand refs. */
const MOST_REFS = 4 * 1024 * 1024;

/** Every scan but that of what is staged, which a commit waits for: it does without all this. */
export const chooseSource = async (
  context: Context,
  wish: ScanWish,
  tools: GitTools,
  verdicts: Verdicts | undefined,
): Promise<Chosen> => {
  const folder = context.directory;
  const known = verdicts === undefined ? {} : { verdicts };
  if (wish.pushed !== undefined) {
    const lines = (await context.terminal.readInput(MOST_REFS)).revealText();
    const pushes = readPushLines(lines);
    return {
      source: pushSource({ folder, tools, pushes, remote: wish.pushed, ...known }),
      subject: 'what is pushed',
      repository: folder,
    };
  }
  if (wish.stdin) return { source: stdinSource({ input: process.stdin }), subject: 'standard input', repository: null };
  if (wish.archive !== undefined) return ofArchive(context, wish, wish.archive);
  if (wish.image !== undefined)
    return {
      source: imageSource({ file: resolve(folder, wish.image), path: wish.image }),
      subject: wish.image,
      repository: null,
    };
  if (wish.url !== undefined) return ofPage(context, wish.url);
  if (wish.github !== undefined)
    return {
      source: gitHubSource({ name: wish.github, temporary: tmpdir(), tools, ...known }),
      subject: `github.com/${wish.github}`,
      repository: null,
    };
  if (wish.git) return ofHistory(context, wish.places, tools, known);
  return ofTree(context, wish);
};

const ofTree = (context: Context, { places, exclude }: ScanWish): Chosen => {
  const named = places.length === 0 ? ['.'] : places;
  const lost = named.find((place) => !existsSync(resolve(context.directory, place)));
  if (lost !== undefined)
    throw cliError('unreadable', 'There is nothing to scan at one of the paths.', { place: lost });
  return {
    source: treeSource({ paths: named, exclude }),
    subject: named.join(' '),
    repository: null,
  };
};

/** What a stranger meets: whether it is open is told first, as that is what one wants to know of a dashboard. */
const ofPage = async (context: Context, url: string): Promise<Chosen> => {
  const { facts, source } = await openPage({ url, fetchUrl }, context.signal);
  context.terminal.say(`${printable(facts.url)} answers ${facts.status}: ${facts.access} (${printable(facts.why)})`);
  return { source, subject: facts.url, repository: null };
};

const fetchUrl: FetchUrl = async ({ url, signal }) => {
  const answer = await fetch(url, { signal, redirect: 'manual', credentials: 'omit', referrerPolicy: 'no-referrer' });
  return {
    status: answer.status,
    header: (name) => answer.headers.get(name),
    body: answer.body ?? emptyBody(),
  };
};

const emptyBody = async function* (): AsyncGenerator<Uint8Array> {};

const ofArchive = (context: Context, wish: ScanWish, file: string): Chosen => {
  const keyFile = wish['key-file'];
  const key = keyFile === undefined ? {} : { key: readKey(resolve(context.directory, keyFile)) };
  return {
    source: archiveSource({ file: resolve(context.directory, file), path: file, ...key }),
    subject: file,
    repository: null,
  };
};

/** An emergency kit is a page; its key a line. */
const LARGEST_KEY = 64 * 1024;

const readKey = (file: string): Secret =>
  Secret.fromText(readBounded(file, 'The key of the backup', { most: LARGEST_KEY }).trim());

/** `--git main..HEAD`, `--git ../other`, or both: what is a folder is the repository, the rest are revisions. */
const ofHistory = (
  context: Context,
  places: readonly string[],
  tools: GitTools,
  known: { readonly verdicts?: Verdicts },
): Chosen => {
  const folders = places.filter((place) => existsSync(resolve(context.directory, place)));
  if (folders.length > 1) throw cliError('wrong_use', 'One history is scanned at a time.', { command: 'scan' });
  const revisions = places.filter((place) => !folders.includes(place));
  const lost = revisions.find((place) => /^(?:[./~]*\/|[A-Za-z]:[\\/])/.test(place));
  if (lost !== undefined)
    throw cliError('unreadable', `There is no file or folder ${printable(lost)}.`, { place: printable(lost) });
  const folder = resolve(context.directory, folders[0] ?? '.');
  const where = relative(context.directory, folder) || '.';
  return {
    source: historySource({ folder, tools, revisions, ...known }),
    subject: revisions.length === 0 ? `the history of ${where}` : `${revisions.join(' ')} of ${where}`,
    repository: folder,
  };
};
