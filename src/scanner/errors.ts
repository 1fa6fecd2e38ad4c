import { defineErrors } from '#kernel';

export const scannerError = defineErrors('scanner', {
  rules_invalid: {
    fault: 'mistake',
    status: 400,
    exit: 2,
    hint: 'Correct the rules named above; docs/rules.md describes their form.',
  },
  baseline: {
    fault: 'mistake',
    status: 400,
    exit: 2,
    hint: 'A line is: fingerprint, rule, last day (YYYY-MM-DD), owner, reason. Correct line {line}, or remove it.',
  },
});
