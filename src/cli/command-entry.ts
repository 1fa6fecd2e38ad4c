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

/** Entries of one group, in the order in which help shows them. */
export const entriesOf =
  (group: Group) =>
  (name: string, summary: string, load: CommandEntry['load']): CommandEntry => ({ name, group, summary, load });
