import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { suite, test } from 'node:test';
import { hasCode } from '#kernel';
import { nodeTerminal } from './node-terminal.ts';

const streams = (isTTY: boolean) => {
  let said = '';
  const modes: boolean[] = [];
  const stdin = Object.assign(new PassThrough(), { isTTY, setRawMode: (mode: boolean) => modes.push(mode) });
  const write = (text: string): boolean => ((said += text), true);
  const stdout = { isTTY, columns: 60, write };
  const terminal = nodeTerminal(
    { stdin, stdout, stderr: stdout } as unknown as Parameters<typeof nodeTerminal>[0],
    {},
    { colour: true, monotonic: () => 0 },
  );
  return { stdin, terminal, modes, said: () => said };
};

suite('a terminal', () => {
  test('hides what is typed, takes back whole characters, and gives the mode back', async () => {
    const { stdin, terminal, modes, said } = streams(true);
    const asked = terminal.askSecret('Value:', '');
    assert.deepEqual(modes, [true], 'nothing is asked before the echo is off');
    stdin.write('wrong\u0015pä\u007f\u00e4ss\b\r');
    assert.equal((await asked).revealText(), 'päs');
    assert.deepEqual(modes, [true, false]);
    assert.equal(said(), 'Value: \n');
  });

  test('ends at Ctrl-C as the signal would, and at Ctrl-D with nothing typed', async () => {
    const one = streams(true);
    const interrupted = one.terminal.askSecret('Value:', '');
    one.stdin.write('abc\u0003');
    await assert.rejects(interrupted, { exit: 130 });
    assert.deepEqual(one.modes, [true, false]);
    const two = streams(true);
    const ended = two.terminal.askSecret('Value:', '');
    two.stdin.write('\u0004');
    await assert.rejects(ended, (error) => hasCode(error, 'cli.not_confirmed'));
  });

  test('that is none asks nobody, and says what to do instead', async () => {
    const { terminal } = streams(false);
    for (const asked of [terminal.ask('Why?', 'Say --reason.'), terminal.askSecret('Value:', 'Say --reason.')])
      await assert.rejects(
        asked,
        (error: Error & { hint?: string }) => hasCode(error, 'cli.needs_terminal') && error.hint === 'Say --reason.',
      );
  });

  test('reads no more of its input than it should', async () => {
    const { stdin, terminal } = streams(false);
    stdin.end(Buffer.alloc(100, 'a'));
    await assert.rejects(terminal.readInput(99), (error) => hasCode(error, 'cli.too_large'));
    const exact = streams(false);
    exact.stdin.end('abc');
    assert.equal((await exact.terminal.readInput(3)).revealText(), 'abc');
  });
});
