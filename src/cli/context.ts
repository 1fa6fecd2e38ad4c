import type { Clock, Random } from '#kernel';
import type { Memory } from './memory.ts';
import type { Operations } from './operations.ts';
import type { Server } from './session.ts';
import type { Terminal } from './terminal.ts';

/** Everything a command may touch besides its own options. */
export type Context = {
  readonly terminal: Terminal;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where the person stands. */
  readonly directory: string;
  readonly clock: Clock;
  readonly random: Random;
  /** Answers are JSON. */
  readonly json: boolean;
  /** Aborted by Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
  /** `--server` and `--data`, where given. */
  readonly where: { readonly server: string | undefined; readonly data: string | undefined };
  /** What this person's machine remembers between commands. */
  readonly memory: Memory;
  /** Connects and signs in on first use. */
  server(): Promise<Server>;
  /** Closes the connection, for a command that goes on without it. */
  release(): Promise<void>;
  /** What works on a data folder without a server. */
  operations(): Promise<Operations>;
  /** The page about a command, or about all of them. */
  help(words: readonly string[]): Promise<readonly string[]>;
  /** The answer: as JSON when asked for, else as a person likes to read it. */
  answer(value: object, show: () => void): void;
};
