import { defineErrors } from '#kernel';

export const scannerError = defineErrors('scanner', {
  rules_invalid: {
    fault: 'mistake',
    status: 400,
    exit: 2,
    hint: 'Correct the rules named above; docs/rules.md describes their form.',
  },
  rules_stale: {
    fault: 'ours',
    status: 500,
    exit: 70,
    hint: 'Install the program again, or, where its rules were changed by hand: node scripts/build-rules.mjs',
  },
  part_missing: {
    fault: 'ours',
    status: 500,
    exit: 70,
    hint: 'Install the program again: {file} belongs to it.',
  },
  baseline: {
    fault: 'mistake',
    status: 400,
    exit: 2,
    hint: 'A line is: fingerprint, rule, last day (YYYY-MM-DD), owner, reason. Correct line {line}, or remove it.',
  },
  path_none: {
    fault: 'mistake',
    status: 400,
    exit: 2,
    hint: 'Check the spelling; paths are relative to where you are.',
  },
  git_missing: {
    fault: 'mistake',
    status: 500,
    exit: 2,
    hint: 'Install git, or scan the folder without its history: chatelaine scan {path}',
  },
  git_none: {
    fault: 'mistake',
    status: 400,
    exit: 2,
    hint: 'Name a folder inside a repository, or scan it without history: chatelaine scan {path}',
  },
  git_owner: {
    fault: 'refused',
    status: 400,
    exit: 2,
    hint: 'If you trust it: git config --global --add safe.directory {path}',
  },
  git_broken: {
    fault: 'mistake',
    status: 400,
    exit: 3,
    hint: 'git fsck tells what is damaged. A fresh clone usually helps.',
  },
  git_revision: {
    fault: 'mistake',
    status: 400,
    exit: 2,
    hint: 'Give commits, branches or ranges as git knows them: main..feature',
  },
  push_lines: {
    fault: 'mistake',
    status: 400,
    exit: 2,
    hint: 'This is for git to call. Install the hook: chatelaine scan --install-hook',
  },
  github_name: {
    fault: 'mistake',
    status: 400,
    exit: 2,
    hint: 'Write it as OWNER/REPO, as it stands in the address of its page.',
  },
  clone_failed: {
    fault: 'mistake',
    status: 502,
    exit: 3,
    hint: 'Check the name and the network; for a private repository clone it yourself and scan the clone with --git.',
  },
  url: {
    fault: 'mistake',
    status: 400,
    exit: 2,
    hint: 'Give an address that begins with https:// or http:// and holds no name or password.',
  },
  url_failed: {
    fault: 'mistake',
    status: 502,
    exit: 3,
    hint: 'Check the address, the network and the certificate: curl -I {url}',
  },
});
