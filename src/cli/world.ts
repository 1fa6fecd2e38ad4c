import type { Clock, Random } from '#kernel';
import type { Operations } from './operations.ts';
import type { Terminal } from './terminal.ts';

/** What main.ts gives, and tests fake. */
export type World = {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly directory: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly signal: AbortSignal;
  terminal(options: { readonly colour: boolean }): Terminal;
  operations(): Promise<Operations>;
};
