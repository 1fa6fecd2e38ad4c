import { defineErrors } from '#kernel';

export const sealingError = defineErrors('sealing', {
  locked: {
    fault: 'locked',
    status: 503,
    exit: 5,
    hint: 'Unlock it first: chatelaine unlock.',
  },
  damaged: {
    fault: 'ours',
    status: 500,
    exit: 70,
    hint: 'Nothing was released. Run chatelaine doctor to see how far the damage goes, and restore from a backup.',
  },
  wrong_receipt: { fault: 'ours', status: 500, exit: 70, hint: 'This is a fault of the program; please report it.' },
  wrong_key: {
    fault: 'refused',
    status: 400,
    exit: 1,
    hint: 'Check that this is the {provider} that belongs to this data folder.',
  },
  key_missing: {
    fault: 'mistake',
    status: 503,
    exit: 2,
    hint: 'Put the key file back at {place}, or unlock with the recovery kit: chatelaine unlock --recovery-key.',
  },
  key_unsafe: {
    fault: 'mistake',
    status: 503,
    exit: 2,
    hint: 'Make it readable by its owner alone: chmod 600 {place}',
  },
  key_inside: {
    fault: 'mistake',
    status: 503,
    exit: 2,
    hint: 'Give it a path outside, best on another volume: --key-file FILE. Without that option it lies beside your configuration.',
  },
  weak_passphrase: {
    fault: 'mistake',
    status: 400,
    exit: 2,
    hint: 'Use at least {least} characters; several random words are easy to remember.',
  },
  malformed_key: {
    fault: 'mistake',
    status: 400,
    exit: 2,
    hint: 'Type it as the recovery kit prints it: 14 groups of 4 characters. Case, spaces and dashes do not matter.',
  },
  no_kit: { fault: 'mistake', status: 409, exit: 2, hint: 'Make one first: chatelaine kit.' },
  rekeyed: {
    fault: 'busy',
    status: 503,
    exit: 5,
    hint: 'The keys were changed meanwhile; nothing was done. Try again.',
  },
  not_initialised: { fault: 'locked', status: 501, exit: 5, hint: 'Create it first: chatelaine up.' },
});
