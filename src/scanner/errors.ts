import { defineErrors } from '#kernel';

export const scannerError = defineErrors('scanner', {
  rules_invalid: {
    fault: 'mistake',
    status: 400,
    exit: 2,
    hint: 'Correct the rules named above; docs/rules.md describes their form.',
  },
});
