import type { ReadStream } from 'node:tty';
import { createInterface } from 'node:readline';
import { Secret } from '#kernel';
import { cliError } from './errors.ts';
import { NO_PAINT, PAINT, wantsColour } from './paint.ts';
import { NO_PROGRESS, progressBar } from './progress.ts';
import type { Terminal } from './terminal.ts';

type Streams = {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
};

/** Off a terminal nothing is cut: whoever reads it later may have a wider one. */
const WIDE = 160;
/** A passphrase or a pasted key; more is a mistake. */
const LONGEST_LINE = 65_536;

export const nodeTerminal = (
  { stdin, stdout, stderr }: Streams,
  environment: Readonly<Record<string, string | undefined>>,
  options: { readonly colour: boolean; readonly monotonic: () => number },
): Terminal => {
  const paintFor = (stream: { readonly isTTY?: boolean }) =>
    options.colour && wantsColour(stream.isTTY === true, environment) ? PAINT : NO_PAINT;
  const canAsk = stdin.isTTY && stderr.isTTY;
  const demand = (instead: string): void => {
    if (!canAsk) throw cliError('needs_terminal', 'There is nobody to ask: this is not a terminal.', { instead });
  };
  return {
    print: (line = '') => void stdout.write(`${line}\n`),
    printRaw: (bytes) => void stdout.write(bytes),
    say: (line = '') => void stderr.write(`${line}\n`),
    isTerminal: stdout.isTTY,
    canAsk,
    columns: stdout.isTTY ? Math.max(40, stdout.columns) : WIDE,
    paint: paintFor(stdout),
    paintRemarks: paintFor(stderr),
    progress: (says) =>
      stderr.isTTY
        ? progressBar(says, (text) => void stderr.write(text), stderr.columns, options.monotonic)
        : NO_PROGRESS,
    async ask(question, instead) {
      demand(instead);
      const lines = createInterface({ input: stdin, output: stderr });
      try {
        return await new Promise<string>((resolve, reject) => {
          lines.on('SIGINT', () => reject(interrupted()));
          lines.on('close', () => reject(cliError('not_confirmed', 'Nothing was answered.')));
          lines.question(`${question} `, resolve);
        });
      } finally {
        lines.close();
      }
    },
    async askSecret(question, instead) {
      demand(instead);
      try {
        return await readHidden(stdin, () => stderr.write(`${question} `));
      } finally {
        stderr.write('\n');
      }
    },
    async readInput(limit) {
      const chunks: Buffer[] = [];
      let size = 0;
      for await (const chunk of stdin as AsyncIterable<Buffer>) {
        size += chunk.length;
        if (size > limit) throw cliError('too_large', 'Standard input is too long.', { limit });
        chunks.push(chunk);
      }
      return Secret.fromBytes(Buffer.concat(chunks));
    },
  };
};

/** Ctrl-C at a question ends the program as the signal would. */
const interrupted = () => new Interrupted();
export class Interrupted extends Error {
  readonly exit = 130;
}

/** One line in raw mode, where the terminal echoes nothing. It is asked for after that, so that no quick finger is shown. */
const readHidden = (stdin: ReadStream, ask: () => void): Promise<Secret> =>
  new Promise((resolve, reject) => {
    let typed: number[] = [];
    const end = (finish: () => void): void => {
      stdin.off('data', take);
      stdin.setRawMode(false);
      stdin.pause();
      finish();
      typed = typed.fill(0);
    };
    const take = (chunk: Buffer): void => {
      for (const byte of chunk) {
        if (byte === 0x0d || byte === 0x0a) return end(() => resolve(Secret.fromBytes(Uint8Array.from(typed))));
        if (byte === 0x03) return end(() => reject(interrupted()));
        if (byte === 0x04 && typed.length === 0)
          return end(() => reject(cliError('not_confirmed', 'Nothing was typed.')));
        if (byte === 0x15) typed = [];
        else if (byte === 0x7f || byte === 0x08) eraseLast(typed);
        else if (byte >= 0x20 && typed.length < LONGEST_LINE) typed.push(byte);
      }
    };
    stdin.setRawMode(true);
    stdin.on('data', take);
    stdin.resume();
    ask();
  });

/** A character of several UTF-8 bytes goes as a whole. */
const eraseLast = (typed: number[]): void => {
  while (typed.length > 0 && (typed.pop()! & 0xc0) === 0x80);
};
