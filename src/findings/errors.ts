import { defineErrors } from '#kernel';

export const findingsError = defineErrors('findings', {
  absent: { fault: 'absent', status: 404, exit: 3, hint: 'See what there is: chatelaine findings.' },
  closed: { fault: 'conflict', status: 409, exit: 4, hint: 'Nothing was changed.' },
  bad_life: { fault: 'mistake', status: 400, exit: 2, hint: 'Give a time from one minute to {longest}.' },
});
