import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Line } from './acknowledgement.ts';
import type { Orders } from './perform-deeds.ts';

const SCRIPT = fileURLToPath(new URL('./perform-deeds.ts', import.meta.url));

/** A process that performs deeds, loaded and waiting for its orders. */
export type Child = {
  start(orders: Orders): void;
  /** Resolves when it has said so many lines, or ended. The first tells that the rooms are open. */
  said(lines: number): Promise<void>;
  /** SIGKILL; gives what it had said, line by line, up to its last breath. */
  kill(): Promise<readonly Line[]>;
  /** The same for a child that ends by itself. */
  end(): Promise<readonly Line[]>;
};

/** Compiled modules of earlier children: a third of the time until the rooms are open. */
const CACHE = join(tmpdir(), 'chatelaine-crash-cache');

/** @param wrapper a command that runs the child under itself, such as strace */
export const spawnChild = (wrapper: readonly string[] = []): Child => {
  const [command, ...args] = [...wrapper, process.execPath, SCRIPT];
  const env = { ...process.env, NODE_COMPILE_CACHE: CACHE };
  const child: ChildProcessByStdio<Writable, Readable, null> = spawn(command, args, {
    env,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  let said = '';
  const count = { lines: 0 };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    count.lines += text.split('\n').length - 1;
    child.emit('said');
  });
  child.stdin.on('error', () => undefined);
  const end = async (): Promise<readonly Line[]> => {
    await closed;
    if (child.exitCode !== null && child.exitCode !== 0)
      throw new Error(`The child ended by itself with ${child.exitCode}; see above why.`);
    // A line that was cut off was never told.
    return said
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Line);
  };
  return {
    start: (orders) => void child.stdin.end(`${JSON.stringify(orders)}\n`),
    async said(lines) {
      const isWaiting = (): boolean => count.lines < lines && child.exitCode === null && child.signalCode === null;
      while (isWaiting()) await Promise.race([once(child, 'said'), closed]);
    },
    kill() {
      child.kill('SIGKILL');
      return end();
    },
    end,
  };
};
