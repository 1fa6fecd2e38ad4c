import { defineErrors } from '#kernel';

export const inventoryError = defineErrors('inventory', {
  no_project: {
    fault: 'absent',
    status: 404,
    exit: 3,
    hint: 'Make it first: chatelaine project create {project}. Projects are not made by accident.',
  },
  no_environment: {
    fault: 'absent',
    status: 404,
    exit: 3,
    hint: 'Make it first: chatelaine project environment {project} {environment}.',
  },
  no_credential: {
    fault: 'absent',
    status: 404,
    exit: 3,
    hint: 'See what there is: chatelaine list {project}/{environment}.',
  },
  project_exists: { fault: 'conflict', status: 409, exit: 4, hint: 'Use it as it is, or choose another name.' },
  environment_exists: { fault: 'conflict', status: 409, exit: 4, hint: 'Use it as it is, or choose another name.' },
  name_differs_by_case: {
    fault: 'conflict',
    status: 409,
    exit: 4,
    hint: 'Use the existing spelling "{existing}", or a name that differs by more than case.',
  },
  name_taken: {
    fault: 'conflict',
    status: 409,
    exit: 4,
    hint: 'See it: chatelaine show {path}. Choose another name, or, if nothing needs it, end it first: chatelaine destroy {path} --forget --reason "replaced".',
  },
  illegal_transition: { fault: 'conflict', status: 409, exit: 4, hint: 'From here it may become: {possible}.' },
  changed_meanwhile: {
    fault: 'conflict',
    status: 412,
    exit: 4,
    hint: 'Read it again, look at what changed, and repeat your change on what is there now.',
  },
  bad_field: { fault: 'mistake', status: 400, exit: 2, hint: 'See chatelaine set --help for what each field takes.' },
});
