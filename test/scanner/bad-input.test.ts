import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { deflateRawSync, gzipSync } from 'node:zlib';
import { type Answer, type Call, runProgram } from './program.ts';

/** MiB that a scan may take at its peak, whatever it looks through. */
const MOST = 400;
const NOBODY = 65_534;
const ROOT = join(import.meta.dirname, '../..');
const VALUE = ['gR7kPw', '2vTz9', 'mQ4x'].join('');
const LEAK = `mqtt:\n  broker: 10.0.0.2\n  username: porch\n  password: ${VALUE}\n`;
/** Found whatever the file is called. */
const ADDRESS = `mqtt://hub:${VALUE}@porch.lan\n`;
const isRoot = process.getuid?.() === 0;

const root = mkdtempSync(join(tmpdir(), 'bad-input-'));
chmodSync(root, 0o755);
after(() => rmSync(root, { recursive: true, force: true }));

const make = (name: string, files: Readonly<Record<string, string | Uint8Array>> = {}): string => {
  const folder = join(root, name);
  mkdirSync(folder, { recursive: true });
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
};

type Told = Answer & {
  readonly findings: readonly { readonly occurrences: readonly { readonly path: string }[] }[];
  /** `code path: message`. */
  readonly gaps: readonly string[];
  readonly skipped: readonly string[];
  readonly units: number;
};

type Report = Pick<Told, 'findings'> & {
  readonly gaps: readonly { readonly code: string; readonly path: string; readonly message: string }[];
  readonly skipped: readonly { readonly path: string; readonly why: string }[];
  readonly covered: { readonly units: number };
};

