import { defineErrors } from '#kernel';

export const identityError = defineErrors('identity', {
  unauthenticated: {
    fault: 'refused',
    status: 403,
    exit: 1,
    hint: 'Sign in (chatelaine login) or give a token that is in force. For safety no answer says which part was wrong.',
  },
  malformed: { fault: 'mistake', status: 400, exit: 2, hint: 'Correct the field "{field}" and send it again.' },
  name_taken: { fault: 'conflict', status: 409, exit: 4, hint: 'Choose another name; names differ by more than case.' },
  name_reserved: {
    fault: 'mistake',
    status: 400,
    exit: 2,
    hint: 'Choose another name; this one would mislead readers of the audit log.',
  },
  absent: { fault: 'absent', status: 404, exit: 3, hint: 'chatelaine identity list shows who is known.' },
  token_absent: {
    fault: 'absent',
    status: 404,
    exit: 3,
    hint: 'Check the accessor; a token that is not yours answers the same as one that never was.',
  },
  beyond_parent: {
    fault: 'refused',
    status: 400,
    exit: 1,
    hint: 'A token never gets more than the token that makes it: ask for less, or sign in with more.',
  },
  not_renewable: { fault: 'refused', status: 400, exit: 1, hint: 'Make a new token, or sign in again.' },
  not_active: {
    fault: 'refused',
    status: 403,
    exit: 1,
    hint: 'Resume the identity first: chatelaine identity resume {name}.',
  },
  already: { fault: 'conflict', status: 409, exit: 4, hint: 'Nothing was changed.' },
  wrong_caller: { fault: 'ours', status: 500, exit: 70, hint: 'This is a fault of the program; please report it.' },
});

/** One text for every cause, so that nothing can be learned from it (the class of CVE-2025-54999 and CVE-2025-6011). */
export const unauthenticated = () => identityError('unauthenticated', 'Nobody is proven by this request.');
