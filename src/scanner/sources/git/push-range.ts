import type { Source } from '../../unit.ts';
import { scannerError } from '../../errors.ts';
import { type HistoryOptions, historySource } from './git-history.ts';
import { openRepository } from './repository.ts';

/** One line that git gives a pre-push hook: `<local ref> <local id> <remote ref> <remote id>` (githooks). */
export type Push = { readonly local: string; readonly remote: string };

const LINE = /^\S+ ([0-9a-f]{40,64}) \S+ ([0-9a-f]{40,64})$/;

/** What is pushed; deletions are left out. Throws `scanner.push_lines` for anything else than git's lines. */
export const readPushLines = (text: string): readonly Push[] =>
  text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const match = LINE.exec(line.trim());
      if (match === null)
        throw scannerError('push_lines', 'The standard input is not what git gives a pre-push hook.', {});
      return { local: match[1]!, remote: match[2]! };
    })
    .filter(({ local }) => !/^0+$/.test(local));

export type PushOptions = Pick<HistoryOptions, 'folder' | 'tools' | 'verdicts'> & {
  readonly pushes: readonly Push[];
  /** The name of the remote, the hook's first argument. An address instead of a name: all of it counts as new there. */
  readonly remote: string;
};

/** What a push would make known to the remote: what no reference of it leads to yet. */
export const pushSource = ({ pushes, remote, ...options }: PushOptions): Source =>
  async function* (signal) {
    if (pushes.length === 0) return;
    const { git } = await openRepository(options.folder, options.tools);
    const remotes = (await git.text(['remote'], { signal })).text.split('\n');
    const old = pushes.map((push) => push.remote).filter((id) => !/^0+$/.test(id));
    // A remote may be ahead of what was fetched: such an id excludes nothing.
    const check = await git.text(['cat-file', '--batch-check'], { input: `${old.join('\n')}\n`, signal });
    const known = check.text
      .split('\n')
      .flatMap((line) => (/ (commit|tag) \d+$/.test(line) ? [line.split(' ')[0]!] : []));
    yield* historySource({
      ...options,
      revisions: [...pushes.map(({ local }) => local), ...known.map((id) => `^${id}`)],
      knownRemotes: remotes.includes(remote) && /^[\w.-]+(\/[\w.-]+)*$/.test(remote) ? [remote] : [],
    })(signal);
  };
