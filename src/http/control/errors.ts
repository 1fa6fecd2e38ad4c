import { defineErrors } from '#kernel';

export const controlError = defineErrors('control', {
  foreign: {
    fault: 'absent',
    status: 404,
    exit: 3,
    hint: 'chatelaine list shows what you may see; chatelaine explain says why you may not.',
  },
  bad_request: {
    fault: 'mistake',
    status: 400,
    exit: 2,
    hint: 'The form of every request stands in /api/openapi.json.',
  },
  body_refused: { fault: 'mistake', status: 400, exit: 2, hint: 'Send this request without a body.' },
  elsewhere: {
    fault: 'refused',
    status: 403,
    exit: 1,
    hint: 'Unlock it there, as the user it runs as and through its socket: chatelaine unlock. From here the recovery kit does: chatelaine unlock --recovery-key.',
  },
  no_kit: { fault: 'absent', status: 404, exit: 3, hint: 'Make one: chatelaine kit create.' },
  if_match_refused: {
    fault: 'mistake',
    status: 400,
    exit: 2,
    hint: 'This change cannot be made conditional on what was read; leave If-Match out.',
  },
  bad_key: {
    fault: 'mistake',
    status: 400,
    exit: 2,
    hint: 'An Idempotency-Key has 8 to 128 letters, digits and - _ . : characters.',
  },
  key_refused: {
    fault: 'mistake',
    status: 400,
    exit: 2,
    hint: 'Only changes by a signed-in caller take an Idempotency-Key; what only reads is sent again without one.',
  },
  key_reused: {
    fault: 'mistake',
    status: 422,
    exit: 2,
    hint: 'Take a fresh key for another request; the same key means the same request.',
  },
  key_in_use: {
    fault: 'conflict',
    status: 409,
    exit: 4,
    hint: 'The first request with this key has not answered. Read the thing to see whether it was done, then use a fresh key.',
  },
  not_local: {
    fault: 'mistake',
    status: 400,
    exit: 2,
    hint: 'Use the socket of this machine, or sign in with a code: chatelaine login --code.',
  },
  no_doorstep: {
    fault: 'ours',
    status: 500,
    exit: 70,
    hint: 'The folder {folder} must be a folder of mode 0700 that belongs to the program.',
  },
});
