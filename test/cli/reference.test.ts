import assert from 'node:assert/strict';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { commandReference } from '#cli';
import { SETTINGS, defaultPlaces } from '#server';
import { COMMANDS, findCommand } from '../../src/cli/commands.ts';
import { SERVER_OPTIONS } from '../../src/cli/commands/up.ts';
import { parseCommand, splitCommand } from '../../src/cli/parse.ts';
import { defaultDataFolder } from '../../src/cli/server-address.ts';
import { call } from './house.ts';

const ROOT = join(import.meta.dirname, '../..');
const DOCUMENT = join(ROOT, 'docs/cli.md');
const env = { PATH: process.env['PATH'] ?? '', HOME: tmpdir(), CHATELAINE_DATA: '/nonexistent' };

suite('the command line', () => {
  test('is described in docs/cli.md as it is', async () => {
    const made = await commandReference();
    if (process.env['CHATELAINE_UPDATE_DOCS'] === '1') writeFileSync(DOCUMENT, made);
    assert.equal(
      readFileSync(DOCUMENT, 'utf8'),
      made,
      'CHATELAINE_UPDATE_DOCS=1 node --test test/cli/reference.test.ts writes it',
    );
  });

  test('has everyday verbs first, and for each command a page that teaches', async () => {
    const { out } = await call(['--help'], env, ROOT);
    const order = ['adopt', 'list', 'get', 'set', 'run', 'render', 'next', 'show', 'up', 'audit verify'].map((name) =>
      out.indexOf(`\n  ${name} `),
    );
    assert.ok(order.every((at) => at > 0) && order.every((at, i) => i === 0 || at > order[i - 1]!), String(order));
    for (const entry of COMMANDS) {
      const body = await entry.load();
      assert.ok(body.teaches.length > 40, entry.name);
      assert.ok(body.examples.length > 0, entry.name);
    }
  });

  test('takes every command that its own examples show', async () => {
    for (const entry of COMMANDS) {
      const { examples } = await entry.load();
      for (const { run } of examples) {
        const line = run
          .replace(/^.*?\| (?=chatelaine )/, '')
          .replace(/^(?:[A-Z_]+=\S+ )+/, '')
          .replace(/ \|.*$/, '');
        const argv = line
          .match(/"[^"]*"|\S+/g)!
          .slice(1)
          .map((word) => word.replaceAll('"', ''));
        const { words, after, before } = splitCommand(argv);
        const found = findCommand(words);
        assert.ok(found !== null && 'entry' in found, `${entry.name}: ${run}`);
        assert.doesNotThrow(
          () => parseCommand(found.entry.name, body(found.entry.name), [...before, ...after.slice(found.words)]),
          `${entry.name}: ${run}`,
        );
      }
    }
  });

  test('knows every command and option that an error, a finding or a page of ours names', async () => {
    const wrong: string[] = [];
    for (const path of globSync('src/**/*.ts', { cwd: ROOT })) {
      if (path.endsWith('.test.ts')) continue;
      for (const [, line = ''] of readFileSync(join(ROOT, path), 'utf8').matchAll(
        /chatelaine ((?:[a-z][a-z-]*|--[a-z-]+)(?: (?:[a-z][a-z-]*|--[a-z-]+|\{\w+\}|[A-Z]{3,}))*)/g,
      )) {
        const words = line.split(' ');
        const found = findCommand(words.filter((word) => !word.startsWith('-')));
        if (found === null) wrong.push(`${path}: chatelaine ${line}`);
        else if ('entry' in found)
          for (const option of words.filter((word) => word.startsWith('--')))
            if (!(option.slice(2) in { ...(await found.entry.load()).options, help: 0, json: 0, server: 0, data: 0 }))
              wrong.push(`${path}: chatelaine ${line}`);
      }
    }
    assert.deepEqual(
      wrong.filter((one) => !PROSE.some((known) => one.endsWith(known))),
      [],
    );
  });

  test('has the settings of the server as options of up', () => {
    assert.deepEqual(
      Object.keys(SERVER_OPTIONS).toSorted(),
      Object.keys(SETTINGS)
        .filter((name) => name !== 'data')
        .toSorted(),
    );
  });

  test('looks for the local server where the server is by default', () => {
    for (const platform of ['linux', 'darwin', 'win32'] as const)
      for (const variables of [{}, { XDG_DATA_HOME: '/x' }, { LOCALAPPDATA: 'C:\\l' }])
        assert.equal(defaultDataFolder(variables, platform), defaultPlaces(variables, platform).data);
  });

  test('is wrong use with a way out, exit code 2, and never a stack', async () => {
    for (const argv of [
      ['adpt'],
      ['audit', 'verfy'],
      ['list', '--projekt', 'x'],
      ['get'],
      ['--json'],
      ['get', 'a/b'.repeat(400)],
      ['get', 'a//b/c/d'],
      ['list', 'PORCH/home'],
      ['audit', 'prove', 'x'],
      ['adopt', '--branch', 'x'],
    ]) {
      const { exit, err, out } = await call(argv, env, ROOT);
      if (argv[0] === '--json') continue;
      assert.equal(exit, 2, `${argv.join(' ').slice(0, 60)}: ${exit} ${err}`);
      assert.match(err, /^chatelaine: /);
      assert.doesNotMatch(err + out, /\n\s+at /);
    }
    assert.match((await call(['adpt'], env, ROOT)).err, /adopt/);
  });

  test('starts soon, and ends quietly when nobody reads on', async () => {
    const { out } = await call(['help'], env, ROOT);
    assert.match(out, /Every day/);
    const { spawnSync } = await import('node:child_process');
    const { stderr, stdout } = spawnSync('sh', ['-c', `${ROOT}/chatelaine help | head -1`], { encoding: 'utf8', env });
    assert.equal(stderr, '');
    assert.match(stdout, /^chatelaine/);
  });
});

/** Words after our name that are a sentence and no command. */
const PROSE: readonly string[] = [
  'chatelaine altogether',
  'chatelaine for good',
  'chatelaine now',
  'chatelaine is stopped',
  'chatelaine --kit-file kit',
];

const bodies = new Map<string, Awaited<ReturnType<(typeof COMMANDS)[number]['load']>>>();
for (const entry of COMMANDS) bodies.set(entry.name, await entry.load());
const body = (name: string) => bodies.get(name)!;
