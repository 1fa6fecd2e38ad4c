import { type CommandEntry, entriesOf } from './command-entry.ts';

const entry = entriesOf('operate');

/** What whoever runs the program does. */
export const OPERATE: readonly CommandEntry[] = [
  entry('up', 'Start the server; the first time, set it up', async () => (await import('./commands/up.ts')).up),
  entry(
    'demo',
    'Try it out on an example home, in a throwaway folder',
    async () => (await import('./commands/demo.ts')).demo,
  ),
  entry(
    'status',
    'Which server, locked or not, who you are',
    async () => (await import('./commands/status.ts')).status,
  ),
  entry('login', 'Sign in with a one-time code', async () => (await import('./commands/login.ts')).login),
  entry('logout', 'End the session of this machine', async () => (await import('./commands/logout.ts')).logout),
  entry('lock', 'Drop the root key: nothing is handed out', async () => (await import('./commands/lock.ts')).lock),
  entry('unlock', 'Take the root key up again', async () => (await import('./commands/lock.ts')).unlock),
  entry(
    'rekey',
    'Make a fresh root key and wrap every key anew',
    async () => (await import('./commands/lock.ts')).rekey,
  ),
  entry('kit create', 'Make and print the recovery kit', async () => (await import('./commands/kit.ts')).kitCreate),
  entry('kit show', 'Which recovery kit is in force', async () => (await import('./commands/kit.ts')).kitShow),
  entry('kit revoke', 'End the recovery kit in force', async () => (await import('./commands/kit.ts')).kitRevoke),
  entry(
    'kit confirm',
    'Say that the kit lies in a safe place',
    async () => (await import('./commands/kit.ts')).kitConfirm,
  ),
  entry('backup', 'Write an encrypted backup', async () => (await import('./commands/backup.ts')).backup),
  entry('restore', 'Come back from a backup and the kit', async () => (await import('./commands/restore.ts')).restore),
  entry('doctor', 'Check that everything tells one story', async () => (await import('./commands/doctor.ts')).doctor),
  entry(
    'audit tail',
    'Who did what, when, from where',
    async () => (await import('./commands/audit-tail.ts')).auditTail,
  ),
  entry(
    'audit verify',
    'Check that nobody rewrote the record',
    async () => (await import('./commands/audit-verify.ts')).auditVerify,
  ),
  entry(
    'audit prove',
    'A file that proves one entry to anybody',
    async () => (await import('./commands/audit-prove.ts')).auditProve,
  ),
  entry(
    'audit accept-rollback',
    'Record why an older copy of the record is right',
    async () => (await import('./commands/audit-accept-rollback.ts')).auditAcceptRollback,
  ),
  entry('help', 'Explain a command', async () => (await import('./commands/help.ts')).help),
  entry('version', 'Which version this is', async () => (await import('./commands/version.ts')).version),
];
