import { defineErrors } from '#kernel';

export const ledgerError = defineErrors('ledger', {
  empty: { fault: 'locked', status: 501, exit: 5, hint: 'Create it first: chatelaine up.' },
  absent: { fault: 'absent', status: 404, exit: 3, hint: 'The ledger has {size} entries, counted from 0.' },
  bad_reason: {
    fault: 'mistake',
    status: 400,
    exit: 2,
    hint: 'Say in one line why: chatelaine audit accept-rollback --reason TEXT.',
  },
  head_mismatch: {
    fault: 'ours',
    status: 500,
    exit: 70,
    hint: 'An older row was put back, or the ledger was. Nothing was released. Run chatelaine doctor.',
  },
  damaged: {
    fault: 'ours',
    status: 500,
    exit: 70,
    hint: 'Run chatelaine audit verify to see where, and restore from a backup.',
  },
  rolled_back: {
    fault: 'ours',
    status: 500,
    exit: 70,
    hint: 'If an older copy was restored on purpose, say so: chatelaine audit accept-rollback --reason TEXT.',
  },
});
