/**
 * Whose fault it is. A caller may retry `busy`, wait out `locked`, correct `mistake`, ask for rights on `refused`,
 * look elsewhere on `absent`, re-read on `conflict`; `ours` is a fault of the program or its machine.
 */
export type Fault = 'mistake' | 'refused' | 'absent' | 'conflict' | 'locked' | 'busy' | 'ours';

/** Exit code of the CLI for a fault, where the table of errors is not at hand. */
export const EXIT_CODES: Readonly<Record<Fault, number>> = {
  mistake: 2,
  refused: 1,
  absent: 3,
  conflict: 4,
  locked: 5,
  busy: 5,
  ours: 70,
};

/** One row of a room's table of errors. */
export type ErrorRow = {
  readonly fault: Fault;
  /** HTTP status. */
  readonly status: number;
  /** Exit code of the CLI: 1 refused or failed, 2 wrong use, 3 not found, 4 conflict, 5 locked or busy, 70 ours. */
  readonly exit: number;
  /** What to do next; may name fields of the details as `{field}`. */
  readonly hint?: string;
};

/** Plain facts that fill the message and travel with the error. Never a secret value. */
export type ErrorDetails = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

/** The one error type that reaches people. Its code is stable; its message may be reworded. */
export class ChatelaineError extends Error {
  readonly code: string;
  readonly fault: Fault;
  readonly status: number;
  readonly exit: number;
  readonly hint: string | undefined;
  readonly details: ErrorDetails;

  constructor(code: string, row: ErrorRow, message: string, details: ErrorDetails = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'ChatelaineError';
    this.code = code;
    this.fault = row.fault;
    this.status = row.status;
    this.exit = row.exit;
    this.hint = row.hint === undefined ? undefined : fill(row.hint, details);
    this.details = details;
  }
}

/** Makes errors of one room: `refuse('version_conflict', 'The message.', { details })`. */
export type ErrorMaker<Code extends string> = (
  code: Code,
  message: string,
  details?: ErrorDetails,
  cause?: unknown,
) => ChatelaineError;

/**
 * Declares a room's table of errors and gives its maker.
 *
 *     export const storageError = defineErrors('storage', { folder_newer: { fault: 'mistake', status: 500, … } });
 *     throw storageError('folder_newer', 'This folder was written by version 9.', { found: 9 });
 *
 * The code a caller sees is `room.code`.
 */
export const defineErrors =
  <const Table extends Readonly<Record<string, ErrorRow>>>(
    room: string,
    table: Table,
  ): ErrorMaker<keyof Table & string> =>
  (code, message, details, cause) => {
    const row = table[code];
    if (row === undefined) throw new TypeError(`${room} has no error ${code}.`);
    return new ChatelaineError(`${room}.${code}`, row, message, details, cause);
  };

/** True when the error is ours and carries this code. */
export const hasCode = (error: unknown, code: string): error is ChatelaineError =>
  error instanceof ChatelaineError && error.code === code;

const fill = (template: string, details: ErrorDetails): string =>
  template.replaceAll(/\{(\w+)\}/g, (whole, name: string) => (name in details ? String(details[name]) : whole));
