import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasCode } from '#kernel';
import { isWorthReading } from './folder.ts';
import { isPlainPath, readTemplate } from './templates.ts';

test('a target from a server stays inside the folder and out of what git reads', () => {
  for (const good of [
    'secrets.yaml',
    'esphome/secrets.yaml',
    '.env',
    '.github/workflows/a.yml',
    'a.git/b',
    '.gitignore',
  ])
    assert.ok(isPlainPath(good), good);
  for (const bad of [
    '',
    '/etc/passwd',
    '../a',
    'a/../../b',
    'a//b',
    './a',
    'C:\\a',
    'c:a',
    '\\\\host\\a',
    'a\\..\\b',
    'a\0b',
    '.git/config',
    'sub/.GIT/hooks/post-checkout',
    'git~1/config',
    'sub\\.git\\config',
  ]) {
    assert.ok(!isPlainPath(bad), bad);
    assert.throws(
      () => readTemplate(JSON.stringify({ path: bad, parts: [] })),
      (error) => hasCode(error, 'cli.stuck_data'),
    );
  }
});

test('only what an adoption could have read is ever rendered: no start-up file of a shell, no key of ssh', () => {
  for (const bad of [
    '.bashrc',
    '.profile',
    '.ssh/authorized_keys',
    'Makefile',
    '.envrc',
    'bin/deploy.sh',
    '.gitmodules',
  ])
    assert.ok(!isWorthReading(bad), bad);
  for (const good of ['secrets.yaml', '.env', 'nodered/environment', 'zigbee2mqtt/secret.yaml', 'a/arduino_secrets.h'])
    assert.ok(isWorthReading(good), good);
});
