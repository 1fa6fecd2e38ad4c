import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const LAUNCHER = join(ROOT, 'chatelaine');
/** Longest that a command may take, in milliseconds. */
const PATIENCE_MS = 60_000;

/** The shell commands that README.md shows, in its order, without their remarks. */
const shown = (): readonly string[] => {
  const blocks = readFileSync(join(ROOT, 'README.md'), 'utf8').matchAll(/^```sh\n([\s\S]*?)^```$/gm);
  return [...blocks]
    .flatMap(([, block = '']) => block.split('\n'))
    .map((line) => line.replace(/\s+#\s.*$/, '').trim())
    .filter((line) => line !== '');
};

/** Started once for all: it does not end by itself. */
const START = './chatelaine up';
/** Run by `.ci/run`, exactly as they stand. */
const SET_UP = ['npm install && npm start', 'npm install && npm test'];

describe('what README.md shows', () => {
  const folder = mkdtempSync(join(tmpdir(), 'chatelaine-readme-'));
  const home = join(folder, 'porch');
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    CHATELAINE_DATA: join(folder, 'data'),
    CHATELAINE_KEY_FILE: join(folder, 'root.key'),
    CHATELAINE_ANCHOR_FILE: join(folder, 'anchor'),
    CHATELAINE_LISTEN: '127.0.0.1:0',
  };
  let server: ChildProcess | undefined;

  before(async () => {
    cpSync(join(ROOT, 'examples', 'porch'), home, { recursive: true });
    writeFileSync(join(home, 'deploy.sh'), '#!/bin/sh\nexit 0\n');
    chmodSync(join(home, 'deploy.sh'), 0o755);
    for (const args of [
      ['init', '-q'],
      ['add', '.'],
      ['commit', '-q', '-m', 'the home'],
    ])
      execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', ...args], { cwd: home });
    server = spawn(LAUNCHER, ['up'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    await new Promise<void>((resolve, reject) => {
      server?.stderr?.on('data', (text: Buffer) => /Next/.test(text.toString()) && resolve());
      server?.once('exit', (code) => reject(new Error(`The server ended with ${code}.`)));
    });
  });
  after(async () => {
    const ended = new Promise((resolve) => server?.once('exit', resolve));
    server?.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  });

  test('begins with the two commands that set everything up', () => {
    assert.deepEqual(shown().slice(0, 2), SET_UP);
  });

  const commands = shown().filter((line) => !SET_UP.includes(line) && line !== START);
  // Leaving comes last, whatever the page shows it beside.
  for (const line of commands.toSorted((a, b) => Number(a.endsWith(' leave')) - Number(b.endsWith(' leave'))))
    test(line, { timeout: PATIENCE_MS }, async () => {
      const { code, output } = await inHome(line, home, env);
      // A scan of this home finds something, and says so by its code.
      assert.equal(code, /chatelaine scan(?! --install-hook)/.test(line) ? 1 : 0, output);
      if (/scan +#/.test(line)) for (const one of sample()) assert.ok(output.includes(one), `${one} in ${output}`);
    });
});

/** What the page shows of a scan's answer. */
const sample = (): readonly string[] =>
  (/```text\n([^]*?)```/.exec(readFileSync(join(ROOT, 'README.md'), 'utf8'))?.[1] ?? 'no sample')
    .split('\n')
    .filter((line) => line !== '');

/** Runs a line as a person would in the folder of the configuration; a value that is asked for is piped in. */
const inHome = (line: string, cwd: string, env: Readonly<Record<string, string>>) =>
  new Promise<{ code: number | null; output: string }>((resolve) => {
    const asks = line.includes(' set ');
    const command = `${line.replaceAll('./chatelaine', `'${LAUNCHER}'`)}${asks ? ' --stdin' : ''}`;
    const child = spawn('sh', ['-c', command], { cwd, env, stdio: ['pipe', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (output += text.toString()));
    child.stdin.end(asks ? 'a value typed by a person\n' : '');
    child.once('exit', (code) => resolve({ code, output }));
  });
