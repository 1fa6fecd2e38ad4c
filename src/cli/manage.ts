import { type CommandEntry, entriesOf } from './command-entry.ts';

const entry = entriesOf('manage');

/** What people do to keep order. */
export const MANAGE: readonly CommandEntry[] = [
  entry('show', 'Everything about a credential but its value', async () => (await import('./commands/show.ts')).show),
  entry(
    'generate',
    'Make a strong new value of the right shape',
    async () => (await import('./commands/generate.ts')).generate,
  ),
  entry(
    'redact',
    'A filter: replaces credentials in a log by what they are',
    async () => (await import('./commands/redact.ts')).redact,
  ),
  entry(
    'share-copy',
    'Copy a configuration with fakes in place of credentials, to show it',
    async () => (await import('./commands/share-copy.ts')).shareCopy,
  ),
  entry(
    'history',
    'Versions and changes of state, without values',
    async () => (await import('./commands/history.ts')).history,
  ),
  entry(
    'rollback',
    'Put an older value back into force',
    async () => (await import('./commands/rollback.ts')).rollback,
  ),
  entry(
    'promote',
    'Put a value that was kept aside into force',
    async () => (await import('./commands/promote.ts')).promote,
  ),
  entry(
    'suspend',
    'Stop handing a credential out, for now',
    async () => (await import('./commands/endings.ts')).suspend,
  ),
  entry('resume', 'Hand a suspended credential out again', async () => (await import('./commands/endings.ts')).resume),
  entry(
    'retire',
    'Never hand a credential out again; keep it readable',
    async () => (await import('./commands/endings.ts')).retire,
  ),
  entry(
    'compromise',
    'Mark a credential as known to somebody else',
    async () => (await import('./commands/endings.ts')).compromise,
  ),
  entry(
    'destroy',
    'Make every version unreadable, for good',
    async () => (await import('./commands/destroy.ts')).destroy,
  ),
  entry('transfer', 'Give a credential another name', async () => (await import('./commands/transfer.ts')).transfer),
  entry('findings', 'What is wrong now', async () => (await import('./commands/findings.ts')).findings),
  entry('excuse', 'Accept a finding for a time', async () => (await import('./commands/excuse.ts')).excuse),
  entry(
    'project list',
    'Projects and their environments',
    async () => (await import('./commands/project.ts')).projectList,
  ),
  entry(
    'project create',
    'Make a project, with its own keys',
    async () => (await import('./commands/project.ts')).projectCreate,
  ),
  entry(
    'project environment',
    'Add an environment to a project',
    async () => (await import('./commands/project.ts')).projectEnvironment,
  ),
  entry(
    'grant list',
    'Who may do what, where, until when',
    async () => (await import('./commands/grant.ts')).grantList,
  ),
  entry('grant give', 'Give somebody a role on a place', async () => (await import('./commands/grant.ts')).grantGive),
  entry('grant revoke', 'Take a grant away', async () => (await import('./commands/grant.ts')).grantRevoke),
  entry('token create', 'Make a token for a program', async () => (await import('./commands/token.ts')).tokenCreate),
  entry(
    'token list',
    'Tokens in force, yours or somebody’s',
    async () => (await import('./commands/token.ts')).tokenList,
  ),
  entry('token show', 'What is known of a token', async () => (await import('./commands/token.ts')).tokenShow),
  entry(
    'token revoke',
    'End a token and all that came from it',
    async () => (await import('./commands/token.ts')).tokenRevoke,
  ),
  entry(
    'token sign-in',
    'Make a one-time code that signs somebody in',
    async () => (await import('./commands/token.ts')).tokenSignIn,
  ),
  entry(
    'identity list',
    'People, services and devices',
    async () => (await import('./commands/identity.ts')).identityList,
  ),
  entry(
    'identity create',
    'Add a person, a service or a device',
    async () => (await import('./commands/identity.ts')).identityCreate,
  ),
  entry(
    'identity suspend',
    'Nothing of an identity is valid for now',
    async () => (await import('./commands/identity.ts')).identitySuspend,
  ),
  entry(
    'identity resume',
    'Make a suspended identity valid again',
    async () => (await import('./commands/identity.ts')).identityResume,
  ),
  entry(
    'explain',
    'Which rule allows or denies, and what is missing',
    async () => (await import('./commands/explain.ts')).explain,
  ),
  entry(
    'import',
    'Take values in from .env, sops files or a Vault',
    async () => (await import('./commands/import.ts')).importValues,
  ),
  entry(
    'export',
    'Take values out, encrypted unless told otherwise',
    async () => (await import('./commands/export.ts')).exportValues,
  ),
  entry(
    'leave',
    'Write everything back as plain files, and go',
    async () => (await import('./commands/leave.ts')).leave,
  ),
];
