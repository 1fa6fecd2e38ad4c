import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasCode } from '#kernel';
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
