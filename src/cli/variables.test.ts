import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { environmentFor } from './start-command.ts';
import { variableName, variablesOf } from './variables.ts';

const one = (name: string, value: Record<string, string>, originalName: string | null = null) => ({
  name,
  originalName,
  value,
});

suite('variables', () => {
  test('are named for their credentials, and as people wrote them where they did', () => {
    assert.equal(variableName(one('mqtt/password', {})), 'MQTT_PASSWORD');
    assert.equal(variableName(one('mqtt', {}, 'MQTT_PASS')), 'MQTT_PASS');
    assert.equal(variableName(one('küche/schlüssel', {})), 'KUCHE_SCHLUSSEL');
    assert.equal(variableName(one('2fa', {})), '_2FA');
    assert.deepEqual(variablesOf([one('aws', { id: 'a', key: 'b', value: 'c' })]).variables, {
      AWS_ID: 'a',
      AWS_KEY: 'b',
      AWS: 'c',
    });
  });

  test('never steer the shell, the loader or a runtime', () => {
    for (const name of [
      'path',
      'ld/preload',
      'LD_LIBRARY_PATH',
      'node-options',
      'bash/env',
      'pythonpath',
      'git/ssh-command',
      'dyld/insert-libraries',
      'ifs',
      'chatelaine/addr',
    ])
      assert.deepEqual(variablesOf([one(name, { value: 'x' })]).variables, {}, name);
    for (const name of ['node-red/credential-secret', 'github-token', 'git/token', 'python/token'])
      assert.equal(Object.keys(variablesOf([one(name, { value: 'x' })]).variables).length, 1, name);
  });

  test('that two credentials want are given to neither, unless they say the same', () => {
    assert.equal(variablesOf([one('a/b', { value: 'x' }), one('a-b', { value: 'y' })]).collisions.length, 1);
    assert.deepEqual(variablesOf([one('a/b', { value: 'x' }), one('a-b', { value: 'x' })]).variables, { A_B: 'x' });
  });

  test('are names that every shell takes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (name) =>
        /^[A-Z_][A-Z0-9_]*$/.test(variableName(one(name, {}))),
      ),
    );
  });
});

test('a started command gets back what the launcher withheld, and not what is ours', () => {
  const environment = environmentFor(
    {
      HOME: '/h',
      NODE_COMPILE_CACHE: '/c',
      CHATELAINE_TOKEN_FILE: '/t',
      CHTL_WITHHELD_ENV: '{"NODE_OPTIONS":"--x","N":1}',
    },
    { A: 'b' },
  );
  assert.deepEqual(environment, { HOME: '/h', NODE_OPTIONS: '--x', A: 'b' });
  assert.deepEqual(environmentFor({ CHTL_WITHHELD_ENV: 'broken' }, {}), {});
});
