/** What a command says when it ends; docs/cli.md prints this table. `run` gives the exit code of its own command. */
export const EXIT_CODES = {
  0: 'done',
  1: 'refused, or it failed',
  2: 'wrong use: the command line or an input is not right',
  3: 'not found',
  4: 'conflict: the thing changed meanwhile, or was edited by hand',
  5: 'locked, busy, or no server answers: try again later',
  70: 'a fault of the program or its machine',
} as const;

/** An exit code: one of the table, or what a started command gave. */
export type ExitCode = number;

export const DONE: ExitCode = 0;
export const FAILED: ExitCode = 1;
