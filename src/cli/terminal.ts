import type { Secret } from '#kernel';
import type { Paint } from './paint.ts';

/** Where a command reads and writes; tests give one that remembers. */
export type Terminal = {
  /** Answers: what a pipe receives. A line break is added. */
  print(line?: string): void;
  /** Bytes as they are, without a line break. */
  printRaw(bytes: Uint8Array): void;
  /** Remarks, warnings and progress: never part of an answer. */
  say(line?: string): void;
  /** True when a person reads the answers. */
  readonly isTerminal: boolean;
  /** True when somebody can be asked. */
  readonly canAsk: boolean;
  /** Columns of the terminal; a wide page where there is none. */
  readonly columns: number;
  readonly paint: Paint;
  /** As `paint`, for `say`. */
  readonly paintRemarks: Paint;
  /** Shows how far a long work is; invisible off a terminal. */
  progress(says: string): Progress;
  /** Asks and reads one line. Errors: `cli.needs_terminal`. */
  ask(question: string, instead: string): Promise<string>;
  /** Asks without showing what is typed. */
  askSecret(question: string, instead: string): Promise<Secret>;
  /** All of standard input. Errors: `cli.too_large`. */
  readInput(limit: number): Promise<Secret>;
};

export type Progress = {
  /** `total` undefined: how much there is is not known. */
  at(done: number, total?: number): void;
  end(): void;
};
