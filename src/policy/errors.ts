import { defineErrors } from '#kernel';

export const policyError = defineErrors('policy', {
  malformed: { fault: 'mistake', status: 400, exit: 2, hint: 'Correct the field "{field}" and send it again.' },
  place_absent: {
    fault: 'absent',
    status: 404,
    exit: 3,
    hint: 'chatelaine list shows the projects and environments you may see.',
  },
  grant_absent: { fault: 'absent', status: 404, exit: 3, hint: 'chatelaine grant list shows the grants in force.' },
  exception_absent: {
    fault: 'absent',
    status: 404,
    exit: 3,
    hint: 'Check the id; an exception that ended needs no revoking.',
  },
  policy_absent: { fault: 'absent', status: 404, exit: 3, hint: 'Check the id of the policy.' },
  too_long: {
    fault: 'mistake',
    status: 400,
    exit: 2,
    hint: 'The posture "{posture}" allows at most {longest}: ask for an earlier end.',
  },
  last_owner: {
    fault: 'conflict',
    status: 409,
    exit: 4,
    hint: 'Make somebody else owner of the installation first, or resume one who is suspended: nobody could grant anything any more.',
  },
  already: { fault: 'conflict', status: 409, exit: 4, hint: 'Nothing was changed.' },
  invalid: { fault: 'mistake', status: 400, exit: 2, hint: 'docs/roles.md lists what a policy may speak of.' },
  too_many: {
    fault: 'mistake',
    status: 400,
    exit: 2,
    hint: 'Remove a policy first; {limit} are the most in one project.',
  },
});
