import { defineErrors } from '#kernel';

export const deedsError = defineErrors('deeds', {
  denied: {
    fault: 'refused',
    status: 403,
    exit: 1,
    hint: '{remedy}',
  },
  stopping: { fault: 'busy', status: 503, exit: 5, hint: 'The program is stopping; try again in a moment.' },
  overloaded: { fault: 'busy', status: 503, exit: 5, hint: 'Too many requests are waiting; try again in a moment.' },
  unknown: { fault: 'ours', status: 500, exit: 70, hint: 'This is a fault in Chatelaine; please report it.' },
  unsettled: {
    fault: 'busy',
    status: 503,
    exit: 5,
    hint: 'Rights keep changing while this is decided; nothing was done. Try again.',
  },
});
