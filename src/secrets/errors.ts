import { defineErrors } from '#kernel';

export const secretsError = defineErrors('secrets', {
  malformed_value: {
    fault: 'mistake',
    status: 400,
    exit: 2,
    hint: 'A value is a JSON object, for example {"password": "…"}, of at most {limit} bytes.',
  },
  no_version: { fault: 'absent', status: 404, exit: 3, hint: 'See which there are: chatelaine history {path}.' },
  version_deleted: {
    fault: 'absent',
    status: 404,
    exit: 3,
    hint: 'It was deleted and can be brought back: chatelaine rollback {path} --version {version}.',
  },
  version_destroyed: { fault: 'absent', status: 404, exit: 3, hint: 'It was destroyed; nobody can read it again.' },
  version_conflict: {
    fault: 'conflict',
    status: 400,
    exit: 4,
    hint: 'The current version is {current}; read it, then write with check-and-set {current}.',
  },
  cas_required: {
    fault: 'mistake',
    status: 400,
    exit: 2,
    hint: 'This credential takes no blind writes: say which version you replace (currently {current}).',
  },
  not_in_this_state: { fault: 'refused', status: 403, exit: 1, hint: '{remedy}' },
  shared_across_environments: {
    fault: 'refused',
    status: 409,
    exit: 1,
    hint: 'Give each environment a value of its own: chatelaine generate {path}.',
  },
  not_wrapped: {
    fault: 'mistake',
    status: 400,
    exit: 1,
    hint: 'It can be opened once, until it ends. If you did not open it, somebody else did: tell its sender.',
  },
  not_scrubbed: {
    fault: 'busy',
    status: 503,
    exit: 5,
    hint: 'Nothing needs repeating: the files are cleaned by themselves, tried every minute. Where the disk is full, free space on it first.',
  },
  rolled_back: {
    fault: 'ours',
    status: 500,
    exit: 70,
    hint: 'An older row was put back into the database. Nothing was released. Run chatelaine doctor.',
  },
});
