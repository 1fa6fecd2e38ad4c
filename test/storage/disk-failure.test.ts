import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { DATABASE_FILE } from '#storage';

const SCRIPT = fileURLToPath(new URL('../crash/commit-pairs.ts', import.meta.url));
const COMMITS = 2;
/** A pair of rows of this size is a commit of a few pages. */
const SMALL = 2_500;
/** A pair of rows of this size fills the write-ahead log beyond the point where it is checkpointed. */
const LARGE = 2_200_000;
/** More system calls of one kind than the script makes; reached only if the test itself is wrong. */
const MOST_OCCURRENCES = 200;

const canTrace = spawnSync('strace', ['-f', '-qq', 'true']).status === 0;
if (!canTrace && process.env['CHATELAINE_REQUIRE'] === '1')
  throw new Error('strace is missing, or may not trace here.');
const skip = canTrace ? false : 'strace is missing, or may not trace here';

type Line = { readonly what: string; readonly id: number; readonly outcome: string };
type Run = {
  readonly lines: readonly Line[];
  /** The file whose call failed, or undefined when the script made fewer calls. */
  readonly failedOn: string | undefined;
  /** Which ids have both rows, and whether anything else is in the table, after opening again. */
  readonly whole: readonly number[];
};

type Failure = { readonly calls: string; readonly error: string; readonly bytesPerRow: number };

/** Runs the script so that the `occurrence`-th of these calls fails once, and looks at what is on disk afterwards. */
const runWithFailure = async ({ calls, error, bytesPerRow }: Failure, occurrence: number): Promise<Run> => {
  const folder = mkdtempSync(join(tmpdir(), 'chatelaine-disk-'));
  try {
    const log = join(folder, 'strace.log');
    const data = join(folder, 'data');
    const inject = `inject=${calls}:error=${error}:when=${occurrence}`;
    const trace = ['-f', '-qq', '-y', '-o', log, '-e', `trace=${calls}`, '-e', inject];
    const script = [process.execPath, SCRIPT, data, String(COMMITS), String(bytesPerRow)];
    const { stdout } = await promisify(execFile)('strace', [...trace, ...script], { encoding: 'utf8' });
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Line);
    const failedOn = /\(\d+<([^>]*)>.*\(INJECTED\)/.exec(readFileSync(log, 'utf8'))?.[1];
    return { lines, failedOn, whole: pairsIn(join(data, DATABASE_FILE), lines) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const pairsIn = (file: string, lines: readonly Line[]): number[] => {
  if (!lines.some(({ what, outcome }) => what === 'migrate' && outcome === 'done')) return [];
  const db = new DatabaseSync(file);
  try {
    assert.deepEqual({ ...db.prepare('PRAGMA integrity_check').get() }, { integrity_check: 'ok' });
    const rows = db.prepare('SELECT id, count(*) AS halves FROM pair GROUP BY id ORDER BY id').all() as {
      id: number;
      halves: number;
    }[];
    assert.deepEqual(
      rows.filter(({ halves }) => halves !== 2),
      [],
      'no half of a pair',
    );
    return rows.map(({ id }) => id);
  } finally {
    db.close();
  }
};

const acknowledged = ({ lines }: Run): number[] =>
  lines.filter(({ what, outcome }) => what === 'commit' && outcome === 'done').map(({ id }) => id);
const failures = ({ lines }: Run): Line[] =>
  lines.filter(({ what, outcome }) => what !== 'onFatal' && outcome !== 'done');

/** Runs with the first, second, third … call failing, until the script makes no more of them; two at a time. */
const everyOccurrence = async (failure: Failure, check: (run: Run, where: string) => void): Promise<Run[]> => {
  const all: Run[] = [];
  for (let occurrence = 1; occurrence < MOST_OCCURRENCES; occurrence += 2) {
    const runs = await Promise.all([0, 1].map((i) => runWithFailure(failure, occurrence + i)));
    for (const [i, run] of runs.entries()) {
      if (run.failedOn === undefined) return all;
      check(run, `${failure.calls} ${occurrence + i} on ${run.failedOn}: ${JSON.stringify(run.lines)}`);
      all.push(run);
    }
  }
  throw new Error('The script never came to an end of its calls.');
};

const stoppedAt = (runs: readonly Run[], what: string): boolean => runs.some((run) => failures(run)[0]?.what === what);

const tally = (runs: readonly Run[]): string => {
  const counts = Map.groupBy(runs, (run) => failures(run)[0]?.what ?? 'nothing');
  return `${runs.length} calls; failed first: ${[...counts].map(([what, each]) => `${what} ${each.length}`).join(', ')}`;
};

describe('SQLite on a failing disk', { skip, concurrency: false }, () => {
  const checkSync = (run: Run, where: string): void => {
    const first = run.lines.findIndex(({ what, outcome }) => what !== 'onFatal' && outcome !== 'done');
    if (first === -1) {
      assert.match(run.failedOn ?? '', /\/data$/, `only SQLite's own sync of the folder, which we repeat; ${where}`);
      return;
    }
    const later = run.lines.slice(first).filter(({ what }) => what !== 'onFatal');
    const code = run.lines[first]?.what === 'open' ? 'storage.unreadable' : 'storage.fatal';
    assert.deepEqual(new Set(later.map(({ outcome }) => outcome)), new Set([code]), where);
    const told = run.lines.filter(({ what }) => what === 'onFatal').length;
    assert.equal(told, code === 'storage.fatal' ? 1 : 0, where);
    const known = acknowledged(run);
    const lost = known.filter((id) => !run.whole.includes(id));
    assert.deepEqual(lost, [], where);
    const doubtful = later.find(({ what }) => what === 'commit')?.id;
    const unasked = run.whole.filter((id) => !known.includes(id) && id !== doubtful);
    assert.deepEqual(unasked, [], where);
  };

  test('after a failed fsync nothing is written any more, and nothing acknowledged is lost', async (t) => {
    const runs = await everyOccurrence({ calls: 'fsync,fdatasync', error: 'EIO', bytesPerRow: SMALL }, checkSync);
    t.diagnostic(tally(runs));
    for (const what of ['open', 'migrate', 'commit', 'scrub'])
      assert.ok(stoppedAt(runs, what), `none failed at ${what}`);
  });

  test('the same holds when the log is being moved into the database', async (t) => {
    const runs = await everyOccurrence({ calls: 'fsync,fdatasync', error: 'EIO', bytesPerRow: LARGE }, checkSync);
    t.diagnostic(tally(runs));
    const behindACommit = runs.filter(({ lines }) => {
      const told = lines.findIndex(({ what }) => what === 'onFatal');
      return lines[told + 1]?.outcome === 'done';
    });
    assert.ok(behindACommit.length > 0, 'a checkpoint failed after its commit was safe');
  });

  test('a write that finds no room fails its commit alone, and leaves nothing of it', async (t) => {
    const runs = await everyOccurrence({ calls: 'pwrite64', error: 'ENOSPC', bytesPerRow: SMALL }, (run, where) => {
      const failed = failures(run);
      assert.ok(failed.length <= 1, where);
      if (failed[0] !== undefined)
        assert.equal(failed[0].outcome, failed[0].what === 'open' ? 'storage.unreadable' : 'storage.full', where);
      assert.deepEqual(run.whole, acknowledged(run), where);
    });
    t.diagnostic(tally(runs));
    for (const what of ['open', 'migrate', 'commit', 'scrub'])
      assert.ok(stoppedAt(runs, what), `none failed at ${what}`);
  });
});