let homes = 0;
/** As a person calls it, and no scan may take more memory, show a value, or call for a report of a fault. */
const scan = async (args: readonly string[], call: Partial<Call> = {}): Promise<Told> => {
  const home = make(`home-${homes++}`);
  if (call.user !== undefined) chownSync(home, call.user, call.user);
  const answer = await runProgram(join(ROOT, 'chatelaine'), ['scan', '--json', ...args], { cwd: root, home, ...call });
  const { err, exit, out, peak } = answer;
  assert.ok(peak === null || peak < MOST, `${peak} MiB: ${args.join(' ')}`);
  assert.ok(!`${out}${err}`.includes(VALUE) && !err.includes('Please report it'), err);
  // A program that speaks to a terminal in the name of a file (CWE-150).
  assert.doesNotMatch(`${out}${err}`, /[\x00-\x08\x0b-\x1f\x7f\u202e]/);
  const report: Report =
    out === '' ? { findings: [], gaps: [], skipped: [], covered: { units: 0 } } : (JSON.parse(out) as Report);
  assert.ok(out !== '' || exit === 2 || exit === 3, `${exit} ${err}`);
  return {
    ...answer,
    findings: report.findings,
    gaps: report.gaps.map(({ code, message, path }) => `${code} ${path}: ${message}`),
    skipped: report.skipped.map(({ path, why }) => `${path}: ${why}`),
    units: report.covered.units,
  };
};
const has = (program: string): boolean => {
  try {
    execFileSync(program, ['-v'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};
const posix = { skip: process.platform === 'win32' && 'names and rights of POSIX' };

describe('many files', () => {
  test('a hundred thousand are looked through in little memory, and the one that leaks is found', async () => {
    const folder = make('many');
    for (let i = 0; i < 400; i++) {
      mkdirSync(join(folder, `d${i}`));
      for (let j = 0; j < 250; j++) writeFileSync(join(folder, `d${i}`, `f${j}`), `the lamp ${i} ${j}\n`);
    }
    writeFileSync(join(folder, 'd399/configuration.yaml'), LEAK);
    const { exit, findings, gaps, units } = await scan([folder], { patience: 120 });
    assert.deepEqual([exit, units, gaps], [1, 100_001, []]);
    assert.equal(findings[0]!.occurrences[0]!.path, `${folder}/d399/configuration.yaml`);
  });
});

describe('archives that explode', () => {
  const folder = make('bombs');
  const zeros = (mib: number): Buffer => Buffer.alloc(mib * 1024 * 1024);

  test('one file of zeros, in gzip, in zip, in both', async () => {
    const inner = gzipSync(zeros(256));
    // 64 members of 256 MiB each: 16 GiB behind 16 MB, and that again in 16 kB.
    writeFileSync(join(folder, 'members.gz'), Buffer.concat(Array.from({ length: 64 }, () => inner)));
    writeFileSync(join(folder, 'again.gz'), gzipSync(Buffer.concat(Array.from({ length: 64 }, () => inner))));
    for (const name of ['members.gz', 'again.gz'])
      for (const args of [[join(folder, name)], ['--archive', join(folder, name)]]) {
        const { exit, gaps } = await scan(args);
        assert.deepEqual([exit, gaps.length, gaps[0]!.split(' ')[0]], [3, 1, 'too_large'], name);
      }
  });

  test('zip archives in zip archives', { skip: !has('zip') && 'no zip here' }, async () => {
    const work = make('bombs-work', { zeros: zeros(128) });
    const zip = (name: string, members: readonly string[]) =>
      execFileSync('zip', ['-q', '-9', name, ...members], { cwd: work });
    zip('0.zip', ['zeros']);
    for (let layer = 0; layer < 4; layer++) {
      const copies = Array.from({ length: 16 }, (_, i) => `copy${i}.zip`);
      for (const copy of copies) copyFileSync(join(work, `${layer}.zip`), join(work, copy));
      zip(`${layer + 1}.zip`, copies);
    }
    // 8 TiB would come out.
    const { exit, gaps } = await scan(['--archive', join(work, '4.zip')]);
    assert.equal(exit, 3);
    assert.match(gaps.join('\n'), /^too_large .*All in it together expands more than 300 times/);
  });

  test('standard input that explodes', async () => {
    const { exit, gaps } = await scan(['--stdin'], { input: gzipSync(gzipSync(zeros(600))) });
    assert.equal(exit, 3);
    assert.match(gaps.join('\n'), /^too_large /);
  });

  test('in base64, in a text', async () => {
    const bomb = gzipSync(zeros(64)).toString('base64');
    const text = make('bomb-in-text', { 'values.yaml': `release: ${bomb}\n${LEAK}` });
    const { exit, gaps } = await scan([text]);
    assert.equal(exit, 1, 'what stands beside it is found');
    assert.match(gaps.join('\n'), /^too_large .*more encoded text than is decoded/);
  });

  test('raw streams in an image', async () => {
    const stream = deflateRawSync(zeros(512));
    const image = join(folder, 'image.bin');
    writeFileSync(image, Buffer.concat([Buffer.alloc(4096, 0xff), Buffer.from([0x78, 0x9c]), stream]));
    const { exit, gaps } = await scan(['--image', image]);
    assert.equal(exit, 3);
    assert.match(gaps.join('\n'), /^too_large /);
  });
});

describe('what may not be read', posix, () => {
  test('files, folders and archives of somebody else make it incomplete; what may be read is', async () => {
    const folder = make('closed', {
      'configuration.yaml': LEAK,
      'shut.yaml': LEAK,
      'shut.tar': LEAK,
      'within/a': 'a',
      'listed/b': 'b',
    });
    for (const [name, mode] of [
      ['shut.yaml', 0],
      ['shut.tar', 0],
      ['within', 0],
      // It can be listed, and nothing in it opened.
      ['listed', 0o444],
    ] as const)
      chmodSync(join(folder, name), mode);
    const user = isRoot ? { user: NOBODY } : {};
    const all = await scan([folder], user);
    assert.equal(all.exit, 1);
    assert.deepEqual(all.gaps.map((gap) => gap.split(': ')[0]!.replace(`${folder}/`, '')).toSorted(), [
      'unreadable listed/b',
      'unreadable shut.tar',
      'unreadable shut.yaml',
      'unreadable within',
    ]);
    for (const gap of all.gaps) assert.match(gap, /may not read it|permission denied/, gap);
    for (const args of [
      [join(folder, 'shut.yaml')],
      ['--archive', join(folder, 'shut.tar')],
      ['--image', join(folder, 'shut.yaml')],
    ]) {
      const { exit, gaps } = await scan(args, user);
      assert.deepEqual([exit, gaps.length], [3, 1], args.join(' '));
    }
    for (const args of [
      ['--rules', join(folder, 'shut.yaml'), '.'],
      ['--baseline', join(folder, 'shut.yaml'), '.'],
      ['--fingerprint-key-file', join(folder, 'shut.yaml'), '.'],
      ['--archive', join(folder, 'shut.tar'), '--key-file', join(folder, 'shut.yaml')],
    ]) {
      const { exit, err } = await scan(args, { ...user, cwd: make('nothing-here') });
      assert.deepEqual([exit, /cannot be read/.test(err)], [2, true], args.join(' '));
    }
    const git = await scan(['--git', join(folder, 'within')], user);
    assert.ok(git.exit === 2 || git.exit === 3, String(git.exit));
    chmodSync(join(folder, 'within'), 0o700);
  });

  test(
    'a repository of another user is not opened, and git’s own words say how',
    { skip: !isRoot && 'needs root' },
    async () => {
      const folder = make('foreign', { a: 'a' });
      execFileSync('git', ['init', '-q', folder]);
      const { err, exit } = await scan(['--git', folder], { user: NOBODY });
      assert.equal(exit, 2);
      assert.match(err, /belongs to another user[\s\S]*safe\.directory/);
    },
  );
});

describe('what is no file', { skip: process.platform !== 'linux' && 'devices of Linux' }, () => {
  test('pipes, sockets and devices are named and not waited for', async () => {
    const folder = make('special', { 'configuration.yaml': LEAK });
    execFileSync('mkfifo', [join(folder, 'pipe'), join(folder, 'pipe.tar'), join(folder, '.chatelaine')]);
    const server = createServer().listen(join(folder, 'socket'));
    if (isRoot) execFileSync('mknod', [join(folder, 'zero'), 'c', '1', '5']);
    try {
      const { exit, gaps, skipped } = await scan([folder]);
      assert.deepEqual([exit, gaps], [1, []]);
      assert.equal(skipped.length, isRoot ? 5 : 4);
      for (const one of skipped) assert.match(one, /a pipe, socket or device is not read/);
      for (const place of [join(folder, 'pipe'), join(folder, 'socket'), '/dev/zero', '/dev/null'])
        for (const args of [[place], ['--archive', place], ['--image', place]]) {
          const told = await scan(args, { patience: 20 });
          assert.deepEqual([told.exit, told.gaps.length], [3, 1], args.join(' '));
          assert.match(told.gaps[0]!, /pipe, socket or device|no regular file|device behind it/);
        }
      const here = await scan([], { cwd: make('baseline-pipe', { a: 'a' }) });
      assert.equal(here.exit, 0);
      execFileSync('mkfifo', [join(root, 'baseline-pipe/.chatelaine-baseline')]);
      const stuck = await scan([], { cwd: join(root, 'baseline-pipe'), patience: 20 });
      assert.deepEqual([stuck.exit, /The baseline cannot be read/.test(stuck.err)], [2, true]);
      const endless = await scan(['--rules', '/dev/zero', '.'], { patience: 20 });
      assert.equal(endless.exit, 2);
    } finally {
      server.close();
    }
  });

  test('links that lead in circles, out, or nowhere', async () => {
    const folder = make('links', { 'a/b/configuration.yaml': LEAK });
    symlinkSync('..', join(folder, 'a/b/up'));
    symlinkSync('round', join(folder, 'round'));
    symlinkSync('there', join(folder, 'here'));
    symlinkSync('here', join(folder, 'there'));
    symlinkSync('/etc/hostname', join(folder, 'out'));
    symlinkSync('/nowhere', join(folder, 'dangling'));
    const { exit, findings, gaps, skipped, units } = await scan([folder]);
    assert.deepEqual([exit, findings.length, units, gaps], [1, 1, 1, []]);
    assert.equal(skipped.length, 5);
    for (const name of ['round', 'here', 'dangling']) {
      const { exit: alone, err } = await scan([join(folder, name)]);
      assert.deepEqual([alone, /nothing to scan/.test(err)], [2, true], name);
    }
  });
});

describe('odd names', { skip: process.platform !== 'linux' && 'names of Linux' }, () => {
  test('with line ends, controls, signs of a terminal, quotes, and none of UTF-8', async () => {
    const folder = make('names');
    const names = [
      'line\nend',
      'bell\x07',
      'red\x1b[31m',
      'to\u202eleft',
      ' blank ',
      '-rf',
      '$(id)',
      '\'q"',
      '!bang',
      'back\\slash',
      '%s',
    ];
    for (const name of names) writeFileSync(join(folder, name), ADDRESS);
    writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0xff, 0xc0, 0x80])]), ADDRESS);
    writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0xff, 0x2e, 0x67, 0x7a])]), gzipSync(ADDRESS));
    mkdirSync(Buffer.concat([Buffer.from(`${folder}/folder`), Buffer.from([0xfe])]));
    const { exit, findings, gaps, units } = await scan([folder]);
    assert.deepEqual([exit, units], [1, names.length + 2]);
    assert.equal(findings.flatMap(({ occurrences }) => occurrences).length, names.length + 2);
    assert.equal(gaps.length, 1);
    assert.match(gaps[0]!, /^unreadable .*\/folder\u{fffd}: Its name is not UTF-8/u);
    for (const format of ['sarif', 'junit', 'html', 'text']) {
      const home = make('home-names');
      const args = ['scan', '--format', format, folder];
      const { out } = await runProgram(join(ROOT, 'chatelaine'), args, { cwd: root, home });
      assert.doesNotMatch(out, /[\x00-\x08\x0b-\x1f\x7f\u202e]/, format);
    }
    const asGiven = await scan(['--', '-rf'], { cwd: folder });
    assert.equal(asGiven.exit, 1);
  });

  test('paths longer than the system opens, and deeper than is walked', async () => {
    const folder = make('long');
    // Made step by step: no call takes a path of 4,096 bytes.
    const steps = `for (let i = 0; i < 20; i++) {
      const step = String(i).padStart(250, 'd');
      require('node:fs').mkdirSync(step);
      process.chdir(step);
    }`;
    execFileSync(process.execPath, ['-e', steps], { cwd: folder });
    const long = await scan([folder]);
    assert.equal(long.exit, 3);
    assert.match(long.gaps.join('\n'), /^unreadable .*the name is too long/);
    const deep = make('deep', { [`${'d/'.repeat(300)}leaf`]: ADDRESS });
    const told = await scan([deep]);
    assert.equal(told.exit, 3);
    assert.match(told.gaps.join('\n'), /^too_deep .*256 deep/);
    assert.equal((await scan([join(deep, 'd/'.repeat(200))])).exit, 1, 'this one by itself');
    execFileSync('rm', ['-rf', folder]);
  });
});
