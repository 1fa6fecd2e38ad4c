import assert from 'node:assert/strict';
import { chmodSync, linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { spawnSync } from 'node:child_process';
import { hasCode } from '#kernel';
import { isInside, isWorthReading, readFolder } from './folder.ts';
import { NO_PROGRESS } from './progress.ts';

const root = mkdtempSync(join(tmpdir(), 'chatelaine-folder-'));
after(() => rmSync(root, { recursive: true, force: true }));
const signal = new AbortController().signal;
const folder = (name: string): string => {
  const path = join(root, name);
  mkdirSync(path, { recursive: true });
  return path;
};
const read = (path: string) => readFolder(path, NO_PROGRESS, signal);

suite('a folder', () => {
  test('is read in order, without what programs make and what holds no configuration', () => {
    const home = folder('home');
    for (const path of [
      'b.yaml',
      'a.yaml',
      'sub/.storage/auth',
      'sub/x.png',
      '.git/config.yaml',
      'node_modules/m/x.json',
      '.env',
    ]) {
      mkdirSync(join(home, path, '..'), { recursive: true });
      writeFileSync(join(home, path), 'x: 1\n');
    }
    const { files, leftOut, passedOver, skipped } = read(home);
    assert.deepEqual(
      files.map(({ path }) => path),
      ['.env', 'a.yaml', 'b.yaml', 'sub/.storage/auth'],
    );
    assert.deepEqual(leftOut, ['.git', 'node_modules']);
    assert.equal(passedOver, 1);
    assert.deepEqual(skipped, []);
  });

  test('is never left through a link; links inside are followed to files', () => {
    const home = folder('linked/home');
    const outside = folder('linked/outside');
    writeFileSync(join(outside, 'secrets.yaml'), 'stolen: yes\n');
    writeFileSync(join(home, 'secrets.yaml'), 'a: b\n');
    mkdirSync(join(home, 'esphome'));
    symlinkSync('../secrets.yaml', join(home, 'esphome/secrets.yaml'));
    symlinkSync(join(outside, 'secrets.yaml'), join(home, 'out.yaml'));
    symlinkSync(outside, join(home, 'folder.yaml'));
    symlinkSync('/etc', join(home, 'etc.conf'));
    symlinkSync('nowhere.yaml', join(home, 'dangling.yaml'));
    symlinkSync('loop.yaml', join(home, 'loop.yaml'));
    symlinkSync('.', join(home, 'self.json'));
    const { files, skipped, stands } = read(home);
    assert.deepEqual(
      files.map(({ path }) => path),
      ['esphome/secrets.yaml', 'secrets.yaml'],
    );
    assert.equal(stands.get('esphome/secrets.yaml')?.real, join(home, 'secrets.yaml'));
    const why = new Map(skipped.map((one) => [one.path, one.why]));
    assert.match(why.get('out.yaml') ?? '', /out of the folder/);
    assert.match(why.get('folder.yaml') ?? '', /out of the folder/);
    assert.match(why.get('etc.conf') ?? '', /out of the folder/);
    assert.match(why.get('dangling.yaml') ?? '', /nowhere/);
    assert.match(why.get('loop.yaml') ?? '', /circles/);
  });

  test('may hold pipes, huge files, unreadable ones and hard links, and each is told', () => {
    const home = folder('odd');
    assert.equal(spawnSync('mkfifo', [join(home, 'pipe.yaml')]).status, 0);
    writeFileSync(join(home, 'huge.yaml'), '');
    truncateSync(join(home, 'huge.yaml'), 9 * 1_048_576);
    writeFileSync(join(home, 'one.yaml'), 'a: 1\n');
    linkSync(join(home, 'one.yaml'), join(home, 'two.yaml'));
    writeFileSync(join(home, 'closed.yaml'), 'a: 1\n');
    chmodSync(join(home, 'closed.yaml'), 0);
    const { files, skipped, stands } = read(home);
    assert.match(skipped.find(({ path }) => path === 'pipe.yaml')?.why ?? '', /not a file/);
    assert.match(skipped.find(({ path }) => path === 'huge.yaml')?.why ?? '', /MiB/);
    assert.equal(stands.get('one.yaml')?.links, 2);
    const closed = skipped.find(({ path }) => path === 'closed.yaml');
    // Root reads everything.
    if (process.getuid?.() === 0) assert.ok(files.some(({ path }) => path === 'closed.yaml'));
    else assert.match(closed?.why ?? '', /may not read/);
  });

  test('that is not there, or is a file, is an error with what to do', () => {
    writeFileSync(join(root, 'file'), '');
    for (const path of [join(root, 'absent'), join(root, 'file')])
      assert.throws(
        () => read(path),
        (error) => hasCode(error, 'cli.unreadable'),
      );
  });

  test('stops when it is told to', () => {
    assert.throws(() => readFolder(folder('home'), NO_PROGRESS, AbortSignal.abort()));
  });
});

test('what may be configuration is told by its name', () => {
  for (const path of [
    'secrets.yaml',
    'a/.storage/core.config_entries',
    '.env',
    '.env.local',
    'mqtt.env',
    'x.ino',
    'arduino_secrets.h',
    'settings.js',
    'nodered/environment',
    'passwd',
    'pwfile',
    'mosquitto.conf',
    'platformio.ini',
    'a.py',
    'compose.yml',
  ])
    assert.ok(isWorthReading(path), path);
  for (const path of ['a.png', 'home-assistant_v2.db', 'home-assistant.log', 'README.md', 'x.tar.gz', 'zigbee.db'])
    assert.ok(!isWorthReading(path), path);
});

test('inside means below', () => {
  assert.ok(isInside('/a/b', '/a/b/c'));
  for (const path of ['/a/b', '/a', '/a/bc', '/']) assert.ok(!isInside('/a/b', path), path);
});
