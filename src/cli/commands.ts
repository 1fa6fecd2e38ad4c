import type { CommandBody } from './command.ts';

/** How the first page of help is divided; the everyday comes first. */
export const GROUPS = {
  everyday: 'Every day',
  manage: 'Manage',
  operate: 'Operate',
} as const;
export type Group = keyof typeof GROUPS;

export type CommandEntry = {
  /** One word, or a noun and a verb: `audit verify`. */
  readonly name: string;
  readonly group: Group;
  /** One line. */
  readonly summary: string;
  /** Only what is called is loaded. */
  readonly load: () => Promise<CommandBody>;
};

const entry = (group: Group, name: string, summary: string, load: CommandEntry['load']): CommandEntry => ({ name, group, summary, load });

/** Every command there is, in the order in which help shows them. */
export const COMMANDS: readonly CommandEntry[] = [
  entry('everyday', 'adopt', 'Take in every credential of a folder of configuration', async () => (await import('./commands/adopt.ts')).adopt),
  entry('everyday', 'list', 'What there is, without any value', async () => (await import('./commands/list.ts')).list),
  entry('everyday', 'get', 'Read a value', async () => (await import('./commands/get.ts')).get),
  entry('everyday', 'set', 'Write a value, typed or piped', async () => (await import('./commands/set.ts')).set),
  entry('everyday', 'run', 'Start a command with credentials in its environment', async () => (await import('./commands/run.ts')).run),
  entry('everyday', 'render', 'Write the files that hold values: secrets.yaml, .env and their like', async () => (await import('./commands/render.ts')).render),
  entry('everyday', 'next', 'The one most useful thing to do now', async () => (await import('./commands/next.ts')).next),

  entry('manage', 'show', 'Everything about a credential but its value', async () => (await import('./commands/show.ts')).show),
  entry('manage', 'generate', 'Make a strong new value of the right shape', async () => (await import('./commands/generate.ts')).generate),
  entry('manage', 'history', 'Versions and changes of state, without values', async () => (await import('./commands/history.ts')).history),
  entry('manage', 'rollback', 'Put an older value back into force', async () => (await import('./commands/rollback.ts')).rollback),
  entry('manage', 'suspend', 'Stop handing a credential out, for now', async () => (await import('./commands/endings.ts')).suspend),
  entry('manage', 'resume', 'Hand a suspended credential out again', async () => (await import('./commands/endings.ts')).resume),
  entry('manage', 'retire', 'Never hand a credential out again; keep it readable', async () => (await import('./commands/endings.ts')).retire),
  entry('manage', 'compromise', 'Mark a credential as known to somebody else', async () => (await import('./commands/endings.ts')).compromise),
  entry('manage', 'destroy', 'Make every version unreadable, for good', async () => (await import('./commands/destroy.ts')).destroy),
  entry('manage', 'transfer', 'Give a credential another name', async () => (await import('./commands/transfer.ts')).transfer),
  entry('manage', 'findings', 'What is wrong now', async () => (await import('./commands/findings.ts')).findings),
  entry('manage', 'excuse', 'Accept a finding for a time', async () => (await import('./commands/excuse.ts')).excuse),
  entry('manage', 'project list', 'Projects and their environments', async () => (await import('./commands/project.ts')).projectList),
  entry('manage', 'project create', 'Make a project, with its own keys', async () => (await import('./commands/project.ts')).projectCreate),
  entry('manage', 'project environment', 'Add an environment to a project', async () => (await import('./commands/project.ts')).projectEnvironment),
  entry('manage', 'grant list', 'Who may do what, where, until when', async () => (await import('./commands/grant.ts')).grantList),
  entry('manage', 'grant give', 'Give somebody a role on a place', async () => (await import('./commands/grant.ts')).grantGive),
  entry('manage', 'grant revoke', 'Take a grant away', async () => (await import('./commands/grant.ts')).grantRevoke),
  entry('manage', 'token create', 'Make a token for a program', async () => (await import('./commands/token.ts')).tokenCreate),
  entry('manage', 'token show', 'What is known of a token', async () => (await import('./commands/token.ts')).tokenShow),
  entry('manage', 'token revoke', 'End a token and all that came from it', async () => (await import('./commands/token.ts')).tokenRevoke),
  entry('manage', 'token sign-in', 'Make a one-time code that signs somebody in', async () => (await import('./commands/token.ts')).tokenSignIn),
  entry('manage', 'identity list', 'People, services and devices', async () => (await import('./commands/identity.ts')).identityList),
  entry('manage', 'identity create', 'Add a person, a service or a device', async () => (await import('./commands/identity.ts')).identityCreate),
  entry('manage', 'identity suspend', 'Nothing of an identity is valid for now', async () => (await import('./commands/identity.ts')).identitySuspend),
  entry('manage', 'identity resume', 'Make a suspended identity valid again', async () => (await import('./commands/identity.ts')).identityResume),
  entry('manage', 'explain', 'Which rule allows or denies, and what is missing', async () => (await import('./commands/explain.ts')).explain),
  entry('manage', 'import', 'Take values in from .env, sops files or a Vault', async () => (await import('./commands/import.ts')).importValues),
  entry('manage', 'export', 'Take values out, encrypted unless told otherwise', async () => (await import('./commands/export.ts')).exportValues),
  entry('manage', 'leave', 'Write everything back as plain files, and go', async () => (await import('./commands/leave.ts')).leave),

  entry('operate', 'up', 'Start the server; the first time, set it up', async () => (await import('./commands/up.ts')).up),
  entry('operate', 'demo', 'Try it out on an example home, in a throwaway folder', async () => (await import('./commands/demo.ts')).demo),
  entry('operate', 'status', 'Which server, locked or not, who you are', async () => (await import('./commands/status.ts')).status),
  entry('operate', 'login', 'Sign in with a one-time code', async () => (await import('./commands/login.ts')).login),
  entry('operate', 'logout', 'End the session of this machine', async () => (await import('./commands/logout.ts')).logout),
  entry('operate', 'lock', 'Drop the root key: nothing is handed out', async () => (await import('./commands/lock.ts')).lock),
  entry('operate', 'unlock', 'Take the root key up again', async () => (await import('./commands/lock.ts')).unlock),
  entry('operate', 'rekey', 'Make a fresh root key and wrap every key anew', async () => (await import('./commands/lock.ts')).rekey),
  entry('operate', 'kit create', 'Make and print the recovery kit', async () => (await import('./commands/kit.ts')).kitCreate),
  entry('operate', 'kit confirm', 'Say that the kit lies in a safe place', async () => (await import('./commands/kit.ts')).kitConfirm),
  entry('operate', 'backup', 'Write an encrypted backup', async () => (await import('./commands/backup.ts')).backup),
  entry('operate', 'restore', 'Come back from a backup and the kit', async () => (await import('./commands/restore.ts')).restore),
  entry('operate', 'doctor', 'Check that everything tells one story', async () => (await import('./commands/doctor.ts')).doctor),
  entry('operate', 'audit tail', 'Who did what, when, from where', async () => (await import('./commands/audit-tail.ts')).auditTail),
  entry('operate', 'audit verify', 'Check that nobody rewrote the record', async () => (await import('./commands/audit-verify.ts')).auditVerify),
  entry('operate', 'audit prove', 'A file that proves one entry to anybody', async () => (await import('./commands/audit-prove.ts')).auditProve),
  entry('operate', 'audit accept-rollback', 'Record why an older copy of the record is right', async () => (await import('./commands/audit-accept-rollback.ts')).auditAcceptRollback),
  entry('operate', 'help', 'Explain a command', async () => (await import('./commands/help.ts')).help),
  entry('operate', 'version', 'Which version this is', async () => (await import('./commands/version.ts')).version),
];

/** Other words for nouns and verbs. */
const ALIASES: Readonly<Record<string, string>> = { ledger: 'audit', projects: 'project', grants: 'grant', tokens: 'token', identities: 'identity', ls: 'list', excuses: 'excuse' };
/** What a noun means by itself. */
const ALONE: Readonly<Record<string, string>> = { project: 'project list', grant: 'grant list', identity: 'identity list' };

export type Found = { readonly entry: CommandEntry; readonly words: number } | { readonly noun: string } | null;

/** The command that the first words name. */
export const findCommand = ([first = '', second = '']: readonly string[]): Found => {
  const one = Object.hasOwn(ALIASES, first) ? ALIASES[first]! : first;
  const named = (name: string) => COMMANDS.find((entry) => entry.name === name);
  const two = named(`${one} ${second}`);
  if (two !== undefined) return { entry: two, words: 2 };
  const whole = named(one);
  if (whole !== undefined) return { entry: whole, words: 1 };
  if (!COMMANDS.some(({ name }) => name.startsWith(`${one} `))) return null;
  const alone = second === '' && Object.hasOwn(ALONE, one) ? named(ALONE[one]!) : undefined;
  return alone === undefined ? { noun: one } : { entry: alone, words: 1 };
};
