import { ChatelaineError, defineErrors } from '#kernel';

export const storageError = defineErrors('storage', {
  folder_in_use: {
    fault: 'conflict',
    status: 503,
    exit: 5,
    hint: 'Stop the other process first (chatelaine status shows it), or give this one another folder with --data.',
  },
  folder_newer: {
    fault: 'mistake',
    status: 500,
    exit: 2,
    hint: 'Run the version that wrote it, or a newer one: nothing was changed.',
  },
  migrations_differ: {
    fault: 'ours',
    status: 500,
    exit: 70,
    hint: 'This database was made by another build. Nothing was changed; restore a backup or use that build.',
  },
  unreadable: {
    fault: 'ours',
    status: 500,
    exit: 70,
    hint: 'Check the owner, mode and free space of {place}; it must be yours and writable.',
  },
  unusable: {
    fault: 'mistake',
    status: 500,
    exit: 2,
    hint: 'Check the path, its owner and its mode (ls -ld {place}): it must be yours and writable. Or give another: --data FOLDER.',
  },
  unsafe_server: {
    fault: 'mistake',
    status: 500,
    exit: 2,
    hint: 'Set {setting} = {wanted} on this server: without it an acknowledged change can be lost or damaged.',
  },
  bad_address: {
    fault: 'mistake',
    status: 500,
    exit: 2,
    hint: 'Write postgresql://user@host:5432/database, with %-escapes in user and password; the password may also come from PGPASSWORD or ~/.pgpass.',
  },
  unreachable: {
    fault: 'busy',
    status: 503,
    exit: 5,
    hint: 'Check that the server of {place} runs and accepts this user. Other hosts are reached with verified TLS unless the URL says sslmode=disable.',
  },
  connection_lost: { fault: 'busy', status: 503, exit: 5, hint: 'Nothing was changed; try again.' },
  busy: { fault: 'busy', status: 503, exit: 5, hint: 'Try again in a moment; nothing was changed.' },
  unstorable: {
    fault: 'mistake',
    status: 400,
    exit: 2,
    hint: 'Text must be well-formed Unicode without NUL; numbers must be whole and below 2^53.',
  },
  full: {
    fault: 'ours',
    status: 507,
    exit: 70,
    hint: 'Free space on the volume of {place}, then try again: nothing was changed.',
  },
  fatal: {
    fault: 'ours',
    status: 503,
    exit: 70,
    hint: 'The disk did not confirm a write. The program stops rather than guess; check the disk, then start it again.',
  },
  not_empty: {
    fault: 'conflict',
    status: 409,
    exit: 4,
    hint: 'Restore into a folder or database of its own: nothing is ever overwritten.',
  },
  malformed_backup: {
    fault: 'mistake',
    status: 400,
    exit: 1,
    hint: 'Nothing was kept of it. Try another backup: chatelaine restore --check FILE.',
  },
  unlisted_table: {
    fault: 'ours',
    status: 500,
    exit: 70,
    hint: 'A backup without it would be incomplete; please report this.',
  },
  row_untrue: {
    fault: 'ours',
    status: 500,
    exit: 70,
    hint: 'Somebody edited it in the database or put an older state back. It was not used. Run chatelaine doctor.',
  },
  rows_untrue: {
    fault: 'ours',
    status: 500,
    exit: 70,
    hint: 'Somebody changed the database. Keep a copy as evidence, run chatelaine doctor, then restore the newest backup that passes.',
  },
  closed: { fault: 'busy', status: 503, exit: 5, hint: 'The program is stopping; try again in a moment.' },
  unknown_outcome: { fault: 'ours', status: 503, exit: 70, hint: 'Read the thing again before you repeat the change.' },
});

/** Whether the database failed, which says nothing of what was asked of it. */
export const isStorageError = (error: unknown): boolean =>
  error instanceof ChatelaineError && error.code.startsWith('storage.');
