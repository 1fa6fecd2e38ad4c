import type { CommandEntry } from './command-entry.ts';
import { EVERYDAY } from './everyday.ts';
import { MANAGE } from './manage.ts';
import { OPERATE } from './operate.ts';

/** Every command there is; the everyday comes first. */
export const COMMANDS: readonly CommandEntry[] = [...EVERYDAY, ...MANAGE, ...OPERATE];

/** Other words for nouns and verbs. */
const ALIASES: Readonly<Record<string, string>> = {
  ledger: 'audit',
  projects: 'project',
  grants: 'grant',
  tokens: 'token',
  identities: 'identity',
  ls: 'list',
  excuses: 'excuse',
};
/** What a noun means by itself. */
const ALONE: Readonly<Record<string, string>> = {
  kit: 'kit create',
  project: 'project list',
  grant: 'grant list',
  identity: 'identity list',
  token: 'token list',
};

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
