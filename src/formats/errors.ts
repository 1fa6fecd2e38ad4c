import { defineErrors } from '#kernel';

export const formatsError = defineErrors('formats', {
  changed: {
    fault: 'conflict',
    status: 409,
    exit: 4,
    hint: 'Nothing was written. Run the command again, so that it works on {path} as it is now.',
  },
  overlapping: { fault: 'ours', status: 500, exit: 70, hint: 'Report this with the kind of file it happened on.' },
  unrepresentable: {
    fault: 'mistake',
    status: 422,
    exit: 1,
    hint: 'Nothing was written. Generate a value of letters and digits for {credential}, or hand it over with `chatelaine run`.',
  },
  value_missing: {
    fault: 'absent',
    status: 404,
    exit: 3,
    hint: 'Set it first: chatelaine set {credential}',
  },
  malformed_template: {
    fault: 'mistake',
    status: 400,
    exit: 2,
    hint: 'A hole is {{ name }}, with nothing but the name of a credential between the braces. Write {{{{ for two braces.',
  },
});
