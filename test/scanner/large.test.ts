import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  mkdtempSync,
  openSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';

/** MiB that a scan may take at its peak, whatever it looks through. */
const MOST = 400;
const MIB = 1024 * 1024;

/** Scans in a process of its own, which says what it found and how much memory it had at most (proc(5), VmHWM). */
const CHILD = `
import { readFileSync } from 'node:fs';
import { scan, threads } from '#scanner';
import { treeSource } from '#scanner/sources';
import { systemClock } from '#kernel/node';
const workers = { factory: threads, count: 2 };
const { discoveries, gaps, skipped } = await scan(treeSource({ paths: [process.env.FOLDER] }), { clock: systemClock, workers });
const peak = Number(/VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1024;
console.log(JSON.stringify({
  found: discoveries.map(({ rule, value }) => rule + ' ' + value.revealText()),
  gaps: gaps.map(({ code }) => code),
  skipped: skipped.length,
  peak,
}));`;

type Told = { found: readonly string[]; gaps: readonly string[]; skipped: number; peak: number };

const scanned = (folder: string): Told =>
  JSON.parse(
    execFileSync(process.execPath, ['--input-type=module', '-e', CHILD], {
      cwd: new URL('../..', import.meta.url),
      env: { PATH: process.env['PATH'], FOLDER: folder },
      encoding: 'utf8',
      timeout: 120_000,
    }),
  ) as Told;

describe('a scan of what is larger than memory', { skip: process.platform !== 'linux' && '/proc is of Linux' }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'chatelaine-large-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const value = ['Zr8q', 'W2mX', 'c9pL'].join('');

  test(`takes at most ${MOST} MiB for a disk image and for one line of 500 MB, and finds what stands at their ends`, () => {
    const image = join(folder, 'disk.img');
    truncateSync(openAndClose(image), 1024 * MIB);
    appendFileSync(image, `\npostgres://hub:${value}@db.porch.lan/x\n`);
    const line = openSync(join(folder, 'line.txt'), 'w');
    const words = Buffer.from('the lamp on the porch is lit '.repeat(40_000)).subarray(0, MIB);
    for (let i = 0; i < 500; i++) writeSync(line, words);
    writeSync(line, ` mqtt://hub:${value}9@porch.lan `);
    closeSync(line);
    symlinkSync('.', join(folder, 'itself'));
    symlinkSync('round', join(folder, 'round'));

    const { found, gaps, peak, skipped } = scanned(folder);
    assert.deepEqual(found.toSorted(), [`url-credential ${value}`, `url-credential ${value}9`]);
    assert.deepEqual(gaps, []);
    assert.equal(skipped, 1, 'the link that leads in a circle');
    assert.ok(peak < MOST, `${Math.round(peak)} MiB`);
  });
});

const openAndClose = (file: string): string => {
  closeSync(openSync(file, 'w'));
  return file;
};
