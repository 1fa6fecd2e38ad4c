import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { Secret, defineErrors } from '#kernel';
import { systemClock, systemRandom } from '#kernel/node';
import { main } from './cli.ts';
import type { CommandBody } from './command.ts';
import { explain } from './commands/explain.ts';
import { get } from './commands/get.ts';
import { set } from './commands/set.ts';
import type { Context } from './context.ts';
import { openMemory } from './memory.ts';
import { parseCommand } from './parse.ts';
import { reportError } from './report-error.ts';
import { type FakeTerminal, fakeTerminal } from './terminal.fixture.ts';
import type { World } from './world.ts';

const root = mkdtempSync(join(tmpdir(), 'chatelaine-cli-unit-'));
after(() => rmSync(root, { recursive: true, force: true }));

const world = (terminal: FakeTerminal): World => ({
  environment: { XDG_CONFIG_HOME: root, CHATELAINE_DATA: join(root, 'none') },
  directory: root,
  clock: systemClock,
  random: systemRandom,
  signal: new AbortController().signal,
  terminal: () => terminal,
  operations: () => Promise.reject(new Error('Nothing is operated here.')),
});

type Call = { readonly id: string; readonly input: unknown };

/** Runs a command's body against a server that answers from a table, and keeps what it was asked. */
const runBody = async (
  body: CommandBody,
  argv: readonly string[],
  terminal: FakeTerminal,
  answers: Readonly<Record<string, unknown>>,
) => {
  const calls: Call[] = [];
  const { options, args, globals } = parseCommand('x', body, argv);
  const call = async (id: string, input: unknown) => {
    calls.push({ id, input });
    return answers[id];
  };
  const context = {
    ...world(terminal),
    terminal,
    json: globals.json,
    where: { server: undefined, data: undefined },
    memory: openMemory({ XDG_CONFIG_HOME: root }),
    server: async () => ({ call }),
    answer: (value: object, show: () => void) => (globals.json ? terminal.print(JSON.stringify(value)) : show()),
  } as unknown as Context;
  return { exit: await body.run(context, { options, args }), calls };
};

const WRITTEN = { path: 'p/home/x', credential: 'c', created: true, version: 1, serial: 1, receipt: 3 };

suite('set', () => {
  test('asks twice without showing, and sends what was typed', async () => {
    const terminal = fakeTerminal({ answers: ['Canary-1', 'Canary-1'] });
    const { calls } = await runBody(set, ['p/home/x'], terminal, {
      'values.put': WRITTEN,
      'credentials.show': { kind: 'password' },
    });
    assert.deepEqual((calls[0]!.input as { body: unknown }).body, { value: { value: 'Canary-1' } });
    assert.ok(!`${terminal.printed()}${terminal.said()}`.includes('Canary'));
  });

  test('writes nothing when the two differ, or nothing was typed', async () => {
    for (const answers of [
      ['a', 'b'],
      ['', ''],
    ])
      await assert.rejects(runBody(set, ['p/home/x'], fakeTerminal({ answers }), {}), { code: 'cli.not_confirmed' });
  });

  test('says how else where nobody can be asked', async () => {
    await assert.rejects(runBody(set, ['p/home/x'], fakeTerminal(), {}), (error: Error & { hint?: string }) =>
      /--stdin/.test(error.hint ?? ''),
    );
  });

  test('with an owner and no value only describes', async () => {
    const { calls } = await runBody(set, ['p/home/x', '--owner', 'anna', '--purpose', '-'], fakeTerminal(), {
      'credentials.describe': { path: 'p/home/x' },
    });
    assert.deepEqual(
      calls.map(({ id }) => id),
      ['credentials.describe'],
    );
    assert.deepEqual((calls[0]!.input as { body: unknown }).body, { owner: 'anna', purpose: null });
  });
});

suite('get', () => {
  const answers = {
    'values.get': {
      path: 'p/home/x',
      version: 2,
      value: { value: 'v\n' },
      createdAt: '2026-01-01T00:00:00Z',
      receipt: 1,
    },
  };

  test('gives a pipe the value alone, and a terminal a line', async () => {
    const piped = fakeTerminal();
    await runBody(get, ['p/home/x'], piped, answers);
    assert.equal(piped.printed(), 'v\n');
    const shown = fakeTerminal({ isTerminal: true });
    await runBody(get, ['p/home/x'], shown, answers);
    assert.equal(shown.printed(), 'v\n\n');
  });

  test('answers programs in a stable shape', async () => {
    const terminal = fakeTerminal();
    await runBody(get, ['p/home/x', '--json'], terminal, answers);
    assert.deepEqual(Object.keys(JSON.parse(terminal.printed()) as object), [
      'path',
      'version',
      'value',
      'createdAt',
      'receipt',
    ]);
  });
});

