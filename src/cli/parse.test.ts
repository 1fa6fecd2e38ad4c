import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { ChatelaineError } from '#kernel';
import { choice, command, commandLine, flag, required, text, texts, wholeNumber } from './command.ts';
import { parseCommand, splitCommand } from './parse.ts';

const body = command({
  teaches: 'x',
  examples: [],
  arguments: { path: required('PATH', 'a path') },
  refusesMore: 'The value must not stand on the command line.',
  options: {
    project: text('NAME', 'p', 'p'),
    'dry-run': flag('n', 'n'),
    only: texts('NAME', 'o'),
    count: wholeNumber('N', 'c', 1, 10),
    tier: choice(['gold', 'silver'], 't'),
  },
  run: async () => 0,
});
const parse = (...argv: readonly string[]) => parseCommand('set', body, argv);
const fault = (argv: readonly string[]): ChatelaineError => {
  try {
    parse(...argv);
  } catch (error) {
    assert.ok(error instanceof ChatelaineError);
    return error;
  }
  throw new Error('It was taken.');
};

suite('a command line', () => {
  test('gives options and arguments in any order', () => {
    const { options, args, globals } = parse(
      '--project',
      'porch',
      'a/b',
      '-n',
      '--only=x',
      '--only',
      'y',
      '--json',
      '--count',
      '3',
    );
    assert.deepEqual(options, { project: 'porch', 'dry-run': true, only: ['x', 'y'], count: 3, tier: undefined });
    assert.deepEqual(args, { path: 'a/b' });
    assert.equal(globals.json, true);
  });

  test('names the nearest option for one that is not there', () => {
    assert.equal(fault(['a', '--projekt', 'x']).code, 'cli.unknown_option');
    assert.match(fault(['a', '--projekt', 'x']).hint ?? '', /--project/);
  });

  test('refuses what an option does not take, without repeating it', () => {
    for (const argv of [
      ['a', '--count', 's3cret'],
      ['a', '--count', '11'],
      ['a', '--tier', 's3cret'],
      ['a', '--project'],
      ['a', '--project', 'x', '--project', 'y'],
      ['a', '--dry-run=s3cret'],
      [],
    ]) {
      const error = fault(argv);
      assert.equal(error.code, 'cli.wrong_use', argv.join(' '));
      assert.equal(error.exit, 2);
      assert.doesNotMatch(`${error.message} ${error.hint}`, /s3cret/);
    }
  });

  test('does not take the next option for a value', () => {
    assert.equal(fault(['a', '--project', '--json']).code, 'cli.wrong_use');
    assert.equal(parse('a', '--project=-x').options['project'], '-x');
  });

  test('refuses a secret given as an argument or as an option, and does not repeat it', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 6, maxLength: 40, unit: fc.constantFrom(...'abcdefghijkmnpqrstuvwxyz23456789!') }),
        fc.constantFrom('value', 'password', 'token', 'secret'),
        (secret, name) => {
          for (const argv of [
            ['a/b/c', secret],
            ['a/b/c', `--${name}`, secret],
            ['a/b/c', `--${name}=${secret}`],
          ]) {
            const error = fault(argv);
            assert.equal(error.code, 'cli.secret_in_arguments');
            assert.ok(!`${error.message} ${error.hint} ${JSON.stringify(error.details)}`.includes(secret));
          }
        },
      ),
    );
  });

  test('never echoes what it refuses, whatever it is', () => {
    const word = fc.string({
      minLength: 12,
      maxLength: 60,
      unit: fc.constantFrom(...'ABCDEFGHJKLMNPQRSTUVWXYZ23456789=-'),
    });
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 4 }), (argv) => {
        try {
          parse(...argv);
        } catch (error) {
          assert.ok(error instanceof ChatelaineError);
          for (const written of argv)
            for (const part of written.split('='))
              if (part.replace(/^-+/, '').length > 24)
                assert.ok(!error.message.includes(part), `${part} in ${error.message}`);
        }
      }),
    );
  });

  test('leaves what follows -- to the command that is started', () => {
    const run = command({
      teaches: '',
      examples: [],
      arguments: { command: commandLine('COMMAND', 'c') },
      options: { only: texts('N', 'o') },
      run: async () => 0,
    });
    const { args, options, globals } = parseCommand('run', run, [
      '--only',
      'a',
      '--',
      'ls',
      '--json',
      '--only',
      'b',
      '--',
      '-x',
    ]);
    assert.deepEqual(args['command'], ['ls', '--json', '--only', 'b', '--', '-x']);
    assert.deepEqual(options['only'], ['a']);
    assert.equal(globals.json, false);
  });

  test('may begin with options that hold everywhere', () => {
    assert.deepEqual(splitCommand(['--json', '--server', 'https://x', 'audit', 'verify', '--key', 'k']), {
      before: ['--json', '--server', 'https://x'],
      words: ['audit', 'verify'],
      after: ['audit', 'verify', '--key', 'k'],
    });
  });
});
