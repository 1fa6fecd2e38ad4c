import { defineErrors } from '#kernel';

export const catalogueError = defineErrors('catalogue', {
  not_generated: {
    fault: 'mistake',
    status: 400,
    exit: 2,
    hint: 'Get it from the system that issues it, then store it: chatelaine set PATH.',
  },
  stuck_random: {
    fault: 'ours',
    status: 500,
    exit: 70,
    hint: 'Do not use this machine for keys until its random generator is repaired.',
  },
});
