import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { once } from 'node:events';

const git = (repository: string, ...args: readonly string[]): Buffer =>
  execFileSync('git', ['-C', repository, ...args], { maxBuffer: 1e9, stdio: ['ignore', 'pipe', 'ignore'] });

/**
 * A repository of so many commits, each of which changes a few lines of a few files: what history looks like. Made by
 * `git fast-import`, packed once.
 */
export const makeHistory = async (repository: string, files: readonly string[], commits: number): Promise<void> => {
  mkdirSync(repository, { recursive: true });
  git(repository, 'init', '-q', '-b', 'main');
  const texts = files.map((file) => readFileSync(file, 'latin1').split('\n'));
  const child = spawn('git', ['-C', repository, 'fast-import', '--quiet'], { stdio: ['pipe', 'ignore', 'inherit'] });
  const done = once(child, 'exit');
  for (let commit = 0; commit < commits; commit++) {
    const message = `change ${commit}`;
    let text = `commit refs/heads/main\ncommitter Bench <bench@example.com> ${1_700_000_000 + commit} +0000\ndata ${message.length}\n${message}\n`;
    for (let n = 0; n < 3; n++) {
      const index = (commit * 7 + n * 13) % texts.length;
      const lines = texts[index]!;
      lines[(commit * 31 + n) % lines.length] = `// changed in ${commit}, line ${n}`;
      const content = lines.join('\n');
      text += `M 100644 inline file${index}.txt\ndata ${Buffer.byteLength(content, 'latin1')}\n${content}\n`;
    }
    if (!child.stdin.write(Buffer.from(text, 'latin1'))) await once(child.stdin, 'drain');
  }
  child.stdin.end();
  await done;
  git(repository, 'repack', '-adq');
};

/** Runs `git log -p -U0` over everything and throws its text away; bytes of it. */
export const readPatches = async (repository: string): Promise<number> => {
  const child = spawn('git', ['-C', repository, 'log', '-p', '-U0', '--all', '--no-color'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let bytes = 0;
  for await (const chunk of child.stdout) bytes += (chunk as Buffer).length;
  return bytes;
};

/** Every blob once, as `git cat-file --batch` gives them. */
export const blobsOf = async function* (
  repository: string,
): AsyncGenerator<{ readonly id: string; readonly bytes: Uint8Array }> {
  const ids = git(
    repository,
    'rev-list',
    '--objects',
    '--all',
    '--filter=object:type=blob',
    '--filter-provided-objects',
    '--no-object-names',
  );
  const child = spawn('git', ['-C', repository, 'cat-file', '--batch', '--buffer', '--unordered'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  child.stdin.end(ids);
  let rest: Buffer = Buffer.alloc(0);
  let wanted: { id: string; size: number } | null = null;
  for await (const chunk of child.stdout) {
    rest = rest.length === 0 ? (chunk as Buffer) : Buffer.concat([rest, chunk as Buffer]);
    for (;;) {
      if (wanted === null) {
        const end = rest.indexOf(10);
        if (end === -1) break;
        const [id = '', type, size] = rest.toString('latin1', 0, end).split(' ');
        rest = rest.subarray(end + 1);
        if (type !== undefined) wanted = { id, size: Number(size) };
      }
      if (wanted === null) continue;
      if (rest.length < wanted.size + 1) break;
      yield { id: wanted.id, bytes: rest.subarray(0, wanted.size) };
      rest = rest.subarray(wanted.size + 1);
      wanted = null;
    }
  }
};
