import { existsSync, lstatSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { cliError } from '../errors.ts';
import type { Repository } from '../git.ts';
import { replaceFile } from '../write-file.ts';

export const HOOKS = ['pre-commit', 'pre-push'] as const;
export type HookName = (typeof HOOKS)[number];

/** By this line we know our own hooks again, and replace no other. */
const MARK = '# Written by chatelaine scan --install-hook; replaced by running it again.';

/**
 * A POSIX shell script. What was a hook before runs first, under the name it was moved to; a machine without the
 * program is told so and stopped, because a gate that opens by itself is none.
 */
export const hookScript = (name: HookName, program: string, needsServer: boolean): string => `#!/bin/sh
${MARK}
program=${quoted(program)}
before="$(dirname "$0")/${name}.before-chatelaine"
${name === 'pre-push' ? 'refs=$(cat)\n' : ''}if [ -x "$before" ]; then
  ${name === 'pre-push' ? 'printf \'%s\\n\' "$refs" | "$before" "$@" || exit $?' : '"$before" "$@" || exit $?'}
fi
if [ ! -x "$program" ]; then
  echo "There is no program $program any more: run chatelaine scan --install-hook again, or remove $0" >&2
  exit 1
fi
${name === 'pre-push' ? PUSHED : staged(needsServer)}
`;

/** Without a name git gives the address, which may hold a password: it goes into no argument. */
const PUSHED = `case "$1" in *[:@/]*) remote=- ;; *) remote=$1 ;; esac
printf '%s\\n' "$refs" | "$program" scan --pushed "$remote"`;

/** What is new asks for registered credentials only; the very first commit has nothing that it could be new against. */
const staged = (needsServer: boolean): string => `"$program" scan --staged || exit $?
if git rev-parse --quiet --verify HEAD >/dev/null; then
  exec "$program" check --diff HEAD${needsServer ? '' : ' --if-served'}
fi`;

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

export type Installed = { readonly name: HookName; readonly file: string; readonly did: 'written' | 'kept' | 'joined' };

/** Puts both hooks where this repository keeps its hooks; a hook of somebody else is kept and runs first. */
export const installHooks = async (
  repository: Repository,
  program: string,
  needsServer: boolean,
): Promise<readonly Installed[]> => {
  // Our own calls of git switch hooks off on the command line: that is not what the repository says.
  const said = await repository.git(['config', '--show-scope', '--type=path', '--get-all', 'core.hooksPath'], {
    fails: true,
  });
  const configured =
    said
      .split('\n')
      .findLast((line) => line !== '' && !line.startsWith('command\t'))
      ?.split('\t')[1] ?? '';
  const common = (await repository.git(['rev-parse', '--git-common-dir'])).trim();
  const folder = resolveIn(
    repository.top,
    configured === '' ? join(resolveIn(repository.top, common), 'hooks') : configured,
  );
  mkdirSync(folder, { recursive: true });
  return HOOKS.map((name) => install(join(folder, name), name, hookScript(name, program, needsServer)));
};

const resolveIn = (top: string, path: string): string => (isAbsolute(path) ? path : join(top, path));

const install = (file: string, name: HookName, script: string): Installed => {
  const before = existsSync(file) ? readFileSync(file, 'utf8') : null;
  if (before === script) return { name, file, did: 'kept' };
  const isForeign = before !== null && !before.includes(MARK);
  const aside = `${file}.before-chatelaine`;
  if (isForeign) {
    if (existsSync(aside))
      throw cliError('unsafe_file', `There is a hook ${file}, and an older one beside it.`, {
        instead: `Join ${aside} and ${file} into one, and run the command again.`,
      });
    replaceFile(aside, before, { mode: lstatSync(file).mode & 0o777 });
  }
  mkdirSync(dirname(file), { recursive: true });
  replaceFile(file, script, { mode: 0o755 });
  return { name, file, did: isForeign ? 'joined' : 'written' };
};
