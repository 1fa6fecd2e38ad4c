/** Who may do what, in one word. What each may do stands in `actions.ts`; who may give it in `postures.ts`. */
export const ROLES = {
  owner: 'Answers for it: everything, and the only one who makes owners.',
  maintainer: 'Runs it day by day: values, states, findings, and the lesser roles.',
  developer: 'Builds with it: values outside production; in production names only.',
  deployer: 'Brings it out: reads values, in production too, and writes none.',
  service: 'A program: reads the values it was granted.',
  device: 'A thing in the field: reads the values it was granted.',
  auditor: 'Judges it: the ledger, grants, names and findings, and no value, whatever else is granted.',
  responder: 'Contains an incident: ends tokens and grants, suspends, reads the ledger, and no value.',
} as const;

export type Role = keyof typeof ROLES;

export const ROLE_NAMES = Object.keys(ROLES) as readonly Role[];

export const isRole = (text: string): text is Role => Object.hasOwn(ROLES, text);
