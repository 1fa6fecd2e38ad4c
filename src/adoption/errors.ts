import { defineErrors } from '#kernel';

export const adoptionError = defineErrors('adoption', {
  no_rendering: { fault: 'absent', status: 404, exit: 3, hint: 'Adopt the files first: chatelaine adopt .' },
  no_original: {
    fault: 'absent',
    status: 404,
    exit: 3,
    hint: 'Originals are kept by adopt --rewrite until they are confirmed.',
  },
  original_destroyed: {
    fault: 'absent',
    status: 404,
    exit: 3,
    hint: 'It was destroyed when the rewritten files were confirmed.',
  },
  twice: {
    fault: 'mistake',
    status: 400,
    exit: 2,
    hint: 'Send each name once; names that differ only by case are one.',
  },
});
