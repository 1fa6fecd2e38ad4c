import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Line } from './acknowledgement.ts';
import { foundHouse } from './cast.ts';
import { spawnChild } from './child.ts';
import { openPlace } from './place.ts';
import { openWitness } from './witness.ts';

/** A short run with the same choices every time. */
const DEEDS = 10;
const IN_FLIGHT = 3;
const SEED = 5;
/** By hand, every so many writes; in CI, each, as every sync always. */
const STRIDE = process.env['CI'] === 'true' ? 1 : 8;
/** More calls of one kind than the run makes; reached only if the test itself is wrong. */
const MOST_OCCURRENCES = 600;

const canTrace = spawnSync('strace', ['-f', '-qq', 'true']).status === 0;
if (!canTrace && process.env['CHATELAINE_REQUIRE'] === '1')
  throw new Error('strace is missing, or may not trace here.');

type Run = { readonly lines: readonly Line[]; readonly injected: boolean; readonly where: string };

const errorsOf = (lines: readonly Line[]): string[] => lines.flatMap((line) => ('error' in line ? line.error : []));

describe('deeds on a failing disk', { skip: canTrace ? false : 'strace is missing, or may not trace here' }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'chatelaine-failing-'));
  const original = join(folder, 'original');
  before(async () => {
    const engine = await openPlace({ kind: 'sqlite', folder: original });
    await foundHouse(engine);
    await engine.close();
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** Performs the same deeds on a copy of the house while the `occurrence`-th of these calls fails, and looks at what is left. */
  const runWithFailure = async (calls: string, error: string, occurrence: number, allowed: RegExp): Promise<Run> => {
    const here = mkdtempSync(join(folder, 'run-'));
    const data = join(here, 'data');
    const log = join(here, 'strace.log');
    cpSync(original, data, { recursive: true });
    const only = ['chatelaine.db', 'chatelaine.db-wal'].flatMap((file) => ['-P', join(data, file)]);
    const inject = `inject=${calls}:error=${error}:when=${occurrence}`;
    const child = spawnChild([
      'strace',
      '-f',
      '-qq',
      '-y',
      '--seccomp-bpf',
      '-o',
      log,
      ...only,
      '-e',
      `trace=${calls}`,
      '-e',
      inject,
    ]);
    child.start({
      place: { kind: 'sqlite', folder: data },
      seed: [SEED],
      run: 'f',
      inFlight: IN_FLIGHT,
      enough: DEEDS,
    });
    const lines = await child.end();
    const call = /^.*\(INJECTED\).*$/m.exec(readFileSync(log, 'utf8'))?.[0];
    const where = `${calls} ${occurrence}: ${call}\n${lines.map((line) => JSON.stringify(line)).join('\n')}`;
    try {
      const engine = await openPlace({ kind: 'sqlite', folder: data });
      try {
        await openWitness().check(engine, lines, true, allowed);
      } finally {
        await engine.close();
      }
    } catch (error) {
      throw new Error(`After ${where}`, { cause: error });
    }
    rmSync(here, { recursive: true, force: true });
    return { lines, injected: call !== undefined, where };
  };

  /** The first, second, third … call fails, until the run makes no more of them; two at a time. */
  const everyOccurrence = async (calls: string, error: string, allowed: RegExp): Promise<Run[]> => {
    const stride = calls === 'pwrite64' ? STRIDE : 1;
    const runs: Run[] = [];
    for (let occurrence = 1; occurrence < MOST_OCCURRENCES; occurrence += 2 * stride) {
      const pair = await Promise.all(
        [0, stride].map((more) => runWithFailure(calls, error, occurrence + more, allowed)),
      );
      runs.push(...pair.filter(({ injected }) => injected));
      if (pair.some(({ injected }) => !injected)) return runs;
    }
    throw new Error('The run never came to an end of its calls.');
  };

  /** Once one deed was told that the disk failed, nothing is acknowledged any more. */
  const checkStopped = ({ lines, where }: Run): boolean => {
    const first = lines.findIndex(
      (line) => 'error' in line && line.deed !== 'onFatal' && line.error === 'storage.fatal',
    );
    if (first === -1) return false;
    const later = lines.slice(first).filter((line) => !('error' in line) || line.deed !== 'onFatal');
    assert.deepEqual(
      new Set(later.map((line) => ('error' in line ? line.error : 'acknowledged'))),
      new Set(['storage.fatal']),
      where,
    );
    assert.ok(
      lines.some((line) => 'error' in line && line.deed === 'onFatal'),
      `the owner is told; ${where}`,
    );
    return true;
  };

  for (const [calls, error] of [
    ['fsync,fdatasync', 'EIO'],
    ['pwrite64', 'EIO'],
  ] as const)
    test(`after ${calls} gave ${error} no deed is acknowledged, and none that was is lost`, async (t) => {
      const runs = await everyOccurrence(calls, error, /^(?:fatal|storage\.(?:fatal|unreadable))$/);
      const stopped = runs.filter(checkStopped);
      t.diagnostic(`${runs.length} calls, ${stopped.length} of them under a deed`);
      assert.ok(stopped.length > 0);
    });

  test('a write that finds no room fails its deed alone; the deeds after it work', async (t) => {
    const runs = await everyOccurrence('pwrite64', 'ENOSPC', /^storage\.(?:full|unreadable)$/);
    const full = runs.filter(({ lines }) => errorsOf(lines).includes('storage.full'));
    for (const { lines, where } of full) {
      assert.equal(errorsOf(lines).filter((each) => each === 'storage.full').length, 1, where);
      // What is refused for another reason has its entry, and so was written as well.
      const later = lines.slice(lines.findIndex((line) => 'error' in line && line.error === 'storage.full') + 1);
      assert.deepEqual(
        errorsOf(later).filter((each) => each.startsWith('storage.')),
        [],
        where,
      );
    }
    t.diagnostic(`${runs.length} calls, ${full.length} of them told to a deed`);
    assert.ok(runs.length > full.length, 'a batch of several is split and tried again, and nobody need know');
  });
});