test('explain says no by its exit code, and what is missing', async () => {
  const terminal = fakeTerminal();
  const { exit, calls } = await runBody(explain, ['me', 'get', 'p/home/x'], terminal, {
    'explain.show': {
      allow: false,
      rule: 'default-deny',
      because: 'Nothing allows it.',
      until: null,
      roles: ['owner'],
      missing: [{ kind: 'role', what: ['owner'], remedy: 'chatelaine grant give me owner p' }],
      grants: [],
    },
  });
  assert.equal(exit, 1);
  assert.deepEqual(calls[0]!.input, { query: { action: 'credential.read', path: 'p/home/x' } });
  assert.match(terminal.printed(), /Denied[\s\S]*Missing: owner[\s\S]*grant give/);
});

test('explain tells what is not there from what is denied', async () => {
  const terminal = fakeTerminal();
  const { exit } = await runBody(explain, ['me', 'get', 'p/home/x'], terminal, {
    'explain.show': {
      allow: false,
      rule: 'absent',
      because: 'There is no project p.',
      until: null,
      roles: ['owner'],
      missing: [{ kind: 'place', what: ['project p'], remedy: 'Make it first: chatelaine project create p.' }],
      grants: [],
    },
  });
  assert.equal(exit, 1);
  assert.match(terminal.printed(), /Not possible yet\. There is no project p\.[\s\S]*Missing: project p/);
  assert.doesNotMatch(terminal.printed(), /Denied|Roles that may/);
});

suite('an error', () => {
  const error = defineErrors('room', { gone: { fault: 'absent', status: 404, exit: 3, hint: 'Look in {place}.' } });

  test('of ours says what happened and what next, with its exit code', () => {
    const terminal = fakeTerminal();
    assert.equal(
      reportError(error('gone', 'It is \u001B[31mgone.', { place: 'the shed' }), terminal, {
        json: false,
        debug: false,
      }),
      3,
    );
    assert.equal(terminal.said(), 'chatelaine: It is gone.\n  Look in the shed.\n');
    assert.equal(terminal.printed(), '');
  });

  test('for programs is one line of JSON', () => {
    const terminal = fakeTerminal();
    reportError(error('gone', 'Gone.', { place: 'x' }), terminal, { json: true, debug: false });
    assert.deepEqual(JSON.parse(terminal.said()), {
      error: { code: 'room.gone', message: 'Gone.', hint: 'Look in x.', exit: 3, details: { place: 'x' } },
    });
  });

  test('of anybody else keeps its message to itself, also when frames are wanted', () => {
    for (const debug of [false, true]) {
      const terminal = fakeTerminal();
      assert.equal(reportError(new TypeError('Cannot read Canary-Secret'), terminal, { json: false, debug }), 70);
      assert.doesNotMatch(terminal.said(), /Canary/);
      assert.equal(/\n\s+at /.test(terminal.said()), debug);
    }
    const terminal = fakeTerminal();
    assert.equal(reportError(Secret.fromText('Canary'), terminal, { json: false, debug: true }), 70);
    assert.doesNotMatch(terminal.said(), /Canary/);
  });
});

suite('the program', () => {
  const run = async (...argv: readonly string[]) => {
    const terminal = fakeTerminal();
    return { exit: await main(argv, world(terminal)), terminal };
  };

  test('shows the everyday first, and a page for each command', async () => {
    const { exit, terminal } = await run('--help');
    assert.equal(exit, 0);
    assert.ok(terminal.printed().indexOf('adopt') < terminal.printed().indexOf('audit'));
    assert.match((await run('adopt', '--help')).terminal.printed(), /Examples[\s\S]*Next/);
    assert.match((await run('help', 'audit')).terminal.printed(), /audit verify/);
  });

  test('names what was probably meant', async () => {
    const { exit, terminal } = await run('rendr');
    assert.equal(exit, 2);
    assert.match(terminal.said(), /chatelaine render/);
    assert.equal((await run('audit', 'verfy')).exit, 2);
    assert.equal((await run('audit')).exit, 2);
  });

  test('without a server says how to start one', async () => {
    const { exit, terminal } = await run('list', 'p/home');
    assert.equal(exit, 5);
    assert.match(terminal.said(), /chatelaine up/);
  });
});
