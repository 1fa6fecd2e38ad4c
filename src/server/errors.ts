import { defineErrors } from '#kernel';

export const serverError = defineErrors('server', {
  unknown_setting: {
    fault: 'mistake',
    status: 500,
    exit: 2,
    hint: 'Did you mean "{nearest}"? See chatelaine up --help.',
  },
  bad_setting: { fault: 'mistake', status: 500, exit: 2, hint: 'It comes from {source}. See chatelaine up --help.' },
  unreadable_file: { fault: 'mistake', status: 500, exit: 2, hint: 'Check its owner and mode: {place}.' },
  open_to_network: {
    fault: 'mistake',
    status: 500,
    exit: 2,
    hint: 'Give it a certificate (--tls-cert, --tls-key), or listen on 127.0.0.1. Plain HTTP elsewhere needs --allow-plain-http.',
  },
  address_in_use: {
    fault: 'conflict',
    status: 500,
    exit: 5,
    hint: 'Stop what listens there, or choose another: --listen.',
  },
  clock_wrong: {
    fault: 'mistake',
    status: 500,
    exit: 5,
    hint: 'Set it (timedatectl, or wait for the network), then start again: ends of grants and tokens depend on it.',
  },
  not_a_demo: {
    fault: 'mistake',
    status: 500,
    exit: 2,
    hint: 'A demo lives in a throwaway folder. Start the real one: chatelaine up.',
  },
  file_exists: {
    fault: 'conflict',
    status: 409,
    exit: 4,
    hint: 'Nothing was overwritten. Give it another name or folder.',
  },
  folder_not_empty: {
    fault: 'conflict',
    status: 409,
    exit: 4,
    hint: 'Restore into a folder of its own: chatelaine restore FILE --data FOLDER.',
  },
  malformed_backup: {
    fault: 'mistake',
    status: 400,
    exit: 1,
    hint: 'Nothing was kept of it. Try another backup: chatelaine restore --check FILE.',
  },
  foreign_backup: {
    fault: 'refused',
    status: 400,
    exit: 1,
    hint: 'Compare the verifier key with the one in the recovery kit. Keep the file as evidence.',
  },
  newer_backup: {
    fault: 'mistake',
    status: 400,
    exit: 2,
    hint: 'Restore it with that version ({version}), or a newer one.',
  },
  kit_of_another: {
    fault: 'conflict',
    status: 409,
    exit: 4,
    hint: 'One kit is in force at a time. Ask {owner} whether the page may become worthless, then: chatelaine kit create --replace.',
  },
  no_kit: { fault: 'absent', status: 404, exit: 3, hint: 'Make one: chatelaine kit create.' },
  no_kit_inside: {
    fault: 'mistake',
    status: 400,
    exit: 2,
    hint: 'Give the page that chatelaine kit printed, or the lines of it that are asked for.',
  },
  no_folder: { fault: 'mistake', status: 404, exit: 3, hint: 'Say where it is: --data FOLDER.' },
});
