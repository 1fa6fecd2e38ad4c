import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { appendFileSync, mkdtempSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { systemClock } from '#kernel/node';
import type { Detector } from './detector.ts';
import { SEARCH, TEST_RULES, scanBytes, values } from './engine.fixture.ts';
import { WINDOW } from './matcher/matcher.ts';
import { scan } from './scan.ts';
import { treeSource } from './sources/tree.ts';
import { chance, drawTokenOf } from './tokens.fixture.ts';
import { threads } from './workers/threads.ts';

const next = chance(20261124);
const PORCH = drawTokenOf(
  TEST_RULES.find(({ id }) => id === 'porch-key')!,
  next,
);
const MIB = 1024 * 1024;
const folder = mkdtempSync(join(tmpdir(), 'left-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
/** Text that compresses little enough for its half to be half of it. */
const text = (bytes: number): string => randomBytes(bytes >> 1).toString('hex');

describe('what is not looked through is told', () => {
  test('compressed text in base64 is read beyond a MiB, and cut where 8 MiB are through', async () => {
    const three = gzipSync(`${text(MIB)}${' '.repeat(2 * MIB)} ${PORCH} `);
    const whole = await scanBytes(`release: ${base64(three)}\n`);
    assert.deepEqual([values(whole.found), whole.gap], [[PORCH], null]);
    const twelve = gzipSync(` ${PORCH} ${'the lamp on the porch '.repeat(600_000)}`);
    const cut = await scanBytes(`release: ${base64(twelve)}\n`);
    assert.deepEqual([values(cut.found), cut.gap?.code], [[PORCH], 'too_large']);
  });

  test('a bomb in base64 takes no time, however often it stands there', { timeout: 20_000 }, async () => {
    const bomb = base64(gzipSync(Buffer.alloc(64 * MIB)));
    const { gap } = await scanBytes(`${bomb} \n`.repeat(20));
    assert.equal(gap?.code, 'too_large');
  });

  test('compressed text that is damaged is a gap; what only ends too early is read to there', async () => {
    const packed = gzipSync(`{"token": "${PORCH}"} ${text(4000)}`);
    const broken = Buffer.from(packed);
    broken.fill(0xff, 60, 200);
    assert.equal((await scanBytes(`x: ${base64(broken)}\n`)).gap?.code, 'broken');
    const early = await scanBytes(`x: ${base64(packed.subarray(0, packed.length - 900))}\n`);
    assert.deepEqual([values(early.found), early.gap], [[PORCH], null]);
  });

  test('what is encoded a fourth time is a gap', async () => {
    let hidden = `the token is ${PORCH} indeed`;
    for (let times = 0; times < 3; times++) hidden = `wrapped ${base64(Buffer.from(hidden))} here`;
    const three = await scanBytes(hidden);
    assert.deepEqual([values(three.found), three.gap], [[PORCH], null]);
    const four = await scanBytes(`wrapped ${base64(Buffer.from(hidden))} here`);
    assert.deepEqual([values(four.found), four.gap?.code], [[], 'too_deep']);
  });

  test('as many encoded texts as a window holds are all decoded', async () => {
    // More than one list of the kernel has room for; a key in a window's last one.
    const line = `${base64(Buffer.from('the lamp on the porch is'))} \n`;
    const last = base64(Buffer.from(`the token is ${PORCH} indeed`));
    const lines = line.repeat(Math.floor((WINDOW - 64 * 1024) / line.length));
    assert.ok(lines.length / line.length > 32_768);
    const { found, gap } = await scanBytes(`${lines}${last}\n`);
    assert.deepEqual([values(found), gap], [[PORCH], null]);
  });

  test('a file with more credentials than are listed says so', async () => {
    const crowd = Array.from({ length: 2100 }, (_, i) => `  - id: n${i}\n    password: "${text(20)}"\n`).join('');
    const { found, gap } = await scanBytes(`homeassistant:\n  mqtt:\n${crowd}`, 'ha/configuration.yaml', {});
    assert.ok(found.length >= 1900, String(found.length));
    assert.equal(gap?.code, 'too_many');
  });

  test('UTF-16 beyond 16 MiB, and a pointer whose content was not fetched', async () => {
    const wide = Buffer.from(`the lamp ${PORCH} `.padEnd(9 * MIB), 'utf16le');
    const { found, gap } = await scanBytes(wide);
    assert.deepEqual([values(found), gap?.code], [[PORCH], 'too_large']);
    assert.match(gap!.message, /UTF-16/);
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'ab'.repeat(32)}\nsize 123456\n`;
    const unfetched = await scanBytes(pointer, 'models/lamp.bin');
    assert.deepEqual([unfetched.gap?.code, unfetched.gap?.message.includes('git lfs pull')], ['lfs_pointer', true]);
  });

  test('a large file that is written to while it is read; what only grew was read as it was', async () => {
    const file = join(folder, 'written.db');
    const scanned = async (change: () => void) => {
      writeFileSync(file, `the bell rings ${' '.repeat(2 * WINDOW)}`);
      utimesSync(file, 1, 1);
      const bell: Detector = {
        id: 'bell',
        literals: ['the bell rings'],
        precision: 'generic',
        detect: () => {
          change();
          return [];
        },
      };
      const report = await scan(treeSource({ paths: [file] }), { ...SEARCH, detectors: [bell], clock: systemClock });
      return report.gaps.map(({ code, message }) => `${code} ${message}`);
    };
    assert.deepEqual(await scanned(() => undefined), []);
    assert.deepEqual(await scanned(() => appendFileSync(file, 'more')), []);
    assert.match((await scanned(() => utimesSync(file, 2, 2))).join(), /^changed It was written to/);
    assert.match((await scanned(() => truncateSync(file, WINDOW + 5))).join(), /^changed It became shorter/);
  });

  test('an archive is opened whatever it is called, by threads, too', async () => {
    const tree = mkdtempSync(join(folder, 'packed-'));
    writeFileSync(join(tree, 'backup.old'), gzipSync(`token = ${PORCH}\n`));
    for (let i = 0; i < 400; i++) writeFileSync(join(tree, `f${i}`), 'the lamp\n');
    for (const workers of [undefined, { factory: threads, count: 1 }]) {
      const report = await scan(treeSource({ paths: [tree] }), {
        ...SEARCH,
        clock: systemClock,
        ...(workers === undefined ? {} : { workers }),
      });
      assert.deepEqual(
        report.discoveries.map(({ value }) => value.revealText()),
        [PORCH],
      );
      assert.deepEqual(report.gaps, []);
    }
  });
});
